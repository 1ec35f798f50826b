"""What is wrong with a project's `specwright.toml` is shown in the editor that holds it. In a real server."""

from collections.abc import AsyncIterator

import pytest

from lsp.editor import Editor
from lsp.test_index import Watcher
from user import User

PATH = "specwright.toml"
GATE = '[gates.tests]\ncommand = "true"\n'
BEGIN = {"specwright.toml": GATE + "timeout = 5\n", "sub/specwright.toml": "agnet = 'x'\n", "a.py": ""}


@pytest.fixture
async def watcher(user: User) -> AsyncIterator[Watcher]:
    user.make(BEGIN)
    made = await Watcher(user).begin()
    yield made
    await made.leave()


def told(editor: Editor, path: str = PATH) -> list[tuple[int, int, int, int | None]]:
    """Line, columns and severity of each problem of settings."""
    found = [d for d in editor.client.diagnostics[editor.uri(path)] if d.code == "settings"]
    assert {(d.source, d.range.end.line - d.range.start.line) for d in found} <= {("specwright", 0)}
    return [(d.range.start.line, d.range.start.character, d.range.end.character, d.severity) for d in found]


@pytest.mark.parametrize(
    ("text", "parts", "places"),
    [
        ("agnet = 'x'\n", ["Unknown key 'agnet'. Did you mean 'agent'?"], [(0, 0, 11, 2)]),
        (GATE + "timeout = '😀'\n", ["'gates.tests.timeout' must be a whole number"], [(2, 0, 14, 2)]),
        ("x = 1\n[gates.tests\n", ["This is not TOML"], [(1, 0, 12, 1)]),
        ("x = 1\n\n[gates", ["This is not TOML"], [(2, 0, 6, 1)]),
        ("a." * 200 + "a = 1", ["a key has too many dots"], [(0, 0, 405, 1)]),
        (
            "[gates]\n'.x' = {command = 'x'}\nb = {}\n",
            ["can't name a gate", "no command"],
            [(1, 0, 22, 1), (2, 0, 6, 2)],
        ),
    ],
)
async def test_each_problem_is_shown_where_it_stands(
    watcher: Watcher, text: str, parts: list[str], places: list[tuple[int, int, int, int]]
) -> None:
    watcher.open(PATH, text, "toml")
    await watcher.until_shown(*parts, code="settings", path=PATH)
    assert told(watcher) == places


async def test_what_is_typed_counts_when_typing_rests_saved_or_not(watcher: Watcher) -> None:
    watcher.open(PATH, language="toml")
    await watcher.until_shown(code="settings", path=PATH)
    watcher.type((2, 10), (2, 11), "-1", PATH)
    await watcher.until_shown("2: 'gates.tests.timeout'", code="settings", path=PATH)
    watcher.type((0, 0), (0, 0), "# Checks\n\n", PATH)
    await watcher.until_shown("4: 'gates.tests.timeout'", code="settings", path=PATH)
    watcher.type((4, 10), (4, 12), "5", PATH)
    await watcher.until_shown(code="settings", path=PATH)


async def test_they_leave_with_the_buffer(watcher: Watcher) -> None:
    watcher.open(PATH, "agnet = 'x'\n", "toml")
    await watcher.until_shown("0: Unknown key 'agnet'", code="settings", path=PATH)
    watcher.close(PATH)
    await watcher.until_shown(path=PATH)


async def test_a_file_of_that_name_in_another_folder_is_no_settings(watcher: Watcher) -> None:
    watcher.open("sub/specwright.toml", language="toml")
    watcher.open(PATH, "agnet = 'x'\n", "toml")
    await watcher.until_shown("0: ", code="settings", path=PATH)
    assert watcher.shown(path="sub/specwright.toml") == []


async def test_a_spec_in_the_settings_is_checked_beside_them(watcher: Watcher) -> None:
    watcher.open(PATH, "# spec! Say ‹which›\n# - [ ] x is 1\nagnet = 'x'\n", "toml")
    await watcher.until_shown("2: Unknown key", code="settings", path=PATH)
    await watcher.until_shown("0: Unresolved", code="SPEC108", path=PATH)
