"""How far the user agreed to what would run: by a list, for a check, or for a branch of their own settings."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from specwright.api import setup
from specwright.config.settings import SandboxMode
from specwright.engine import named, trust
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
    based: Mapping[str, str]
    """Digests of what the files that commands name hold in a commit that tasks start from, where the checkout holds
    something else and that is still to be agreed to; a sentence on each."""
    own_based: bool = True
    """Whether the commit that it is about is not one of these."""

    @property
    def runs(self) -> bool:
        """Whether what the project's files name may run."""
        commands = (self.whole and self.own_based) or self.branch is not None or not self.wanted.commands
        return self.wanted.nothing or (commands and (self.opened or not self.wanted.opens))

    @property
    def trusted(self) -> bool:
        """Whether nothing is left to ask before a task is begun."""
        return self.runs and not self.checks and not self.based

    @property
    def agreed(self) -> bool:
        """Whether nothing is left to ask of what is on the list; an empty one is agreed to like any other."""
        return self.trusted and (self.whole or not self.wanted.nothing)

    @property
    def digest(self) -> str:
        """Of what is shown."""
        further = self.checks, sorted(self.based)
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
    found = await trust.wanted_here(context, checkout.root, read, environment)
    waiting = await context.store.read(task_rows.in_states, frozenset({State.WAITING}))
    here = [task for task in waiting if task.wish.checkout.root == checkout.root]
    checks = tuple(dict.fromkeys(check for task in here for check in checks_of(context, task)))
    standing = await _standing(context, found, _Ground(checkout, settings, checks))
    theirs = [its for task in here if (its := await of_task(context, task)).wanted.digest == found.digest]
    based = {digest: said for each in (standing, *theirs) for digest, said in each.based.items()}
    # the branch of a checkout is that of its tasks, too: else nobody would ever be asked about theirs
    branch = standing.branch if all(its.branch for its in theirs) else None
    return replace(standing, branch=branch, based=based)


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
    digests = standing.wanted.digest, standing.wanted.openings, *map(_of_check, standing.checks), *standing.based
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
        based=tuple(standing.based.values()),
        branch=standing.branch,
    )


async def _standing(context: Context, found: Wanted, ground: _Ground) -> Standing:
    based = await asyncio.to_thread(_based, ground, found)
    asked = {found.digest, found.openings, *map(_of_check, ground.checks), *based}
    agreed = await context.store.read(consents.agreed, found.root, asked)
    whole, left = found.digest in agreed, {digest: said for digest, said in based.items() if digest not in agreed}
    branch = None
    if found.commands and context.user.trusted and (left or not whole):
        branch = await asyncio.to_thread(_branch, ground, found.files, context.user.trusted)
    if branch:
        left = {}
    checks = tuple(check for check in ground.checks if _of_check(check) not in agreed)
    return Standing(found, whole, whole or found.openings in agreed, branch, checks, left, not left)


def _based(ground: _Ground, found: Wanted) -> dict[str, str]:
    """What is run is the commit's, and the list is of the checkout, which may hold something else."""
    if not (found.commands and found.files):
        return {}
    try:
        base = ground.base or checkouts.head(ground.checkout)
    except SpecwrightError:  # nothing can start without a commit
        return {}
    held = branches.held(checkouts.where(ground.checkout), base, found.files)
    others = [path for path, oid in held if not named.is_object(Path(found.root, path), oid)]
    said = f"{', '.join(others)}, as of commit {base[:12]}"
    return {trust.digest_of("base", found.commands, held): said} if others else {}


def _branch(ground: _Ground, files: tuple[str, ...], trusted: tuple[str, ...]) -> str | None:
    """What can't be looked at is not trusted."""
    with contextlib.suppress(SpecwrightError):
        base = ground.base or checkouts.head(ground.checkout)
        return branches.unchanged_from(ground.checkout, base, ground.settings, files, trusted)
    return None


def _of_check(command: str) -> str:
    return trust.digest_of("check", command)
