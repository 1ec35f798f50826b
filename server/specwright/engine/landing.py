"""Accepted hunks into files that no window holds: planned on what is there, written whole or not at all."""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from specwright.engine.result import Numbered, Result, disk_bytes, disk_text
from specwright.errors import WrongUse
from specwright.git import names, trees
from specwright.paths.files import write_whole
from specwright.review.buffer import BufferPlan
from specwright.review.edits import applied
from specwright.review.hunks import ABSENT, BY_LINES, REGULAR_FILE, FileResult, Hunk, HunkKind, HunkState
from specwright.review.plan import whole_at, whole_file
from specwright.review.reading import At
from specwright.review.taking_out import without_own
from specwright.spec.lines import split_lines

EXECUTABLE = "100755"
Ids = tuple[str, ...]


@dataclass(slots=True)
class Landed:
    """What was put in, what conflicts, and which files were written."""

    hunks: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


def land(found: Result, entry: Numbered, ids: Ids) -> Landed:
    """Write the hunks of one file; what would harm something that stands there is a conflict.

    With a hunk that `takes_whole`, all hunks of the file must be wanted. Raises `WrongUse` if nothing can be written.
    """
    chosen = [hunk for hunk in entry.hunks if hunk.id in ids]
    modes = [hunk for hunk in chosen if hunk.kind is HunkKind.MODE]
    if any(takes_whole(entry.file, hunk) for hunk in chosen):
        parts = [(_land_whole, chosen)]
    else:
        parts = [(_land_lines, [hunk for hunk in chosen if hunk not in modes]), (_land_mode, modes)]
    done: set[str] = set()
    for put, hunks in parts:
        try:
            done |= set(put(found, entry, tuple(hunk.id for hunk in hunks)) if hunks else ())
        except OSError as error:  # a full disk, a folder without permission
            why = f"{entry.file.path} can't be written: {error.strerror}."
            raise WrongUse(f"{why} Mend that, then accept again: what was accepted before is kept.") from error
        except (WrongUse, trees.TooLarge):  # something is in the way
            continue
    written = [entry.file.path] if done else []
    return Landed([hunk for hunk in ids if hunk in done], [hunk for hunk in ids if hunk not in done], written)


def takes_whole(file: FileResult, hunk: Hunk) -> bool:
    """Whether a hunk can't be put in without all of its file's others."""
    return hunk.kind not in BY_LINES and not _is_bit(file, hunk)


def state_on_disk(found: Result, file: FileResult, hunk: Hunk) -> HunkState:
    """The state of a hunk that is not by lines."""
    return whole_file(hunk, _at(found, file, hunk), found.facts.get(hunk.id)).state


def _at(found: Result, file: FileResult, hunk: Hunk) -> At:
    """What the checkout is at: the file's bytes, or the bit alone."""
    try:
        if not _is_bit(file, hunk):
            return _whole_at(found, file)
        path = _inside(found, file.path)
        return At.NEITHER if disk_bytes(path) is None else whole_at(*file.modes, _mode(path))
    except (WrongUse, trees.TooLarge):
        return At.NEITHER


def _is_bit(file: FileResult, hunk: Hunk) -> bool:
    """Whether the hunk is of nothing but the executable bit of a file that stays where it is."""
    return hunk.kind is HunkKind.MODE and file.regular and file.old_path in (None, file.path)


def _land_lines(found: Result, entry: Numbered, ids: Ids) -> Ids:
    path = _inside(found, entry.file.path)
    planned = found.on_disk(entry)
    states = {standing.hunk.id: standing.state for standing in planned.standings}
    good = tuple(hunk for hunk in ids if states[hunk] is not HunkState.CONFLICT)
    return good if good and _replaced(path, *_before_after(entry, planned, good), entry.file.modes[1]) else ()


