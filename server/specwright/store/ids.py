"""Drawing task ids: a letter and five of a-z and 0-9 without i, l, o and u."""

import secrets

LETTERS = "abcdefghjkmnpqrstvwxyz"
CHARACTERS = LETTERS + "0123456789"
LENGTH = 6


def draw() -> str:
    """A task id; whether it is free is the caller's question."""
    return secrets.choice(LETTERS) + "".join(secrets.choice(CHARACTERS) for _ in range(LENGTH - 1))
