"""What holds of every text and every spec."""

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from specwright.spec.carriers import scan
from specwright.spec.digest import digest
from specwright.spec.document import Document
from specwright.spec.edit import removal
from specwright.spec.languages import compiled, language_of
from specwright.spec.lines import split_lines
from specwright.spec.model import Point, Problem, Spec
from specwright.spec.parser import parse, parse_lines
from specwright.spec.printer import render
from specwright.spec.table import ROWS, UNKNOWN, Row

LANGUAGES = [row for row in (*ROWS, UNKNOWN) if row.id != "json"]
SIGNS = [
    "spec! A",
    "spec! B (#k7f3qa)",
    "/spec!",
    "- [ ] x",
    "- files: src/**",
    "check: `a",
    "goal",
    "## ",
    "```spec C",
    "```",
    '"',
    "'",
    "`",
    '"""',
    "'''",
    "${",
    "}",
    "<<EOF",
    "EOF",
    "<script>",
    "</script>",
    "<?php",
    "?>",
    "key: |",
    "  ",
    "\\",
    "\x0c",
    "\u2028",
    "😀",
    "é",
    "\u00a0",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "---",
    "===",
    "=begin",
    "=end",
    "x",
]


def pieces(row: Row) -> st.SearchStrategy[str]:
    own = [*row.leaders, *(sign for block in row.blocks for sign in (block.opener, block.closer))]
    led = [f"{leader} {sign}\n" for leader in row.leaders for sign in SIGNS[:7]]
    return st.lists(st.sampled_from([*SIGNS, *own, *led]) | st.text(max_size=4), max_size=20).map("".join)


def of(document: Document) -> object:
    return [(s, s.span, s.title_span, s.body, s.carrier) for s in document.specs], document.problems


class Edited(RuleBasedStateMachine):
    """A document under random edits by character, always equal to a full parse."""

    @initialize(data=st.data(), row=st.sampled_from(LANGUAGES))
    def begin(self, data: st.DataObject, row: Row) -> None:
        self.row, self.language = row, compiled(row)
        self.document = Document(split_lines(data.draw(pieces(row))) or ["\n"], self.language)

    @rule(data=st.data(), places=st.tuples(st.integers(0, 400), st.integers(0, 40)))
    def edit(self, data: st.DataObject, places: tuple[int, int]) -> None:
        """Replace some characters, as an editor does; whole rows go to the document."""
        rows = self.document.rows
        text = "".join(rows)
        start = min(places[0], len(text))
        end = min(start + places[1], len(text))
        made = split_lines(text[:start] + data.draw(pieces(self.row)) + text[end:]) or ["\n"]
        same = next((n for n, (a, b) in enumerate(zip(rows, made, strict=False)) if a != b), min(len(rows), len(made)))
        most = min(len(rows), len(made)) - same
        tail = next((n for n in range(most) if rows[-1 - n] != made[-1 - n]), most)
        if same < len(rows) - tail:
            self.document.replace(same, len(rows) - tail - 1, made[same : len(made) - tail])
        elif len(made) > len(rows):
            first = min(same, len(rows) - 1)
            self.document.replace(first, first, made[first : first + 1 + len(made) - len(rows)])
        assert self.document.rows == made

    @invariant()
    def equals_a_full_parse(self) -> None:
        if hasattr(self, "document"):
            specs, problems = parse_lines(self.document.rows, self.language)
            assert of(self.document) == ([(s, s.span, s.title_span, s.body, s.carrier) for s in specs], problems)


TestEdited = Edited.TestCase
TestEdited.settings = settings(max_examples=150, stateful_step_count=12, deadline=None)


def inside(rows: list[str], point: Point) -> bool:
    end = point == Point(len(rows), 0)
    return end or (0 <= point.line < len(rows) and 0 <= point.column <= len(rows[point.line]))


def points(specs: tuple[Spec, ...], problems: tuple[Problem, ...]) -> list[Point]:
    spans = [s.span for s in specs] + [s.title_span for s in specs] + [p.span for p in problems]
    spans += [part.span for s in specs for part in (*s.criteria, *s.fields)]
    return [point for span in spans for point in (span.start, span.end)]


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(LANGUAGES))
def test_ranges_lie_in_the_document_in_order(data: st.DataObject, row: Row) -> None:
    rows = split_lines(data.draw(pieces(row)))
    specs, problems = parse_lines(rows, compiled(row))
    assert all(inside(rows, point) for point in points(specs, problems))
    assert all(spec.span.start <= spec.span.end for spec in specs)
    assert all(a.span.end <= b.span.start for a, b in pairwise(specs))


WORD = st.text(alphabet="abcdefgé", min_size=1, max_size=6)
PHRASE = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
FIELDS = st.lists(st.tuples(st.sampled_from(["must", "not", "error", "api", "note"]), PHRASE), max_size=4)


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    found = [f"spec! {draw(PHRASE)}", draw(PHRASE)]
    found += [f"- [ ] {text}, check: `run {draw(WORD)}`" for text in draw(st.lists(PHRASE, min_size=1, max_size=3))]
    return found + [f"- {key}: {value}" for key, value in draw(FIELDS)]


