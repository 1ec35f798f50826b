"""From spec to spec and from path to file, in a real server; never out of what is no spec."""

from typing import Any

import pytest
from lsprotocol import types as t
from pygls.exceptions import JsonRpcException

from lsp.conftest import Start
from lsp.editor import Editor
from lsp.test_index import Watcher
from lsp.texts import ENCODINGS, offset, place, size
from user import User

BASE = """x = 1

# spec! Lay the 😀 base (#base1)
# It is so.
# - [ ] it is so, check: manual
# - see: next.py#L2-L3 `with space.py` nowhere.py https://example.org/x ../out.py
# - files: base.py src/ !next.py *.py
"""
NEXT = """# spec! Build on it 😀 (#next1)
# 😀 It is so.
# - [ ] it is so, check: manual
# - after: #base1 stacked,
#   #next2
"""
LAST = """# spec! End (#next2)
# It is so.
# - [ ] it is so, check: manual
# - after: lay the 😀 BASE
"""
COMMENTS = """# - after: #base1
# Lay the 😀 base (#base1), see: next.py
y = "# spec! Not me (#base1)"
z = 1  # spec! Nor me (#base1)
# spec: (#base1)

# spec! Real
# - [ ] it is so, check: manual
"""
FILES = {
    "base.py": BASE,
    "next.py": NEXT,
    "last.py": LAST,
    "comments.py": COMMENTS,
    "with space.py": "",
    "src/a.py": "",
}


@pytest.fixture
async def watcher(user: User) -> Any:
    user.make(FILES)
    made = await Watcher(user).begin()
    await made.until_titles("Build on it 😀", "End", "Lay the 😀 base", "Real")
    yield made
    await made.leave()


def at(editor: Editor, path: str, text: str, further: int = 0) -> dict[str, Any]:
    """The place of a part of an open text."""
    source = editor.text(path)
    before = source[: source.index(text) + further]
    line = before.count("\n")
    column = size(before.rpartition("\n")[2], editor.encoding)
    return {"text_document": t.TextDocumentIdentifier(editor.uri(path)), "position": place(line, column)}


def shown(editor: Editor, location: t.Location) -> tuple[str, str]:
    """The path and the text of a place."""
    path = location.uri.rpartition("/")[2]
    text = editor.texts.get(location.uri) or (editor.user.root / path).read_text()
    start, end = (offset(text, where, editor.encoding) for where in (location.range.start, location.range.end))
    return path, text[start:end]


async def defined(editor: Editor, path: str, text: str, further: int = 0) -> list[tuple[str, str]]:
    params = t.DefinitionParams(**at(editor, path, text, further))
    return [shown(editor, found) for found in await editor.client.text_document_definition_async(params) or []]


async def referring(editor: Editor, path: str, text: str, itself: bool = False) -> list[tuple[str, str]]:
    context = t.ReferenceContext(include_declaration=itself)
    params = t.ReferenceParams(context=context, **at(editor, path, text))
    return [shown(editor, found) for found in await editor.client.text_document_references_async(params) or []]


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_a_name_leads_to_its_spec_and_back_in_each_encoding(user: User, encoding: str) -> None:
    user.make(FILES)
    editor = Watcher(user)
    await editor.start(t.ClientCapabilities(), encoding)
    await editor.until_titles("Build on it 😀", "End", "Lay the 😀 base", "Real")
    editor.open("next.py")
    assert await defined(editor, "next.py", "#base1") == [("base.py", "Lay the 😀 base")]
    assert await defined(editor, "next.py", "#next2", 3) == [("last.py", "End")]
    assert await defined(editor, "next.py", "stacked") == []
    editor.open("last.py")
    assert await defined(editor, "last.py", "lay the", 9) == [("base.py", "Lay the 😀 base")]
    editor.open("base.py")
    assert await defined(editor, "base.py", "spec!") == [("base.py", "Lay the 😀 base")]
    naming = [("last.py", "lay the 😀 BASE"), ("next.py", "base1")]
    assert await referring(editor, "base.py", "the 😀") == naming
    assert await referring(editor, "next.py", "base1", itself=True) == [("base.py", "Lay the 😀 base"), *naming]
    edit = await renamed(editor, "next.py", "base1", "#other-1")
    assert edit == {"base.py": ["base1"], "next.py": ["base1"]}
    await editor.leave()


