"""What a gate's exit code and report mean. Names are promises."""

import os
import time
from pathlib import Path

import pytest

from gates.conftest import Judge
from gates.reports import junit, result, sarif
from specwright.config.settings import Gate
from specwright.tasks.model import GateResult, GateRun, Level

PASSED, FAILED, ERROR, SKIPPED = GateResult.PASSED, GateResult.FAILED, GateResult.ERROR, GateResult.SKIPPED


def check(ran: GateRun, result: GateResult, reason: str | None = None) -> None:
    assert ran.result is result, ran
    assert (reason is None and ran.reason is None) or (reason and reason in (ran.reason or "")), ran.reason


async def check_report(
    judge: Judge, data: bytes, code: int, expected: tuple[GateResult, str | None], kind: str = "junit"
) -> GateRun:
    """A tool that writes this report and ends with this code."""
    (judge.slot / "made").write_bytes(data)
    ran = await judge.shell(f"cp made $O/report; exit {code}", report=f"{kind}:$O/report")
    check(ran, *expected)
    return ran


async def test_exit_code_zero_is_passed(any_judge: Judge) -> None:
    ran = await any_judge.shell("echo fine; pwd")
    check(ran, PASSED)
    assert (ran.name, ran.exit_code, ran.tree, ran.findings, ran.required) == ("checks", 0, "tree", (), True)
    assert Path(ran.log).read_text() == f"fine\n{any_judge.slot}\n"


async def test_a_finding_code_without_report_has_the_last_lines_as_its_finding(any_judge: Judge) -> None:
    ran = await any_judge.shell("seq 100; printf '\\033[31mred\\033[0m\\n' >&2; exit 1")
    check(ran, FAILED)
    (finding,) = ran.findings
    assert (finding.gate, finding.level, finding.path) == ("checks", Level.HIGH, None)
    assert finding.message.endswith("99\n100\nred")
    assert "\n1\n" not in finding.message


@pytest.mark.parametrize("command", [("no-such-tool", "-q"), ("./not-executable",), ("python", "-m", "no_such_module")])
async def test_missing_tool_is_never_passed(any_judge: Judge, command: tuple[str, ...]) -> None:
    (any_judge.slot / "not-executable").write_text("#!/bin/sh\n")
    check(await any_judge.gate(Gate("checks", command)), ERROR, "could not be run")


async def test_missing_tool_is_an_error_in_a_folder_too(any_judge: Judge) -> None:
    (any_judge.slot / "packages").mkdir()
    check(await any_judge.gate(Gate("checks", ("no-such-tool",), cwd="packages")), ERROR, "could not be run")
    check(await any_judge.gate(Gate("checks", ("true",), cwd="missing")), ERROR, "missing")


async def test_a_gate_runs_in_its_folder(judge: Judge) -> None:
    (judge.slot / "packages").mkdir()
    ran = await judge.shell("pwd", cwd="packages")
    assert Path(ran.log).read_text() == f"{judge.slot}/packages\n"


async def test_timeout_is_error_not_failed(any_judge: Judge) -> None:
    check(await any_judge.shell("sleep 60", timeout=1), ERROR, "took longer than 1 s")


async def test_killed_by_a_signal_is_error_not_failed(any_judge: Judge) -> None:
    check(await any_judge.shell("kill -9 $$"), ERROR, "signal")


async def test_a_gate_with_a_fault_is_an_error_and_not_run(judge: Judge) -> None:
    check(await judge.shell("touch ran", fault="Quote it.", paths=("none",)), ERROR, "Quote it.")
    assert not (judge.slot / "ran").exists()


@pytest.mark.parametrize("code", [2, 5, 77, 125])
async def test_unknown_exit_code_is_error(judge: Judge, code: int) -> None:
    check(await judge.shell(f"echo why; exit {code}"), ERROR, f"exit code {code}, which says neither good nor bad: why")


async def test_settings_say_which_codes_are_good_and_bad(judge: Judge) -> None:
    codes = {"ok_codes": (0, 3), "finding_codes": (10,)}
    check(await judge.shell("exit 3", **codes), PASSED)
    check(await judge.shell("exit 10", **codes), FAILED)
    check(await judge.shell("exit 1", **codes), ERROR, "neither good nor bad")


