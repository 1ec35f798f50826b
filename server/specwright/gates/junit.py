"""JUnit reports into findings. Untrusted: no DTD, no entities; suites' own counts are not believed."""

from collections.abc import Iterator
from typing import Any

from specwright.gates.records import Record, Report

BANNED = (b"<!DOCTYPE", b"<!ENTITY")
MOST_TEXT = 2000


def read(data: bytes) -> Report:
    """The failed tests of a report, and how many tests really ran."""
    if any(sign in data for sign in BANNED):
        return Report(problem="The JUnit report holds a DTD or entities, which no test tool writes.")
    try:
        cases = list(_cases(data))
    except Exception as error:  # the boundary of a foreign parser on foreign data: any fault is an unreadable report
        return Report(problem=f"The JUnit report can't be read: {error}.")
    ran = [case for case in cases if not case.is_skipped]
    return Report(findings=tuple(_finding(case) for case in ran if _is_bad(case)), looked_at=len(ran))


def _cases(data: bytes) -> Iterator[Any]:
    from junitparser import JUnitXml, TestCase

    root = JUnitXml.fromstring(data)
    for element in root._elem.iter("testcase"):
        yield TestCase.fromelem(element)  # type: ignore[no-untyped-call]  # the library is not annotated


def _is_bad(case: Any) -> bool:
    return bool(case.is_failure or case.is_error)


def _finding(case: Any) -> Record:
    results = [result for result in case.result if type(result).__name__ in {"Failure", "Error"}]
    text = "\n".join(f"{result.message or ''}\n{result.text or ''}".strip() for result in results)
    identity = "::".join(part for part in (case.classname, case.name) if part)
    return Record(rule=identity, level="high", message=f"{identity}: {text}"[:MOST_TEXT], path=None)
