"""A title as tasks find it again: the same through changes of case, width and punctuation."""

import unicodedata


def slug(title: str) -> str:
    """NFKC, casefold, what is not alphanumeric as `-`."""
    text = unicodedata.normalize("NFKC", title).casefold()
    words = "".join(character if character.isalnum() else " " for character in text).split()
    return "-".join(words)