async def test_gate_outside_its_paths_is_skipped_with_reason(judge: Judge) -> None:
    gate = Gate("checks", ("true",), paths=("src/**/*.py", "*.toml"))
    check(await judge.gate(gate, ["docs/a.md", "src/a.js"]), SKIPPED, "No file of its kind changed")
    check(await judge.gate(gate, ["docs/a.md", "src/deep/a.py"]), PASSED)
    check(await judge.gate(gate, ["src/a.py"]), PASSED)


async def test_changed_files_are_words_of_the_command(judge: Judge) -> None:
    gate = Gate("checks", ("printf", "%s\\n", "$F"))
    ran = await judge.gate(gate, ["-rf.py", "a b.py"])
    assert Path(ran.log).read_text() == "./-rf.py\n./a b.py\n"


@pytest.mark.parametrize(
    ("cases", "code", "expected"),
    [
        (["pass", "skip"], 0, (PASSED, None)),
        (["pass", "fail"], 1, (FAILED, None)),
        (["error"], 1, (FAILED, None)),
        (["pass"], 1, (ERROR, "disagree")),
        (["pass", "fail"], 0, (ERROR, "disagree")),
        (["skip", "skip"], 0, (SKIPPED, "No test ran")),
        ([], 0, (SKIPPED, "No test ran")),
        (["fail"], 3, (ERROR, "exit code 3")),
    ],
)
async def test_report_and_exit_code_disagree_is_error(
    judge: Judge, cases: list[str], code: int, expected: tuple[GateResult, str | None]
) -> None:
    await check_report(judge, junit(*cases), code, expected)


async def test_findings_of_a_test_report(any_judge: Judge) -> None:
    ran = await check_report(any_judge, junit("pass", "fail", "error"), 1, (FAILED, None))
    assert [finding.rule for finding in ran.findings] == ["tests.test_a::test_1", "tests.test_a::test_2"]
    assert {finding.gate for finding in ran.findings} == {"checks"}
    assert ran.findings[0].message == "tests.test_a::test_1: no\nat x"
    assert len({finding.fingerprint for finding in ran.findings}) == 2


@pytest.mark.parametrize("code", [0, 1])
async def test_exit_zero_with_sarif_results_is_failed(any_judge: Judge, code: int) -> None:
    uri = f"file://{any_judge.slot}/src/a.py"
    ran = await check_report(any_judge, sarif(result(uri)), code, (FAILED, None), "sarif")
    (finding,) = ran.findings
    assert (finding.path, finding.line, finding.column, finding.end_column) == ("src/a.py", 3, 5, 9)


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (sarif(), 1, "disagree"),
        (sarif(invocations=[{"executionSuccessful": False}]), 0, "did not work"),
        (b'{"runs": []}', 0, "no run"),
        (b"{", 0, "can't be read"),
        (b"", 0, "empty"),
    ],
)
async def test_a_sarif_report_that_says_nothing_is_error(judge: Judge, data: bytes, code: int, reason: str) -> None:
    await check_report(judge, data, code, (ERROR, reason), "sarif")


async def test_unknown_exit_code_is_the_reason_even_without_report(judge: Judge) -> None:
    check(await judge.shell("exit 3", report="junit:$O/report.xml"), ERROR, "exit code 3")


@pytest.mark.parametrize("code", [0, 1])
async def test_findings_code_without_report_is_error(judge: Judge, code: int) -> None:
    check(await judge.shell(f"exit {code}", report="junit:$O/report.xml"), ERROR, "wrote no report to report.xml")


async def test_old_report_file_is_ignored(judge: Judge) -> None:
    old = judge.slot / "old.xml"
    old.write_bytes(junit("pass"))
    os.utime(old, (time.time() - 60, time.time() - 60))
    check(await judge.shell("cp -p old.xml report.xml", report="junit:report.xml"), ERROR, "older than this run")
    check(await judge.shell("cp old.xml report.xml", report="junit:report.xml"), PASSED)


