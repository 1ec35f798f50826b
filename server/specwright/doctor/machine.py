"""Checks of the machine and the user's own settings: programs, keys, folders, disks, the service."""

import asyncio
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from specwright.api.client import tool_environment
from specwright.api.service import is_installed, starts_another_program
from specwright.api.views import CheckLevel, CheckLine
from specwright.config import read
from specwright.config.settings import Caches, Problem, SandboxMode, UserSettings
from specwright.engine import own_command
from specwright.engine.trust import settings_text
from specwright.errors import WrongUse
from specwright.git import checkout as checkouts
from specwright.paths import mounts
from specwright.paths.files import checkout_root
from specwright.paths.places import Places
from specwright.sandbox import caches
from specwright.sandbox.probe import probe

OK, WARN, FAIL = CheckLevel.OK, CheckLevel.WARN, CheckLevel.FAIL
LITTLE, MUCH_TOO_LITTLE = 2 * 2**30, 100 * 2**20
"""Free bytes below which slots may not fit, and below which the store itself may not."""


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at: a user's places, and the folder in which they ask."""

    places: Places
    folder: Path
    mounts: Path = mounts.MOUNTS

    @property
    def settings(self) -> tuple[UserSettings, tuple[Problem, ...]]:
        """The user's own."""
        path = self.places.config_file
        return read.user(path.read_text(encoding="utf-8", errors="replace") if path.is_file() else "")


async def lines(patient: Patient) -> list[CheckLine]:
    """Every line, in order."""
    user, problems = patient.settings
    told = [
        CheckLine("settings", WARN, f"{patient.places.config_file}:{p.line or 1}: {p.message}", "Mend it there.")
        for p in problems
    ]
    return [
        await asyncio.to_thread(_git),
        await _sandbox(user),
        *_caches(patient, user),
        *told,
        await _key(patient, user),
        _state(patient.places.state),
        *_file_systems(patient),
        _room(patient.places),
        _service(),
    ]


def make_private(patient: Patient) -> str | None:
    """Shut the state folder to others; what was done."""
    state = patient.places.state
    if not state.is_dir() or not stat.S_IMODE(state.stat().st_mode) & 0o077 or state.stat().st_uid != os.getuid():
        return None
    state.chmod(0o700)
    return f"Shut {state} to other users."


def _git() -> CheckLine:
    problem = checkouts.version_problem()
    if problem:
        return CheckLine("git", FAIL, problem, "Install git 2.38 or newer.")
    return CheckLine("git", OK, "git is new enough (2.38 or newer).")


async def _sandbox(user: UserSettings) -> CheckLine:
    found = await probe(user.sandbox)
    if found.mode is SandboxMode.NONE:
        return CheckLine("sandbox", WARN, found.reason, 'Take `mode = "none"` out of your config.toml.')
    if found.mode is SandboxMode.PARTIAL:
        text = f"A partial one holds, after your consent to what it leaves open: {'; '.join(found.left_open)}."
        return CheckLine("sandbox", WARN, f"{found.reason} {text}".strip(), found.cure)
    if found.mode is SandboxMode.FULL:
        return CheckLine("sandbox", OK, "A command in the box saw and reached nothing that it must not.")
    return CheckLine("sandbox", FAIL, f"No task can start: {found.reason}", found.cure)


def _caches(patient: Patient, user: UserSettings) -> Iterator[CheckLine]:
    if user.caches is Caches.NONE:
        return
    root = checkout_root(patient.folder)
    found, refused = caches.find(
        tool_environment(), [*([root] if root else []), patient.places.state, patient.places.slots]
    )
    cure = "Name another place by the tool's own variable, such as UV_CACHE_DIR."
    yield from (CheckLine("caches", WARN, f"Never readable: {each}.", cure) for each in refused)
    yield from (CheckLine("caches", OK, f"Commands may read the package cache of {each}.") for each in found)
    if not found and not refused:
        yield CheckLine("caches", WARN, "No package cache is there.", cure)


