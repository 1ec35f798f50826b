"""Reports as tools write them."""

import json


def junit(*cases: str) -> bytes:
    """A report of test cases: `pass`, `fail`, `error`, `skip`."""
    inner = {"pass": "", "fail": '<failure message="no">at x</failure>', "error": "<error/>", "skip": "<skipped/>"}
    tests = "".join(
        f'<testcase classname="tests.test_a" name="test_{number}">{inner[case]}</testcase>'
        for number, case in enumerate(cases)
    )
    suite = f'<testsuite tests="99" failures="99">{tests}</testsuite>'
    return f'<?xml version="1.0"?><testsuites>{suite}</testsuites>'.encode()


def result(uri: str = "a.py", **more: object) -> dict[str, object]:
    """One SARIF result at line 3."""
    place = {"artifactLocation": {"uri": uri}, "region": {"startLine": 3, "startColumn": 5, "endColumn": 9}}
    return {"ruleId": "F401", "message": {"text": "unused"}, "locations": [{"physicalLocation": place}], **more}


def sarif(*results: dict[str, object], **run: object) -> bytes:
    return json.dumps(
        {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": results, **run}]}
    ).encode()
