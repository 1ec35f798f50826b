"""Semantic tokens: the parts of specs, in each encoding, whole, in part, and as what differs."""

import time

import pytest
from bench.generate import python_file
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types as t

from lsp.conftest import Start
from lsp.editor import VSCODE
from lsp.texts import ENCODINGS, document, edited, offset, partial
from specwright.lsp.document import Document
from specwright.lsp.tokens import LEGEND, Tokens
from user import User

SPEC = (
    "x = 1\n# spec! Say 😀 (#abcd12)\n# Goal: - not a key\n# - [ ] 😀 one, check: `pytest\n#   -q`\n"
    "# - must: 😀\n# - wont: y\n# - note: z\n# - odd: z\n# - plain\n"
)


def seen(made: Document, data: list[int]) -> list[tuple[str, str]]:
    """The text of each token and its type."""
    text, found = made.source, []
    row = column = 0
    for down, right, length, kind, _ in zip(*[iter(data)] * 5, strict=True):
        row, column = row + down, right if down else column + right
        start, end = (offset(text, t.Position(row, at), made.units.name) for at in (column, column + length))
        found.append((text[start:end], LEGEND.token_types[kind]))
    return found


@pytest.mark.parametrize("name", ENCODINGS)
def test_the_parts_of_a_spec(name: str) -> None:
    made = document(SPEC, name)
    assert seen(made, Tokens().full(made).data) == [
        ("spec!", "keyword"),
        ("Say 😀", "class"),
        ("#abcd12", "variable"),
        ("[ ]", "operator"),
        ("pytest", "macro"),
        ("-q", "macro"),
        ("must", "property"),
        ("wont", "property"),
        ("note", "property"),
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("```spec A\n- [ ] x\n```\n", "a.md"),
        ("```spec\nspec! A\n- [x] x\n```\n", "a.md"),
        ("## spec! A ##\n\n* \\[ \\] x\n", "a.md"),
        ("/* spec! A\n * - [ ] x */\n", "a.c"),
        ("# spec! A \u202e\n# - [ ] \ud83d x\n", "a.py"),
    ],
)
def test_other_carriers(text: str, path: str) -> None:
    made = document(text, uri=f"file:///{path}")
    assert [kind for _, kind in seen(made, Tokens().full(made).data)] == ["keyword", "class", "operator"]


def test_a_range_holds_its_rows_alone() -> None:
    made = document(SPEC + "\n" + SPEC)
    whole = Tokens().full(made).data
    part = Tokens().within(made, 5, 6).data
    assert seen(made, part) == [("must", "property"), ("wont", "property")]
    assert Tokens().within(made, 0, 10_000).data == whole


CHANGES = st.tuples(st.integers(0, 40), st.integers(0, 4), st.sampled_from(["# - ", "x\n", "", "# spec! B\n"]))


@settings(deadline=None)
@given(st.lists(CHANGES, max_size=20))
def test_what_differs_makes_the_same_as_the_whole(changes: list[tuple[int, int, str]]) -> None:
    text = SPEC * 3
    made, tokens = document(text), Tokens()
    held = tokens.full(made)
    for row, column, inserted in changes:
        change = partial((row, column), (row, 4), inserted)
        text = edited(text, change, "utf-16")
        made.apply_change(change)
        answer = tokens.since(made, held.result_id)
        assert isinstance(answer, t.SemanticTokensDelta)
        data = list(held.data)
        for edit in answer.edits:
            data[edit.start : edit.start + edit.delete_count] = edit.data
        held = t.SemanticTokens(data, answer.result_id)
        assert data == Tokens().full(document(text)).data
    assert isinstance(tokens.since(made, "unheard"), t.SemanticTokens)


def test_a_long_file_costs_its_specs_alone() -> None:
    made, tokens = document(python_file(100_000, 200, 20).text), Tokens()
    tokens.full(made)
    began = time.perf_counter()
    for _ in range(20):
        tokens.full(made)
    assert (time.perf_counter() - began) / 20 < 0.02


async def test_a_session_has_them_whole_in_part_and_as_what_differs(project: User, start: Start) -> None:
    editor = await start(VSCODE)
    editor.open("a.py", SPEC)
    editor.open("b.py", "# no spec\n")
    named, other = (t.TextDocumentIdentifier(uri=editor.uri(path)) for path in ("a.py", "b.py"))
    ask = editor.client
    whole = await ask.text_document_semantic_tokens_full_async(t.SemanticTokensParams(named))
    assert await ask.text_document_semantic_tokens_full_async(t.SemanticTokensParams(other)) is None
    part = await ask.text_document_semantic_tokens_range_async(
        t.SemanticTokensRangeParams(named, t.Range(t.Position(0, 0), t.Position(1, 0)))
    )
    assert part.data == whole.data[: len(part.data)]
    assert len(part.data) == 15
    editor.type((0, 0), (0, 0), "\n")
    delta = await ask.text_document_semantic_tokens_full_delta_async(
        t.SemanticTokensDeltaParams(named, whole.result_id)
    )
    assert [(edit.start, edit.delete_count, edit.data) for edit in delta.edits] == [(0, 1, (2,))]
