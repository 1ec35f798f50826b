"""Whatever stands in a text, and wherever somebody is in it: an answer, never an exception, and no long wait."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types as t

from lsp.texts import ENCODINGS, document, place
from specwright.lsp import explain, rewrites
from specwright.lsp.completion import Completion
from specwright.lsp.document import Document
from specwright.lsp.handles import Handles, open_specs
from specwright.lsp.tokens import Tokens

PIECES = [
    "# ", "#", "spec!", " A", " (#abcd12)", "\n", "\r\n", "\r", "- ", "[ ] ", "[x", "\\[ \\] ", "check: ", "`", "``",
    "manual", "files: ", "see: a.py::", "after: ", "priority: ", "a/../b ", "/*", "*/", " * ", '"""', "'", "<!--",
    "-->", "## ", "```spec ", "```", "~~~", "---", "TODO: ", "x. y ", "/spec!", "😀", "\u202e", "\u2028", "\f",
    "\ud83d", "\0", "‹t›", "$1}\\", "\t", "\u00a0",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
PATHS = st.sampled_from(["a.py", "a.c", "a.md", "a.html", "a.rs", "a.rb", "Makefile", "a.json", "a.unheard"])


async def all_of(made: Document, row: int, column: int) -> None:
    """Ask for everything at one place."""
    completion, at = Completion(Handles()), place(row, column)
    completion.snippets = bool(column % 2)
    named = t.TextDocumentIdentifier(made.uri)
    await completion.complete(made, t.CompletionParams(named, at), lambda: open_specs(iter([made])))
    explain.hover(made, at)
    for end in (at, place(row + 3, 0)):
        params = t.CodeActionParams(named, t.Range(at, end), t.CodeActionContext([]))
        rewrites.actions(made, params, list, True)
    Tokens().full(made)


@settings(deadline=None)
@given(TEXTS, PATHS, st.sampled_from(ENCODINGS), st.integers(0, 8), st.integers(0, 30))
async def test_any_text(text: str, path: str, encoding: str, row: int, column: int) -> None:
    await all_of(document(text, encoding, f"file:///{path}"), row, column)


@pytest.mark.parametrize("path", ["a.py", "a.c", "a.md"])
@pytest.mark.parametrize(
    "text",
    [
        "# spec! A\n# - [ ] " + "x" * 10**6 + "\n# - files: ",
        "# spec! A\n# - [ ] x, check: " + "`a" * 4000 + "\n# - ",
        "# spec! A\n" + "# - files: a\n" * 3000 + "# - ",
        "# spec! A\n# - files: " + "\u202e😀" * 4000,
        "# TODO: " + "a. " * 3000,
        "".join(f"# spec! A {n}\n# - [ ] x\n" for n in range(10_000)) + "# - after: ",
    ],
    ids=["one long line", "back-ticks", "many fields", "bidi", "sentences", "many specs"],
)
async def test_what_is_huge_is_answered_soon(text: str, path: str) -> None:
    made = document(text, uri=f"file:///{path}")
    last = len(made.rows) - 1
    began = time.process_time()
    await all_of(made, last, len(made.rows[last]))
    assert time.process_time() - began < 4
