"""Whether a spec that is queued is another version of one whose task waits: that is sure, or told as a guess."""

from collections.abc import Sequence
from enum import StrEnum

from specwright.tasks.model import Wish

Text = tuple[str, int]
"""A digest, and which of the specs of a title with just this digest it is, from 0."""


class Fit(StrEnum):
    """Whether two wishes are for one spec."""

    SAME = "same"
    MAYBE = "maybe"
    OTHER = "other"


def is_gone(old: Wish, new: Wish) -> bool:
    """Whether the text of an older wish is gone from the file; specs queued by one act never replace each other."""
    together = old.action == new.action != ""
    return not together and old.occurrence >= new.namesakes.count(old.revision.digest)


def fit(old: Wish, new: Wish, opened: Sequence[Wish]) -> Fit:
    """Of wishes for specs of one title in one file, where the older text is gone; `opened` are all of that title.

    Texts that are gone, queued or not, and texts that are new are the same specs in the order of the file, if they
    are as many.
    """
    if new.revision.digest in old.namesakes:  # they stood beside each other
        return Fit.OTHER
    gone = [other for other in opened if is_gone(other, new)]
    held = {(other.revision.digest, other.occurrence) for other in opened}
    fresh = [text for text in _texts(new) if text not in held and text[0] not in old.namesakes]
    ordinals = sorted({_ordinal(other) for other in [old, *gone]} | _gone(old, new))
    is_told = len(fresh) == len(ordinals) and not any(_stood_beside(old, other) for other in gone)
    if not is_told or _has_free_copy(old, new, opened):
        return Fit.MAYBE
    return Fit.SAME if fresh[ordinals.index(_ordinal(old))] == _own(new) else Fit.OTHER


def _gone(old: Wish, new: Wish) -> set[int]:
    """Which of the specs of its title are gone since, itself among them."""
    return {number for number, (name, nth) in enumerate(_texts(old)) if nth >= new.namesakes.count(name)}


def _has_free_copy(old: Wish, new: Wish, opened: Sequence[Wish]) -> bool:
    """Whether a spec with the older text stands there that no other task is of."""
    same = [other for other in opened if other.revision.digest == old.revision.digest and not is_gone(other, new)]
    return new.namesakes.count(old.revision.digest) > len(same)


def _texts(wish: Wish) -> list[Text]:
    names = wish.namesakes or (wish.revision.digest,)
    return [(name, names[:number].count(name)) for number, name in enumerate(names)]


def _own(wish: Wish) -> Text:
    return wish.revision.digest, wish.occurrence


def _ordinal(wish: Wish) -> int:
    """Which of the specs of its title it was."""
    texts = _texts(wish)
    return texts.index(_own(wish)) if _own(wish) in texts else 0


def _stood_beside(one: Wish, other: Wish) -> bool:
    """Whether two that were the same by their order were two specs."""
    both = one.revision.digest in other.namesakes or other.revision.digest in one.namesakes
    return both and one.revision.digest != other.revision.digest and _ordinal(one) == _ordinal(other)
