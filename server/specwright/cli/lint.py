"""`specwright lint [PATH…]`"""

import os
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import click

from specwright.api.codec import encode
from specwright.cli.common import seen
from specwright.cli.facts import facts_of, settings_of
from specwright.cli.output import echo, print_json
from specwright.cli.problems import Checked, Source, as_annotation, as_sarif, as_text, summary
from specwright.config.settings import Settings
from specwright.errors import Exit, WrongUse
from specwright.paths.files import checkout_root, read_text
from specwright.paths.scan import files, has
from specwright.paths.walk import ANYTHING
from specwright.spec.digest import digest
from specwright.spec.facts import Facts, Known
from specwright.spec.lines import split_lines
from specwright.spec.lint import check
from specwright.spec.model import Problem, Severity, Spec
from specwright.spec.reading import Reading
from specwright.tasks.harmless import one_line


class Shape(StrEnum):
    """How problems are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def _shape(name: Shape, text: str) -> Callable[[Any], Any]:
    return click.option(f"--{name}", "shape", flag_value=name, type=Shape, help=text)


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH…]", type=click.Path(path_type=Path))
@_shape(Shape.JSON, "Print JSON.")
@_shape(Shape.SARIF, "Print SARIF 2.1.0, for code hosts and editors.")
@_shape(Shape.GITHUB, "Print annotations, for a workflow of GitHub's.")
def command(paths: tuple[Path, ...], shape: Shape | None) -> int:
    """Check the specs in files and folders, else in this folder. Runs nothing, and needs no daemon."""
    named = [Path(os.path.realpath(path)) for path in paths or (Path(),)]
    sources = _sources(named)
    roots = dict.fromkeys(source.root for source in sources)
    alone = frozenset(named)
    checked = [file for root in roots for file in _checked(root, [one for one in sources if one.root == root], alone)]
    _print(checked, shape or Shape.TEXT)
    errors = [p for file in checked for p in file.problems if p.severity is Severity.ERROR]
    return Exit.NO if errors else Exit.DONE


def _sources(named: list[Path]) -> list[Source]:
    """Each file once."""
    found: list[Source] = []
    for path in named:
        if not path.exists():
            raise WrongUse(f"{seen(path)} does not exist.")
        found += _below(path) if path.is_dir() else [_source(path)]
    return list(dict.fromkeys(found))


def _below(folder: Path) -> Iterator[Source]:
    """Files below a folder that may hold specs, but for what git ignores."""
    reading = Reading(_settings_of(checkout_root(folder)).spec)
    for file in files(str(folder)):
        real = Path(file.full)
        sign = ANYTHING if reading.is_whole(file.path if file.root else seen(real)) else reading.sign
        if has(file.full, sign):
            yield Source(real, Path(file.root) if file.root else None)


def _source(real: Path) -> Source:
    return Source(real, _root_of(real.parent))


_root_of = cache(checkout_root)


def _checked(root: Path | None, sources: list[Source], named: frozenset[Path]) -> list[Checked]:
    """What is said of files of one checkout, or of none."""
    texts = {source: text for source in sources if (text := _text(source, source.real in named)) is not None}
    checked = [_check(*file) for file in texts.items()]
    if not any(file.specs or file.problems for file in checked):
        return checked
    facts = facts_of(root, _known(root, set(sources), checked), _settings_of(root))
    return [_check(*file, facts) for file in texts.items()]


def _text(source: Source, is_named: bool = False) -> str | None:
    """A file's text; one that can't be read is told, and left out, unless the user named it and it may hold specs."""
    try:
        return read_text(Path(source.shown))
    except WrongUse as error:
        if is_named and _may_hold(source):
            raise
        echo(f"note: {one_line(error.sentence)}", err=True)
        return None


def _may_hold(source: Source) -> bool:
    """Whether there may be specs in a file that can't be read as text; it may be of any size."""
    reading = Reading(_settings_of(source.root).spec)
    if reading.is_whole(source.path) or not source.real.is_file():
        return True
    try:
        with source.real.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            return reading.sign.search(data) is not None
    except OSError:
        return True


@cache
def _settings_of(root: Path | None) -> Settings:
    """What a checkout says of its specs."""
    return settings_of(root)


def _check(source: Source, text: str, facts: Facts | None = None) -> Checked:
    settings = _settings_of(source.root)
    specs, problems = check(text, source.path, facts, None, settings.lint, Reading(settings.spec))
    return Checked(source, split_lines(text), specs, problems)


def _known(root: Path | None, read: set[Source], checked: list[Checked]) -> Iterator[Known]:
    """The specs that were read; all of the checkout where one of them names others, or has a name for them."""
    files = list(checked)
    if root and any(spec.handle or spec.values("after") for file in checked for spec in file.specs):
        others = (source for source in _below(root) if source.root == root and source not in read)
        files += [_check(source, text) for source in others if (text := _text(source)) is not None]
    for file in files:
        for spec in file.specs:
            yield Known(file.source.path, spec.span.start.line, spec.title, spec.handle, spec.values("after"))


def _spec(file: Checked, spec: Spec) -> dict[str, object]:
    fields: dict[str, list[str]] = {}
    for field in spec.fields:
        fields.setdefault(field.key, []).append(field.value)
    return {
        "handle": spec.handle,
        "title": spec.title,
        "path": file.source.path,
        "line": spec.span.start.line + 1,
        "end_line": spec.span.end.line + 1,
        "goal": spec.goal,
        "criteria": [
            {"text": c.text, "check": None if c.manual else c.check, "manual": c.manual} for c in spec.criteria
        ],
        "fields": fields,
        "digest": digest(spec),
    }


def _problems(checked: list[Checked]) -> list[object]:
    return [encode(_problem(file.source.path, problem)) for file in checked for problem in file.problems]


def _problem(path: str, problem: Problem) -> dict[str, object]:
    start, end = problem.span.start, problem.span.end
    return {
        "path": path,
        "line": start.line + 1,
        "column": start.column + 1,
        "end_line": end.line + 1,
        "end_column": end.column + 1,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
    }


def _print(checked: list[Checked], shape: Shape) -> None:
    if shape is Shape.JSON:
        print_json({"specs": [_spec(f, s) for f in checked for s in f.specs], "problems": _problems(checked)})
    elif shape is Shape.SARIF:
        print_json(as_sarif(checked))
    else:
        for file in checked:
            for problem in file.problems:
                lines = as_text(file, problem) if shape is Shape.TEXT else [as_annotation(file, problem)]
                echo("\n".join(lines))
        echo(summary(checked), err=True)
