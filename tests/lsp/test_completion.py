"""Completion in a real session: what is offered in a spec, what a taken item makes of the text, nothing elsewhere."""

from pathlib import Path

import pytest
from lsprotocol import types as t

from lsp.conftest import Start
from lsp.editor import MINIMAL, VSCODE, Editor, until
from lsp.texts import ENCODINGS, size
from lsp.typist import SNIPPETS, complete, result, take
from specwright.lsp.completion import Completion
from specwright.lsp.handles import Handles
from specwright.spec.languages import language_of
from specwright.spec.model import Spec
from specwright.spec.parser import parse
from user import User

FILES = {
    "specwright.toml": '[gates.lint]\ncommand = "ruff check"\n[gates.tests]\ncommand = "pytest -q"\n',
    "pyproject.toml": "[tool.pytest.ini_options]\n[tool.poe.tasks]\ncheck = 'x'\n'a; b' = 'x'\n",
    "package.json": '{"scripts": {"test": "x", "lint": "x", "$(touch ran)": "x"}}',
    "Makefile": "VAR := 1\nall: x\ntest unit:\n\ttouch ran\n",
    "justfile": "set x := 'y'\nbuild arg='z':\n  touch ran\n",
    "tox.ini": "[tox]\n[testenv:py311]\n",
    ".specs/templates/feature.md": "",
    ".specs/templates/Odd Name.md": "",
    "src/app.py": "MOST: int = 3\nclass App:\n    X = 1\n    async def run(self):\n        pass\n\ndef main(): ...\n",
    "docs/dur.ts": "export const UNIT = 1\nexport const enum Kind {}\nlet last;\nif (a == 1) { const no = 2 }\n",
    "docs/lib.rs": "pub const fn size() {}\npub static mut COUNT: u8 = 0;\nX == 1;\n",
    "tests/test_app.py": "def test_run(): ...\n",
    "tests/odd name.py": "",
    "src/deep/b c.py": "",
    "src/deep/x.py": "",
    "docs/guide.md": "# Guide\n\n## How to begin, now\n",
    "other.py": "# spec! Read amounts\n# - [ ] x\n\n# spec! Named (#abcd12)\n# - [ ] x\n",
}


@pytest.fixture
async def typist(user: User, start: Start) -> Editor:
    """A window on a project with something to offer."""
    user.make(FILES)
    return await start(SNIPPETS)


async def labels(editor: Editor, text: str, path: str = "a.py", sign: str | None = None) -> list[str]:
    """What is offered at the `|` of a text."""
    before, _, behind = text.partition("|")
    if editor.uri(path) in editor.texts:
        editor.close(path)
    editor.open(path, before + behind, "")
    line = before.count("\n")
    return list(await complete(editor, line, len(before) - before.rfind("\n") - 1, path, sign))


def specs(text: str, path: str = "a.py") -> tuple[Spec, ...]:
    return parse(text, language_of(path))[0]


async def test_values_come_from_the_language_and_the_project(typist: Editor) -> None:
    spec = "# spec! A\n# - "
    assert await labels(typist, f"{spec}priority: |") == ["high", "normal", "low"]
    assert "2 h" in await labels(typist, f"{spec}budget: $2, |")
    assert await labels(typist, f"{spec}gates: |") == ["lint", "tests", "-lint", "-tests"]
    assert await labels(typist, f"{spec}template: |") == ["feature"]
    assert await labels(typist, f"{spec}files: |", sign=" ") == [
        "docs/", "src/", "tests/", "Makefile", "justfile", "other.py", "package.json", "pyproject.toml",
        "specwright.toml", "tox.ini",
    ]  # fmt: skip
    assert await labels(typist, f"{spec}files: x src/de|") == ["src/deep/"]
    assert await labels(typist, f"{spec}files: !src/|") == ["!src/deep/", "!src/app.py", "!src/**/*.py"]
    assert await labels(typist, f"{spec}files: .sp|") == [".specs/"]
    assert await labels(typist, f"{spec}see: src/app.py::|", sign=":") == [
        "src/app.py::App",
        "src/app.py::run",
        "src/app.py::main",
        "src/app.py::MOST",
    ]
    assert await labels(typist, f"{spec}see: docs/dur.ts::|") == [
        f"docs/dur.ts::{name}" for name in ("Kind", "UNIT", "last")
    ]
    assert await labels(typist, f"{spec}see: docs/lib.rs::|") == ["docs/lib.rs::size", "docs/lib.rs::COUNT"]
    assert await labels(typist, f"{spec}see: docs/guide.md#|", sign="#") == [
        "docs/guide.md#guide",
        "docs/guide.md#how-to-begin-now",
    ]
    assert await labels(typist, f"{spec}[ ] x, check: |", sign=" ") == [
        "manual", "`ruff check`", "`pytest -q`", "`poe check`", "`npm test`", "`npm run lint`", "`make all`",
        "`just build`", "`tox`", "`tox -e py311`",
    ]  # fmt: skip
    assert not (typist.user.root / "ran").exists()


