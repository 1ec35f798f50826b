"""Taking a task's own spec out of a text, or ticking it: the edit that ends an accept, in buffers as on the disk."""

from collections.abc import Sequence

from specwright.review.edits import applied
from specwright.review.own import end_of, ended
from specwright.review.spelling import BOM, below_bom
from specwright.spec.digest import digest
from specwright.spec.edit import is_cut, removal, ticked
from specwright.spec.model import Carrier
from specwright.spec.own import Own, find
from specwright.spec.unread import unread


def without_own(lines: Sequence[str], own: Own) -> list[str] | None:
    """The text without the block, or with its criteria ticked where it stays; a byte-order mark is kept.

    None where it is not, or holds other lines than were queued. What the run wrote below it stays.
    """
    spec = find(own, own.path, "".join(lines))
    if spec is None:
        return None
    stop = end_of(own, lines, spec)
    if stop is None and digest(spec) != own.digest:
        return None
    spec = spec if stop is None else ended(lines, spec, stop)
    language = own.reading.language(own.path, own.language)
    stays = own.keeps or spec.carrier is Carrier.FILE
    if not stays and (unread(lines, spec) != own.unread or is_cut(lines, spec, language)):
        return None
    edits = ticked(lines, spec, own.shown) if stays else (removal(lines, spec, language),)
    has_bom = lines[0].startswith(BOM) and not stays
    return applied(lines, [below_bom(edit, lines) if has_bom else edit for edit in reversed(edits)])
