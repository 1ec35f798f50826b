import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specwright.config import read
from specwright.config.reader import MOST_PROBLEMS
from specwright.config.settings import Caches, Gate, SandboxMode, Settings, UserSettings


def check_problem(text: str, *parts: str, line: int | None = None) -> None:
    _, problems = read.project(text)
    assert len(problems) == 1, problems
    assert all(part in problems[0].message for part in parts), problems[0].message
    assert line is None or problems[0].line == line


def test_no_text_gives_the_defaults() -> None:
    assert read.project("") == (Settings(), ())


def test_every_key_is_read() -> None:
    text = """
agent = "scripted"
[agents.scripted]
script = "s.json"
[gates.tests]
command = "python -m pytest -q 'a b'"
report = "junit:out.xml"
timeout = 5
required = false
[limits]
running = 2
repairs = 0
[budget]
task_tokens = 10
day_usd = 1.5
[slots]
setup = ["uv", "sync"]
"""
    settings, problems = read.project(text)
    assert problems == ()
    assert settings.agent == "scripted"
    assert settings.agent_settings("scripted").get("script") == "s.json"
    assert settings.gates == (
        Gate("tests", ("python", "-m", "pytest", "-q", "a b"), report="junit:out.xml", timeout=5, required=False),
    )
    assert (settings.limits.running, settings.limits.repairs, settings.budget.day_usd) == (2, 0, 1.5)
    assert settings.slots.setup == ("uv", "sync")


@pytest.mark.parametrize(
    ("text", "parts", "line"),
    [
        ("agnet = 'x'", ["'agnet'", "Did you mean 'agent'"], 1),
        ("\n[gates.tests]\ncomand = 'x'\ncommand = 'y'", ["'gates.tests.comand'", "'command'"], 3),
        ("[gates.tests]\nreport = 'junit'", ["no command"], 1),
        ("[gates.tests]\ncommand = 'a'\nreport = 'xml'", ["junit, sarif"], 3),
        ("[gates.tests]\ncommand = 'a \"b'", ["no command"], None),
        ("[limits]\nrunning = -1", ["'limits.running'", "4 is used"], 2),
        ("[limits]\nrunning = true", ["'limits.running'"], 2),
        ("gates = 3", ["[gates]"], 1),
        ("[gates.a]\ncommand = 'x'\ncwd = '../up'", ["inside the repository"], 3),
        ("[agents.anthropic]\napi_key = 'k'", ["your own config.toml"], 2),
        ("[agents.anthropic]\nbase_url = 'http://x'", ["your own config.toml"], 2),
    ],
)
def test_a_bad_value_is_reported_where_it_stands(text: str, parts: list[str], line: int | None) -> None:
    if "'a \"b'" in text:
        _, problems = read.project(text)
        assert "no command" in problems[-1].message
        return
    check_problem(text, *parts, line=line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[gates.a]\ncommand = 'x'\ntimeout = 5\n[gates.b]\ncommand = 'x'\ntimeout = 'x'", 6),
        ("[gates.'py3.12']\ncommand = 'x'\ncwd = 'a'\n[ gates . 'py3.13' ]\ncommand = 'x'\ncwd = 'x/..'", 6),
        ("[gates]\na = {command = 'x', timeout = 5}\nb = {command = 'x', timeout = 'x'}", 3),
        ("gates.a.command = 'x'\ngates.b.command = 'x'\ngates.b.timeout = 'x'", 3),
        ("[slots]\nsetup = 'x'\n[gates]\nslots = 3", 4),
        ("[spec]\ntests = ['{nothing}/a', 'ok/{stem}']", 2),
        ("[spec]\ntests = ['../{stem}']", 2),
        ("[spec]\nfiles = []\n[spec.languages.foo]\nline = ['#']\nfiles = ['/']", 5),
        ("[lint.rules]\nSPEC101 = 'off'\n[lint.rulez]\nSPEC101 = 'off'", 3),
        ("[limits]\nrunning = 1\n[slots]\nhosts = ['x.org', [\n  'y.org'],\n]\nrunning = 1", 7),
        ("[limits]\nrunning = 1\n[lint\n\n", 3),
        ("[limits]\nrunning = 1\n[gates.a", 3),
    ],
)
def test_a_key_of_the_same_name_elsewhere_is_not_blamed(text: str, line: int) -> None:
    _, problems = read.project(text)
    assert problems[0].line == line


