"""Making and remaking a private repository: a hard-linked clone of the user's. The caller holds the project's lock."""

import contextlib
import os
import shutil
import stat
import time
import uuid
from pathlib import Path

from specwright.errors import SpecwrightError
from specwright.git.run import LOCAL_FETCH, LONG_SECONDS, GitFailed, Where, attempt, run
from specwright.paths.deleting import delete
from specwright.paths.files import write_whole
from specwright.paths.places import PRIVATE

NAME = "repo.git"
KEPT_FOLDERS = (".venv", "node_modules")
"""Dependencies that stay in a slot from run to run, and never enter a commit unless they are tracked."""
ASIDE = "worktrees.aside"
"""Where a rebuild puts the worktrees while a broken one of them is in its way."""
FRESH = 600.0
"""Seconds in which what was written gets its ref."""
_TRIES = 3
_CONFIG = "[core]\n\trepositoryformatversion = {version}\n\tbare = true\n\tlogAllRefUpdates = false\n"
_SHA256 = "[extensions]\n\tobjectFormat = sha256\n"


def tidy(common_dir: Path) -> None:
    """Remove what a killed clone left, and finish or undo a killed rebuild."""
    folder = common_dir / PRIVATE
    path, old = folder / NAME, folder / f"{NAME}.old"
    if old.is_dir() and not path.exists():
        old.rename(path)
    elif (old / "objects").is_dir():
        with contextlib.suppress(GitFailed):  # it may have been remade because it was broken
            _fetch_all(old, path)
            _bring_fresh(old, path)
    aside = path / ASIDE
    if aside.is_dir() and not (path / "worktrees").exists():
        aside.rename(path / "worktrees")
    for left in [old, *folder.glob(f"{NAME}.new-*")]:
        delete(left)


def make(common_dir: Path) -> Path:
    """Clone to the place of the private repository, which must be free; its path."""
    path = common_dir / PRIVATE / NAME
    _clone(common_dir).rename(path)
    return path


def rebuild(common_dir: Path) -> None:
    """Make it anew with all its task refs and worktrees. Raises `SpecwrightError`, and changes nothing, if it can't."""
    path = common_dir / PRIVATE / NAME
    new = _clone(common_dir)
    try:
        refs = _fetch_all(path, new)
        _copy_worktrees(path, new)
        if _refs(new) != refs:
            raise SpecwrightError(f"{path} could not be rebuilt: refs were lost on the way; it stays as it was.")
    except BaseException:
        delete(new)
        raise
    old = path.with_name(f"{NAME}.old")
    path.rename(old)
    new.rename(path)
    if _refs(old) != refs:  # a run's checkpoint, for which there is no lock, came in between
        _fetch_all(old, path)
    _bring_fresh(old, path)
    delete(old)


def healthy(path: Path) -> bool:
    """Whether it answers, and no worktree of it is half-made."""
    where = Where(path, path)
    if any(not whole_worktree(folder) for folder in _worktrees(path)):
        return False
    named = attempt(where, "for-each-ref", "--format=%(objecttype) %(tree)", "refs/specwright")
    return named.code == 0 and attempt(where, "worktree", "list", "--porcelain").code == 0


def whole_worktree(folder: Path) -> bool:
    """Whether an admin folder of a worktree has all that git needs: a broken one breaks every fetch."""
    try:
        head = (folder / "HEAD").read_text().strip()
        parts = [(folder / name).read_text().strip() for name in ("commondir", "gitdir")]
    except (OSError, UnicodeDecodeError):
        return False
    return all(parts) and bool(head) and bool(head.strip("0"))


def is_our_git_file(path: Path, git_dir: Path) -> bool:
    """Whether a slot's `.git` is a plain file with one name that leads to its admin folder."""
    file = path / ".git"
    try:
        status = file.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or status.st_size > 8192:
            return False
        return file.read_bytes() == b"gitdir: " + os.fsencode(git_dir) + b"\n" and not path.is_symlink()
    except OSError:
        return False


def keep_config(common_dir: Path, path: Path) -> None:
    """Our own few lines and nothing else: git would run what others wrote there, as in a folder that came with them."""
    if _read(path / "config") not in (_config(sha256=False), _config(sha256=True)):
        said = run(Where(common_dir, common_dir), "rev-parse", "--show-object-format")
        write_whole(path / "config", _config(sha256=said.strip() == b"sha256"))


def _config(*, sha256: bool) -> bytes:
    return (_CONFIG.format(version=int(sha256)) + (_SHA256 if sha256 else "")).encode()


def copy_info(common_dir: Path, path: Path) -> None:
    """What the user ignores without saying so in the tree, and our own kept folders."""
    texts = {name: _read(common_dir / "info" / name) for name in ("exclude", "attributes")}
    texts["exclude"] += b"\n" + "".join(f"{name}\n" for name in KEPT_FOLDERS).encode()
    (path / "info").mkdir(exist_ok=True)
    for name, data in texts.items():
        if data != _read(path / "info" / name):
            write_whole(path / "info" / name, data)


def _clone(common_dir: Path) -> Path:
    folder = common_dir / PRIVATE
    new = folder / f"{NAME}.new-{uuid.uuid4().hex}"
    words = ["clone", "-q", "--bare", "--local", "--template=", "--single-branch"]
    for remaining in reversed(range(_TRIES + 1)):
        # A gc of the user's at this moment can fail the links, never the copies.
        extra = [] if remaining else ["--no-hardlinks"]
        try:
            run(Where(folder), *words, *extra, "--", str(common_dir), str(new), env=LOCAL_FETCH, seconds=LONG_SECONDS)
            break
        except GitFailed:
            delete(new)
            if not remaining:
                raise
    keep_config(common_dir, new)
    copy_info(common_dir, new)
    return new


def _fetch_all(path: Path, new: Path) -> bytes:
    """Bring every ref of ours from the old one; what it held."""
    words = (
        "fetch",
        "-q",
        "--no-tags",
        "--no-write-fetch-head",
        "--",
        str(path),
        "+refs/specwright/*:refs/specwright/*",
    )
    aside = path / ASIDE
    try:
        run(Where(new, new), *words, env=LOCAL_FETCH, seconds=LONG_SECONDS)
        return _refs(path)
    except GitFailed:
        if not (path / "worktrees").is_dir():
            raise
        (path / "worktrees").rename(aside)  # an empty commondir in there breaks every command
    try:
        run(Where(new, new), *words, env=LOCAL_FETCH, seconds=LONG_SECONDS)
        return _refs(path)
    finally:
        aside.rename(path / "worktrees")


def _bring_fresh(old: Path, new: Path) -> None:
    """Objects that a run has just written, and is about to put under a ref."""
    for file in (old / "objects").glob("[0-9a-f][0-9a-f]/*"):
        if time.time() - file.stat().st_mtime < FRESH:
            place = new / "objects" / file.parent.name / file.name
            place.parent.mkdir(exist_ok=True)
            with contextlib.suppress(FileExistsError):
                os.link(file, place)


def _refs(path: Path) -> bytes:
    return run(Where(path, path), "for-each-ref", "--format=%(objectname) %(refname)", "refs/specwright")


def _copy_worktrees(path: Path, new: Path) -> None:
    for folder in _worktrees(path):
        if whole_worktree(folder):
            shutil.copytree(folder, new / "worktrees" / folder.name, symlinks=True)


def _worktrees(path: Path) -> list[Path]:
    folder = path / "worktrees"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
