"""Reads a report in a boxed child, since it is the output of an agent's code, and checks what comes back."""

import asyncio
import contextlib
import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from specwright.api.codec import Malformed, decode
from specwright.gates.records import Record, Report
from specwright.gates.text import clean
from specwright.gates.tools import ReportFile
from specwright.tasks.model import Finding, Level
from specwright.tasks.protocols import Box, Done
from specwright.tasks.wording import cut

LIMIT = 10 * 2**20
SECONDS = 20.0
MOST_FINDINGS = 10_000
MOST_LINES = 2**31
LONGEST_PATH, LONGEST_RULE, LONGEST_MESSAGE = 4096, 300, 2000
"""Characters; a path over that is none, the others are cut."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a report said; `problem` is a sentence where it can't be believed."""

    kind: str
    findings: tuple[Finding, ...] = ()
    looked_at: int = 0
    problem: str | None = None


def remove_old(file: ReportFile, slot: Path) -> None:
    """Delete what lies at a report's place before its gate runs: the agent's own file is no report."""
    path = file.place(slot)
    if _is_reached_without_links(path.parent, file.within(slot)):
        with contextlib.suppress(OSError):  # a folder stays, and is no report either
            path.unlink()


async def read_report(file: ReportFile, box: Box, started: float) -> Reading:
    """The findings of a report that must be newer than the gate's start (seconds of the epoch)."""
    data = _bytes(file.place(box.slot), file.within(box.slot), started)
    if isinstance(data, str):
        return Reading(file.kind, problem=data)
    done = await box.reader().run(
        [sys.executable, "-P", "-m", "specwright.gates.report_child", file.kind, str(box.slot)],
        timeout=SECONDS,
        stdin=data,
    )
    return await asyncio.to_thread(_reading, file.kind, done)


def _reading(kind: str, done: Done) -> Reading:
    try:
        report = decode(Report, json.loads(done.stdout)) if done.exit_code == 0 else None
    except (ValueError, Malformed):
        report = None
    if report is None or len(report.findings) > MOST_FINDINGS:
        return Reading(kind, problem=f"The {kind} report could not be read within its limits.")
    findings = tuple(_finding(record) for record in report.findings)
    return Reading(kind, findings, report.looked_at, report.problem or None)


def _bytes(path: Path, folder: Path, started: float) -> bytes | str:
    """The report, or the sentence that says why it does not count: a link may lead to what the box may not see."""
    if not path.is_file() or not _is_reached_without_links(path, folder):
        return f"It wrote no report to {path.name}."
    status = path.stat()
    if status.st_mtime < started - 1:
        return f"The report {path.name} is older than this run of the gate."
    if not 0 < status.st_size <= LIMIT:
        return f"The report {path.name} is empty or over {LIMIT // 2**20} MB."
    return path.read_bytes()


def _is_reached_without_links(path: Path, folder: Path) -> bool:
    """Whether a path is in a folder by its own names: a link may also lead to a file that the agent committed."""
    real = Path(os.path.realpath(folder))
    return path.is_relative_to(folder) and Path(os.path.realpath(path)) == real / path.relative_to(folder)


def _finding(record: Record) -> Finding:
    level = Level(record.level) if record.level in set(Level) else Level.MEDIUM
    rule, message, path = clean(record.rule), clean(record.message), clean(record.path or "")
    name = "\n".join([rule, path, " ".join(message.split())])
    return Finding(
        gate="",
        rule=cut(rule, LONGEST_RULE),
        level=level,
        message=cut(message, LONGEST_MESSAGE),
        path=path if path == record.path and len(path) <= LONGEST_PATH else None,
        line=_place(record.line),
        column=_place(record.column),
        end_line=_place(record.end_line),
        end_column=_place(record.end_column),
        fingerprint=hashlib.sha256(name.encode()).hexdigest()[:16],
    )


def _place(number: int | None) -> int | None:
    """A line or column that an editor and a store take; None for any other number."""
    return number if number is not None and 0 < number < MOST_LINES else None
