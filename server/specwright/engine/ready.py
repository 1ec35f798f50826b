"""What a run and a rehearsal do alike with a slot: its box, and set-up in it."""

import os
from pathlib import Path

from specwright.config.settings import Caches, Slots
from specwright.engine.context import Context
from specwright.errors import SpecwrightError
from specwright.gates.run import NOT_EXECUTABLE, NOT_FOUND
from specwright.gates.text import tail
from specwright.git.slots import Slot
from specwright.sandbox import caches
from specwright.sandbox.box import make_box
from specwright.sandbox.limits import Most
from specwright.sandbox.proxy import INNER, REFUSED
from specwright.sandbox.visible import Visible
from specwright.tasks.protocols import Box, Done, Reach

SETUP_SECONDS = 900.0
LINES = 5
"""Lines of what a failed set-up said that a sentence shows."""
CACHE = (
    'let it install from a package cache: `caches = "read"` under [sandbox] of your own config.toml, and `--offline`'
)


def box_of(context: Context, slot: Slot, roots: tuple[Path, ...], environment: tuple[tuple[str, str], ...]) -> Box:
    """The box in which a slot's commands run; `roots` are the folders that they may read by consent."""
    if context.probe.mode is None:
        raise SpecwrightError(context.probe.trouble)
    user = context.user
    hidden = slot.repository.common_dir, context.places.state, context.places.slots
    found, _ = caches.find(dict(environment), hidden) if user.caches is not Caches.NONE else ((), ())
    named = {name: os.environ[name] for name in user.environment if name in os.environ}
    visible = Visible(
        slot=slot.path,
        git_file=slot.path / ".git",
        private=slot.repository.path,
        roots=roots,
        environment=tuple((named | dict(environment)).items()),
        slot_name=slot.name,
        variables=user.environment,
        most=Most(user.memory_gb * 2**30, user.processes),
        caches=found,
        has_copies=user.caches is Caches.COPY,
    )
    return make_box(context.probe.mode, visible)


async def set_up(box: Box, slots: Slots) -> tuple[Done, str]:
    """How set-up ended, and the end of what it said, with the hosts that it was refused."""
    try:
        async with box.installing() as own:
            done = await own.run(slots.setup, timeout=SETUP_SECONDS, reach=Reach(hosts=slots.hosts))
    except SpecwrightError as error:  # no copy of the caches
        return Done(None, b"", b"", 0.0), error.sentence
    refused = "".join(f"It was {sentence}. " for sentence in _refused(done))
    return done, refused + "\n".join(tail(done).split("\n")[-LINES:])


def cure_of(slots: Slots, done: Done) -> str:
    """What to write where set-up failed."""
    missing = slots.setup[0] if f"execvp {slots.setup[0]}:" in done.stderr.decode(errors="replace") else None
    if missing or done.exit_code in {NOT_FOUND, NOT_EXECUTABLE}:
        return (
            f"[slots] setup: {missing or 'a program of it'} is not seen in the sandbox; name its folder by `roots`"
            " under [sandbox] of your own config.toml (`specwright trust` shows what is readable)"
        )
    if any(INNER in sentence for sentence in _refused(done)):
        return f"[slots] setup reaches public addresses alone, no mirror or proxy of your own network; {CACHE}"
    if slots.hosts:
        return f"[slots] setup reaches only what `hosts` names there; name what it was refused, or {CACHE}"
    return f"[slots] setup has no network; name what it needs by `hosts` there, or {CACHE}"


def _refused(done: Done) -> list[str]:
    return [sentence for sentence in done.reached if sentence.startswith(REFUSED)]