@pytest.mark.parametrize(
    "name", ["..", ".x", "-x", "a b", "a/b", "criterion:ACx", "criterion:AC1", "", "é", "x" * 101, "a\n"]
)
def test_a_name_that_no_gate_can_have_refuses_the_file(name: str) -> None:
    settings, problems = read.project(f"[gates]\n{json.dumps(name)} = {{command = 'true'}}\n")
    assert (settings.gates, [problem.refuses for problem in problems]) == ((), [True])
    assert "can't name a gate" in problems[0].message


@pytest.mark.parametrize("name", ["tests", "npm-test", "py3.12", "_x", "3"])
def test_a_name_that_a_gate_can_have(name: str) -> None:
    settings, problems = read.project(f"[gates.{json.dumps(name)}]\ncommand = 'true'\n")
    assert ([gate.name for gate in settings.gates], problems) == ([name], ())


@pytest.mark.parametrize(
    "command",
    ["true && x", "true||x", "x; y", "x | y", "x > f", "x >> f", "x 2>&1", "x < f", "x &", "x $(y)", "x `y`", "x\ny"],
)
def test_a_gate_that_wants_a_shell_is_an_error_and_never_half_of_it_is_run(command: str) -> None:
    settings, problems = read.project(f"[gates.a]\ncommand = {json.dumps(command)}\n[slots]\nsetup = 'a && b'\n")
    assert settings.gates[0].fault == problems[0].message
    assert ["no shell runs it" in problem.message for problem in problems] == [True, True]


@pytest.mark.parametrize(
    "command", ["sh -c 'a && b'", 'sh -c "a; \\" b | c"', "a \\&\\& b", "pip install 'x>=2'", "x \\\n y", " x\n"]
)
def test_what_is_quoted_is_text_for_the_program(command: str) -> None:
    settings, problems = read.project(f"[gates.a]\ncommand = {json.dumps(command)}\n")
    assert (settings.gates[0].fault, problems) == ("", ())


@pytest.mark.parametrize("text", ["[gates.a]\ncomand = 'x'", "[gates.a]\ncommand = 'x \"y'", "[gates]\na = 3"])
def test_a_gate_without_a_command_is_an_error_and_not_left_out(text: str) -> None:
    settings, problems = read.project(text)
    assert [(gate.name, gate.fault) for gate in settings.gates] == [("a", problems[-1].message)]


def test_a_list_is_taken_as_it_is() -> None:
    settings, problems = read.project('[gates.a]\ncommand = ["bash", "-c", "a && b", ";"]\nfault = "x"\n')
    assert settings.gates == (Gate("a", ("bash", "-c", "a && b", ";")),)
    assert "Unknown key 'gates.a.fault'" in problems[0].message


def test_what_is_no_toml_is_one_problem_with_its_line() -> None:
    settings, problems = read.project("agent = 'x'\n[gates\n")
    assert settings == Settings()
    assert (len(problems), problems[0].line) == (1, 2)
    assert problems[0].message.startswith("This is not TOML")


def test_what_is_nested_too_deeply_is_refused() -> None:
    _, problems = read.project("x = " + "[" * 20_000 + "]" * 20_000)
    assert [(problem.message, problem.refuses) for problem in problems] == [
        ("This is not TOML: it is nested too deeply.", True)
    ]


def test_a_file_of_mistakes_is_read_in_bearable_time_and_still_refused() -> None:
    keys = "".join(f"key{number} = 1\n" for number in range(10_000))
    began = time.monotonic()
    _, problems = read.project(f"{keys}[gates.'..']\ncommand = 'true'\n[gates.'...']\ncommand = 'true'\n")
    assert time.monotonic() - began < 10
    assert len(problems) == MOST_PROBLEMS + 1
    assert "'..' can't name a gate" in problems[-1].message


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    read.project(text)
    read.user(text)