async def _key(patient: Patient, user: UserSettings) -> CheckLine:
    if _agent(patient.folder) == "scripted":
        return CheckLine("key", OK, "The agent `scripted` of this project needs no key.")
    cure = 'Put `key_command = "…"` into your own config.toml; it is run when a task needs the key.'
    if user.key_command:
        key, done = await own_command.run(user.key_command)
        if key:
            return CheckLine("key", OK, "`key_command` prints a key.")
        ended = (
            f"exit code {done.exit_code}" if done.exit_code is not None else f"no answer in {own_command.SECONDS:.0f} s"
        )
        return CheckLine("key", FAIL, f"`key_command` prints no key ({ended}).", "Run it in a terminal to see why.")
    if os.environ.get("ANTHROPIC_API_KEY"):
        text = "ANTHROPIC_API_KEY is set here; after a reboot without a client, tasks wait for a key."
        return CheckLine("key", WARN, text, cure)
    text = "No key: tasks of the agent `anthropic` wait for one."
    return CheckLine("key", WARN, text, f"Set ANTHROPIC_API_KEY where your editor or terminal starts, or this: {cure}")


def _agent(folder: Path) -> str | None:
    root = checkout_root(folder)
    if root is None:
        return None
    try:
        settings, _ = read.project(settings_text(str(root)))
    except WrongUse:  # far too long a file; queueing says so
        return None
    return settings.agent


def _state(state: Path) -> CheckLine:
    if not state.exists():
        return CheckLine("state", OK, f"{state} is made when it is needed.")
    found = state.stat()
    if not os.access(state, os.W_OK | os.X_OK) or found.st_uid != os.getuid():
        cure = "Give it back to your user, or set SPECWRIGHT_HOME to another folder."
        return CheckLine("state", FAIL, f"{state} is not writable, or not yours.", cure)
    if stat.S_IMODE(found.st_mode) & 0o077:
        return CheckLine("state", WARN, f"{state} is open to other users.", f"`chmod 700 {state}`, or `--repair`.")
    return CheckLine("state", OK, f"{state} is writable, and yours alone.")


def _file_systems(patient: Patient) -> Iterator[CheckLine]:
    root = checkout_root(patient.folder)
    elsewhere = "Set SPECWRIGHT_HOME to a folder on a disk of this machine."
    places: list[tuple[str, Path | None, str]] = [
        ("state", patient.places.state, elsewhere),
        ("slots", patient.places.cache, elsewhere),
        ("repository", root, "Clone it to a disk of this machine, and queue there."),
    ]
    for name, path, cure in places:
        trouble = mounts.trouble(path, patient.mounts) if path else None
        if trouble:
            yield CheckLine(f"disk of the {name}", FAIL, f"{path} {trouble}.", cure)
        elif path:
            mount = mounts.mount_of(path, patient.mounts)
            kind = f" ({mount.kind})" if mount else ""
            yield CheckLine(f"disk of the {name}", OK, f"{path} lies on a disk of this machine{kind}.")


def _room(places: Places) -> CheckLine:
    there = next(path for path in (places.state, *places.state.parents) if path.exists())
    free = shutil.disk_usage(there).free
    text = f"{free / 2**30:.1f} GB are free at {there}."
    level = FAIL if free < MUCH_TOO_LITTLE else WARN if free < LITTLE else OK
    return CheckLine("room", level, text, None if level is OK else "Free some space: a slot is as large as a checkout.")


def _service() -> CheckLine:
    if is_installed(os.environ):
        if starts_another_program(os.environ):
            text = "After a reboot another program than this one starts the daemon."
            return CheckLine("reboot", WARN, text, "`specwright daemon install` again.")
        return CheckLine("reboot", OK, "Open tasks go on by themselves after a reboot.")
    text = "After a reboot, open tasks go on when an editor or a command of Specwright starts."
    return CheckLine("reboot", OK, f"{text} `specwright daemon install` lets them go on by themselves.")
