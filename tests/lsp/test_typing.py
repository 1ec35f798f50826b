"""Specs are checked while they are typed, end to end: three encodings, any client, files of any name."""

import asyncio
import json
from typing import Any

import pytest
from lsprotocol import types as t
from pygls.exceptions import JsonRpcInvalidParams

from lsp.conftest import TEXT, Start
from lsp.editor import MINIMAL, NEOVIM, VSCODE, Editor, until
from lsp.texts import ENCODINGS, size
from specwright.api.editor import COMMANDS
from user import SERVER, User


@pytest.mark.parametrize("name", [*ENCODINGS, None])
async def test_problems_come_and_go_in_each_encoding(project: User, start: Start, name: str | None) -> None:
    editor = await start(encoding=name)
    name = name or "utf-16"
    editor.open("c.py", "# spec! Say 😀 two\nx = 1\n")
    await editor.until_shown("0: ", path="c.py")
    [found] = editor.client.diagnostics[editor.uri("c.py")]
    assert (found.code, found.range.end.character) == ("SPEC101", size("# spec! Say 😀 two", name))
    editor.type((0, size("# spec! Say 😀", name)), (1, 0), " three\f\n# - [ ] it says 😀\n", "c.py")
    await editor.until_shown(path="c.py")
    editor.type((1, 0), (1, 1), "", "c.py")
    await editor.until_shown("0: ", path="c.py")
    editor.close("c.py")
    await until(lambda: not editor.client.diagnostics[editor.uri("c.py")])


@pytest.mark.parametrize("capabilities", [MINIMAL, NEOVIM, VSCODE], ids=["minimal", "neovim", "vscode"])
async def test_every_client_gets_problems_and_actions(project: User, start: Start, capabilities: Any) -> None:
    editor = await start(capabilities)
    editor.open("a.py")
    await editor.until_shown()
    assert list(await editor.actions(0))[:2] == ["Queue as task", "Queue all specs of this file"]
    assert editor.encoding == "utf-16"


async def test_what_is_unfinished_becomes_an_error_when_typing_rests(editor: Editor) -> None:
    editor.type((1, 0), (2, 0), "")
    await until(lambda: [d.severity for d in editor.client.diagnostics.get(editor.uri("a.py"), ())] == [4])
    await until(lambda: [d.severity for d in editor.client.diagnostics[editor.uri("a.py")]] == [1])


@pytest.mark.parametrize("path", ["a b.py", "ü#%20.py", "sub folder/(x).py"])
async def test_a_file_of_an_odd_name(project: User, start: Start, path: str) -> None:
    project.put({path: TEXT})
    editor = await start()
    editor.open(path)
    await editor.until_shown(path=path)
    queued = await editor.do("Queue as task", 0, path)
    await editor.said("starts from HEAD")
    await editor.said("Nothing will check")
    await until(lambda: any(f"[{queued['task']}]" in line for line in editor.shown("task", path)))
    assert set(editor.published) <= {editor.uri(path), editor.uri("a.py")}


async def test_a_uri_that_an_editor_spells_its_own_way_is_answered_as_it_is(project: User, start: Start) -> None:
    project.put({"(x) @1.py": "# spec! A\n"})
    editor = await start()
    uri = editor.uri("(x) @1.py").replace("(", "%28").replace("@", "%40")
    editor.open(uri, "# spec! A\nx = 1\n")
    await editor.until_shown("0: ", path=uri)


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "vscode-notebook-cell:/a.ipynb#1"])
async def test_a_text_that_is_no_file_is_checked(project: User, start: Start, uri: str) -> None:
    editor = await start()
    editor.open(uri, "# spec! A\nx = 1\n")
    await editor.until_shown("0: ", path=uri)
    assert await editor.run("queue", uri=uri, line=0) is None
    await editor.said("not in a git repository")


async def test_a_lone_surrogate_breaks_nothing(project: User, start: Start) -> None:
    editor = await start()
    editor.texts[editor.uri("c.py")] = ""
    text = "# spec! Half a \ud83d character\nx = 1\n"
    params = {"textDocument": {"uri": editor.uri("c.py"), "languageId": "python", "version": 1, "text": text}}
    body = json.dumps({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": params}).encode()
    editor.client._server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    await editor.until_shown("0: ", path="c.py")


async def test_a_session_ends_with_code_0(editor: Editor) -> None:
    await until(lambda: editor.status)
    await editor.client.shutdown_session()
    assert await editor.ends() == 0


async def test_a_server_ends_when_its_editor_is_gone(editor: Editor) -> None:
    await until(lambda: editor.status)
    editor.client._server.stdin.close()
    await editor.ends()


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("specwright.queue", [{"uri": "file:///a.py"}]),
        ("specwright.queue", [{"uri": "file:///a.py", "line": "one"}]),
        ("specwright.accept", ["k7f3qa"]),
        ("specwright.accept", [{"task": 7}]),
        ("specwright.accept", []),
        ("specwright.accept", [{"task": "a"}, {"task": "b"}]),
    ],
)
async def test_a_wrong_argument_is_refused(editor: Editor, command: str, arguments: list[Any]) -> None:
    params = t.ExecuteCommandParams(command=command, arguments=arguments)
    with pytest.raises(JsonRpcInvalidParams):
        await editor.client.workspace_execute_command_async(params)


async def test_the_commands_are_those_that_editors_were_told(editor: Editor) -> None:
    assert set(editor.capabilities.execute_command_provider.commands) == set(COMMANDS)
    documented = (SERVER.parent / "docs" / "protocol.md").read_text()
    assert all(f"`{command}`" in documented for command in COMMANDS)
    assert editor.capabilities.diagnostic_provider is None


def test_nothing_blocks_the_pool_that_reads_the_editor() -> None:
    sources = list((SERVER / "specwright" / "lsp").glob("*.py"))
    assert sources
    assert not [path.name for path in sources if ".thread(" in path.read_text()]


async def test_each_document_is_published_once_where_nothing_differs(editor: Editor) -> None:
    await until(lambda: editor.status)
    await until(lambda: len(editor.published) == 2)  # when it was opened, and when the other files were looked at
    for _ in range(3):
        editor.type((3, 0), (3, 0), "\n")
    assert await editor.actions(0)
    await asyncio.sleep(0)
    assert editor.published == [editor.uri("a.py")] * 2
