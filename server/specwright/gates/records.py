"""What the reading child hands over: plain records, checked again by whoever reads them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """One finding as a report says it."""

    rule: str
    level: str
    message: str
    path: str | None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report that was read; `problem` is empty where all is well, `looked_at` counts tests that ran."""

    findings: tuple[Record, ...] = ()
    looked_at: int = 0
    problem: str = ""
