"""A run whose agent needs a key outlives the daemon that had it."""

import asyncio
import os
import signal

from specwright.testing.messages_server import MessagesServer
from specwright.testing.replies import Asked, Call, Message, Refusal, Reply, Spoilt
from user import User

SPEC = "## spec! Greet\n- [ ] it greets, check: `grep -q hallo greeting.py`\n"
SETTINGS = 'agent = "anthropic"\n[agents.anthropic]\nmodel = "claude-sonnet-4-5"\n'
WRITE = Call("write", {"path": "greeting.py", "content": "hallo\n"})
SECONDS = 30.0
REFUSED = Refusal(401, "authentication_error", "invalid x-api-key")


def slow_then_done(asked: Asked) -> Reply:
    """One turn that takes its time, and the end."""
    if asked.turn == 0:
        return Message("I write.", (WRITE,), spoilt=Spoilt.SLOW)
    return Message(calls=(Call("finish", {"summary": "Done."}),))


async def test_a_run_of_a_killed_daemon_gets_its_key_again(user: User) -> None:
    user.root.rmdir()
    user.make({"a.md": SPEC, "specwright.toml": SETTINGS})
    async with MessagesServer({"slow": slow_then_done}, default="slow", pace=0.3) as model:
        config = user.home / "specwright" / "config.toml"
        config.parent.mkdir(exist_ok=True)
        config.write_text(f'key_command = "echo not-a-key"\n[agents.anthropic]\nbase_url = "{model.url}"\n')
        [task] = await asyncio.to_thread(user.queue, "a.md")
        async with asyncio.timeout(SECONDS):
            while not model.requests:
                await asyncio.sleep(0.02)
        os.kill(await asyncio.to_thread(user.pid), signal.SIGKILL)
        done = await asyncio.to_thread(user.type, "wait", task)
    assert done.out == f"{task}  review  passed  Greet\n", done
    assert len((await asyncio.to_thread(user.show, task))["runs"]) == 1


async def test_a_refused_key_is_asked_for_again_when_somebody_comes(user: User) -> None:
    user.root.rmdir()
    user.make({"a.md": SPEC, "specwright.toml": SETTINGS})
    key = user.home / "key"
    key.write_text("old")

    def of_the_new_key_alone(asked: Asked) -> Reply:
        return slow_then_done(asked) if model.requests[-1].key == "new" else REFUSED

    async with MessagesServer({"keyed": of_the_new_key_alone}, default="keyed", pace=0.0) as model:
        config = user.home / "specwright" / "config.toml"
        config.parent.mkdir(exist_ok=True)
        config.write_text(f'key_command = "cat {key}"\n[agents.anthropic]\nbase_url = "{model.url}"\n')
        [task] = await asyncio.to_thread(user.queue, "a.md")
        async with asyncio.timeout(SECONDS):
            while "waiting (key)" not in (await asyncio.to_thread(user.ok, "list")).out:
                await asyncio.sleep(0.1)
        key.write_text("new")
        done = await asyncio.to_thread(user.type, "wait", task, "--timeout", "20")
    assert done.out == f"{task}  review  passed  Greet\n", done
