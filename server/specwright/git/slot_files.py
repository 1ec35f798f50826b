"""What lies in a slot: kept folders, and what no commit may hold."""

import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from specwright.errors import SpecwrightError, WrongUse
from specwright.git import names, trees
from specwright.git.making import KEPT_FOLDERS
from specwright.git.private import PrivateRepository
from specwright.git.run import Where, run
from specwright.paths.deleting import delete
from specwright.paths.walk import walk

_GITLINK = "160000"
_LINK = "120000"


def unlock(git_dir: Path) -> None:
    """Remove the index lock of a git that was killed: a slot has one writer, and we are it."""
    (git_dir / "index.lock").unlink(missing_ok=True)


def kept(path: Path) -> Iterator[Path]:
    """Every dependency folder, or what has its name, at the outermost place."""
    for top, folders, plain in walk(path):
        yield from (Path(top, name) for name in sorted({*folders, *plain} & set(KEPT_FOLDERS)))
        folders[:] = [name for name in folders if name not in KEPT_FOLDERS and name != ".git"]


def digest_of_kept(path: Path) -> str:
    """A digest of names, kinds, sizes and times in the dependency folders; empty where there are none.

    Of what can't be looked at, such as folders below more than a path can name, it is another one each time.
    """
    try:
        return _digest_of_kept(path)
    except OSError:
        return secrets.token_hex()


def _digest_of_kept(path: Path) -> str:
    digest = hashlib.sha256()
    found = False
    for folder in kept(path):
        for line in _described(folder, path):
            found = True
            digest.update(line)
    return digest.hexdigest() if found else ""


def refuse_repositories(where: Where) -> None:
    """Raises `SpecwrightError` naming a repository inside the tree: git would commit a mere pointer to it."""
    out = run(where, "ls-files", "-z", "--others", "--exclude-standard", "--directory", "--no-empty-directory")
    untracked = [os.fsdecode(name) for name in out.split(b"\0") if name.endswith(b"/")]
    linked = [os.fsdecode(line.partition(b"\t")[2]) for line in _stage(where) if line.startswith(b"160000 ")]
    for name in [*untracked, *linked]:
        for inner in _repositories(where.folder / name):
            shown = inner.relative_to(where.folder)
            raise SpecwrightError(f"{shown} is a repository of its own inside the tree; it can't be part of a result.")


def empty_links(where: Where) -> None:
    """Leave nothing in the folders of submodules: git cleans nothing there, and would go by the settings in them."""
    for line in _stage(where):
        if line.startswith(b"160000 "):
            folder = where.folder / os.fsdecode(line.partition(b"\t")[2])
            delete(folder)
            folder.mkdir(parents=True)


def refuse_entries(repository: PrivateRepository, base: str, tree: str) -> None:
    """Raises `SpecwrightError` naming what a tree adds to the base that no result may hold."""
    words = ("diff-tree", "-r", "-z", "--no-renames", "--raw", base, tree)
    fields = iter(run(repository.where, *words).decode(errors="surrogateescape").split("\0"))
    for entry in fields:
        if entry:
            _, mode, _, oid, status = entry.split(" ")
            path = next(fields)
            if status != "D":
                _refuse(repository, path, mode, oid)


def _described(folder: Path, root: Path) -> Iterator[bytes]:
    yield _line(folder, root)
    for top, folders, plain in walk(folder):
        folders.sort()
        for name in sorted([*folders, *plain]):
            yield _line(Path(top, name), root)


def _line(path: Path, root: Path) -> bytes:
    status = path.lstat()
    is_file = stat.S_ISREG(status.st_mode)
    sizes = (status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns) if is_file else (status.st_mode,)
    target = path.readlink() if path.is_symlink() else ""
    return f"{path.relative_to(root)}\0{sizes}\0{target}\n".encode(errors="surrogateescape")


def _stage(where: Where) -> list[bytes]:
    return run(where, "ls-files", "-z", "--stage").split(b"\0")


def _repositories(folder: Path) -> Iterator[Path]:
    for top, folders, plain in walk(folder):
        if any(name.casefold() == ".git" for name in (*folders, *plain)):
            yield Path(top)


def _refuse(repository: PrivateRepository, path: str, mode: str, oid: str) -> None:
    try:
        names.check_relative_path(path)
    except WrongUse as error:
        raise SpecwrightError(f"The result can't hold it: {error.sentence}") from error
    if mode == _GITLINK:
        raise SpecwrightError(f"{path} is a repository of its own inside the tree; it can't be part of a result.")
    if mode == _LINK and _leaves(path, trees.link_target(repository, oid)):
        raise SpecwrightError(f"{path} is a link that leads out of the project; it can't be part of a result.")


def _leaves(path: str, target: str) -> bool:
    """Whether it leads out of the tree. `..` may only begin it: after a name, it starts where another link leads."""
    parts = PurePosixPath(target).parts
    ups = next((number for number, part in enumerate(parts) if part != ".."), len(parts))
    return ups >= len(PurePosixPath(path).parts) or ".." in parts[ups:] or target.startswith("/")
