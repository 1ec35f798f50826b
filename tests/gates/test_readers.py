"""Both readers of reports: pure, and never an exception, whatever the bytes."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gates.reports import junit, result, sarif
from specwright.gates import junit as junit_reader
from specwright.gates import sarif as sarif_reader
from specwright.gates.records import Record, Report

SLOT = "/slots/one"
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = [
    "tool", "driver", "rules", "id", "defaultConfiguration", "level", "results", "ruleId", "rule", "message", "text",
    "locations", "physicalLocation", "artifactLocation", "uri", "uriBaseId", "originalUriBaseIds", "region",
    "startLine", "invocations", "toolExecutionNotifications", "suppressions", "kind",
]  # fmt: skip
SARIF_LIKE = st.recursive(
    LEAVES | st.sampled_from(["fail", "error", "file:///slots/one/a.py", "http://[", "%SRCROOT%"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=25,
)
XML_PIECES = st.sampled_from(
    ["<testsuites>", "<testsuite>", "<testcase name='a' time='x'>", "<failure>", "<error/>", "<skipped/>", "</failure>",
     "</testcase>", "</testsuite>", "</testsuites>", "&#0;", "&a;", "text", "<!--", "]]>", "<?xml version='1.0'?>"]
)  # fmt: skip


def check_report(report: Report) -> Report:
    assert isinstance(report, Report)
    assert all(isinstance(finding, Record) for finding in report.findings)
    json.dumps([finding.message for finding in report.findings])
    return report


def found(data: bytes) -> Record:
    (finding,) = sarif_reader.read(data, SLOT).findings
    return finding


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_read(data: bytes) -> None:
    check_report(junit_reader.read(data))
    check_report(sarif_reader.read(data, SLOT))


@given(st.dictionaries(st.sampled_from(["runs", *KEYS]), SARIF_LIKE, max_size=3) | JSON)
def test_any_json_is_read_as_sarif(value: object) -> None:
    check_report(sarif_reader.read(json.dumps(value).encode(), SLOT))


@settings(max_examples=150)
@given(st.lists(st.dictionaries(st.sampled_from(KEYS), SARIF_LIKE, max_size=6), min_size=1, max_size=2))
def test_any_results_are_read_as_sarif(results: list[dict[str, object]]) -> None:
    report = check_report(sarif_reader.read(sarif(*results), SLOT))
    assert all(finding.path is None or ".." not in finding.path.split("/") for finding in report.findings)


@given(st.lists(XML_PIECES, max_size=12))
def test_any_xml_is_read_as_junit(pieces: list[str]) -> None:
    check_report(junit_reader.read("".join(pieces).encode()))


@given(st.lists(st.sampled_from(["pass", "fail", "error", "skip"])))
def test_suite_attributes_are_not_believed(cases: list[str]) -> None:
    report = junit_reader.read(junit(*cases))
    assert report.problem == ""
    assert report.looked_at == len(cases) - cases.count("skip")
    assert len(report.findings) == cases.count("fail") + cases.count("error")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("declared", ["<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY b "boo">]>'])
def test_junit_with_doctype_is_refused(declared: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{declared}<testsuite><testcase name="b"/></testsuite>'
    report = junit_reader.read(text.encode(encoding))
    assert "DTD" in report.problem
    assert not report.findings


def test_output_of_a_test_may_hold_a_doctype() -> None:
    text = "<testsuite><testcase name='a'/><system-out><![CDATA[<!DOCTYPE html>]]></system-out></testsuite>"
    assert junit_reader.read(text.encode()) == Report(looked_at=1)


@pytest.mark.parametrize(
    "text", ["", "<", "<html/>", "<testsuite><testcase></testsuite>", "<testsuite>&lol;</testsuite>"]
)
def test_what_is_no_junit_report_is_a_problem(text: str) -> None:
    assert "can't be read" in junit_reader.read(text.encode()).problem


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("src/a.py", "src/a.py"),
        ("./src/a.py", "src/a.py"),
        ("file:///slots/one/src/a%20b.py", "src/a b.py"),
        ("/slots/one/a.py", "a.py"),
        ("file:///slots/one-more/a.py", None),
        ("file:///etc/passwd", None),
        ("../a.py", None),
        ("a/%2e%2e/%2e%2e/b.py", None),
        ("file:///slots/one/../two/a.py", None),
        ("", None),
        ("a%00.py", None),
    ],
)
def test_absolute_sarif_uri_maps_to_workspace(uri: str, path: str | None) -> None:
    assert found(sarif(result(uri))).path == path


@pytest.mark.parametrize(("base", "path"), [("file:///slots/one/", "a.py"), ("src/", "src/a.py"), ("file:///x/", None)])
def test_a_uri_relative_to_a_base(base: str, path: str | None) -> None:
    wanted = result()
    wanted["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"] = "ROOT"
    assert found(sarif(wanted, originalUriBaseIds={"ROOT": {"uri": base}})).path == path


@pytest.mark.parametrize(
    ("more", "level"),
    [({}, "medium"), ({"level": "error"}, "high"), ({"level": "note"}, "low"), ({"level": "none"}, "note")],
)
def test_levels(more: dict[str, object], level: str) -> None:
    assert found(sarif(result(**more))).level == level


def test_the_level_of_a_rule_holds_where_the_result_has_none() -> None:
    rules = [{"id": "F401", "defaultConfiguration": {"level": "error"}}]
    assert found(sarif(result(), tool={"driver": {"rules": rules}})).level == "high"


@pytest.mark.parametrize(
    "more", [{"kind": "pass"}, {"kind": "notApplicable"}, {"suppressions": [{"kind": "inSource"}]}]
)
def test_what_is_no_failure_or_is_suppressed_is_no_finding(more: dict[str, object]) -> None:
    assert sarif_reader.read(sarif(result(**more)), SLOT) == Report(looked_at=1)


def test_a_result_without_place_is_a_finding() -> None:
    finding = found(sarif({"ruleId": "X", "message": {"text": "no place"}}))
    assert (finding.rule, finding.message, finding.path, finding.line) == ("X", "no place", None, None)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (sarif(invocations=[{"executionSuccessful": False}]), "did not work"),
        (
            sarif(invocations=[{"toolExecutionNotifications": [{"level": "error", "message": {"text": "no"}}]}]),
            "its own: no",
        ),
        (b'{"runs": [{"results": null}]}', "can't be read"),
        (b'{"runs": [{}]}', "can't be read"),
        (b'{"runs": []}', "no run"),
        (sarif(*[result()] * 10_001), "over 10000"),
    ],
    ids=["unsuccessful", "notification", "null", "missing", "empty", "many"],
)
def test_sarif_execution_unsuccessful_is_error(data: bytes, problem: str) -> None:
    assert problem in sarif_reader.read(data, SLOT).problem
