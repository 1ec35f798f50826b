"""An open document is what the editor holds, whatever is typed, and its specs are those of a full parse."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types as t
from pygls.workspace import Workspace

from lsp.texts import ENCODINGS, ODD, document, edited, partial, place
from specwright.lsp.document import Document
from specwright.lsp.server import make
from specwright.review.own import block
from specwright.spec.digest import digest
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines
from specwright.spec.own import Own
from specwright.spec.parser import parse_lines

PIECES = ["# spec! A", "# spec! B (#k7f3qa)", "# - [ ] x", '"""', "'''spec! C", "# /spec!", "```spec I", "# ", "x", " "]
TEXT = st.lists(st.sampled_from([*PIECES, *ODD.values(), "\n", "\n", "\r\n", "\r"]), max_size=20).map("".join)
WHERE = st.tuples(st.integers(0, 12), st.integers(0, 14) | st.just(2**31 - 1))
PARTIAL = st.builds(lambda a, b, text: partial(min(a, b), max(a, b), text), WHERE, WHERE, TEXT)
FULL = st.builds(lambda text: t.TextDocumentContentChangeWholeDocument(text=text), TEXT)
CHANGES = st.lists(PARTIAL | PARTIAL | PARTIAL | FULL, max_size=8)
TWO = "# spec! A\n# - [ ] x\nx = 1\n\n\n\n\n# spec! B\n# - [ ] y\n"


def check_specs(made: Document) -> None:
    """Everything that is kept of the specs, against a parse of the whole text."""
    specs, problems = parse_lines(split_lines(made.source), language_of(made.path))
    placed = [(spec.down(block.first), made.names(block).digests[n]) for block, n, spec in made.placed()]
    assert placed == [(spec, digest(spec)) for spec in specs]
    assert [p.down(block.first) for block in made.blocks for p in block.problems] == list(problems)


@settings(max_examples=400, deadline=None)
@given(TEXT, CHANGES, st.sampled_from(ENCODINGS), st.sampled_from(["a.py", "a.ts", "a.md", "a.rs", "a.sh", "a.vue"]))
def test_edits_give_the_text_and_the_specs(text: str, changes: list[object], name: str, path: str) -> None:
    made = document(text, name, f"file:///nowhere/{path}")
    for change in changes:
        made.apply_change(change)
        text = edited(text, change, name)
        assert made.source == text
        assert made.rows == split_lines(text)
        check_specs(made)


@settings(max_examples=200, deadline=None)
@given(TEXT, CHANGES)
def test_the_own_block_is_where_a_full_parse_finds_it(text: str, changes: list[object]) -> None:
    made = document(text)
    made.__dict__["relative"] = "a.py"
    own = Own("a.py", "no digest", "A")
    for change in changes:
        made.apply_change(change)
        assert made.own_block(own) == block(own, "a.py", made.source)


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_an_edit_behind_and_below_an_odd_character(odd: str, name: str) -> None:
    text = f"a{odd}b\nsecond"
    made = document(text, name)
    for change in (partial((1, 0), (1, 0), "X"), partial((0, 99), (0, 99), "Y"), partial((0, 1), (0, 6), "Z")):
        made.apply_change(change)
        text = edited(text, change, name)
        assert made.source == text
        assert len(made.rows) == 2


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        ("a\r", partial((1, 0), (1, 0), "\nb"), "a\r\nb"),
        ("a\rb\nc", partial((1, 0), (1, 1), ""), "a\r\nc"),
        ("a\n\nb", partial((0, 1), (1, 0), "\r"), "a\r\nb"),
        ("a\r\nb", partial((0, 1), (0, 1), "\r"), "a\r\r\nb"),
        ("a\r\nb", partial((0, 9), (1, 0), ""), "ab"),
        ("", partial((0, 0), (0, 0), "a\r\n"), "a\r\n"),
        ("a\n", partial((0, 0), (1, 0), ""), ""),
        ("a", partial((9, 9), (9, 9), "\n"), "a\n"),
        ("abc", partial((0, 99), (0, 99), "X"), "abcX"),
        ("a\nb\n", partial((2, 0), (2, 0), "c"), "a\nb\nc"),
    ],
)
def test_line_ends_that_come_apart_or_together(text: str, change: object, expected: str) -> None:
    made = document(text)
    made.apply_change(change)
    assert made.source == expected
    assert made.rows == split_lines(expected)


def test_the_clients_position_is_left_as_it_was() -> None:
    position = place(7, 99)
    document("abc").at(position)
    assert position == place(7, 99)


@pytest.mark.parametrize(("line", "title"), [(0, "A"), (1, "A"), (2, None), (6, None), (7, "B"), (8, "B"), (99, None)])
def test_the_spec_at_a_line(line: int, title: str | None) -> None:
    found = document(TWO).spec_at(line)
    assert (found[2].title if found else None) == title


def test_a_block_is_parsed_again_only_where_it_is_typed_in() -> None:
    made = document(TWO)
    a, b = made.blocks
    made.apply_change(partial((8, 9), (8, 9), "!"))
    assert made.blocks[0] is a
    assert made.blocks[1] is not b
    assert made.typing is made.blocks[1]


def test_a_document_is_dirty_once_it_is_changed() -> None:
    made = document("x")
    assert not made.dirty
    made.apply_change(partial((0, 0), (0, 0), "y"))
    assert made.dirty


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "git:/a.py?ref", "file:///nowhere/a.py"])
def test_a_text_in_no_checkout_has_no_root(uri: str) -> None:
    made = document(TWO, uri=uri, language="python")
    assert made.root == ""
    assert [block.specs[0].title for block in made.blocks] == ["A", "B"]


def test_pygls_still_makes_documents_where_ours_come_in() -> None:
    protocol = make().protocol
    protocol._workspace = Workspace(None)
    protocol.workspace.put_text_document(t.TextDocumentItem("file:///a.py", "python", 3, "a\fb"))
    made = protocol.workspace.get_text_document("file:///a.py")
    assert isinstance(made, Document)
    assert (made.rows, made.version, made.language_id) == (["a\fb"], 3, "python")
