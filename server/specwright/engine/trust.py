"""Consent: what a project's own files would run, and the folders that its commands may read, bound to their content."""

import asyncio
import hashlib
import json
import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from specwright.api import setup
from specwright.config import read
from specwright.config.settings import Caches, Settings
from specwright.engine.context import Context
from specwright.errors import WrongUse
from specwright.git import checkout as checkouts
from specwright.git import included
from specwright.paths.files import TEXT_LIMIT
from specwright.paths.places import places
from specwright.sandbox import caches
from specwright.sandbox.roots import Root, refused, roots_of
from specwright.store import consents
from specwright.tasks.model import Task

NAMED_LIMIT = 1_000_000
"""Bytes of a file that a command names, above which its size and time stand for its content."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One list to agree to, and the digest of its content."""

    root: str
    commands: tuple[str, ...]
    roots: tuple[Root, ...]
    refused: tuple[str, ...]
    included: tuple[str, ...]
    """Ignored files that are copied into slots."""
    left_open: tuple[str, ...]
    """What the partial sandbox of this machine does not stop; empty in a full one."""
    caches: tuple[str, ...]
    """Package caches that commands see by the user's own setting: no part of what is agreed to."""
    digest: str

    @property
    def paths(self) -> tuple[Path, ...]:
        """The folders that may be read."""
        return tuple(root.path for root in self.roots)

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to agree to."""
        return not self.commands and not self.included and not self.left_open


def wanted(
    root: str,
    settings: Settings,
    environment: dict[str, str],
    extra_roots: tuple[str, ...] = (),
    left_open: tuple[str, ...] = (),
    of_caches: Caches = Caches.NONE,
) -> Wanted:
    """What the settings of a checkout would run, with the folders that these programs need."""
    words = [settings.slots.setup, *(gate.command for gate in settings.gates)]
    commands = tuple(
        [*([f"set-up: {shlex.join(settings.slots.setup)}"] if settings.slots.setup else [])]
        + [f"gate {gate.name}: {shlex.join(gate.command)}" for gate in settings.gates if gate.command]
    )
    programs = tuple(dict.fromkeys(word[0] for word in words if word))
    found = roots_of(Path(root), environment, programs) + tuple(Root(Path(p), "your settings") for p in extra_roots)
    hidden = (Path(root), places().state, places().slots)
    reasons = {each.path: refused(each.path, hidden) for each in found}
    seen, unseen = caches.find(environment, hidden) if of_caches is not Caches.NONE else ((), ())
    good = tuple(each for each in found if reasons[each.path] is None)
    copied = included.wanted(checkouts.find(Path(root))) if (Path(root) / included.NAME).is_file() else ()
    named = {name: _content(Path(root) / name) for word in words for name in word if _is_file(root, name)}
    roots = [(str(each.path), str(each.path.resolve())) for each in good]
    further = [*([copied] if copied else []), *([{"open": left_open}] if left_open else [])]
    content = json.dumps([commands, roots, named, *further])
    return Wanted(
        root=root,
        commands=commands,
        roots=good,
        refused=tuple(f"{path}: {reason}" for path, reason in reasons.items() if reason) + unseen,
        included=copied,
        left_open=left_open,
        caches=tuple(map(str, seen)),
        digest=hashlib.sha256(content.encode()).hexdigest(),
    )


async def wanted_here(context: Context, root: str, settings: Settings, environment: dict[str, str]) -> Wanted:
    """The same with what the user's own settings add, in the sandbox that there is."""
    further = context.user.roots, context.probe.left_open, context.user.caches
    return await asyncio.to_thread(wanted, root, settings, environment, *further)


async def wanted_by(context: Context, task: Task) -> Wanted:
    """The list of a task: its settings are those that its checkout held at queueing."""
    settings, _ = read.project(task.wish.settings)
    return await wanted_here(context, task.wish.checkout.root, settings, dict(task.wish.environment))


async def is_trusted(context: Context, task: Task) -> bool:
    """Whether nothing of the project's would run, or the user agreed to exactly this."""
    found = await wanted_by(context, task)
    return found.nothing or await is_agreed(context, found)


async def consented(context: Context, task: Task) -> Wanted | None:
    """The list of a task: folders that its commands may read, files that are copied; None without consent."""
    found = await wanted_by(context, task)
    return found if await is_agreed(context, found) else None


async def is_agreed(context: Context, found: Wanted) -> bool:
    """Whether the user agreed to exactly this list."""
    return await context.store.read(consents.has_consent, found.root, found.digest)


async def of_folder(context: Context, folder: str, environment: dict[str, str]) -> tuple[Wanted, bool]:
    """The list of the checkout that a folder lies in, and whether it is agreed to."""
    checkout = await asyncio.to_thread(checkouts.find, Path(folder))
    settings = await asyncio.to_thread(settings_of, checkout.root)
    found = await wanted_here(context, checkout.root, settings, environment)
    return found, await is_agreed(context, found)


def view(found: Wanted, agreed: bool) -> setup.ConsentList:
    """The list as it is shown."""
    return setup.ConsentList(
        root=found.root,
        digest=found.digest,
        agreed=agreed,
        commands=found.commands,
        roots=tuple(f"{root.path} ({root.why})" for root in found.roots),
        refused_roots=found.refused,
        included=found.included,
        left_open=found.left_open,
        caches=found.caches,
    )


def settings_of(root: str) -> Settings:
    """What the checkout's `specwright.toml` says. Raises `WrongUse` where it is no TOML, or would check too little."""
    return checked_settings(root, settings_text(root))


def checked_settings(root: str, text: str) -> Settings:
    """The same of a text that was read already."""
    settings, problems = read.project(text)
    for problem in problems:
        if problem.refuses:
            raise WrongUse(f"{root}/specwright.toml: {problem.message} Mend it, then try again.")
    return settings


def settings_text(root: str) -> str:
    """The text of the checkout's `specwright.toml`, empty where there is none. Raises `WrongUse` for too long a one."""
    path = Path(root) / "specwright.toml"
    if not path.is_file():
        return ""
    if path.stat().st_size > TEXT_LIMIT:
        raise WrongUse(f"{path} is over {TEXT_LIMIT // 1_000_000} MB; settings are a few lines.")
    return path.read_text(encoding="utf-8", errors="replace")


def _is_file(root: str, name: str) -> bool:
    """Whether a word names a file of the project; a whole line of a shell's may be longer than any name."""
    if name.startswith(("-", "/")) or ".." in Path(name).parts:
        return False
    return os.path.isfile(Path(root) / name)  # noqa: PTH113  # `Path.is_file` raises for a name that is too long


def _content(path: Path) -> str:
    try:
        status = path.stat()
        if status.st_size > NAMED_LIMIT:
            return f"{status.st_size} {status.st_mtime_ns}"
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:  # gone meanwhile, or closed by its permissions
        return f"unreadable: {error.strerror}"
