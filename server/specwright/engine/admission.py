"""What keeps waiting tasks from starting besides the limits: consent, a key, a sandbox."""

from specwright.engine import consent, own_command
from specwright.engine.context import Context
from specwright.paths.space import free_space_too_low
from specwright.store import tasks as task_rows
from specwright.store.admitting import Admitted, Held, Rules, admit, why
from specwright.tasks.admission import Why
from specwright.tasks.model import Reason, State, Task

NO_KEY = (
    "No API key. Set ANTHROPIC_API_KEY where your editor or terminal starts (any connected one will do), or put "
    'key_command = "…" into your own config.toml.'
)
NOT_TRUSTED: Why = Reason.TRUST, "`specwright trust` shows what this project would run, and asks once."


async def look(context: Context, live: frozenset[str]) -> Admitted:
    """One pass: what may start now, stored as started; `live` names the runs that are performed."""
    return await context.store.write(admit, live, await held(context), _rules(context))


async def why_waiting(context: Context) -> dict[str, Held]:
    """Why each task that waits now would go on waiting."""
    return await context.store.read(why, await held(context), _rules(context))


def _rules(context: Context) -> Rules:
    user = context.user
    trouble = free_space_too_low(context.places.slots, user.free_gb * 10**9) or ""
    return Rules(running=user.running, quiet=user.quiet, trouble=trouble)


async def held(context: Context) -> dict[str, Held]:
    """Each task that waits now, with what holds it."""
    waiting = await context.store.read(task_rows.in_states, frozenset({State.WAITING}))
    if any(task.wish.agent == "anthropic" for task in waiting):
        await _command_key(context)
    # what consent depends on is the same for all that was queued at once, and looking at it opens files
    grounds = {_ground(context, task): task for task in waiting}
    trusts = {ground: await _trust(context, task) for ground, task in grounds.items()}
    return {task.id: _held(context, task, trusts[_ground(context, task)]) for task in waiting}


def _ground(context: Context, task: Task) -> tuple[object, ...]:
    wish = task.wish
    return wish.checkout.root, wish.settings, wish.environment, wish.base, consent.checks_of(context, task)


async def _trust(context: Context, task: Task) -> Why | None:
    """What can't be looked at is not trusted; the tasks of other projects go on."""
    try:
        return None if (await consent.of_task(context, task)).trusted else NOT_TRUSTED
    except (OSError, ValueError, RuntimeError) as error:
        return Reason.TRUST, f"What {task.wish.checkout.root} would run can't be looked at ({error}). Mend that first."


def _held(context: Context, task: Task, trust: Why | None) -> Held:
    found = [no_sandbox(context), _key(context, task), trust]
    return tuple(why for why in found if why)


def no_sandbox(context: Context) -> Why | None:
    """Why nothing can be run here; None where a box holds, or the user wants none."""
    if context.probe.mode:
        return None
    tried = "It is tried when the daemon starts: run `specwright daemon stop` once that is mended."
    return Reason.SANDBOX, f"{context.probe.trouble} {tried}"


def _key(context: Context, task: Task) -> Why | None:
    if task.wish.agent != "anthropic":
        return None
    if context.keys.refused:
        return Reason.KEY, context.keys.refused
    return None if context.keys.current else (Reason.KEY, NO_KEY)


async def _command_key(context: Context) -> None:
    """Run the user's own `key_command`: once, and again where that key was refused and a client has come since."""
    if context.user.key_command and (context.keys.came_back or not context.keys.current):
        context.keys.came_back = False
        key, _ = await own_command.run(context.user.key_command)
        if key:
            context.keys.command(key)
