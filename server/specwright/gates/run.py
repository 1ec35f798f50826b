"""Runs one gate on a run's tree and says what it means: exit codes and reports decide, never words."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from specwright.config.settings import Gate
from specwright.gates import tools
from specwright.gates.report import Reading, read_report, remove_old
from specwright.gates.text import tail, to_log
from specwright.leaks.mask import mask
from specwright.spec.globs import Glob
from specwright.tasks.model import Finding, GateResult, GateRun, Level
from specwright.tasks.protocols import Box, Done, Reach

Mask = Callable[[str], str]
NOTHING_TO_DO = {"pytest": 5, "nextest": 4}
"""Exit codes by which a test runner says that it found no test."""
NOT_FOUND, NOT_EXECUTABLE = 127, 126


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a gate came to; the sentence belongs to `error`, `skipped` and a `failed` without findings."""

    result: GateResult
    reason: str | None = None
    findings: tuple[Finding, ...] = ()


async def run_gate(gate: Gate, box: Box, output: Path, changed: Sequence[str], tree: str, mask: Mask = mask) -> GateRun:
    """What a gate says. `output` is a new empty folder of its own. A gate's fault is its result, never an exception.

    What it printed and found is masked before it is kept.
    """
    began = time.monotonic()
    ran = GateRun(gate.name, GateResult.SKIPPED, None, 0.0, tree=tree, required=gate.required)
    if gate.fault:
        return replace(ran, result=GateResult.ERROR, reason=gate.fault)
    if not _is_concerned(gate, changed):
        # nothing that it is for was touched: this change does not need it, whatever the settings say of others
        return replace(ran, reason="No file of its kind changed.", required=False)
    written = output / "written"  # the log stays out of what the gate can write, and turn into a link
    written.mkdir()
    command, report = tools.command_of(gate, written, changed)
    if report:
        remove_old(report, box.slot)
    started = time.time()
    words, reach = _through_env(gate, command), Reach(services=ports_of(gate))
    done = await box.run(words, timeout=float(gate.timeout), writable=(written,), reach=reach)
    reading = await read_report(report, box, started) if report and done.exit_code is not None else None
    ran = replace(ran, duration_s=time.monotonic() - began, exit_code=done.exit_code, log=str(output / "log.txt"))
    return await asyncio.to_thread(_judged, ran, gate, done, reading, mask)  # whatever it printed: it is looked through


def _judged(ran: GateRun, gate: Gate, done: Done, reading: Reading | None, mask: Mask) -> GateRun:
    Path(ran.log or "").write_text(mask(to_log(done)), encoding="utf-8")
    judgement = _judge(gate, done, reading)
    return replace(
        ran,
        result=judgement.result,
        reason=mask(judgement.reason) if judgement.reason else None,
        findings=tuple(_kept(finding, gate.name, mask) for finding in judgement.findings),
    )


def _kept(finding: Finding, gate: str, mask: Mask) -> Finding:
    return replace(finding, gate=gate, rule=mask(finding.rule), message=mask(finding.message))


def _judge(gate: Gate, done: Done, reading: Reading | None) -> Judgement:
    if done.timed_out:
        return _error(f"It took longer than {gate.timeout} s; raise `timeout` under [gates.{gate.name}].")
    if done.exit_code is None or done.exit_code > 128:
        return _error(f"A signal ended it{_said(done)}")
    if done.exit_code in {NOT_FOUND, NOT_EXECUTABLE} or _no_module(gate, done):
        return _error(f"{gate.command[0]} could not be run in the sandbox{_said(done)}")
    if done.exit_code == NOTHING_TO_DO.get(tools.name_of(gate.command), -1):
        return Judgement(GateResult.SKIPPED, "It found no test to run.")
    if reading is not None and reading.problem and done.exit_code in {*gate.ok_codes, *gate.finding_codes}:
        return _error(reading.problem)
    if done.exit_code in gate.ok_codes:
        return _good(reading)
    if done.exit_code in gate.finding_codes:
        return _bad(gate, done, reading)
    return _error(f"It ended with exit code {done.exit_code}, which says neither good nor bad{_said(done)}")


def _good(reading: Reading | None) -> Judgement:
    if reading is None:
        return Judgement(GateResult.PASSED)
    if reading.findings and reading.kind == "sarif":
        return Judgement(GateResult.FAILED, None, reading.findings)
    if reading.findings:
        return _error(f"Tool and report disagree: exit code good, {len(reading.findings)} failures in the report.")
    if reading.kind == "junit" and reading.looked_at == 0:
        return Judgement(GateResult.SKIPPED, "No test ran: there is none, or all were skipped.")
    return Judgement(GateResult.PASSED)


def _bad(gate: Gate, done: Done, reading: Reading | None) -> Judgement:
    if reading is not None and not reading.findings:
        return _error("Tool and report disagree: exit code bad, nothing wrong in the report.")
    if reading is not None:
        return Judgement(GateResult.FAILED, None, reading.findings)
    message = tail(done)
    finding = Finding(gate.name, gate.name, Level.HIGH, message or f"exit code {done.exit_code}")
    return Judgement(GateResult.FAILED, None, (finding,))


def _error(sentence: str) -> Judgement:
    return Judgement(GateResult.ERROR, sentence)


def _said(done: Done) -> str:
    last = tail(done).split("\n")[-1]
    return f": {last[:300]}" if last else "."


def _no_module(gate: Gate, done: Done) -> bool:
    """`python -m x` without x ends with 1, which would look like findings."""
    module = gate.command[gate.command.index("-m") + 1] if "-m" in gate.command[:-1] else ""
    return bool(module) and f"No module named {module.split('.')[0]}\n" in done.stderr.decode(errors="replace")


def _is_concerned(gate: Gate, changed: Sequence[str]) -> bool:
    if not gate.paths or not changed:
        return True
    globs = [Glob(glob) for glob in gate.paths]
    return any(glob.matches(path) for glob in globs for path in changed)


def _through_env(gate: Gate, command: Sequence[str]) -> Sequence[str]:
    """Start it by `env`, whose code for what it can't start is 126 or 127: bubblewrap's is 1, which means findings."""
    return ["env", *([f"--chdir={gate.cwd}"] if gate.cwd else []), "--", *command]


def ports_of(gate: Gate) -> tuple[int, ...]:
    """The ports of this machine that a gate asks for."""
    return tuple(int(service.rpartition(":")[2]) for service in gate.services)