CARRIED = {
    "a.py": lambda text: "".join(f"# {line}\n" for line in text),
    "a.ts": lambda text: "/**\n" + "".join(f" * {line}\n" for line in text) + " */\n",
    "a.rs": lambda text: "".join(f"    /// {line}\n" for line in text),
    "b.py": lambda text: '"""' + "\n".join(text) + '\n"""\n',
    "a.html": lambda text: "<!-- " + "\n".join(text) + " -->\n",
    "a.md": lambda text: "## " + "\n".join(text) + "\n",
    "b.md": lambda text: "```spec " + "\n".join(text).removeprefix("spec! ") + "\n```\n",
    ".specs/a.spec.md": lambda text: "# " + "\n".join(text).removeprefix("spec! ") + "\n",
}


def only(text: list[str], path: str) -> Spec:
    [spec], _ = parse(CARRIED[path](text), language_of(path), path)
    return spec


@given(lines(), st.sampled_from(sorted(CARRIED)))
def test_what_is_printed_reads_back_in_every_carrier(text: list[str], path: str) -> None:
    spec = only(text, path)
    assert only(render(spec).rstrip("\n").split("\n"), path) == spec
    assert digest(spec) == digest(only(text, "a.py"))


CHANGES = {
    "bullets": lambda text: [re.sub("^- ", "+ ", line) for line in text],
    "ticks": lambda text: [line.replace("[ ]", "[x]") for line in text],
    "handle": lambda text: [f"{text[0]} (#k7f3qa)", *text[1:]],
    "wrapping": lambda text: [part for line in text[1:] for part in re.sub(r" (?=\w+$)", "\n", line).split("\n")],
    "aliases": lambda text: [line.replace("- must:", "- constraint:").replace("- not:", "- wont:") for line in text],
    "order": lambda text: [*text[:2], *sorted(text[2:], key=lambda line: line.split(" ")[1] != "note:")],
    "steering": lambda text: [*text, "- priority: high", "- budget: $2", "- after: #m2x9rd"],
    "spaces": lambda text: [re.sub(" (?=[a-z])", "   ", line) for line in text],
}


@pytest.mark.parametrize("name", CHANGES)
@given(lines())
def test_the_digest_does_not_change_by(name: str, text: list[str]) -> None:
    changed = CHANGES[name](text)
    made = [text[0], *changed] if name == "wrapping" else changed
    assert digest(only(made, "a.py")) == digest(only(text, "a.py"))


@given(lines(), st.data())
def test_the_digest_changes_with_any_word(text: list[str], data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(text) - 1))
    words = re.findall(r"(?<![\w!:-])[a-gé]+(?![\w:])", text[row].removeprefix("spec!"))
    at = text[row].rindex(words[-1])
    changed = [*text[:row], text[row][:at] + "z" + text[row][at:], *text[row + 1 :]]
    assert digest(only(changed, "a.py")) != digest(only(text, "a.py"))


@given(lines(), lines(), st.data())
def test_a_line_less_in_one_spec_leaves_another_as_it_was(one: list[str], two: list[str], data: st.DataObject) -> None:
    row = data.draw(st.integers(1, len(one) - 1))
    text = [CARRIED["a.py"](part) + "x = 1\n" for part in (one, [*one[:row], *one[row + 1 :]], two)]
    whole, less = (parse(first + text[2], language_of("a.py"))[0] for first in text[:2])
    assert whole[-1] == less[-1]


DOCS = {"elixir": [('@doc """\n', '\n"""')], "python": [('r"""', '"""')], "julia": [('"""\n', '"""')]}
TEXTS = st.sampled_from(
    ["spec! A\n- [ ] x", "spec! A\n\n  - must: y", "about\n\nspec! A\n- [ ] x", "spec! A\n\n/spec!\nmore"]
)


def states(rows: list[str], row: Row) -> list[object]:
    state, found = None, []
    for number, line in enumerate(rows):
        state, _ = scan(compiled(row), line, state, number)
        found.append(state)
    return found


@st.composite
def carried(draw: st.DrawFn, row: Row) -> str:
    """A spec in a comment or docstring of the language, with code behind it where that can be."""
    text, blocks = draw(TEXTS), [(block.opener + "\n", "\n" + block.closer + block.tail) for block in row.blocks]
    choice = draw(st.sampled_from([*row.leaders, *blocks, *DOCS.get(row.id, ())]))
    if isinstance(choice, str):
        return "".join(f"{choice} {line}\n" for line in text.split("\n"))
    return choice[0] + text + choice[1] + draw(st.sampled_from(["\n", " x\n", ' "\n', "\r\n"]))


@settings(max_examples=600, deadline=None)
@given(st.data(), st.sampled_from([row for row in LANGUAGES if row.leaders or row.blocks]))
def test_what_stands_below_a_spec_that_goes_is_read_as_before(data: st.DataObject, row: Row) -> None:
    """But where its comment is what ends a block scalar of YAML."""
    above, block, below = data.draw(pieces(row)), data.draw(carried(row)), split_lines(data.draw(pieces(row)))
    above = f"{above}\n" if above else ""
    assume(not any(getattr(state, "indent", None) is not None for state in states(split_lines(above), row)[-1:]))
    rows = split_lines(above + block) + below
    for spec in parse_lines(rows, compiled(row))[0]:
        edit = removal(rows, spec, compiled(row))
        if len(split_lines(above)) <= edit.start <= edit.end <= len(rows) - len(below):
            left = [*rows[: edit.start], *edit.lines, *rows[edit.end :]]
            assert states(left, row)[len(left) - len(below) :] == states(rows, row)[len(rows) - len(below) :]
