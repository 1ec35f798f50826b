"""What a project's own files would run, and what they would open, as one list bound to its content."""

import asyncio
import hashlib
import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from specwright.config import read
from specwright.config.settings import Caches, Settings
from specwright.engine import named
from specwright.engine.context import Context
from specwright.errors import WrongUse
from specwright.git import checkout as checkouts
from specwright.git import included
from specwright.paths.files import TEXT_LIMIT
from specwright.paths.places import places
from specwright.sandbox import caches
from specwright.sandbox.roots import Root, refused, roots_of
from specwright.tasks.model import Checkout, Task


@dataclass(frozen=True, slots=True)
class Wanted:
    """One list to agree to, and the digests of its content."""

    root: str
    commands: tuple[str, ...]
    files: tuple[str, ...]
    """Paths of the project that the commands may name."""
    contents: Mapping[str, str]
    """What stands for the content of those that are files."""
    roots: tuple[Root, ...]
    refused: tuple[str, ...]
    included: tuple[str, ...]
    """Ignored files that are copied into slots."""
    reach: tuple[str, ...]
    """What its commands may reach beyond their boxes, a sentence each."""
    left_open: tuple[str, ...]
    """What the partial sandbox of this machine does not stop; empty in a full one."""
    opens: frozenset[str]
    """The kinds of openings that it has."""
    caches: tuple[str, ...]
    """Package caches that commands see by the user's own setting: no part of what is agreed to."""
    digest: str
    openings: str
    """The digest of the openings alone."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """The folders that may be read."""
        return tuple(root.path for root in self.roots)

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to agree to: folders are readable for commands alone."""
        return not self.commands and self.opens <= {"roots"}


def _openings(
    roots: Sequence[Root], included: tuple[str, ...], reach: tuple[str, ...], left_open: tuple[str, ...]
) -> dict[str, Sequence[object]]:
    """What opens something: no branch speaks for it. A further kind is a field of `Wanted`, and an entry here."""
    kinds: dict[str, Sequence[object]] = {
        "roots": [(str(each.path), str(each.path.resolve())) for each in roots],
        "included": included,
        "reach": reach,
        "left_open": left_open,
    }
    return {kind: what for kind, what in kinds.items() if what}


def _reach(settings: Settings) -> tuple[str, ...]:
    hosts = settings.slots.hosts if settings.slots.setup else ()
    services = [(gate.name, service) for gate in settings.gates if gate.command for service in gate.services]
    return (
        *(f"set-up reaches {host} over HTTPS" for host in hosts),
        *(f"gate {gate} and checks of specs reach {service}, a port of this machine" for gate, service in services),
    )


def wanted(
    checkout: Checkout,
    base: str,
    settings: Settings,
    environment: dict[str, str],
    extra_roots: tuple[str, ...] = (),
    left_open: tuple[str, ...] = (),
    of_caches: Caches = Caches.NONE,
) -> Wanted:
    """What the settings of a checkout would run on a base, with the folders that these programs need."""
    root = checkout.root
    would_run = [("set-up", settings.slots.setup), *((f"gate {gate.name}", gate.command) for gate in settings.gates)]
    commands = tuple(f"{name}: {shlex.join(words)}" for name, words in would_run if words)
    programs = [words[0] for _, words in would_run if words]
    found = roots_of(Path(root), environment, programs) + tuple(Root(Path(p), "your settings") for p in extra_roots)
    own = places()
    hidden = (Path(root), own.config_file.parent, own.state, own.slots)
    reasons = {each.path: refused(each.path, hidden) for each in found}
    seen, unseen = caches.find(environment, hidden) if of_caches is not Caches.NONE else ((), ())
    good = tuple(each for each in found if reasons[each.path] is None)
    copied = included.wanted(checkout) if (Path(root) / included.NAME).is_file() else ()
    files = named.paths(settings)
    contents = named.contents(checkout, base, files)
    reach = _reach(settings)
    openings = _openings(good, copied, reach, left_open)
    return Wanted(
        root=root,
        commands=commands,
        files=files,
        contents=contents,
        roots=good,
        refused=tuple(f"{path}: {reason}" for path, reason in reasons.items() if reason) + unseen,
        included=copied,
        reach=reach,
        left_open=left_open,
        caches=tuple(map(str, seen)),
        opens=frozenset(openings),
        digest=digest_of("list", commands, contents, openings),
        openings=digest_of("openings", openings),
    )


def digest_of(kind: str, *content: object) -> str:
    """The kind is a part of it: a consent to one kind is none to another."""
    return hashlib.sha256(json.dumps([kind, *content]).encode()).hexdigest()


async def wanted_here(
    context: Context, checkout: Checkout, settings: Settings, environment: dict[str, str], base: str | None = None
) -> Wanted:
    """The same with what the user's own settings add, in the sandbox that there is; on HEAD, where no base is said."""
    further = context.user.roots, context.probe.left_open, context.user.caches
    if base is None:
        base = await asyncio.to_thread(checkouts.head, checkout)
    return await asyncio.to_thread(wanted, checkout, base, settings, environment, *further)


async def wanted_by(context: Context, task: Task) -> Wanted:
    """The list of a task: its settings are those that its checkout held at queueing."""
    wish = task.wish
    settings, _ = read.project(wish.settings)
    return await wanted_here(context, wish.checkout, settings, dict(wish.environment), wish.base)


def roots_shown(found: Wanted) -> tuple[str, ...]:
    """The folders that may be read, each with its reason."""
    return tuple(f"{_with_target(root.path)} ({root.why})" for root in found.roots)


def _with_target(path: Path) -> str:
    real = path.resolve()
    return f"{path} → {real}" if path.is_symlink() else str(path)


def checked_settings(root: str, text: str) -> Settings:
    """What a checkout's `specwright.toml` says. Raises `WrongUse` where it is no TOML, or would check too little."""
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
