"""What is wanted at each place of a text, and that what is offered there reads as what it says."""

import pytest

from specwright.spec.document import Document
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines
from specwright.spec.model import Carrier
from specwright.spec.offers import Choices, breaks, quoted, static, wanted_at
from specwright.spec.parser import parse
from specwright.spec.place import Place, place_at


def at(text: str, path: str = "a.py") -> tuple[Document, Place | None]:
    """The text and the place that `|` marks in it."""
    before, _, behind = text.partition("|")
    document = Document(split_lines(before + behind), language_of(path), may_be_file=path.startswith(".specs/"))
    row = before.count("\n")
    return document, place_at(document, row, len(before) - before.rfind("\n") - 1)


@pytest.mark.parametrize(
    ("text", "kind", "typed"),
    [
        ("# spec! A\n# |", Choices.LINE, ""),
        ("# spec! A\n# - |", Choices.KEY, ""),
        ("# spec! A\n# - fi|", Choices.KEY, "fi"),
        ("# spec! A\n# - [|", Choices.KEY, "["),
        ("# spec! A\n# - [ ] x\n#\n# - |", Choices.KEY, ""),
        ("# spec! A\n# - [ ] |", Choices.EARS, ""),
        ("# spec! A\n# - [ ] whe|", Choices.EARS, "whe"),
        ("# spec! A\n# - must: |", Choices.EARS, ""),
        ("# spec! A\n# - error: IF|", Choices.EARS, "IF"),
        ("# spec! A\n# - [ ] x y, che|", Choices.CHECK_WORD, "che"),
        ("# spec! A\n# - [ ] x y, check: |", Choices.CHECK, ""),
        ("# spec! A\n# - [ ] x y, check: `py|`", Choices.CHECK, "`py"),
        ("# spec! A\n# - [ ] x,\n#   check: `py|", Choices.CHECK, "`py"),
        ("# spec! A\n# - files: |", Choices.FILES, ""),
        ("# spec! A\n# - scope: src/a.py te|", Choices.FILES, "te"),
        ("# spec! A\n# - files: src/\n#   te|", Choices.FILES, "te"),
        ("# spec! A\n# - files: `a b|`", Choices.FILES, "`a b"),
        ("# spec! A\n# - see: a.py::f|", Choices.SEE, "a.py::f"),
        ("# spec! A\n# - gates: lint -t|", Choices.GATES, "-t"),
        ("# spec! A\n# - template: |", Choices.TEMPLATE, ""),
        ("# spec! A\n# - priority: h|", Choices.PRIORITY, "h"),
        ("# spec! A\n# - budget: 15 min, |", Choices.BUDGET, ""),
        ("# spec! A\n# - after: Some tit|", Choices.AFTER, "Some tit"),
        ("# spec! A\n# - after: #ab|", Choices.AFTER, "#ab"),
        ("# spec! A\n# sp|", Choices.MARKER, "sp"),
    ],
)
def test_what_is_wanted_inside_of_a_spec(text: str, kind: Choices, typed: str) -> None:
    check_wanted(text, "a.py", kind, typed)


@pytest.mark.parametrize(
    ("text", "path", "kind", "typed"),
    [
        ("## spec! A\n\n|", "a.md", Choices.LINE, ""),
        ("## spec! A\n- fi|", "a.md", Choices.KEY, "fi"),
        ("## spec! A\n\nGoal.\n- |\n- [ ] x\n", "a.md", Choices.KEY, ""),
        ("```spec A\n- fi|", "a.md", Choices.KEY, "fi"),
        ("```spec A\n- fi|\n```\n", "a.md", Choices.KEY, "fi"),
        ("```spec A\n\n|", "a.md", Choices.LINE, ""),
        ("# A\n\n|", ".specs/a.spec.md", Choices.LINE, ""),
        ("# A\n\n## Files\n\n- s|", ".specs/a.spec.md", Choices.KEY, "s"),
        ("# A\n\n## Files\n\n- src/|", ".specs/a.spec.md", Choices.FILES, "src/"),
        ("# spec! A\n\nGo.\n\n## spec! B\n\nsp|", ".specs/a.spec.md", Choices.MARKER, "sp"),
    ],
)
def test_what_is_wanted_in_markdown_that_ends_there(text: str, path: str, kind: Choices, typed: str) -> None:
    check_wanted(text, path, kind, typed)


