"""JUnit reports into findings. Untrusted: no DTD, no entities; suites' own counts are not believed."""

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from specwright.gates.records import Record, Report

MOST_TEXT = 2000


class _Declared(Exception):
    """The report declares a document type."""


def read(data: bytes) -> Report:
    """The failed tests of a report, and how many tests really ran."""
    try:
        _refuse_doctype(data)
        cases = list(_cases(data))
    except _Declared:
        return Report(problem="The JUnit report holds a DTD or entities, which no test tool writes.")
    except Exception as error:  # the boundary of a foreign parser on foreign data: any fault is an unreadable report
        return Report(problem=f"The JUnit report can't be read: {str(error).rstrip('.')}.")
    ran = [case for case in cases if not case.is_skipped]
    return Report(findings=tuple(_finding(case) for case in ran if _is_bad(case)), looked_at=len(ran))


def _refuse_doctype(data: bytes) -> None:
    """Asks the parser, not the bytes: those may be in any encoding, or hold HTML that some test printed."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _declared
    parser.Parse(data, True)


def _declared(*_: object) -> None:
    raise _Declared


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