async def renamed(editor: Editor, path: str, text: str, new: str) -> dict[str, list[str]]:
    """What a rename replaces, by path."""
    params = t.RenameParams(new_name=new, **at(editor, path, text))
    edit = await editor.client.text_document_rename_async(params)
    changes = dict(edit.changes or {})
    for change in edit.document_changes or []:
        assert change.text_document.version == editor.versions.get(change.text_document.uri)
        changes[change.text_document.uri] = change.edits
    assert {made.new_text for edits in changes.values() for made in edits} == {new.removeprefix("#")}
    found = {uri: [shown(editor, t.Location(uri, made.range))[1] for made in edits] for uri, edits in changes.items()}
    return {uri.rpartition("/")[2]: texts for uri, texts in found.items()}


async def test_an_unsaved_text_is_what_counts(watcher: Watcher) -> None:
    watcher.open("next.py")
    watcher.open("base.py")
    watcher.type((0, 0), (0, 0), "\n\n", "base.py")
    watcher.type((0, 0), (0, 0), "\n", "next.py")
    assert await defined(watcher, "next.py", "#base1") == [("base.py", "Lay the 😀 base")]
    assert await referring(watcher, "base.py", "base1") == [("last.py", "lay the 😀 BASE"), ("next.py", "base1")]
    assert await renamed(watcher, "base.py", "base1", "better") == {"base.py": ["base1"], "next.py": ["base1"]}


VERSIONED = t.ClientCapabilities(
    workspace=t.WorkspaceClientCapabilities(workspace_edit=t.WorkspaceEditClientCapabilities(document_changes=True))
)


async def test_a_rename_names_versions_where_the_editor_knows_them(user: User) -> None:
    user.make(FILES)
    editor = await Watcher(user).begin(VERSIONED)
    await editor.until_titles("Build on it 😀", "End", "Lay the 😀 base", "Real")
    editor.open("next.py")
    editor.type((0, 0), (0, 0), "\n", "next.py")
    params = t.RenameParams(new_name="better", **at(editor, "next.py", "base1"))
    edit = await editor.client.text_document_rename_async(params)
    versions = {change.text_document.uri: change.text_document.version for change in edit.document_changes}
    assert versions == {editor.uri("base.py"): None, editor.uri("next.py"): 2}
    await editor.leave()


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("Bad", "no handle"),
        ("abc", "no handle"),
        ("abcd) (#efgh", "no handle"),
        ("", "no handle"),
        ("next2", "last.py:1"),
    ],
)
async def test_a_handle_that_can_not_be_is_refused(watcher: Watcher, new: str, why: str) -> None:
    watcher.open("next.py")
    with pytest.raises(JsonRpcException, match=why):
        await renamed(watcher, "next.py", "base1", new)


async def test_a_twin_is_renamed_at_its_own_marker_line_alone(watcher: Watcher) -> None:
    watcher.put({"twin.py": "# spec! Twin (#base1)\n"})
    await watcher.until_titles("Build on it 😀", "End", "Lay the 😀 base", "Real", "Twin")
    watcher.open("next.py")
    watcher.open("twin.py")
    with pytest.raises(JsonRpcException, match="of 2 specs"):
        await renamed(watcher, "next.py", "base1", "other")
    assert await renamed(watcher, "twin.py", "base1", "other") == {"twin.py": ["base1"]}


async def test_only_a_handle_can_be_renamed(watcher: Watcher) -> None:
    watcher.open("next.py")
    watcher.open("last.py")
    found = await watcher.client.text_document_prepare_rename_async(
        t.PrepareRenameParams(**at(watcher, "next.py", "base1"))
    )
    assert (found.placeholder, shown(watcher, t.Location(watcher.uri("next.py"), found.range))[1]) == ("base1", "base1")
    params = t.PrepareRenameParams(**at(watcher, "last.py", "BASE"))
    assert await watcher.client.text_document_prepare_rename_async(params) is None
    with pytest.raises(JsonRpcException, match="no handle here"):
        await renamed(watcher, "last.py", "BASE", "other")


async def test_a_hover_on_a_name_tells_its_spec(watcher: Watcher) -> None:
    watcher.open("next.py")
    found = await watcher.client.text_document_hover_async(t.HoverParams(**at(watcher, "next.py", "base1")))
    assert found.contents.value.split("  \n") == ["**Lay the 😀 base**", "base\\.py:3", "not queued"]
    found = await watcher.client.text_document_hover_async(t.HoverParams(**at(watcher, "next.py", "next1")))
    assert found.contents.value.endswith("Named by 0 `after:`")