@pytest.mark.parametrize("path", ["../", "/etc/", "~/", "src/../../", "out/", "loop/", "none/"])
async def test_nothing_outside_of_the_checkout_is_named(typist: Editor, path: str) -> None:
    (typist.user.root / "out").symlink_to(typist.user.home)
    (typist.user.root / "loop").symlink_to("loop")
    (typist.user.root / ".specs" / "templates" / "far").symlink_to("/etc")
    assert await labels(typist, f"# spec! A\n# - files: {path}|") in ([], [f"{path}**/*.py"])
    assert await labels(typist, f"# spec! A\n# - see: {path}hosts#|") == []


@pytest.mark.parametrize(
    ("path", "text", "globs"),
    [
        ("a.ts", "// spec! A\n// - files: src/|", ["src/**/*.ts"]),
        ("a.ts", "/* spec! A\n * - files: src/|\n */", []),
        ("a.rs", "/* spec! A\n * - files: src/|\n */", []),
    ],
)
async def test_no_glob_ends_its_own_comment(typist: Editor, path: str, text: str, globs: list[str]) -> None:
    found = await labels(typist, text, path)
    assert "src/app.py" in found
    assert [label for label in found if "*" in label] == globs


@pytest.mark.parametrize("text", ["# |\n", "# spec! A\n# |", "x = |", "# hello |", "# spec! A\n# goes on |"])
async def test_a_sign_in_prose_or_code_is_not_answered(typist: Editor, text: str) -> None:
    assert await labels(typist, text, sign=" ") == []


async def test_a_path_with_a_space_stands_in_back_ticks(typist: Editor) -> None:
    for typed, behind in (("src/deep/b", ""), ("`src/deep/b", ""), ("`src/deep/b", "`")):
        text = f"# spec! A\n# - files: {typed}{behind}\n"
        await labels(typist, f"# spec! A\n# - files: {typed}|{behind}\n")
        item = (await complete(typist, 1, 11 + len(typed)))["src/deep/b c.py"]
        assert specs(result(text, item))[0].values("files") == ("`src/deep/b c.py`",)


async def test_a_pattern_in_markdown_stands_in_back_ticks(typist: Editor) -> None:
    for typed, behind in (("src/", ""), ("`src/", ""), ("`src/", "`")):
        text = f"# spec! A\n- files: {typed}{behind}\n"
        await labels(typist, f"# spec! A\n- files: {typed}|{behind}\n", "a.md")
        item = (await complete(typist, 1, 9 + len(typed), "a.md"))["src/**/*.md"]
        assert specs(result(text, item), "a.md")[0].values("files") == ("`src/**/*.md`",)


@pytest.mark.parametrize(
    ("before", "behind"), [("check: ", ""), ("check: `", ""), ("check: `py", "`"), ("che", ""), ("check:", "")]
)
async def test_a_command_is_taken_with_its_back_ticks(typist: Editor, before: str, behind: str) -> None:
    text = f"# spec! A\n# - [ ] one, {before}{behind}\n"
    assert await labels(typist, f"# spec! A\n# - [ ] one, {before}|{behind}\n")
    found = await complete(typist, 1, 13 + len(before))
    item = next(item for label, item in found.items() if "pytest -q" in label)
    [criterion] = specs(result(text, item))[0].criteria
    assert (criterion.text, criterion.check) == ("one", "pytest -q")


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_columns_count_as_the_client_does(user: User, start: Start, encoding: str) -> None:
    user.make(FILES)
    editor = await start(encoding=encoding)
    text = "# spec! A 😀\n# - files: 😀é.py src/\n"
    editor.open("a.py", text)
    column = size("# - files: 😀é.py src/", encoding)
    item = (await complete(editor, 1, column))["src/app.py"]
    assert specs(result(text, item, encoding))[0].values("files") == ("😀é.py src/app.py",)