def _before_after(entry: Numbered, planned: BufferPlan, ids: Ids) -> tuple[bytes | None, bytes | None]:
    """The bytes that were planned on, and those that are to come; None where there is no file."""
    lines, kind = planned.buffer.lines, entry.hunks[0].kind
    before = None if lines is None else "".join(lines).encode()
    if kind is HunkKind.DELETED:
        return before, None
    if kind is HunkKind.CREATED and not lines:
        return before, (entry.file.result or "").encode()
    return before, "".join(applied(lines or (), planned.accept(ids))).encode()


def _replaced(path: Path, before: bytes | None, after: bytes | None, mode: str) -> bool:
    """Whether the file still held what was planned on; then it holds `after` now."""
    if disk_bytes(path) != before:
        return False
    if after is None:
        path.unlink(missing_ok=True)
    elif after != before:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, after, 0o755 if mode == EXECUTABLE else 0o644)
    return True


def _land_mode(found: Result, entry: Numbered, ids: Ids) -> Ids:
    path = _inside(found, entry.file.path)
    if disk_bytes(path) is None:
        return ()
    _set_mode(path, entry.file.modes[1])
    return ids


def _land_whole(found: Result, entry: Numbered, ids: Ids) -> Ids:
    """A file that is binary, renamed or of other line ends, if the disk still holds the base's, or the result's."""
    file = entry.file
    at = _whole_at(found, file) if file.regular else At.NEITHER
    if at is At.NEITHER:
        return ()
    old, new = _inside(found, file.old_path or file.path), _inside(found, file.path)
    if file.modes[1] == ABSENT:
        old.unlink(missing_ok=True)
        return ids
    if at is At.BASE:
        new.parent.mkdir(parents=True, exist_ok=True)
        write_whole(new, _blobs(found, found.head, [file.path])[file.path], 0o644)
        if new != old:
            old.unlink(missing_ok=True)
    _set_mode(new, file.modes[1])
    return ids


def _whole_at(found: Result, file: FileResult) -> At:
    """What the disk is at; a rename of which only the first half was done is to be done again."""
    old = file.old_path or file.path
    live = {path: disk_bytes(_inside(found, path)) for path in (old, file.path)}
    before = _blobs(found, found.task.wish.base, [old] if file.modes[0] != ABSENT else [])
    after = _blobs(found, found.head, [file.path] if file.modes[1] != ABSENT else [])
    there = {path: data for path, data in live.items() if data is not None}
    return At.BASE if there == {**before, **after} != after else whole_at(before, after, there)


def _blobs(found: Result, commit: str, paths: Iterable[str]) -> dict[str, bytes]:
    read = {path: trees.blob(found.repository, commit, path) for path in paths}
    return {path: data for path, data in read.items() if data is not None}


def _mode(path: Path) -> str:
    return EXECUTABLE if path.stat().st_mode & stat.S_IXUSR else REGULAR_FILE


def _set_mode(path: Path, mode: str) -> None:
    """Set or take the executable bits as git does: for whoever may read."""
    now = stat.S_IMODE(path.stat().st_mode)
    if _mode(path) != mode:
        path.chmod(now | (now & 0o444) >> 2 if mode == EXECUTABLE else now & ~0o111)


def remove_block(found: Result) -> list[str]:
    """Take the task's own block out of its file, if it still says what was queued; what was written."""
    try:
        path = _inside(found, found.own.path)
        text = disk_text(path)
    except WrongUse:
        return []
    if text is None:
        return []
    lines = split_lines(text)
    after = without_own(lines, found.own)
    if after in (None, lines):
        return []
    try:
        done = _replaced(path, text.encode(), "".join(after).encode(), REGULAR_FILE)
    except (OSError, WrongUse):  # the block stays, and all is decided all the same
        return []
    return [found.own.path] if done else []


def _inside(found: Result, path: str) -> Path:
    """A path of the checkout. Raises `WrongUse` where a link is on the way: it may lead out of it, or into `.git`."""
    root = Path(found.task.wish.checkout.root)
    target = root / names.check_relative_path(path)
    folder = target.parent.relative_to(root)
    if target.is_symlink() or os.path.realpath(root / folder) != str(Path(os.path.realpath(root)) / folder):
        raise WrongUse(f"{path} is, or lies below, a link, through which git would not see it; it is not written.")
    return target