async def test_paths_and_addresses_are_links_where_they_lead_somewhere(watcher: Watcher) -> None:
    watcher.open("base.py")
    params = t.DocumentLinkParams(t.TextDocumentIdentifier(watcher.uri("base.py")))
    found = await watcher.client.text_document_document_link_async(params)
    links = [(shown(watcher, t.Location(watcher.uri("base.py"), link.range))[1], link.target) for link in found]
    assert links == [
        ("next.py#L2-L3", watcher.uri("next.py") + "#L2-L3"),
        ("`with space.py`", watcher.uri("with space.py")),
        ("https://example.org/x", "https://example.org/x"),
        ("base.py", watcher.uri("base.py")),
        ("!next.py", watcher.uri("next.py")),
    ]


TREES = t.ClientCapabilities(
    text_document=t.TextDocumentClientCapabilities(
        document_symbol=t.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=True)
    )
)


@pytest.mark.parametrize("capabilities", [TREES, t.ClientCapabilities()], ids=["trees", "lists"])
async def test_the_specs_of_a_text_are_listed_and_folded(user: User, capabilities: t.ClientCapabilities) -> None:
    user.make(FILES)
    editor = await Watcher(user).begin(capabilities)
    editor.open("next.py", NEXT + "x = 1\n# spec! Small\n")
    named = t.TextDocumentIdentifier(editor.uri("next.py"))
    found = await editor.client.text_document_document_symbol_async(t.DocumentSymbolParams(named))
    assert [symbol.name for symbol in found] == ["Build on it 😀", "Small"]
    if capabilities is TREES:
        assert [(child.name, child.detail) for child in found[0].children] == [("AC1", "it is so")]
    folds = await editor.client.text_document_folding_range_async(t.FoldingRangeParams(named))
    assert [(fold.start_line, fold.end_line) for fold in folds] == [(0, 4)]
    await editor.leave()


async def test_the_same_name_is_marked_in_its_text(watcher: Watcher) -> None:
    watcher.open("one.py", "# spec! A (#aaaa)\n# - after: #bbbb\nx = 1\n# spec! B (#bbbb)\n# - after: A\n")
    for text, lines in {"#bbbb": [1, 3], "B (": [1, 3], "A (": [0, 4]}.items():
        params = t.DocumentHighlightParams(**at(watcher, "one.py", text))
        found = await watcher.client.text_document_document_highlight_async(params)
        assert sorted(mark.range.start.line for mark in found) == lines, text


async def test_nothing_is_found_in_what_is_no_spec(watcher: Watcher) -> None:
    watcher.open("comments.py")
    client, named = watcher.client, t.TextDocumentIdentifier(watcher.uri("comments.py"))
    for text in ("after", "#base1", "Lay", "(#base1), see", "next.py", "Not me", "Nor me", "(#base1)\n"):
        where = at(watcher, "comments.py", text, 1)
        assert not await client.text_document_definition_async(t.DefinitionParams(**where)), text
        assert not await client.text_document_references_async(
            t.ReferenceParams(context=t.ReferenceContext(True), **where)
        )
        assert not await client.text_document_document_highlight_async(t.DocumentHighlightParams(**where))
        assert await client.text_document_hover_async(t.HoverParams(**where)) is None
        assert await client.text_document_prepare_rename_async(t.PrepareRenameParams(**where)) is None
    listed = await client.text_document_document_symbol_async(t.DocumentSymbolParams(named))
    assert [symbol.name for symbol in listed] == ["Real"]
    assert not await client.text_document_document_link_async(t.DocumentLinkParams(named))
    folds = await client.text_document_folding_range_async(t.FoldingRangeParams(named))
    assert [fold.start_line for fold in folds] == [6]


async def test_a_text_that_is_no_file_is_its_own_world(user: User, start: Start) -> None:
    user.make(FILES)
    editor = await Watcher(user).begin()
    editor.open("untitled:one", "# spec! A (#aaaa)\n# - after: #bbbb #base1\nx = 1\n# spec! B (#bbbb)\n")
    params = t.DefinitionParams(**at(editor, "untitled:one", "#bbbb"))
    assert [found.uri for found in await editor.client.text_document_definition_async(params)] == ["untitled:one"]
    params = t.DefinitionParams(**at(editor, "untitled:one", "#base1"))
    assert not await editor.client.text_document_definition_async(params)
    await editor.leave()