async def test_a_snippet_stops_at_each_hole_where_the_client_can(typist: Editor) -> None:
    typist.open("a.ts", "  // \n", "typescript")
    item = (await complete(typist, 0, 5, "a.ts"))["spec!"]
    assert item.text_edit.new_text == (
        "spec! ${1:‹title›}\n  // ${2:‹what is true afterwards, and why›}\n"
        "  // - [ ] ${3:‹observable result›}, check: `${4:‹command›}`"
    )
    assert (item.insert_text_format, item.insert_text_mode) == (2, 1)


async def test_a_snippet_on_the_last_line_has_the_line_ends_of_the_text(typist: Editor) -> None:
    typist.open("a.ts", "let x\r\n// ", "typescript")
    text = (await complete(typist, 1, 3, "a.ts"))["spec!"].text_edit.new_text
    assert text.count("\n") == text.count("\r\n") == 2


@pytest.mark.parametrize("capabilities", [MINIMAL, VSCODE], ids=["minimal", "vscode"])
async def test_a_client_without_snippets_gets_the_marker_line(user: User, start: Start, capabilities: object) -> None:
    user.make(FILES)
    editor = await start(capabilities)
    editor.open("a.ts", "  // \r\n", "typescript")
    item = (await complete(editor, 0, 5, "a.ts"))["spec!"]
    assert item.insert_text_format is None
    editor.open("b.py", "# spec! A\n# - \n")
    assert isinstance((await complete(editor, 1, 4, "b.py"))["must:"].documentation, str)
    take(editor, item, "a.ts")
    assert editor.text("a.ts") == "  // spec! ‹title›\r\n"
    await editor.until_shown("‹title›", code="SPEC108", path="a.ts")


@pytest.mark.parametrize(
    ("criterion", "path", "made"),
    [
        ("x, check: `pytest tests/te|`", "tests/test_app.py", "x, check: `pytest tests/test_app.py`"),
        ("x, check: pytest tests/te|", "tests/test_app.py", "x, check: pytest tests/test_app.py"),
        (
            "x, check: `pytest tests/test_app.py::|`",
            "tests/test_app.py::test_run",
            "x, check: `pytest tests/test_app.py::test_run`",
        ),
        ("x, check: `pytest --rootdir=sr|", "src/", "x, check: `pytest --rootdir=src/"),
        ("x, check: `src/ap|", "src/app.py", "x, check: `src/app.py"),
        ("x, check: `pytest tests/o|`", "tests/odd name.py", "x, check: `pytest 'tests/odd name.py'`"),
        ("x,\n#   check: `pytest te|`", "tests/", "x,\n#   check: `pytest tests/`"),
        ("x, check: `pytest\n#   tests/te|`", "tests/test_app.py", "x, check: `pytest\n#   tests/test_app.py`"),
        ("x, check: `pytest ../|`", None, ""),
        ("x, check: `te|`", None, ""),
        ("x tests/|", None, ""),
    ],
)
async def test_paths_are_offered_in_a_check(typist: Editor, criterion: str, path: str | None, made: str) -> None:
    before, _, behind = f"# spec! A\n# - [ ] {criterion}".partition("|")
    typist.open("a.py", before + behind)
    at = before.count("\n"), len(before) - before.rfind("\n") - 1
    found = await complete(typist, *at)
    assert len({item.text_edit.range.start.character for item in found.values()}) <= 1
    if path is None:
        assert not [label for label in found if "/" in label]
    else:
        assert result(before + behind, found[path]) == f"# spec! A\n# - [ ] {made}"


