"""A gate looks at what a person will see in the diff, and at nothing that the agent or another gate left beside it."""

from typing import Any

import pytest

from user import EDIT, SETTINGS, SPEC, User, bash, script, write

GATE = '[gates.t]\ncommand = ["sh", "-c", {!r}]\n'
POISON = bash("mkdir -p node_modules sub/.venv; touch node_modules/tool sub/.venv/tool")
SETUP = '[slots]\nsetup = ["sh", "-c", "mkdir -p node_modules; echo good > node_modules/tool"]\n'


def gates_of(user: User, settings: str, *turns: dict[str, Any]) -> dict[str, str]:
    """The result of each gate of a run in which the agent does its work, and these turns before."""
    user.make({"a.py": SPEC, "specwright.toml": SETTINGS + settings, "script.json": script([*turns, EDIT])})
    user.type("trust", "--yes")
    task = user.type("queue", "--json", "a.py").json["queued"][0]["task"]
    user.type("wait", task)
    run = user.type("show", "--json", task).json["runs"][-1]
    return {gate["name"]: gate["result"] for gate in run["gates"]}


@pytest.mark.parametrize("place", ["node_modules", "sub/.venv"])
def test_what_the_agent_leaves_beside_the_result_is_not_there_for_a_gate(user: User, place: str) -> None:
    assert gates_of(user, GATE.format(f"test -e {place}/tool"), POISON)["t"] == "failed"


def test_dependencies_that_the_agent_changed_are_set_up_again_for_gates(user: User) -> None:
    settings = SETUP + GATE.format("grep -q good node_modules/tool")
    assert gates_of(user, settings, bash("echo evil > node_modules/tool"))["t"] == "passed"


@pytest.mark.parametrize("place", ["sitecustomize.py", "src/usercustomize.py", "encodings/__init__.py"])
def test_a_file_that_python_would_import_by_itself_passes_no_gate(user: User, place: str) -> None:
    hijack = write(place, "import os\nos._exit(0)\n")
    assert gates_of(user, "[gates.t]\ncommand = \"python3 -c 'assert 0'\"\n", hijack)["t"] == "failed"


@pytest.mark.parametrize(
    ("place", "settings", "result"),
    [
        ("pytest.py", "command = 'python -m pytest -q'", "error"),
        ("_pytest/__init__.py", "command = 'pytest -q'", "error"),
        ("src/pytest.py", "command = 'pytest -q'", "error"),
        ("sub/pytest.py", "command = 'python -m pytest -q'\ncwd = 'sub'", "error"),
        ("argparse.py", "command = 'python -m pytest -q'", "error"),
        ("sub/pytest.py", "command = 'python -m pytest -q'", "failed"),
        ("notes.py", "command = 'python -m pytest -q'", "failed"),
        ("tool.py", "command = 'python -m tool'", "passed"),
    ],
)
def test_a_new_file_in_the_place_of_the_tool_passes_no_gate(user: User, place: str, settings: str, result: str) -> None:
    turns = [bash("echo 'def test(): assert 0' > test_a.py"), write(place, "import os\nos._exit(0)\n")]
    assert gates_of(user, f"[gates.t]\n{settings}\n", *turns)["t"] == result


def test_what_one_gate_writes_no_other_one_sees(user: User) -> None:
    first = (
        '[gates.first]\ncommand = ["sh", "-c", "touch flag; echo > a.py; mkdir node_modules; touch node_modules/x"]\n'
    )
    seen = gates_of(user, first + GATE.format("grep -q two a.py && test ! -e flag && test ! -e node_modules"))
    assert seen == {"first": "passed", "t": "passed", "criterion:AC1": "passed"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("tets", "There is no gate 'tets'; the project's are t, u."),
        ("t, -v", "There is no gate 'v'; the project's are t, u."),
        ("t, u", None),
    ],
)
def test_a_spec_that_names_an_unknown_gate_is_refused(user: User, words: str, message: str | None) -> None:
    gates = GATE.format("true") + "[gates.u]\ncommand = 'true'\n"
    spec = SPEC.replace("# - [ ]", f"# - gates: {words}\n# - [ ]", 1)
    user.make({"a.py": spec, "specwright.toml": SETTINGS + gates, "script.json": script([EDIT])})
    queued = user.type("queue", "--json", "a.py").json
    said = {
        p["code"]: p["message"]
        for refused in queued["refused"]
        for p in refused["problems"]
        if p["severity"] == "error"
    }
    assert said == ({"SPEC005": message} if message else {})
    assert len(queued["queued"]) == (0 if message else 1)


@pytest.mark.parametrize("line", ["command = 'true && false'", "comand = 'false'"])
def test_a_gate_whose_command_is_none_is_an_error(user: User, line: str) -> None:
    assert gates_of(user, f"[gates.t]\n{line}\n")["t"] == "error"


@pytest.mark.parametrize("name", ["..", "criterion:ACx"])
def test_nothing_is_queued_with_a_gate_that_would_be_left_out(user: User, name: str) -> None:
    settings = f"{SETTINGS}[gates.'{name}']\ncommand = 'true'\n"
    user.make({"a.py": SPEC, "specwright.toml": settings, "script.json": script([EDIT])})
    typed = user.type("queue", "a.py")
    assert typed.code == 2
    assert f"'{name}' can't name a gate" in typed.err
