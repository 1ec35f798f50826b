"""The user's checkout, read only: where it is, what HEAD is, what is changed or going on there."""

import os
import re
import stat
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from specwright.errors import SpecwrightError, WrongUse
from specwright.git import names
from specwright.git.run import Answer, GitFailed, Where, attempt, run
from specwright.paths.files import checkout_root
from specwright.paths.places import PRIVATE
from specwright.tasks.model import Checkout
from specwright.tasks.wording import cut

OLDEST = (2, 38)
"""The first git that merges trees in memory."""
TEXT_LIMIT = 5_000_000
MOST_KEPT = 100
_KEPT: dict[Path, tuple[tuple[object, ...], Checkout]] = {}
"""What git said of a folder, with the signs that it would say so still: asking it again costs a process."""
_STATES = {
    "MERGE_HEAD": "A merge",
    "rebase-merge": "A rebase",
    "rebase-apply": "A rebase",
    "CHERRY_PICK_HEAD": "A cherry-pick",
    "REVERT_HEAD": "A revert",
    "BISECT_LOG": "A bisect",
}
_OWN_REFS = ("refs/bisect/", "refs/worktree/", "refs/rewritten/")
"""Refs that each worktree has for itself."""
_OID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def find(path: Path) -> Checkout:
    """The checkout that a file or folder lies in.

    Raises `WrongUse` where there is none, or none to work in, and `SpecwrightError` where git is missing or too old.
    """
    _need_good_git()
    try:
        folder = path if path.is_dir() else path.parent
        there = folder.is_dir()
    except OSError as error:  # a name that is too long, a loop of links
        raise WrongUse(f"{cut(str(path), 200)} can't be looked at: {error.strerror}; name another folder.") from error
    if not there:
        raise WrongUse(f"{path} does not exist; name a folder of a git repository.")
    signs, checkout = _KEPT.get(folder, ((), None))
    if checkout is None or signs != _signs(folder, checkout):
        checkout = _ask(folder)
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[folder] = _signs(folder, checkout), checkout
    return checkout


def _ask(folder: Path) -> Checkout:
    words = ("--is-bare-repository", "--is-inside-git-dir", "--absolute-git-dir", "--git-common-dir")
    answer = attempt(Where(folder, of_user=True), "rev-parse", "--path-format=absolute", *words, "--show-toplevel")
    if not answer.out:
        raise _nothing_found(folder, answer)
    bare, inside, *places = os.fsdecode(answer.out).removesuffix("\n").split("\n")
    if answer.code != 0 or "true" in (bare, inside):
        what = "is a bare repository" if bare == "true" else "lies inside a .git folder"
        raise WrongUse(f"{folder} {what}; go to a checkout of it.")
    if len(places) != 3:
        raise WrongUse(f"The path of {folder} holds a line break; rename the folder.")
    if not is_utf8(*places):
        raise WrongUse(f"The path of {folder} is not UTF-8; rename the folder.")
    if Path(places[1]).match(f"{PRIVATE}/repo.git"):
        raise WrongUse(f"{folder} is a slot of Specwright's own; go to the project's checkout.")
    return Checkout(root=places[2], git_dir=places[0], common_dir=places[1])


def is_utf8(*paths: str) -> bool:
    """Whether all of these can be kept in the store and shown."""
    return not any("\udc80" <= character <= "\udcff" for path in paths for character in path)


def head(checkout: Checkout) -> str:
    """The full id of the commit that HEAD is; no process for ordinary refs. Raises `WrongUse` before the first one."""
    found = _read_head(Path(checkout.git_dir), Path(checkout.common_dir))
    if found is not None:
        return found
    answer = attempt(_where(checkout), "rev-parse", "--quiet", "--verify", "HEAD^{commit}")
    if answer.code != 0:
        raise WrongUse(f"{checkout.root} has no commit yet; make the first one, tasks start from it.")
    return answer.out.decode().strip()


def state_problem(checkout: Checkout) -> str | None:
    """A sentence about a merge, rebase, cherry-pick, revert or bisect that is going on."""
    for name, what in _STATES.items():
        if (Path(checkout.git_dir) / name).exists():
            return (
                f"{what} is in progress in {checkout.root}; tasks start from HEAD as it is now, without the rest of it."
            )
    return None


def version_problem() -> str | None:
    """A sentence where git is missing or too old."""
    try:
        said = run(Where(Path("/"), of_user=True), "version").decode(errors="replace")
    except SpecwrightError as error:
        return error.sentence
    found = re.search(r"(\d+)\.(\d+)", said)
    if found and (int(found[1]), int(found[2])) >= OLDEST:
        return None
    return f"This is {said.strip()}; Specwright needs git {OLDEST[0]}.{OLDEST[1]} or newer: install a newer one."