def test_only_the_users_own_file_weakens_the_sandbox() -> None:
    assert read.user('[sandbox]\nmode = "none"')[0].sandbox is SandboxMode.NONE
    _, problems = read.project('[sandbox]\nmode = "none"')
    assert "Unknown key 'sandbox'" in problems[0].message


def test_only_the_users_own_file_shows_package_caches() -> None:
    assert read.user('[sandbox]\ncaches = "copy"')[0].caches is Caches.COPY
    _, problems = read.project('[sandbox]\ncaches = "copy"')
    assert "Unknown key 'sandbox'" in problems[0].message
    settings, problems = read.user('[sandbox]\ncaches = "write"')
    assert (settings.caches, problems[0].line) == (Caches.NONE, 2)
    assert "must be one of none, read, copy" in problems[0].message


def test_an_unknown_sandbox_mode_is_the_best_one() -> None:
    settings, problems = read.user('[sandbox]\nmode = "off"')
    assert settings == UserSettings()
    assert "one of auto, full, partial, none" in problems[0].message


@pytest.mark.parametrize("text", ["[sandbox]\nmode = []", "[sandbox]\ncaches = {}", "sleep = [1]"])
def test_a_list_or_a_table_is_no_word(text: str) -> None:
    settings, [problem] = read.user(text)
    assert settings == UserSettings()
    assert "must be one of" in problem.message


@pytest.mark.parametrize(
    "address", ["ftp://example.org/t0ken", "example.org/t0ken", "http://", "http://[t0ken", "https:t0ken"]
)
def test_a_webhook_is_an_http_address_and_may_be_a_secret(address: str) -> None:
    settings, [problem] = read.user(f'[notify]\nwebhook = "{address}"\n')
    assert settings.webhook is None
    assert problem.message == "'notify.webhook' must be an http or https address; it is left out."


def test_who_is_told_is_not_for_a_project_to_say() -> None:
    settings, [problem] = read.project('[notify]\nwebhook = "https://example.org"\n')
    assert settings == Settings()
    assert problem.message == "'notify' counts only in your own config.toml; it is left out."


def test_a_number_of_minutes_may_have_a_fraction() -> None:
    assert read.project("[limits]\nstall_minutes = 2.5\n")[0].limits.stall_minutes == 2.5
    settings, [problem] = read.project("[limits]\nstall_minutes = true\n")
    assert settings.limits.stall_minutes == 10.0
    assert problem.message == "'limits.stall_minutes' must be a number, 0 or more; 10 is used."


def test_trusted_branches_are_the_users_alone() -> None:
    names = '["main", "origin/main", "refs/heads/release/1", "refs/remotes/specwright/main"]'
    settings, problems = read.user(f"trusted = {names}")
    assert (settings.trusted, problems) == (tuple(json.loads(names)), ())
    _, problems = read.project(f"trusted = {names}")
    assert [p.message for p in problems] == ["'trusted' counts only in your own config.toml; it is left out."]


@pytest.mark.parametrize(
    "name",
    [
        "", "-x", "a b", "a..b", "a~1", "main^", "a:b", "*", "origin/*", "a//b", "/a", "a/", ".a", "a/.b", "a.lock",
        "a.lock/b", "a@{1}", "@", "HEAD", "a\\\\b", "a\\n", "a\\u0000", "refs/tags/v1", "refs/main", "refs/heads/",
        "refs/remotes/main", "refs/specwright/tasks/k7f3qa/1", "specwright/x", "SpecWright/x", "origin/specwright/x",
        "refs/heads/specwright/x", "refs/remotes/origin/specwright/x", "refs/Remotes/origin/specwright/x",
    ],
)  # fmt: skip
def test_what_can_be_no_trusted_branch_is_told_and_left_out(name: str) -> None:
    settings, problems = read.user(f'sleep = "allow"\ntrusted = ["{name}", "main"]')
    assert settings.trusted == ("main",)
    assert [(p.message.startswith("'trusted' holds "), p.line) for p in problems] == [(True, 2)]


@pytest.mark.parametrize("value", ['"main"', "3", "[1]", "{}"])
def test_trusted_branches_are_a_list(value: str) -> None:
    settings, [problem] = read.user(f"trusted = {value}")
    assert (settings.trusted, "list of texts" in problem.message) == ((), True)
