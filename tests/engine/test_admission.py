"""What holds a waiting task: the sandbox, a key, consent; and the sentence that says what to do."""

import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from specwright.api.messages import Credentials
from specwright.config.settings import SandboxMode, UserSettings
from specwright.engine import admission, trust
from specwright.engine.context import Context
from specwright.sandbox.probe import Probe
from specwright.store import consents
from specwright.store import tasks as task_rows
from specwright.store.admitting import Held
from specwright.tasks.model import Place, Reason, Wish

Contexts = Callable[..., Context]
Wishes = Callable[..., Wish]
GATE = '[gates.tests]\ncommand = "true"\n'
BROKEN = Probe(None, reason="bwrap is not installed.", cure="Install it.")
KEY = Credentials("sk-1")


def reasons_of(found: Held) -> tuple[Reason, ...]:
    return tuple(reason for reason, _ in found)


async def held(context: Context, wish: Wish) -> Held:
    task = (await context.store.write(task_rows.submit, wish)).task
    return (await admission.held(context))[task]


@pytest.mark.parametrize(
    ("agent", "settings", "key", "probe", "reasons"),
    [
        ("scripted", "", None, Probe(SandboxMode.FULL), ()),
        ("scripted", "", None, BROKEN, (Reason.SANDBOX,)),
        ("anthropic", "", None, Probe(SandboxMode.FULL), (Reason.KEY,)),
        ("anthropic", "", KEY, Probe(SandboxMode.FULL), ()),
        ("scripted", GATE, None, Probe(SandboxMode.FULL), (Reason.TRUST,)),
        ("scripted", "", None, Probe(SandboxMode.PARTIAL, left_open=("a",)), (Reason.TRUST,)),
        ("anthropic", GATE, None, BROKEN, (Reason.SANDBOX, Reason.KEY, Reason.TRUST)),
    ],
)
async def test_each_reason_is_found(
    context_of: Contexts, wish_of: Wishes, agent: str, settings: str, key: Credentials, probe: Probe, reasons: object
) -> None:
    context = context_of(probe=probe)
    context.keys.bring(key or Credentials())
    found = await held(context, wish_of(agent, settings))
    assert reasons_of(found) == reasons
    assert all(sentence for _, sentence in found)


async def test_a_sandbox_that_the_user_switched_off_is_not_missed(context_of: Contexts, wish_of: Wishes) -> None:
    context = context_of(UserSettings(sandbox=SandboxMode.NONE), Probe(SandboxMode.NONE))
    assert await held(context, wish_of()) == ()


async def test_a_refused_key_holds_until_another_one_comes(context_of: Contexts, wish_of: Wishes) -> None:
    context = context_of()
    context.keys.bring(KEY)
    context.keys.refused = "The key is not valid."
    assert await held(context, wish_of("anthropic")) == ((Reason.KEY, "The key is not valid."),)
    context.keys.bring(KEY)
    assert reasons_of(await held(context, wish_of("anthropic"))) == (Reason.KEY,)
    context.keys.bring(Credentials("sk-2"))
    assert reasons_of(await held(context, wish_of("anthropic"))) == ()


@pytest.mark.parametrize(
    ("code", "key"), [("print(' sk-3 ')", "sk-3"), ("print()", None), ("print('sk-3'); exit(1)", None)]
)
async def test_the_users_own_command_gives_the_key(
    context_of: Contexts, wish_of: Wishes, code: str, key: str | None
) -> None:
    context = context_of(UserSettings(key_command=(sys.executable, "-c", code)))
    found = await held(context, wish_of("anthropic"))
    current = context.keys.current
    assert (current.key if current else None) == key
    assert reasons_of(found) == (() if key else (Reason.KEY,))


async def test_consent_is_bound_to_the_content(context_of: Contexts, wish_of: Wishes) -> None:
    context, wish = context_of(), wish_of(settings=GATE)
    assert reasons_of(await held(context, wish)) == (Reason.TRUST,)
    task = (await context.store.write(task_rows.submit, wish)).task
    wanted = await trust.wanted_by(context, await context.store.read(task_rows.load, task))
    await context.store.write(consents.agree, wanted.root, wanted.digest)
    assert reasons_of(await held(context, wish)) == ()
    assert reasons_of(await held(context, wish_of(settings=GATE.replace("true", "false")))) == (Reason.TRUST,)


async def test_what_cannot_be_looked_at_holds_its_own_task_alone(context_of: Contexts, wish_of: Wishes) -> None:
    context, good = context_of(), wish_of()
    environment = (("VIRTUAL_ENV", "x" * 5000),)
    odd = replace(wish_of(settings=GATE), place=Place("b.py", 1, 2), environment=environment)
    first, second = [(await context.store.write(task_rows.submit, wish)).task for wish in (odd, good)]
    found = await admission.held(context)
    assert (reasons_of(found[first]), found[second]) == ((Reason.TRUST,), ())
    assert "too long" in found[first][0][1]


async def test_nothing_begins_without_room_and_it_is_looked_again(context_of: Contexts, wish_of: Wishes) -> None:
    context = context_of(UserSettings(free_gb=10**6))
    task = (await context.store.write(task_rows.submit, wish_of())).task
    admitted = await admission.look(context, frozenset())
    waiting = await context.store.read(task_rows.load, task)
    assert (admitted.start, admitted.look_again is not None) == ((), True)
    assert waiting.reasons == (Reason.PAUSED,)
    assert "specwright gc" in str(waiting.detail)