@pytest.mark.parametrize("place", ["report.xml", "deep/report.xml", "linked.xml", "linked/report.xml"])
async def test_a_report_that_was_there_before_the_gate_is_none_of_its(judge: Judge, place: str) -> None:
    """As an agent may commit it, fresh by the time of the checkout."""
    (judge.slot / "deep").mkdir()
    for name in ("report.xml", "deep/report.xml"):
        (judge.slot / name).write_bytes(junit("pass"))
    (judge.slot / "linked").symlink_to("deep")
    (judge.slot / "linked.xml").symlink_to("report.xml")
    check(await judge.shell("true", report=f"junit:{place}"), ERROR, "wrote no report")


async def test_link_that_leads_nowhere_but_to_itself_is_no_report(judge: Judge) -> None:
    (judge.slot / "loop").symlink_to("loop")
    ran = await judge.shell("true", report="junit:loop/report.xml")
    check(ran, ERROR, "wrote no report")


async def test_nothing_is_deleted_through_a_link(judge: Judge) -> None:
    victim = judge.slot.parent / "victim" / "report.xml"
    victim.parent.mkdir()
    victim.write_bytes(junit("pass"))
    (judge.slot / "linked").symlink_to(victim.parent)
    for place in ("linked/report.xml", "../victim/report.xml", str(victim)):
        check(await judge.shell("true", report=f"junit:{place}"), ERROR, "wrote no report")
    assert victim.exists()


@pytest.mark.parametrize(
    "script", ["ln -s $PWD/../secret/report.xml report.xml", "ln -s $PWD/../secret reports"], ids=["file", "folder"]
)
async def test_report_behind_a_link_is_never_read(judge: Judge, script: str) -> None:
    """A gate without a sandbox stands for one whose link leads to what only the daemon may see."""
    secret = judge.slot.parent / "secret" / "report.xml"
    secret.parent.mkdir()
    secret.write_bytes(junit("fail"))
    place = "report.xml" if "report.xml report.xml" in script else "reports/report.xml"
    check(await judge.shell(f"{script}; exit 1", report=f"junit:{place}"), ERROR, "wrote no report")


async def test_log_is_never_written_through_a_link(boxed: Judge) -> None:
    victim = boxed.slot.parent / "victim"
    victim.write_text("mine")
    ran = await boxed.shell(f"ln -s {victim} $O/log.txt; ln -s {victim} $O/../log.txt; echo evil")
    assert victim.read_text() == "mine"
    assert "evil" in Path(ran.log).read_text()


async def test_huge_report_is_error_and_bounded_in_memory(judge: Judge) -> None:
    ran = await judge.shell("truncate -s 11M $O/report.xml", report="junit:$O/report.xml")
    check(ran, ERROR, "over 10 MB")


async def test_report_parser_crash_is_error_and_nothing_is_raised(any_judge: Judge) -> None:
    """Memory beyond the reading child's limit."""
    nested = b"[" * 9_000_000
    await check_report(any_judge, nested, 0, (ERROR, "report"), "sarif")


async def test_gate_sees_no_keys_and_no_network(boxed: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret-key")
    ran = await boxed.shell("env; cat /proc/net/dev | tail -n +3 | cut -d: -f1")
    said = Path(ran.log).read_text()
    assert "secret-key" not in said
    assert said.split("\n")[-2].strip() == "lo"


async def test_control_characters_of_a_report_are_shown_for_what_they_are(judge: Judge) -> None:
    message = {"text": "half \ud800 and \x1b[31mred\u202e"}
    ran = await check_report(judge, sarif(result("a\u202e.py", message=message)), 1, (FAILED, None), "sarif")
    assert (ran.findings[0].message, ran.findings[0].path) == ("half <U+D800> and red<U+202E>", None)


@pytest.mark.parametrize("line", [0, -5, 2**70])
async def test_a_line_that_no_file_has_is_no_place(judge: Judge, line: int) -> None:
    wanted = result()
    wanted["locations"][0]["physicalLocation"]["region"] = {"startLine": line}
    ran = await check_report(judge, sarif(wanted), 1, (FAILED, None), "sarif")
    assert [(finding.path, finding.line, finding.end_line) for finding in ran.findings] == [("a.py", None, None)]
