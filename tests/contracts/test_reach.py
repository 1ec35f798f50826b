"""A project asks for ports and hosts: nothing is reached but what the user agreed to."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from user import EDIT, SETTINGS, SPEC, User, bash, script

ASK = "exec 3<>/dev/tcp/127.0.0.1/{port}; echo hello >&3; grep -q HELLO <&3"


@contextmanager
def service() -> Iterator[int]:
    """A database, as it were: says in capitals what it is told."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line:
                    line.sendall(line.recv(100).upper())

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def gate(name: str, port: int, services: str) -> str:
    return f'[gates.{name}]\ncommand = ["bash", "-c", "{ASK.format(port=port)}"]\nservices = [{services}]\n'


def results(user: User, task: str) -> dict[str, str]:
    return {gate["name"]: gate["result"] for gate in user.show(task)["runs"][-1]["gates"]}


def test_a_gate_reaches_the_port_that_was_agreed_to_and_no_agent_does(user: User) -> None:
    with service() as named, service() as beside:
        settings = gate("db", named, f'"localhost:{named}"') + gate("beside", beside, f'"localhost:{named}"')
        settings += gate("none", named, "")
        check = f"# - [ ] the service answers, check: `bash -c '{ASK.format(port=named)}'`\n"
        agent = bash(f"{ASK.format(port=named)} && touch reached; true")
        spec = SPEC.replace("x = ", f"{check}x = ")
        user.make({"a.py": spec, "specwright.toml": SETTINGS + settings, "script.json": script([agent, EDIT])})
        asked = user.type("trust")
        assert f"gate db and checks of specs reach localhost:{named}, a port of this machine" in asked.out
        user.ok("trust", "--yes")
        task = user.run("a.py:1")
    own = {"criterion:AC1": "passed", "criterion:AC2": "passed"}
    assert results(user, task) == {"db": "passed", "beside": "failed", "none": "failed", **own}
    assert "reached" not in user.ok("diff", task).out
    [log] = (user.state / "runs" / task).rglob("gates-0/db/log.txt")
    assert f"[localhost:{named}: 6 bytes sent, 6 received]" in log.read_text()


def test_a_port_that_is_added_is_asked_again(user: User) -> None:
    with service() as port:
        user.make({"a.py": SPEC, "specwright.toml": SETTINGS + gate("db", port, ""), "script.json": script([EDIT])})
        user.ok("trust", "--yes")
        user.put({"specwright.toml": SETTINGS + gate("db", port, f'"localhost:{port}"')})
        task = user.type("queue", "--json", "a.py").json["queued"][0]["task"]
        assert user.show(task)["reasons"] == ["trust"]


def test_set_up_is_told_which_host_it_was_refused(user: User) -> None:
    request = "CONNECT other.example.org:443 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"
    user_script = f"exec 3<>/dev/tcp/127.0.0.1/3128; printf '{request}' >&3; cat <&3; false"
    words = json.dumps(["bash", "-c", user_script])
    settings = f'[slots]\nsetup = {words}\nhosts = ["packages.example.org"]\n'
    user.make({"a.py": SPEC, "specwright.toml": SETTINGS + settings, "script.json": script([EDIT])})
    asked = user.type("trust")
    assert "set-up reaches packages.example.org over HTTPS" in asked.out
    user.ok("trust", "--yes")
    task = user.run("a.py:1")
    shown = user.show(task)
    assert shown["outcome"] == "error"
    assert "refused: other.example.org:443 is not among the hosts that were agreed to" in user.ok("show", task).out
    assert "reached" in user.ok("log", task).out


@pytest.mark.parametrize(
    "line",
    ['services = ["127.0.0.1:5432"]', 'services = ["db.example.org:5432"]', 'services = ["localhost"]', "services = 3"],
)
def test_no_other_service_can_be_asked_for(user: User, line: str) -> None:
    settings = f'[gates.t]\ncommand = "true"\n{line}\n'
    user.make({"a.py": SPEC, "specwright.toml": SETTINGS + settings, "script.json": script([EDIT])})
    assert "reaches" not in user.type("trust").out
    queued = user.type("queue", "a.py")
    assert "'gates.t.services'" in queued.out + queued.err