def dirty_paths(checkout: Checkout) -> tuple[str, ...]:
    """Tracked paths that differ from HEAD, in the index or on the disk."""
    out = run(_where(checkout), "status", "--porcelain", "-z", "--untracked-files=no", "--no-renames")
    return tuple(os.fsdecode(entry[3:]) for entry in out.split(b"\0") if entry)


def untracked(checkout: Checkout, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of these files that git does not track, ignored ones too."""
    out = run(_where(checkout), "ls-files", "-z", "--others", "--", *paths, env={"GIT_LITERAL_PATHSPECS": "1"})
    return tuple(os.fsdecode(entry) for entry in out.split(b"\0") if entry)


def tracked_files(checkout: Checkout) -> tuple[str, ...]:
    """Paths that git tracks, or would: neither ignored nor our own."""
    out = run(_where(checkout), "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return tuple(dict.fromkeys(os.fsdecode(entry) for entry in out.split(b"\0") if entry))


def changed_text(checkout: Checkout, path: str, base: str) -> str | None:
    """The text that a path has at a commit, to compare the disk with; None where there is no text of bearable size."""
    name = f"{names.check_oid(base)}:{path}"
    size = attempt(_where(checkout), "cat-file", "-s", name)
    if size.code != 0 or int(size.out) > TEXT_LIMIT:
        return None
    data = attempt(_where(checkout), "cat-file", "blob", name)
    try:
        return data.out.decode() if data.code == 0 and b"\0" not in data.out else None
    except UnicodeDecodeError:
        return None


def is_new(checkout: Checkout, path: str, base: str) -> bool:
    """Whether a path was not there at a commit, as far as git knows that."""
    found = attempt(_where(checkout), "ls-tree", "-z", "--full-tree", names.check_oid(base), "--", path)
    return found.code == 0 and not found.out


def where(checkout: Checkout) -> Where:
    """For reading the user's repository from a checkout of it."""
    return _where(checkout)


def _signs(folder: Path, checkout: Checkout) -> tuple[object, ...]:
    """What git looks at to find a repository; they change with its place, its settings and its owner."""
    root = checkout_root(Path(os.path.realpath(folder)))
    places = (Path(checkout.root) / ".git", Path(checkout.git_dir), Path(checkout.common_dir) / "config")
    return root, *(_sign(place) for place in places)


def _sign(place: Path) -> tuple[int, ...]:
    try:
        status = place.stat()
    except OSError:
        return ()
    changed = () if stat.S_ISDIR(status.st_mode) else (status.st_size, status.st_mtime_ns)
    return status.st_dev, status.st_ino, status.st_uid, *changed


@cache
def _need_good_git() -> None:
    """Once per process: what is raised is not kept, so that a git that was replaced meanwhile is seen."""
    if problem := version_problem():
        raise SpecwrightError(problem)


def _where(checkout: Checkout) -> Where:
    root = Path(checkout.root)
    return Where(root, Path(checkout.git_dir), root, of_user=True)


def _nothing_found(folder: Path, answer: Answer) -> SpecwrightError:
    if "dubious ownership" in answer.last_line or "safe.directory" in answer.last_line:
        owner = folder.stat().st_uid
        return WrongUse(
            f"{folder} belongs to another user (uid {owner}), and git does not trust it; "
            f"change its owner, or run git config --global --add safe.directory {folder}."
        )
    if "not a git repository" in answer.last_line:
        return WrongUse(f"{folder} is not in a git repository; run git init there, or go to a checkout.")
    return GitFailed("rev-parse", answer)


def _read_head(git_dir: Path, common_dir: Path) -> str | None:
    try:
        content = (git_dir / "HEAD").read_bytes().strip()
        if not content.startswith(b"ref: "):
            return _oid(content)
        name = os.fsdecode(content[5:])
        names.check_relative_path(name)
        place = git_dir if name.startswith(_OWN_REFS) else common_dir
        try:
            return _oid((place / name).read_bytes().strip())
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return _packed(common_dir / "packed-refs", content[5:])
    except (OSError, WrongUse):
        return None


def _packed(path: Path, name: bytes) -> str | None:
    data = b"\n" + path.read_bytes()
    end = data.find(b" " + name + b"\n")
    start = data.rfind(b"\n", 0, end) + 1
    return _oid(data[start:end]) if end > 0 else None


def _oid(content: bytes) -> str | None:
    return content.decode() if _OID.fullmatch(content) else None
