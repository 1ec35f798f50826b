"""A user's repository with things of theirs that nobody may touch, and what of it is looked at before and after."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

from chaos import parts
from user import SETTINGS, User

OWN_FOLDER = "specwright"
"""Of `.git`: the one that Specwright may write to."""
SCRATCH = "scratch-"
"""Branches that the user makes and deletes beside the play."""
NOBODYS = "refs/specwright/tasks/zzzzzz/1"
"""A ref of the user's that looks like one of ours."""
MODEL = 'agent = "anthropic"\n[agents.anthropic]\nmodel = "claude-sonnet-4-5"\n'


class Project(User):
    """One repository; all projects of a play share the home and the daemon."""

    def __init__(self, name: str, home: User, numbers: range, agent: str) -> None:
        self.root = home.root.parent / name
        self.home = home.home
        self.environment = home.environment
        self.name = name
        self.numbers = numbers
        self.agent = agent
        self.next = numbers.start
        """The part that is queued next."""

    @property
    def git_dir(self) -> Path:
        """The user's `.git`."""
        return self.root / ".git"

    @property
    def private(self) -> Path:
        """The private repository."""
        return self.git_dir / OWN_FOLDER / "repo.git"

    def build(self, at_once: int) -> "Project":
        """The repository, with foreign branches, refs, a stash, and a worktree that has one of our names."""
        specs = {parts.spec_path(number): parts.before(number) for number in self.numbers}
        settings = (SETTINGS if self.agent == "scripted" else MODEL) + f"[limits]\nrunning = {at_once}\n"
        self.make(
            {
                **specs,
                "specwright.toml": settings,
                "script.json": "{}",
                parts.GATE: parts.GATE_TEXT,
                ".gitignore": "/script.json\n",
            }
        )
        self.git("branch", "feature/theirs")
        self.git("branch", "specwright/theirs")
        self.git("tag", "v1")
        self.git("update-ref", NOBODYS, "HEAD")
        self.git("worktree", "add", "-q", "-b", "elsewhere", str(self.foreign), "HEAD")
        (self.foreign / "unsaved.txt").write_text("theirs\n")
        (self.root / "stashed.txt").write_text("theirs\n")
        self.git("stash", "push", "-q", "-u", "--", "stashed.txt")
        origin = self.root.parent / f"{self.name}-origin.git"
        self.git("clone", "-q", "--bare", str(self.root), str(origin), cwd=self.home)
        self.git("remote", "add", "origin", str(origin))
        self.git("fetch", "-q", "origin")
        return self

    @property
    def foreign(self) -> Path:
        """A worktree of the user's whose name could be a slot's."""
        return self.root.parent / f"{self.name}-trees" / "sw-0badf00d"

    def plan(self, count: int, rng: random.Random) -> range:
        """The next parts to queue, their script in place; fewer where the project has no more."""
        chosen = range(self.next, min(self.next + count, self.numbers.stop))
        if self.agent == "scripted" and chosen:
            (self.root / "script.json").write_text(parts.script(chosen, rng))
        self.next = chosen.stop
        return chosen


def belongings(project: Project) -> dict[str, str]:
    """What is the user's own: refs, worktrees, the stash, the files of the foreign worktree."""
    lines = project.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    kept = [line for line in lines if SCRATCH not in line and not line.startswith("refs/remotes/")]
    found = {name: oid for name, oid in (line.split() for line in kept) if name != "refs/heads/main"}
    found["worktrees"] = "\n".join(
        line for line in project.git("worktree", "list", "--porcelain").splitlines() if line.startswith("worktree")
    )
    found["stash"] = project.git("stash", "list")
    found["config"] = (project.git_dir / "config").read_text()
    for path in sorted(project.foreign.iterdir()) if project.foreign.is_dir() else []:
        if path.is_file():
            found[f"{project.foreign.name}/{path.name}"] = path.read_text()
    return found


def fingerprint(project: Project) -> dict[str, str]:
    """Every file of the user's `.git` by its content, Specwright's own folder aside."""
    return dict(_digests(project.git_dir))


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if name.parts[0] != OWN_FOLDER and path.is_file():
            yield str(name), hashlib.sha256(path.read_bytes()).hexdigest()
