"""`specwright lint PATH…`"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import click

from specwright.api.codec import encode
from specwright.cli.common import plural
from specwright.cli.facts import facts_of, settings_of
from specwright.cli.output import echo, print_json
from specwright.cli.problems import Checked, as_annotation, as_sarif, as_text
from specwright.config.settings import Settings
from specwright.errors import Exit, WrongUse
from specwright.paths.files import checkout_root, read_text
from specwright.paths.walk import text_files
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
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@_shape(Shape.JSON, "Print JSON.")
@_shape(Shape.SARIF, "Print SARIF 2.1.0, for code hosts and editors.")
@_shape(Shape.GITHUB, "Print annotations, for a workflow of GitHub's.")
def command(paths: tuple[Path, ...], shape: Shape | None) -> int:
    """Check the specs in files and folders. Runs nothing, and needs no daemon."""
    named = {_shown(path) for path in paths}
    texts = {
        shown: (text, _settings(path.parent))
        for path, shown in _files(paths)
        if (text := _text(path, shown in named)) is not None
    }
    checked = [_check(path, *text) for path, text in texts.items()]
    if any(file.specs or file.problems for file in checked):
        root = checkout_root(paths[0].absolute() if paths[0].is_dir() else paths[0].absolute().parent)
        facts = facts_of(root, _known(root, checked), _settings_of(root))
        checked = [_check(path, *text, facts) for path, text in texts.items()]
    _print(checked, shape or Shape.TEXT)
    errors = [p for file in checked for p in file.problems if p.severity is Severity.ERROR]
    return Exit.NO if errors else Exit.DONE


def _files(paths: tuple[Path, ...]) -> list[tuple[Path, str]]:
    """Each file once, with the path by which it is shown: relative to its checkout where it lies in one."""
    found: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise WrongUse(f"{path} does not exist.")
        for file in _texts(path) if path.is_dir() else [path]:
            found.setdefault(_shown(file), file)
    return [(path, shown) for shown, path in found.items()]


def _text(path: Path, is_named: bool) -> str | None:
    """A file's text; one that a folder holds and that can't be read is told, and left out."""
    try:
        return read_text(path)
    except WrongUse as error:
        if is_named:
            raise
        echo(f"note: {one_line(error.sentence)}", err=True)
        return None


def _shown(path: Path) -> str:
    root = checkout_root(path.parent)
    real = path.absolute()
    return real.relative_to(root).as_posix() if root else path.as_posix()


def _settings(folder: Path) -> Settings:
    """What the checkout of a folder says of its specs."""
    return _settings_of(checkout_root(folder))


@cache
def _settings_of(root: Path | None) -> Settings:
    return settings_of(root)


def _texts(folder: Path) -> Iterator[Path]:
    """Files below a folder that may hold specs."""
    reading = Reading(_settings(folder).spec)
    return text_files(folder, reading.sign, lambda path: reading.is_whole(_shown(path)))


def _check(path: str, text: str, settings: Settings, facts: Facts | None = None) -> Checked:
    specs, problems = check(text, path, facts, None, settings.lint, Reading(settings.spec))
    return Checked(path, split_lines(text), specs, problems)


def _known(root: Path | None, checked: list[Checked]) -> list[Known]:
    """The specs that were read; all of the checkout where one of them names others, or has a name for them."""
    files = {file.path: file for file in checked}
    if root and any(spec.handle or spec.values("after") for file in checked for spec in file.specs):
        for path in _texts(root):
            if _shown(path) not in files:
                text = _text(path, False)
                files[_shown(path)] = _check(_shown(path), text or "", _settings(path.parent))
    return [
        Known(file.path, spec.span.start.line, spec.title, spec.handle, spec.values("after"))
        for file in files.values()
        for spec in file.specs
    ]


def _spec(file: Checked, spec: Spec) -> dict[str, object]:
    fields: dict[str, list[str]] = {}
    for field in spec.fields:
        fields.setdefault(field.key, []).append(field.value)
    return {
        "handle": spec.handle,
        "title": spec.title,
        "path": file.path,
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
    return [encode(_problem(file.path, problem)) for file in checked for problem in file.problems]


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
        specs, problems = sum(len(f.specs) for f in checked), sum(len(f.problems) for f in checked)
        echo(f"{plural(specs, 'spec')}, {plural(problems, 'problem')}", err=True)
