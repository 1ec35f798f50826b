"""A person is told what needs them, by the desktop or a webhook: once, whatever the daemon lives through."""

import base64
import hashlib
import hmac
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from specwright.daemon import webhook
from user import User

SECONDS = 40.0
SECRET = "signs" + "-it"


@dataclass
class Received:
    """What an address was sent, and how it answers: a status, or seconds to keep silent first."""

    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    silence: float = 0.0


@contextmanager
def listening(port: int = 0) -> Iterator[tuple[str, Received]]:
    """An HTTP server of this machine's."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            received.posts.append(({name.lower(): value for name, value in self.headers.items()}, body))
            time.sleep(received.silence)
            self.send_response(received.answers.pop(0) if received.answers else 204)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook/t0ken", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def until(happened: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + SECONDS
    while not (found := happened()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def configure(user: User, notify: str) -> None:
    home = user.home / "specwright"
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(f"[notify]\n{notify}")


def hooked(user: User, address: str, more: str = "") -> None:
    configure(user, f'webhook = "{address}"\nsecret_command = "echo {SECRET}"\n{more}')


def log(user: User) -> str:
    return (user.state / "daemon.log").read_text()


def kill(user: User) -> None:
    os.kill(int((user.state / "daemon.lock").read_text()), signal.SIGKILL)


def test_a_webhook_is_told_once_and_can_check_who_tells(project: User) -> None:
    with listening() as (address, received):
        hooked(project, address)
        task = project.run("a.py")
        [(headers, body)] = until(lambda: received.posts)
        project.ok("reject", task)
    sent = json.loads(body)
    assert sent["type"] == "task.review"
    assert sent["data"] == {
        "task": task, "run": f"{task}/1", "need": "review", "title": "Say two", "checkout": "project",
    }  # fmt: skip
    assert headers["webhook-id"] == f"{task}/1/review"
    content = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    signature = base64.b64encode(hmac.new(SECRET.encode(), content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{signature}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < SECONDS
    assert (len(received.posts), SECRET in log(project), "t0ken" in log(project)) == (1, False, False)


def test_what_fails_is_tried_again_also_by_the_next_daemon(project: User) -> None:
    with listening() as (address, received):
        received.answers = [500, 302, 429]
        hooked(project, address)
        task = project.run("a.py")
        until(lambda: len(received.posts) >= 2)
        kill(project)
        project.ok("daemon", "start")
        until(lambda: not received.answers)
        until(lambda: len(received.posts) == 4)
        time.sleep(1.5)
        assert {headers["webhook-id"] for headers, _ in received.posts} == {f"{task}/1/review"}
        assert len(received.posts) == 4
    assert "it answered " in log(project)
    assert "t0ken" not in log(project)


def test_an_address_that_nobody_listens_on_holds_nothing_up(project: User) -> None:
    with listening() as (address, _):
        port = int(address.split(":")[2].split("/")[0])
    hooked(project, address)
    task = project.run("a.py")
    assert project.show(task)["state"] == "review"
    until(lambda: "the webhook was not told" in log(project))
    project.ok("daemon", "stop")
    with listening(port) as (_, received):
        project.ok("daemon", "start")
        [(headers, _)] = until(lambda: received.posts)
    assert headers["webhook-id"] == f"{task}/1/review"


def test_an_address_that_does_not_answer_holds_nothing_up(project: User, tmp_path: Path) -> None:
    with listening() as (address, received):
        received.silence = webhook.SECONDS + 5
        hooked(project, address)
        project.run("a.py")
        until(lambda: received.posts)
        project.put({"b.py": (project.root / "a.py").read_text()})
        before = time.monotonic()
        second = project.run("b.py")
        assert project.show(second)["state"] == "review"
        took = time.monotonic() - before
        received.silence = 0.0
        until(lambda: len({headers["webhook-id"] for headers, _ in received.posts}) == 2)
    assert took < SECONDS
    assert "TimeoutError" in log(project) or "ReadTimeout" in log(project)


def test_a_secret_that_is_not_printed_sends_nothing(project: User) -> None:
    with listening() as (address, received):
        configure(project, f'webhook = "{address}"\nsecret_command = "false"\n')
        project.run("a.py")
        until(lambda: "`secret_command` of your config.toml printed no secret" in log(project))
        assert received.posts == []


@pytest.mark.parametrize(
    ("printed", "key"), [("plain", b"plain"), (f"whsec_{base64.b64encode(b'bytes').decode()}", b"bytes")]
)
def test_a_secret_of_the_standard_is_base64(printed: str, key: bytes) -> None:
    assert webhook.secret_of(printed) == key


def test_the_signature_is_the_standards() -> None:
    """The example of https://www.standardwebhooks.com."""
    key = webhook.secret_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = webhook.signed("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', key, 1614265330.0)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.fixture
def desktop(project: User) -> Path:
    """A desktop that writes down what it is asked to show."""
    seen = project.home / "shown"
    programs = project.home / "bin"
    programs.mkdir()
    program = programs / "notify-send"
    program.write_text(f'#!/bin/sh\nfor word in "$@"; do echo "$word"; done >> {seen}\n')
    program.chmod(0o755)
    project.environment["PATH"] = f"{programs}:{project.environment['PATH']}"
    return seen


def test_the_desktop_tells_once(project: User, desktop: Path) -> None:
    project.run("a.py")
    until(lambda: project.told())
    kill(project)
    project.ok("daemon", "start")
    time.sleep(4)
    assert desktop.read_text() == "--app-name=Specwright\n--\nSpecwright\n'Say two' is ready for review.\n"


def test_what_is_queued_at_once_is_told_in_one_sentence(project: User, desktop: Path) -> None:
    gates = '[gates.tests]\ncommand = "true"\n'
    settings = (project.root / "specwright.toml").read_text() + gates
    specs = "".join(f"# spec! {name} <1>\n# - [ ] x, check: `true`\n\n" for name in ("One", "Two", "Three", "Four"))
    project.put({"specwright.toml": settings, "b.py": specs})
    assert len(project.queue("b.py")) == 4
    until(desktop.exists)
    names = "'One &lt;1&gt;', 'Two &lt;1&gt;', 'Three &lt;1&gt;' and 1 more"
    sentence = f"4 tasks wait for your consent: specwright trust: {names}."
    until(lambda: sentence in desktop.read_text())


def test_the_desktop_can_be_left_out(project: User, desktop: Path) -> None:
    configure(project, "desktop = false\n")
    project.run("a.py")
    time.sleep(4)
    assert not desktop.exists()


def test_a_silent_agent_is_marked_and_told_once(project: User, desktop: Path) -> None:
    settings = (project.root / "specwright.toml").read_text() + "[limits]\nstall_minutes = 0.02\n"
    project.put({"specwright.toml": settings, "script.json": json.dumps({"*": [[{"sleep": 60}]]})})
    [task] = project.queue("a.py")
    until(lambda: project.told())
    assert "(no sign for " in project.ok("list").out
    assert project.show(task)["detail"].startswith("no sign for ")
    kill(project)
    project.ok("daemon", "start")
    until(lambda: "(no sign for " in project.ok("list").out)
    assert desktop.read_text().count("'Say two' runs, and its agent gives no sign.") == 1
    project.ok("cancel", task)
