"""SARIF reports into findings: what a tool found, at places of the slot."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from specwright.gates.records import Record, Report

MOST = 10_000
LEVELS = {"error": "high", "warning": "medium", "note": "low", "none": "note"}


def read(data: bytes, slot: str) -> Report:
    """The results of all runs of a log; places are made relative to the slot."""
    try:
        runs = json.loads(data)["runs"]
        findings = [finding for run in runs for finding in _results(run, slot)]
        broken = [sentence for run in runs for sentence in _broken(run)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return Report(problem=f"The SARIF report can't be read: {type(error).__name__} {error}.")
    if not runs:
        return Report(problem="The SARIF report holds no run.")
    if len(findings) > MOST:
        return Report(problem=f"The SARIF report holds over {MOST} results.")
    return Report(findings=tuple(findings), looked_at=1, problem=broken[0] if broken else "")


def _broken(run: dict[str, Any]) -> Iterator[str]:
    for invocation in run.get("invocations") or []:
        if invocation.get("executionSuccessful") is False:
            yield "The tool itself says in its report that it did not work."
        for notice in invocation.get("toolExecutionNotifications") or []:
            if notice.get("level") == "error":
                yield f"The tool reports an error of its own: {notice.get('message', {}).get('text', '')[:200]}"


def _results(run: dict[str, Any], slot: str) -> Iterator[Record]:
    levels = {
        rule["id"]: rule.get("defaultConfiguration", {}).get("level", "warning")
        for rule in run.get("tool", {}).get("driver", {}).get("rules") or []
    }
    for result in run["results"]:
        if result.get("kind", "fail") == "fail" and not result.get("suppressions"):
            yield _result(run, result, levels, slot)


def _result(run: dict[str, Any], result: dict[str, Any], levels: dict[str, str], slot: str) -> Record:
    rule = str(result.get("ruleId") or result.get("rule", {}).get("id") or "")
    place = (result.get("locations") or [{}])[0].get("physicalLocation") or {}
    region = place.get("region") or {}
    return Record(
        rule=rule,
        level=LEVELS.get(result.get("level") or levels.get(rule, "warning"), "medium"),
        message=str(result["message"]["text"])[:2000],
        path=_path(run, place.get("artifactLocation") or {}, slot),
        line=region.get("startLine"),
        column=region.get("startColumn"),
        end_line=region.get("endLine") or region.get("startLine"),
        end_column=region.get("endColumn"),
    )


def _path(run: dict[str, Any], artifact: dict[str, Any], slot: str) -> str | None:
    """The path in the slot; None for what lies outside."""
    uri = str(artifact.get("uri") or "")
    base = (run.get("originalUriBaseIds") or {}).get(artifact.get("uriBaseId"), {}).get("uri", "")
    parts = urlsplit(base + uri if base and not uri.startswith("file:") else uri)
    path = unquote(parts.path)
    if path.startswith("/"):
        inside = path.startswith(slot.rstrip("/") + "/")
        path = path[len(slot.rstrip("/")) + 1 :] if inside else ""
    path = path.removeprefix("./")
    return path if path and ".." not in path.split("/") and "\0" not in path else None
