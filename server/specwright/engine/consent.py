"""How far the user agreed to what would run: by a list, for a check, or for a branch of their own settings."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from specwright.api import setup
from specwright.config.settings import SandboxMode
from specwright.engine import trust
from specwright.engine.context import Context
from specwright.engine.trust import Wanted
from specwright.errors import SpecwrightError, WrongUse
from specwright.git import branches
from specwright.git import checkout as checkouts
from specwright.store import consents
from specwright.store import tasks as task_rows
from specwright.tasks.model import Checkout, State, Task


@dataclass(frozen=True, slots=True)
class Standing:
    """A list, and how far the user agreed to it."""

    wanted: Wanted
    whole: bool
    """To exactly this list."""
    opened: bool
    """To what it opens."""
    branch: str | None
    """The trusted branch that its commands are unchanged from; None also where the whole is agreed to."""
    checks: tuple[str, ...]
    """Those of specs that are still to be agreed to."""
    others: Mapping[str, str] = field(default_factory=dict)
    """Lists of tasks that wait for another commit's or settings', by their digests; a sentence on each."""

    @property
    def runs(self) -> bool:
        """Whether what the project's files name may run."""
        commands = self.whole or self.branch is not None or not self.wanted.commands
        return self.wanted.nothing or (commands and (self.opened or not self.wanted.opens))

    @property
    def trusted(self) -> bool:
        """Whether nothing is left to ask before a task is begun."""
        return self.runs and not self.checks and not self.others

    @property
    def agreed(self) -> bool:
        """Whether nothing is left to ask of what is on the list; an empty one is agreed to like any other."""
        return self.trusted and (self.whole or not self.wanted.nothing)

    @property
    def digest(self) -> str:
        """Of what is shown."""
        further = self.checks, sorted(self.others.items())
        return trust.digest_of("shown", self.wanted.digest, *further) if any(further) else self.wanted.digest

    @property
    def roots(self) -> tuple[Path, ...]:
        """Folders that commands may read."""
        return self.wanted.paths if self.opened else ()

    @property
    def included(self) -> tuple[str, ...]:
        """Ignored files that may be copied."""
        return self.wanted.included if self.opened else ()


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a list is of."""

    checkout: Checkout
    settings: str
    checks: tuple[str, ...]
    base: str | None = None
    """HEAD where it is None."""


async def of_task(context: Context, task: Task) -> Standing:
    """What a task would run: the settings and the base that it has."""
    wish = task.wish
    ground = _Ground(wish.checkout, wish.settings, checks_of(context, task), wish.base)
    return await _standing(context, await trust.wanted_by(context, task), ground)


async def of_checkout(context: Context, checkout: Checkout, settings: str, environment: dict[str, str]) -> Standing:
    """What a checkout would run with these settings now, and the checks of its tasks that wait."""
    read = trust.checked_settings(checkout.root, settings)
    found = await trust.wanted_here(context, checkout, read, environment)
    waiting = await context.store.read(task_rows.in_states, frozenset({State.WAITING}))
    here = [task for task in waiting if task.wish.checkout.root == checkout.root]
    checks = tuple(dict.fromkeys(check for task in here for check in checks_of(context, task)))
    standing = await _standing(context, found, _Ground(checkout, settings, checks))
    theirs = [(task, await of_task(context, task)) for task in here]
    same = [its for _, its in theirs if its.wanted.digest == found.digest]
    others = {its.wanted.digest: _told(found, task, its.wanted) for task, its in theirs if not its.runs}
    others.pop(found.digest, None)
    # the branch of a checkout is that of its tasks, too: else nobody would ever be asked about theirs
    branch = standing.branch if all(its.branch for its in same) else None
    return replace(standing, branch=branch, others=others)


def _told(here: Wanted, task: Task, its: Wanted) -> str:
    """What a task's list has that the checkout's has not, in a sentence."""
    readable = [f"may read {path}" for path in its.paths if path not in here.paths]
    copied = [f"the agent reads {path}" for path in its.included if path not in here.included]
    parts = [each for each in (*its.commands, *its.reach) if each not in {*here.commands, *here.reach}]
    changed = [path for path, content in its.contents.items() if here.contents.get(path) != content]
    held = [f"{', '.join(changed)} with other content"] if changed else []
    more = "; ".join([*parts, *held, *readable, *copied]) or "less than what is listed here"
    return f"'{task.wish.revision.title}', from commit {task.wish.base[:12]}: {more}"


async def show(context: Context, folder: setup.Folder) -> setup.ConsentList:
    """What the checkout that a folder lies in would run now."""
    return _view(await _of_folder(context, folder.folder, folder.environment))


def checks_of(context: Context, task: Task) -> tuple[str, ...]:
    """The spec's own checks, where queueing is no consent to them: in a partial sandbox. Without one none is run."""
    if context.probe.mode is not SandboxMode.PARTIAL:
        return ()
    return tuple(dict.fromkeys(each.check for each in task.wish.revision.criteria if each.check))


async def agree(context: Context, request: setup.Agree) -> setup.ConsentList:
    """Take the user's word for exactly the list that they were shown. Raises `WrongUse` where it is another by now."""
    standing = await _of_folder(context, request.folder, request.environment)
    if standing.digest != request.digest:
        raise WrongUse("What the project would run changed while you read it; look at the new list.")
    digests = standing.wanted.digest, standing.wanted.openings, *map(_of_check, standing.checks), *standing.others
    await context.store.write(consents.agree, standing.wanted.root, *digests)
    return replace(_view(standing), agreed=True)


async def _of_folder(context: Context, folder: str, environment: dict[str, str]) -> Standing:
    checkout = await asyncio.to_thread(checkouts.find, Path(folder))
    text = await asyncio.to_thread(trust.settings_text, checkout.root)
    return await of_checkout(context, checkout, text, environment)


def _view(standing: Standing) -> setup.ConsentList:
    """The list as it is shown."""
    found = standing.wanted
    return setup.ConsentList(
        root=found.root,
        digest=standing.digest,
        agreed=standing.agreed,
        commands=found.commands,
        roots=trust.roots_shown(found),
        refused_roots=found.refused,
        included=found.included,
        left_open=found.left_open,
        reach=found.reach,
        caches=found.caches,
        checks=standing.checks,
        others=tuple(standing.others.values()),
        branch=standing.branch,
    )


async def _standing(context: Context, found: Wanted, ground: _Ground) -> Standing:
    asked = {found.digest, found.openings, *map(_of_check, ground.checks)}
    agreed = await context.store.read(consents.agreed, found.root, asked)
    whole = found.digest in agreed
    branch = None
    if found.commands and not whole and context.user.trusted:
        branch = await asyncio.to_thread(_branch, ground, found.files, context.user.trusted)
    left = tuple(check for check in ground.checks if _of_check(check) not in agreed)
    return Standing(found, whole, whole or found.openings in agreed, branch, left)


def _branch(ground: _Ground, files: tuple[str, ...], trusted: tuple[str, ...]) -> str | None:
    """What can't be looked at is not trusted."""
    with contextlib.suppress(SpecwrightError):
        base = ground.base or checkouts.head(ground.checkout)
        return branches.unchanged_from(ground.checkout, base, ground.settings, files, trusted)
    return None


def _of_check(command: str) -> str:
    return trust.digest_of("check", command)
