"""The one way to git: full argument lists, explicit folders, no hooks, no foreign settings, a time limit, bytes out."""

import contextlib
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, cast

from specwright.errors import SpecwrightError
from specwright.processes import STARTER, own_name

SECONDS = 120.0
"""Default time limit of a command."""
LONG_SECONDS = 900.0
"""For commands that copy a repository or write a whole tree."""
GRACE_SECONDS = 10.0
"""Between SIGTERM and SIGKILL: a git that is killed outright can leave half-made folders."""

_NULL = os.devnull
_SWITCHES = (
    f"core.hooksPath={_NULL}",
    "core.fsmonitor=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "commit.gpgsign=false",
    "rerere.enabled=false",
    "core.quotePath=false",
    "protocol.version=2",
    "protocol.allow=never",
)
_OUR_SWITCHES = ("diff.external=", f"core.attributesFile={_NULL}", "core.protectHFS=true", "checkout.workers=1")
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "GIT_EDITOR": ":",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
}
NO_ROOM = ("No space left on device", "Disk quota exceeded", "Out of diskspace")
"""How git says that the disk is full; lines that say less may follow."""
LOCAL_FETCH = {"GIT_ALLOW_PROTOCOL": "file"}
"""Environment of the only fetches there are: between folders of this machine."""


@dataclass(frozen=True, slots=True)
class Where:
    """What a command works on; git never looks for a repository by itself where `git_dir` is given."""

    folder: Path
    """Where it runs; the work tree's root where there is one."""
    git_dir: Path | None = None
    work_tree: Path | None = None
    of_user: bool = False
    """The user's own repository, read under the user's own settings; elsewhere none of those apply."""
    settings: tuple[str, ...] = ()
    """More `-c name=value`."""
    index: Path | None = None
    """An index other than the work tree's own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended."""

    code: int
    out: bytes
    last_line: str
    """Of what it said to stderr, progress comes before it; where the disk is full, the line that says so."""


class GitFailed(SpecwrightError):
    """A command ended with another code than 0."""

    def __init__(self, verb: str, answer: Answer) -> None:
        why = answer.last_line.removeprefix("fatal: ").removeprefix("error: ") or f"exit code {answer.code}"
        super().__init__(f"git {verb} failed: {why.rstrip('.')}.")
        self.answer = answer


class TookTooLong(SpecwrightError):
    """A command was ended at its time limit."""


def scrub_environment() -> None:
    """Delete every GIT_* variable of this process: GitPython hands all of them on, and can't take one away."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        os.environ.pop(name, None)


def run(
    where: Where,
    *words: str,
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> bytes:
    """What a command wrote. Raises `GitFailed` with git's last line where its exit code is not 0."""
    answer = attempt(where, *words, stdin=stdin, env=env, seconds=seconds)
    if answer.code != 0:
        raise GitFailed(words[0], answer)
    return answer.out


def attempt(
    where: Where,
    *words: str,
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """The same, where a failure is an answer too. Raises `SpecwrightError` for a missing folder and at the limit."""
    for folder in (where.folder, where.git_dir, where.work_tree):
        if folder is not None and not folder.is_dir():
            raise SpecwrightError(f"{folder} is gone; git is not run elsewhere in its stead.")
    ours = {} if where.of_user else {"GIT_CONFIG_GLOBAL": _NULL, "GIT_CONFIG_SYSTEM": _NULL, "GIT_CONFIG_NOSYSTEM": "1"}
    index = {"GIT_INDEX_FILE": str(where.index)} if where.index else {}
    argv = [_program(), *_location(where), "--no-pager", "--literal-pathspecs", *_switches(where), *words]
    starter = {STARTER: own_name()}
    return _execute(argv, where.folder, {**_ENVIRONMENT, **starter, **ours, **index, **(env or {})}, stdin, seconds)


def run_plain(root: Path, *words: str) -> None:
    """A command in a folder as the user would run it, for the demo's new repository alone."""
    run(Where(root, of_user=True), *words)


def _location(where: Where) -> list[str]:
    words = [f"--git-dir={where.git_dir}"] if where.git_dir else []
    return [*words, f"--work-tree={where.work_tree}"] if where.work_tree else words


def _switches(where: Where) -> list[str]:
    values = (*_SWITCHES, *(() if where.of_user else _OUR_SWITCHES), *where.settings)
    return [word for value in values for word in ("-c", value)]


@cache
def _program() -> str:
    """The absolute path of git, never one that depends on the folder we are in."""
    path = os.pathsep.join(part for part in os.environ.get("PATH", os.defpath).split(os.pathsep) if part[:1] == "/")
    found = shutil.which("git", path=path)
    if found is None:
        raise SpecwrightError("git is not installed, or not on PATH; install git 2.38 or newer.")
    os.environ["GIT_PYTHON_REFRESH"] = "quiet"
    os.environ["GIT_PYTHON_GIT_EXECUTABLE"] = found
    import git

    git.refresh(found)
    return found


def _execute(argv: list[str], folder: Path, env: dict[str, str], stdin: bytes | None, seconds: float) -> Answer:
    from git import Git

    scrub_environment()
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(_file_of(stdin)) if stdin is not None else None
        handle = Git(str(folder)).execute(argv, istream=source, as_process=True, env=env, start_new_session=True)
        process = handle.proc
        if process is None:
            raise SpecwrightError("git could not be started.")
        deadline = stack.enter_context(_Deadline(process.pid, seconds))
        out, err = process.communicate()
    if deadline.passed:
        verb = next((word for word in argv[1:] if not word.startswith("-") and "=" not in word), "")
        raise TookTooLong(f"git {verb} was ended after {seconds:.0f} s; look at the machine's load and try again.")
    lines = err.decode(errors="replace").strip().replace("\r", "\n").splitlines()
    why = next((line for line in lines if any(words in line for words in NO_ROOM)), lines[-1] if lines else "")
    return Answer(process.returncode, out, why.strip())


@contextlib.contextmanager
def _file_of(data: bytes) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield cast(BinaryIO, file)


class _Deadline:
    """Ends a process group at its limit: SIGTERM, and SIGKILL for what is still there after the grace."""

    def __init__(self, group: int, seconds: float) -> None:
        self.passed = False
        self._group = group
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(seconds,), daemon=True)

    def __enter__(self) -> "_Deadline":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self, seconds: float) -> None:
        for signal_number, wait in ((signal.SIGTERM, seconds), (signal.SIGKILL, GRACE_SECONDS)):
            if self._done.wait(wait):
                return
            self.passed = True
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._group, signal_number)