def check_wanted(text: str, path: str, kind: Choices, typed: str) -> None:
    document, place = at(text, path)
    wanted = wanted_at(place) if place else None
    assert wanted
    assert (wanted.kind, wanted.typed) == (kind, typed)
    assert "".join(document.rows[place.row : place.row + 1])[wanted.start : place.column] == typed


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("# |\n", "a.py"),
        ("#|\n", "a.py"),
        ("# sp|\n", "a.py"),
        ("# spec!|\n", "a.py"),
        ("# hello\n#\n# |\n", "a.py"),
        ("# spec! B\n# - [ ] y\n# /spec!\n# |\n", "a.py"),
        ("x = 1\n  # |\n", "a.py"),
        ("/* |*/\n", "a.c"),
        ("/*\n * |\n */\n", "a.c"),
        ("/*\n *|\n */\n", "a.c"),
        ("<!-- |\n-->\n", "a.html"),
        ('def f():\n    """|\n    """\n', "a.py"),
        ("// |\n", "a.ts"),
        ("-- |\n", "a.sql"),
        ("%% |\n", "a.erl"),
        ("# T\n\n|\n", "a.md"),
        ("## |\n", "a.md"),
        ("## sp|\n", "a.md"),
        ("# |\n", "a.unheard"),
        ("|", "a.md"),
        ("# T\n\n|", "a.md"),
        ("```sh\n```\n|", "a.md"),
        ("```spec B\n- [ ] y\n```\n|", "a.md"),
        ("|", ".specs/a.spec.md"),
        ("# |\n", ".specs/a.spec.md"),
        ("Text.\n\n|", ".specs/a.spec.md"),
    ],
)
@pytest.mark.parametrize("number", [0, 1])
def test_a_snippet_where_a_spec_may_begin_is_one_spec(text: str, path: str, number: int) -> None:
    document, place = at(text, path)
    wanted = wanted_at(place) if place else None
    assert wanted
    assert wanted.kind is Choices.MARKER
    offer = list(static(place, wanted))[number]
    row = "".join(document.rows[place.row : place.row + 1])
    document.rows[place.row : place.row + 1] = [row[: wanted.start] + offer.text + row[place.column :]]
    specs, problems = parse("".join(document.rows), language_of(path), path)
    assert not problems
    made = specs[-1]
    assert (made.title, made.goal) == ("‹title›", "‹what is true afterwards, and why›")
    assert [(c.text, c.check) for c in made.criteria] == [("‹observable result›", "‹command›")]
    assert [field.key for field in made.fields] == [[], ["files", "error", "must", "not", "see"]][number]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("|", "a.py"),
        ("x = |1", "a.py"),
        ("x = 1  # |", "a.py"),
        ("s = '# |'", "a.py"),
        ('s = """\n# |\n"""', "a.py"),
        ("# s|", "a.py"),
        ("# some|", "a.py"),
        ("# spec! A|", "a.py"),
        ("# |hello", "a.py"),
        ("# hello\n# |", "a.py"),
        ("# hello - |", "a.py"),
        ("# - |", "a.py"),
        ("# - files: |", "a.py"),
        ("# spec! A\n# prose, |", "a.py"),
        ("# spec! A\n# - [ ] x y |", "a.py"),
        ("# spec! A\n# - not: |", "a.py"),
        ("# spec! A\n# - unknown: |", "a.py"),
        ("# spec! A\n# - [ ] x\n#\n# prose\n# - |", "a.py"),
        ("# spec! A\n# - [ ] x\n# /spec!\n# - |", "a.py"),
        ("# spec! A\n\n# - |", "a.py"),
        ("/* x */ |", "a.c"),
        ("int x; /* |", "a.c"),
        ("```spec A\n- [ ] x\nsp|\n```", "a.md"),
        ("/* spec! A\n * * |\n */", "a.c"),
        ("/* spec! A\n * + f|\n */", "a.c"),
        ("```py\n# |\n```", "a.md"),
        ("```spec A\n- [ ] x\n```|", "a.md"),
        ("# T\n\nsome |", "a.md"),
        ("## spec! A\n\n```sh\n- |\n```", "a.md"),
        ("```sh\n|", "a.md"),
        ("# spec! A\n|", "a.py"),
        ("# A\n\nGoal.\n\n## sp|", ".specs/a.spec.md"),
        ("# A\n\nsp|", ".specs/a.spec.md"),
        ("# spec-ignore-file\n# spec! A\n# - |", "a.py"),
        ("# spec! A\n# - " + "x" * 1_000_000 + "|", "a.py"),
    ],
    ids=lambda value: value[-20:],
)
def test_nothing_is_wanted_in_code_and_prose(text: str, path: str) -> None:
    _, place = at(text, path)
    assert place is None or wanted_at(place) is None


def test_a_field_that_may_stand_once_is_offered_once() -> None:
    _, place = at("# spec! A\n# - priority: high\n# - files: a\n# - |")
    wanted = wanted_at(place) if place else None
    assert wanted
    labels = [offer.label for offer in static(place, wanted)]
    assert "priority:" not in labels
    assert labels[:3] == ["[ ] with a check", "[ ]", "files:"]


@pytest.mark.parametrize(
    ("text", "carrier", "path", "broken"),
    [
        ("src/**/*.c", Carrier.BLOCK, "a.c", True),
        ("src/**/x", Carrier.BLOCK, "a.rs", True),
        ("a--b", Carrier.BLOCK, "a.xml", True),
        ("a--b", Carrier.BLOCK, "a.html", False),
        ("src/**/*.c", Carrier.LINES, "a.c", False),
        ('a"""b', Carrier.DOCSTRING, "a.py", True),
        ("src/", Carrier.BLOCK, "a.c", False),
    ],
)
def test_what_would_end_its_own_comment(text: str, carrier: Carrier, path: str, broken: bool) -> None:
    assert breaks(text, carrier, language_of(path)) is broken


def test_no_key_is_offered_with_which_nothing_is_done_yet() -> None:
    _, place = at("# spec! A\n# - |")
    assert place
    offered = {offer.text for offer in static(place, wanted_at(place))}
    assert "files: " in offered
    assert not {"budget: ", "template: "} & offered


@pytest.mark.parametrize(
    ("token", "in_markdown", "in_code"),
    [
        ("src/__init__.py", "`src/__init__.py`", "src/__init__.py"),
        ("_a.py", "`_a.py`", "_a.py"),
        ("src/**/*.ts", "`src/**/*.ts`", "src/**/*.ts"),
        ("src/my_app.py", "src/my_app.py", "src/my_app.py"),
        ("a b.py", "`a b.py`", "`a b.py`"),
    ],
)
def test_what_a_formatter_would_change_is_written_in_back_ticks(token: str, in_markdown: str, in_code: str) -> None:
    assert (quoted(token, Carrier.HEADING), quoted(token, Carrier.LINES)) == (in_markdown, in_code)
