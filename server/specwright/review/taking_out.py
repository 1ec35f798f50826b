"""Taking a task's own spec out of a text: the one edit that ends an accept, on a buffer as on the disk."""

from collections.abc import Sequence

from specwright.review.edits import LineEdit, applied
from specwright.review.spelling import BOM, below_bom
from specwright.spec.digest import digest
from specwright.spec.edit import removal
from specwright.spec.languages import Language
from specwright.spec.lines import split_lines
from specwright.spec.own import Own, find


def without_own(lines: Sequence[str], own: Own, path: str, language: Language) -> list[str] | None:
    """The text without the block, a byte-order mark kept; None where it is not, or says other than was queued."""
    found = find(own, path, "".join(lines))
    if found is None or digest(found[0]) != own.digest:
        return None
    words = removal(lines, found[0], language)
    edit = LineEdit(words.first, words.last, tuple(split_lines(words.text)))
    return applied(lines, [below_bom(edit, lines) if lines[0].startswith(BOM) else edit])
