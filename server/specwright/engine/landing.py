"""Accepted hunks into files that no window holds: planned on what is there, written whole or not at all."""

import stat
from dataclasses import dataclass, field
from pathlib import Path

from specwright.engine.result import Numbered, Result, disk_text
from specwright.errors import Refused, WrongUse
from specwright.git import names, trees
from specwright.paths.files import write_whole
from specwright.review.buffer import BufferPlan
from specwright.review.edits import LineEdit, applied
from specwright.review.hunks import BY_LINES, HunkKind, HunkState
from specwright.spec.digest import digest
from specwright.spec.edit import removal
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines
from specwright.spec.own import find


@dataclass(slots=True)
class Landed:
    """What was put in, what conflicts, and which files were written."""

    hunks: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


def land(found: Result, entry: Numbered, ids: tuple[str, ...]) -> Landed:
    """Write the hunks of one file."""
    landed = Landed()
    path = _inside(found, entry.file.path)
    if any(hunk.id in ids and hunk.kind not in BY_LINES for hunk in entry.hunks):
        _land_whole(found, entry, ids, landed)
        return landed
    planned = found.on_disk(entry)
    states = {standing.hunk.id: standing.state for standing in planned.standings}
    good = tuple(hunk for hunk in ids if states[hunk] is not HunkState.CONFLICT)
    landed.conflicts += [hunk for hunk in ids if hunk not in good]
    if good:
        _write(entry, planned, path, good)
        landed.hunks += good
        landed.written.append(entry.file.path)
    return landed


def _write(entry: Numbered, planned: BufferPlan, path: Path, ids: tuple[str, ...]) -> None:
    kind = entry.hunks[0].kind
    if kind is HunkKind.DELETED:
        path.unlink(missing_ok=True)
        return
    before = path.read_bytes() if path.exists() else None
    edits = planned.accept(ids)
    lines = split_lines(before.decode()) if before is not None else []
    text = "".join(applied(lines, edits)) if kind is not HunkKind.CREATED else entry.file.result or ""
    path.parent.mkdir(parents=True, exist_ok=True)
    _put(path, before, text.encode(), entry.file.modes[1])


def _put(path: Path, before: bytes | None, data: bytes, mode: str) -> None:
    """Replace a file if it still holds what was planned on."""
    now = path.read_bytes() if path.exists() else None
    if now != before:
        raise Refused(f"{path} changed while the verdict was written; look at it and accept again.")
    if now != data:
        write_whole(path, data, 0o755 if mode == "100755" else 0o644)


def _land_whole(found: Result, entry: Numbered, ids: tuple[str, ...], landed: Landed) -> None:
    """A file that is binary, renamed or of another mode: whole, if the disk still holds the base's."""
    file = entry.file
    old = _inside(found, file.old_path or file.path)
    new = _inside(found, file.path)
    base = trees.blob(found.repository, found.task.wish.base, file.old_path or file.path)
    live = old.read_bytes() if old.is_file() and not old.is_symlink() else None
    special = not all(mode.startswith("100") or mode == "000000" for mode in file.modes)
    if live != base or special or (new != old and new.exists()):
        landed.conflicts += ids
        return
    data = trees.blob(found.repository, found.head, file.path)
    if data is None:
        old.unlink(missing_ok=True)
    else:
        new.parent.mkdir(parents=True, exist_ok=True)
        write_whole(new, data)
        new.chmod(0o755 if file.modes[1] == "100755" else stat.S_IMODE(new.stat().st_mode) & ~0o111 | 0o644)
        if new != old:
            old.unlink(missing_ok=True)
    landed.hunks += ids
    landed.written.append(file.path)


def remove_block(found: Result) -> list[str]:
    """Take the task's own block out of its file, if it still says what was queued; what was written."""
    path = _inside(found, found.own.path)
    text = disk_text(path)
    spec = find(found.own, found.own.path, text) if text is not None else None
    if text is None or spec is None or digest(spec[0]) != found.own.digest:
        return []
    edit = removal(split_lines(text), spec[0], language_of(found.own.path))
    lines = applied(split_lines(text), [LineEdit(edit.first, edit.last, tuple(split_lines(edit.text)))])
    _put(path, text.encode(), "".join(lines).encode(), "100644")
    return [found.own.path]


def _inside(found: Result, path: str) -> Path:
    """A path of the checkout. Raises `WrongUse` where a link would lead the write out of it."""
    root = Path(found.task.wish.checkout.root)
    target = root / names.check_relative_path(path)
    if target.is_symlink() or not target.parent.resolve().is_relative_to(root.resolve()):
        raise WrongUse(f"{path} is, or lies below, a link that leads out of the checkout; it is not written.")
    return target
