"""The tools of a real project, in the full sandbox."""

import pytest

from gates.conftest import Judge
from specwright.config.settings import Gate
from specwright.tasks.model import GateResult, GateRun

PYTEST = Gate("tests", ("python", "-m", "pytest", "-q", "-p", "no:cacheprovider"), "junit")
RUFF = Gate("lint", ("python", "-m", "ruff", "check", "--no-cache", "."), "sarif")
GOOD = "def test_good():\n    assert True\n"
BAD = "def test_bad():\n    assert 1 == 2\n"


async def run(judge: Judge, gate: Gate, **files: str) -> GateRun:
    for name, text in files.items():
        (judge.slot / f"{name}.py").write_text(text)
    return await judge.gate(gate, [f"{name}.py" for name in files])


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (GOOD, GateResult.PASSED),
        (GOOD + BAD, GateResult.FAILED),
        ("import no_such_thing\n", GateResult.ERROR),  # pytest ends with 2
        ("", GateResult.SKIPPED),
        ("import pytest\n\n@pytest.mark.skip\n" + GOOD, GateResult.SKIPPED),
    ],
    ids=["good", "bad", "broken", "no_tests_collected_is_skipped", "all_tests_skipped_is_not_passed"],
)
async def test_pytest(boxed: Judge, text: str, result: GateResult) -> None:
    ran = await run(boxed, PYTEST, test_a=text)
    assert ran.result is result, ran
    assert [finding.rule for finding in ran.findings] == (["test_a::test_bad"] if result is GateResult.FAILED else [])


@pytest.mark.parametrize(("text", "result"), [("import os\n", GateResult.FAILED), ("x = 1\n", GateResult.PASSED)])
async def test_ruff(boxed: Judge, text: str, result: GateResult) -> None:
    ran = await run(boxed, RUFF, a=text)
    assert ran.result is result, ran
    places = [(finding.rule, finding.path, finding.line, finding.column) for finding in ran.findings]
    assert places == ([("F401", "a.py", 1, 8)] if result is GateResult.FAILED else [])


async def test_a_broken_tool_configuration_is_error(boxed: Judge) -> None:
    (boxed.slot / "ruff.toml").write_text("no-such-key = 1\n")
    ran = await run(boxed, RUFF, a="x = 1\n")
    assert (ran.result, ran.exit_code) == (GateResult.ERROR, 2)
