"""The small parts: criteria as gates, commands and their reports, cures, and what a tool printed."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specwright.config.settings import Gate
from specwright.gates.criteria import check_gate, chosen, not_run, number_of
from specwright.gates.cures import cure_of
from specwright.gates.text import KEPT, clean, plain, tail, to_log
from specwright.gates.tools import command_of, name_of
from specwright.spec.globs import Glob
from specwright.tasks.model import GateResult, GateRun, Wanted
from specwright.tasks.protocols import Done

GATES = tuple(Gate(name, ("true",)) for name in ("lint", "types", "tests"))
OUT = Path("/out")


@pytest.mark.parametrize(
    ("check", "command"),
    [
        ("make test", ("make", "test")),
        ("sh -c 'a && b'", ("sh", "-c", "a && b")),
        ("a; b | c", ("a;", "b", "|", "c")),  # never given to a shell
        ("an 'open quote", ("an 'open quote",)),
    ],
)
def test_a_check_is_a_gate(check: str, command: tuple[str, ...]) -> None:
    gate = check_gate(Wanted(3, "it works", check))
    assert (gate.name, gate.command, number_of(gate)) == ("criterion:AC3", command, 3)
    assert number_of(GATES[0]) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ["lint", "types", "tests"]),
        (("tests",), ["tests"]),
        (("tests", "lint"), ["lint", "tests"]),
        (("-types",), ["lint", "tests"]),
        (("lint", "types", "-types"), ["lint"]),
        (("+lint",), ["lint", "types", "tests"]),
    ],
)
def test_a_spec_chooses_among_configured_gates(words: tuple[str, ...], expected: list[str]) -> None:
    assert [gate.name for gate in chosen(GATES, words)] == expected


@pytest.mark.parametrize("words", [("tets",), ("-tets",), ("+tets",), ("lint", "tets"), ("tets", "tets")])
def test_a_gate_that_is_not_configured_is_an_error_and_never_silence(words: tuple[str, ...]) -> None:
    (fault,) = [gate for gate in chosen(GATES, words) if gate.fault]
    assert (fault.name, fault.required) == ("unknown:tets", True)
    assert fault.fault == "There is no gate 'tets'; the project's are lint, types, tests."
    assert not_run(fault, "tree").result is GateResult.ERROR


def test_a_project_without_gates_says_so() -> None:
    faults = [gate.fault for gate in chosen((), ("x", "-"))]
    assert faults == ["There is no gate 'x'; the project has none.", "There is no gate ''; the project has none."]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("pytest -q", "pytest"),
        ("/venv/bin/pytest", "pytest"),
        ("python -m pytest", "pytest"),
        ("python3.12 -m pytest", "pytest"),
        ("uv run pytest -q", "pytest"),
        ("npx --no-install eslint .", "eslint"),
        ("python", "python"),
    ],
)
def test_the_tool_behind_a_command(command: str, name: str) -> None:
    assert name_of(command.split()) == name


@pytest.mark.parametrize(
    ("command", "report", "words", "path"),
    [
        ("true", None, "true", None),
        ("cat $F $O/x", None, "cat ./a.py ./-b.py /out/x", None),
        ("pytest -q", "junit", "pytest -q --junitxml=/out/report.xml -o junit_family=xunit2", "/out/report.xml"),
        ("ruff .", "sarif", "ruff . --output-format=sarif --output-file=/out/report.sarif", "/out/report.sarif"),
        ("make lint", "sarif:$O/l.sarif", "make lint", "/out/l.sarif"),
        ("make test", "junit:build/r.xml", "make test", "build/r.xml"),
        ("make test", "junit", "make test", "/out/report.xml"),
    ],
)
def test_words_and_report_of_a_gate(command: str, report: str | None, words: str, path: str | None) -> None:
    ran, wanted = command_of(Gate("g", tuple(command.split()), report), OUT, ["a.py", "-b.py"])
    assert " ".join(ran) == words
    assert (str(wanted.path) if wanted else None) == path


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("*.py", "a.py", True),
        ("*.py", "src/a.py", False),
        ("**/*.py", "a.py", True),
        ("**/*.py", "src/deep/a.py", True),
        ("src/**", "src/deep/a.py", True),
        ("src/?.py", "src/a.py", True),
        ("src/?.py", "src/ab.py", False),
        ("a.py", "aXpy", False),
        ("a[1].py", "a[1].py", True),
    ],
)
def test_globs_are_over_whole_paths(glob: str, path: str, fits: bool) -> None:
    assert Glob(glob).matches(path) is fits


@pytest.mark.parametrize(
    ("result", "reason", "cure"),
    [
        (GateResult.PASSED, None, None),
        (GateResult.SKIPPED, "No test ran.", None),
        (GateResult.FAILED, None, "mend what it finds"),
        (GateResult.FAILED, "connect: Connection refused", 'services = ["localhost:PORT"]'),
        (
            GateResult.ERROR,
            "python could not be run in the sandbox: What it asks to reach needs the full sandbox;",
            "leave out `services` under [gates.tests]",
        ),
        (GateResult.ERROR, "It took longer than 600 s; raise …", "timeout = 1800"),
        (GateResult.ERROR, "python could not be run in the sandbox.", "install pytest"),
        (GateResult.ERROR, "It wrote no report to r.xml.", "leave out `report`"),
        (GateResult.ERROR, "A signal ended it.", "run `python -m pytest` by hand"),
    ],
)
def test_init_says_what_mends_a_gate(result: GateResult, reason: str | None, cure: str | None) -> None:
    found = cure_of(Gate("tests", ("python", "-m", "pytest")), GateRun("tests", result, reason, 1.0, log="log.txt"))
    assert (found is None) if cure is None else (cure in found)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x1b[1;31mred\x1b[0m\r\nnext\rline", "red\nnext\nline"),
        (b"\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
        (b"a\x00b\x08", "a<U+0000>b<U+0008>"),
        ("\u202eevil".encode(), "<U+202E>evil"),
        (b"\xff", "�"),
        (b"tab\tstays\n", "tab\tstays\n"),
    ],
)
def test_output_is_plain_text(data: bytes, text: str) -> None:
    assert plain(data) == text


@given(st.text(st.characters()))
def test_clean_text_can_be_stored_and_shown(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.encode().decode() == cleaned == clean(cleaned)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", cleaned)


def done(stdout: str, stderr: str = "") -> Done:
    return Done(0, stdout.encode(), stderr.encode(), 0.1)


def test_a_log_keeps_head_and_tail() -> None:
    log = to_log(done("first\n" + "x" * 3 * KEPT, "last\n"))
    assert log.startswith("first\n")
    assert log.endswith("last\n")
    assert len(log) < KEPT + 20


def test_a_tail_is_the_last_lines_that_say_something() -> None:
    assert tail(done("\n".join(map(str, range(50))), "\n\nlast  \n\n")).split("\n") == [
        *map(str, range(39, 50)),
        "last",
    ]