async def test_codes_are_offered_with_what_they_say(typist: Editor) -> None:
    found = await labels(typist, "# spec! A\n# It is.\n# - [ ] it is fast\n# - allow: |")
    assert found[:3] == ["SPEC103", "SPEC104", "SPEC201"]
    assert {"SPEC002", "SPEC107"} < set(found)
    assert not {"SPEC101", "SPEC504"} & set(found)
    item = (await complete(typist, 3, 11))["SPEC201"]
    assert (item.detail, item.text_edit.new_text) == ("A vague word", "SPEC201 ${1:‹reason›}")
    assert await labels(typist, "# spec! A\n# - [ ] x\n# - allow: SPEC201 s|") == []


async def test_a_key_says_what_it_means(typist: Editor) -> None:
    typist.open("a.py", "# spec! A\n# - \n")
    item = (await complete(typist, 1, 4, sign=" "))["must:"]
    assert item.text_edit.new_text == "must: "
    assert item.documentation.value == "told to the agent: stays true\n\n```\n- must: no new dependency\n```"


async def test_a_spec_of_this_file_is_named_and_gets_its_handle_in_one_step(typist: Editor) -> None:
    text = "# spec! First 😀\n# - [ ] x\n\n# spec! Second\n# - [ ] y\n# - after: \n"
    typist.open("a.py", text)
    found = await complete(typist, 5, 11)
    assert {"First 😀", "Second"} & set(found) == {"First 😀"}
    take(typist, found["First 😀"])
    first, second = specs(typist.text())
    assert first.handle
    assert second.values("after") == (f"#{first.handle}",)
    typist.undo()
    assert typist.text() == text


async def test_a_spec_of_another_file_gets_its_handle_once_the_reference_is_there(typist: Editor) -> None:
    typist.open("other.py")
    typist.open("a.py", "# spec! Here\n# - [ ] x\n# - after: Read\n")
    assert (await complete(typist, 2, 11))["Named"].text_edit.new_text == "#abcd12"
    found = await complete(typist, 2, 15)
    assert list(found) == ["Read amounts"]
    item = found["Read amounts"]
    again = await complete(typist, 2, 15)
    assert again["Read amounts"].text_edit.new_text == item.text_edit.new_text
    assert not typist.edits
    take(typist, item)
    handle = specs(typist.text())[0].values("after")[0]
    await until(lambda: f"# spec! Read amounts ({handle})\n" in typist.text("other.py"))
    typist.type((0, 0), (0, 0), "#\n")
    assert await labels(typist, "# spec! Here\n# - after: |") == ["Read amounts", "Named"]
    assert len(typist.edits) == 1


async def test_a_handle_that_an_editor_refuses_is_tried_once_more_and_left(typist: Editor) -> None:
    typist.open("other.py")
    typist.open("a.py", "# spec! Here\n# - [ ] x\n# - after: \n")
    item = (await complete(typist, 2, 11))["Read amounts"]
    typist.close("other.py")
    typist.refuses = True
    take(typist, item)
    await until(lambda: len(typist.edits) == 2)
    [change] = typist.edits[0].edit.document_changes
    assert (change.text_document.uri, change.text_document.version) == (typist.uri("other.py"), None)
    typist.type((0, 0), (0, 0), "#\n")
    assert await complete(typist, 1, 0) == {}
    assert len(typist.edits) == 2


async def test_it_works_in_a_folder_that_is_not_trusted(user: User) -> None:
    user.make(FILES)
    editor = Editor(user)
    editor.options, editor.joins = {"trusted": False}, False
    await editor.start(SNIPPETS)
    editor.open("a.py", "# spec! A\n# - [ ] x, check: \n")
    assert "`make all`" in await complete(editor, 1, 19)
    assert not (Path(user.root) / "ran").exists()
    await editor.leave()


@pytest.mark.parametrize(
    ("name", "version", "has_filter"),
    [("Neovim", "0.7.2", False), ("Neovim", "0.10.4", False), ("Neovim", "0.11.2", True), ("Code", "1.9.0", True)],
)
def test_an_old_neovim_heeds_the_range_of_what_has_no_filter(name: str, version: str, has_filter: bool) -> None:
    completion = Completion(Handles())
    completion.adapt(VSCODE, t.ClientInfo(name=name, version=version))
    assert completion.filters is has_filter
