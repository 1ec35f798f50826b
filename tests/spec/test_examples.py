"""The ten examples, each with its expected parse."""

import json
from pathlib import Path

import pytest

from specwright.spec.digest import canonical, digest
from specwright.spec.languages import language_of
from specwright.spec.model import Criterion, Spec
from specwright.spec.parser import parse

EXAMPLES = Path(__file__).parent.parent.parent / "examples" / "specs"
FILES = sorted(path for path in EXAMPLES.iterdir() if path.suffix not in {".json", ""})


def criterion(found: Criterion) -> dict[str, str]:
    check = "manual" if found.manual else found.check
    return {"text": found.text, **({"check": check} if check else {})}


def view(spec: Spec) -> dict[str, object]:
    fields: dict[str, list[str]] = {}
    for field in spec.fields:
        if field.key != "note":
            fields.setdefault(field.key, []).append(field.value)
    return {
        "line": spec.span.start.line + 1,
        "title": spec.title,
        "handle": spec.handle,
        "goal": spec.goal,
        "criteria": [criterion(found) for found in spec.criteria],
        "fields": fields,
        "notes": list(spec.values("note")),
        "canonical": canonical(spec),
        "digest": digest(spec),
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_example_parses_as_it_should(path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.name}.json").read_text())
    specs, _ = parse(path.read_bytes().decode(), language_of(path.name), path.name)
    assert [view(spec) for spec in specs] == expected["specs"]


def test_there_are_ten_examples() -> None:
    assert len(FILES) == 10
