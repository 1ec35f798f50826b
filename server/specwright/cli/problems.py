"""Problems of specs as they are printed: with the line that they stand in, as SARIF 2.1.0, as GitHub's annotations."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import quote

from rich.cells import cell_len

from specwright import __version__
from specwright.cli.common import plural, seen
from specwright.paths.files import checkout_root
from specwright.paths.pages import rule_text, rule_title
from specwright.spec.lines import body
from specwright.spec.lint import LEAK
from specwright.spec.model import Point, Problem, Severity, Span, Spec
from specwright.spec.rules.catalogue import RULES
from specwright.spec.rules.rule import Rule
from specwright.tasks.harmless import one_line

AROUND = 60
"""Characters of a line that are shown before and behind a problem's beginning."""
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note", Severity.HINT: "note"}
"""Severities in SARIF's words."""
COMMANDS = {**LEVELS, Severity.INFO: "notice", Severity.HINT: "notice"}
"""Severities as GitHub's workflow commands."""
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is checked: its whole path without links, and the root of its checkout, if any."""

    real: Path
    root: Path | None

    @property
    def shown(self) -> str:
        """What people see."""
        return seen(self.real)

    @property
    def path(self) -> str:
        """What programs see: the path from the root of the checkout; outside of one what people see."""
        return self.real.relative_to(self.root).as_posix() if self.root else self.shown

    @property
    def top(self) -> Path | None:
        """The root that code hosts count from: of the checkout one stands in, where the file is somewhere in that."""
        around = _top(Path.cwd())
        return around if around and self.real.is_relative_to(around) else self.root


@dataclass(frozen=True)
class Checked:
    """One file, its lines, its specs, their problems."""

    source: Source
    lines: Sequence[str]
    specs: tuple[Spec, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def leaks(self) -> dict[int, list[Span]]:
        """By row, where secrets were found."""
        found: dict[int, list[Span]] = {}
        for problem in self.problems:
            if problem.code == LEAK:
                row = problem.span.start.line
                found.setdefault(row, []).append(problem.span)
                for below in range(row + 1, row + 1 + int(problem.data[0])):
                    whole = Span(Point(below, 0), Point(below, len(body(self.lines[below]))))
                    found.setdefault(below, []).append(whole)
        return found


def as_text(file: Checked, problem: Problem) -> Iterator[str]:
    """The problem in one line that editors understand, then the line that it stands in with a mark below."""
    start = problem.span.start
    place = f"{one_line(file.source.shown)}:{start.line + 1}:{start.column + 1}"
    yield f"{place}: {problem.severity} {problem.code}: {one_line(problem.message)}"
    if start.line < len(file.lines):
        yield from _excerpt(_masked(file, start.line), problem)


def _masked(file: Checked, row: int) -> str:
    """A line without the secrets that were found in it: what is printed may end in a log that others read."""
    line = body(file.lines[row])
    for span in file.leaks.get(row, ()):
        start, end = span.start.column, span.end.column
        line = line[:start] + "*" * (end - start) + line[end:]
    return line


def _excerpt(line: str, problem: Problem) -> Iterator[str]:
    """The part of the line around the problem, as it may be shown, and a mark as wide as the problem is there."""
    start, end = problem.span.start.column, problem.span.end.column
    if problem.span.end.line != problem.span.start.line:
        end = len(line)
    first, last = max(0, start - AROUND), min(len(line), start + AROUND)
    before, marked, behind = line[first:start], line[start : min(end, last)], line[min(end, last) : last]
    lead = one_line(("…" if first else "") + before.replace("\t", " "))
    under = one_line(marked.replace("\t", " "))
    number = f"{problem.span.start.line + 1:>5} | "
    yield f"{number}{lead}{under}{one_line(behind.replace(chr(9), ' '))}{'…' if last < len(line) else ''}".rstrip()
    yield f"{' ' * (len(number) - 2)}| {' ' * cell_len(lead)}{'^' * max(1, cell_len(under))}"


def as_annotation(file: Checked, problem: Problem) -> str:
    """A workflow command by which GitHub shows the problem in a pull request.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    start, end = problem.span.start, problem.span.end
    given = {"file": _told(file.source), "line": start.line + 1, "endLine": end.line + 1}
    if start.line == end.line:  # columns count only within one line
        given |= {"col": start.column + 1, "endColumn": max(end.column, start.column + 1)}
    given["title"] = problem.code
    words = ",".join(f"{name}={_property(str(value))}" for name, value in given.items())
    return f"::{COMMANDS[problem.severity]} {words}::{_data(problem.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(checked: Sequence[Checked]) -> dict[str, object]:
    """All problems in one run of the format that code hosts and editors read."""
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver()},
                "columnKind": "unicodeCodePoints",
                "results": [_result(file, problem) for file in checked for problem in file.problems],
            }
        ],
    }


def _driver() -> dict[str, object]:
    return {"name": "specwright", "version": __version__, "rules": [_rule(rule) for rule in RULES]}


def _rule(rule: Rule) -> dict[str, object]:
    text = rule_text(rule.code)
    return {
        "id": rule.code,
        "shortDescription": {"text": rule_title(rule.code)},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": LEVELS[rule.severity], "enabled": rule.on},
    }


def _artifact(source: Source) -> dict[str, object]:
    """A reference of RFC 3986, to the root where there is one; a name whose bytes are no text keeps them."""
    if source.top is None:
        return {"uri": source.real.as_uri()}
    return {"uri": quote(os.fsencode(_told(source))), "uriBaseId": "%SRCROOT%"}


_top = cache(checkout_root)


def _told(source: Source) -> str:
    return source.real.relative_to(source.top).as_posix() if source.top else source.shown


def _result(file: Checked, problem: Problem) -> dict[str, object]:
    related = [
        {"id": number, "message": {"text": other.message}, **_location(_source(file.source, other.path), other.span)}
        for number, other in enumerate(problem.related)
    ]
    return {
        "ruleId": problem.code,
        "ruleIndex": next(n for n, rule in enumerate(RULES) if rule.code == problem.code),
        "level": LEVELS[problem.severity],
        "message": {"text": problem.message},
        "locations": [_location(file.source, problem.span)],
        **({"relatedLocations": related} if related else {}),
    }


def _location(source: Source, span: Span) -> dict[str, object]:
    region = {
        "startLine": span.start.line + 1,
        "startColumn": span.start.column + 1,
        "endLine": span.end.line + 1,
        "endColumn": span.end.column + 1,
    }
    return {"physicalLocation": {"artifactLocation": _artifact(source), "region": region}}


def _source(source: Source, path: str | None) -> Source:
    return replace(source, real=source.root / path) if path and source.root else source


def summary(checked: Sequence[Checked]) -> str:
    """What was found, in a line: specs, files that have any, problems by how much they matter."""
    files = [file for file in checked if file.specs or file.problems]
    if not files:
        return "No specs."
    counts = Counter(problem.severity for file in files for problem in file.problems)
    told = ", ".join(plural(counts[severity], severity) for severity in Severity if counts[severity])
    specs = sum(len(file.specs) for file in files)
    return f"{plural(specs, 'spec')} in {plural(len(files), 'file')}: {told or 'no problems'}"
