"""The specs of a workspace, in a real server: what is known, how it follows the disk, and rules that look at it."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from lsprotocol import types as t

from lsp.editor import SECONDS, VSCODE, Editor, until
from lsp.texts import document
from specwright.lsp.index import Index, of_document, read
from specwright.lsp.indexer import Survey
from specwright.paths.scan import File
from user import User

WATCHING = t.ClientCapabilities(
    workspace=t.WorkspaceClientCapabilities(
        did_change_watched_files=t.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
        file_operations=t.FileOperationClientCapabilities(did_rename=True, did_delete=True, did_create=True),
    ),
    window=VSCODE.window,
    text_document=VSCODE.text_document,
)


def spec(title: str, *fields: str) -> str:
    lines = [f"spec! {title}", "It is so.", "- [ ] it is so, check: manual", *(f"- {field}" for field in fields)]
    return "".join(f"# {line}\n" for line in lines)


BASE, NEXT = spec("Lay the base (#base1)"), spec("Build on it", "after: #base1")


class Watcher(Editor):
    """An editor that no daemon is needed for, and that tells what changes on the disk."""

    def __init__(self, user: User) -> None:
        super().__init__(user)
        self.joins, self.options = False, {"trusted": False}
        self.registered: list[t.Registration] = []
        self._on(t.CLIENT_REGISTER_CAPABILITY, lambda params: self.registered.extend(params.registrations))

    async def begin(self, capabilities: t.ClientCapabilities = WATCHING) -> "Watcher":
        await self.start(capabilities)
        if capabilities is WATCHING:
            await until(lambda: self.registered)
        return self

    async def titles(self, query: str = "") -> list[str]:
        found = await self.client.workspace_symbol_async(t.WorkspaceSymbolParams(query))
        return sorted(symbol.name for symbol in found or [])

    async def until_titles(self, *titles: str) -> None:
        async with asyncio.timeout(SECONDS):
            while await self.titles() != sorted(titles):
                await asyncio.sleep(0.02)

    async def until_place(self, query: str, *paths: str) -> None:
        async with asyncio.timeout(SECONDS):
            while await self.places(query) != list(paths):
                await asyncio.sleep(0.02)

    async def places(self, query: str) -> list[str | None]:
        found = await self.client.workspace_symbol_async(t.WorkspaceSymbolParams(query))
        return [symbol.container_name for symbol in found or []]

    def put(self, files: Mapping[str, str]) -> None:
        """Write files, and tell of them."""
        self.user.put(files)
        self.tell(*files)

    def tell(self, *paths: str) -> None:
        events = [t.FileEvent(self.uri(path), t.FileChangeType.Changed) for path in paths]
        self.client.workspace_did_change_watched_files(t.DidChangeWatchedFilesParams(events))


@pytest.fixture
async def watcher(user: User) -> Any:
    user.make({"base.py": BASE, "next.py": NEXT, "plain.py": "# spec sheets are read\nx = 1\n"})
    made = await Watcher(user).begin()
    await made.until_titles("Lay the base", "Build on it")
    yield made
    await made.leave()


async def test_a_reference_across_files_is_known_until_its_spec_goes(watcher: Watcher) -> None:
    watcher.open("next.py")
    await watcher.until_shown(path="next.py")
    watcher.put({"base.py": "x = 1\n"})
    await watcher.until_shown("No spec '#base1'", code="SPEC403", path="next.py")
    watcher.put({"other.py": BASE})
    await watcher.until_shown(path="next.py")


async def test_a_spec_that_is_typed_elsewhere_counts_when_typing_rests(watcher: Watcher) -> None:
    watcher.open("next.py")
    watcher.open("base.py")
    watcher.type((0, 8), (0, 11), "Set", "base.py")
    watcher.type((0, 0), (0, 0), "# one\n\n", "base.py")
    watcher.type((2, 0), (3, 0), "# spec! Lay the base (#other)\n", "base.py")
    await watcher.until_shown("No spec '#base1'", code="SPEC403", path="next.py")
    watcher.close("base.py")
    await watcher.until_shown(path="next.py")


async def test_a_copy_is_told_and_not_the_spec_that_had_the_handle_first(watcher: Watcher) -> None:
    watcher.put({"a.py": BASE})
    for path in ("a.py", "base.py"):
        watcher.open(path)
    await watcher.until_shown("also used at base.py:1", code="SPEC012", path="a.py")
    assert watcher.shown("SPEC012", "base.py") == []
    watcher.put({"base.py": "x = 1\n"})
    watcher.close("base.py")
    await watcher.until_shown(code="SPEC012", path="a.py")


async def test_a_cycle_and_a_twin_are_told_in_every_file(watcher: Watcher) -> None:
    watcher.put({"base.py": spec("Lay the base (#base1)", "after: Build on it"), "z.py": spec("Twin (#base1)")})
    for path in ("base.py", "next.py", "z.py"):
        watcher.open(path)
    await watcher.until_shown("Cycle", code="SPEC402", path="base.py")
    await watcher.until_shown("Cycle", code="SPEC402", path="next.py")
    await watcher.until_shown("also used at base.py:1", code="SPEC012", path="z.py")
    assert "Queue as task" not in await watcher.actions(0, "z.py")


async def test_what_is_said_of_others_moves_with_its_block(watcher: Watcher) -> None:
    watcher.put({"base.py": "x = 1\n"})
    watcher.open("next.py")
    await watcher.until_shown("3: No spec", path="next.py")
    watcher.type((0, 0), (0, 0), "y = 1\n", "next.py")
    await watcher.until_shown("4: No spec", path="next.py")


async def test_files_come_go_and_are_renamed(watcher: Watcher) -> None:
    watcher.put({"sub/new.py": spec("Come"), ".gitignore": "made/\n"})
    await watcher.until_titles("Lay the base", "Build on it", "Come")
    watcher.put({"made/gone.py": spec("Made"), ".git/x.py": spec("Of git")})
    (watcher.user.root / "sub").rename(watcher.user.root / "sub2")
    old, new = watcher.uri("sub"), watcher.uri("sub2")
    watcher.client.workspace_did_rename_files(t.RenameFilesParams([t.FileRename(old, new)]))
    await watcher.until_place("come", "sub2/new.py")
    assert await watcher.titles() == ["Build on it", "Come", "Lay the base"]
    (watcher.user.root / "sub2" / "new.py").unlink()
    watcher.client.workspace_did_delete_files(t.DeleteFilesParams([t.FileDelete(watcher.uri("sub2/new.py"))]))
    await watcher.until_titles("Lay the base", "Build on it")


async def test_an_ignore_file_counts_at_once(watcher: Watcher) -> None:
    watcher.put({".gitignore": "next.py\n"})
    await watcher.until_titles("Lay the base")
    watcher.put({".gitignore": ""})
    await watcher.until_titles("Lay the base", "Build on it")


async def test_folders_of_the_workspace_come_and_go(watcher: Watcher) -> None:
    other = watcher.user.root.parent / "other"
    other.mkdir()
    (other / "a.py").write_text(spec("Elsewhere"))
    folder = t.WorkspaceFolder(other.as_uri(), "other")
    event = t.WorkspaceFoldersChangeEvent(added=[folder], removed=[])
    watcher.client.workspace_did_change_workspace_folders(t.DidChangeWorkspaceFoldersParams(event))
    await watcher.until_titles("Lay the base", "Build on it", "Elsewhere")
    event = t.WorkspaceFoldersChangeEvent(added=[], removed=[folder])
    watcher.client.workspace_did_change_workspace_folders(t.DidChangeWorkspaceFoldersParams(event))
    await watcher.until_titles("Lay the base", "Build on it")


async def test_without_trust_specs_are_read_and_nothing_runs(watcher: Watcher) -> None:
    assert await watcher.titles("base") == ["Lay the base"]
    assert not list(watcher.user.state.glob("*.db"))


async def test_an_editor_that_can_not_watch_is_asked_for_nothing(user: User) -> None:
    user.make({"base.py": BASE})
    editor = await Watcher(user).begin(VSCODE)
    await editor.until_titles("Lay the base")
    assert editor.registered == []
    await editor.leave()


def survey(user: User) -> dict[str, dict[str, list[str]]]:
    look = Survey([str(user.root)])
    look.run()
    return {
        root.removeprefix(str(user.root)): {
            path: [entry.known.title for entry in specs] for path, specs in files.items()
        }
        for root, files in look.found.items()
    }


def test_a_look_skips_what_is_no_text_of_the_project(user: User) -> None:
    user.make({"a.py": spec("A"), ".gitignore": "*.log\nmade/\n", ".github/b.yml": spec("B"), "build/c.py": spec("C")})
    user.put(
        {
            "x.log": spec("L"),
            "made/x.py": spec("M"),
            "n.ipynb": spec("N"),
            "b.bin": b"# spec! B\n\0",
            "w.py": b"# spec! \xff\n",
        }
    )
    user.put({"big.py": spec("Big") + "x" * 1_000_000, "long.py": "# spec! " + "y" * 20_000 + "\n"})
    (user.root / "link.py").symlink_to("a.py")
    assert survey(user)[""] == {"a.py": ["A"], ".github/b.yml": ["B"], "build/c.py": ["C"]}


def test_a_checkout_within_another_is_one_of_its_own(user: User) -> None:
    user.make({"a.py": spec("A (#same1)"), "sub/.git": "gitdir: nowhere\n", "sub/b/c.py": spec("B (#same1)")})
    assert survey(user) == {"": {"a.py": ["A"]}, "/sub": {"b/c.py": ["B"]}}


def test_a_look_ends_when_it_is_told_to(user: User) -> None:
    user.make({"a.py": spec("A")})
    look = Survey([str(user.root)])
    look.stop.set()
    look.run()
    assert (look.whole, look.found) == (False, {str(user.root): {}})


def test_rules_know_nothing_of_a_checkout_that_was_not_looked_at_as_a_whole() -> None:
    index = Index()
    index.put(*of_document(document(BASE)))
    root = of_document(document(BASE))[0].root
    assert (index.facts(root), len(index.named(root, "#base1"))) == (None, 1)
    index.fill(root, {}, whole=False, paths=set())
    assert index.facts(root) is None


@pytest.mark.parametrize(
    ("reference", "count"), [("#base1", 1), ("#BASE1", 0), ("lay THE base", 1), ("#other", 0), ("", 0)]
)
def test_specs_are_found_by_their_names(reference: str, count: int) -> None:
    file, specs = of_document(document(BASE + "\nx = 1\n" + NEXT))
    index = Index()
    assert index.put(file, specs)
    assert not index.put(file, specs)
    assert len(index.named(file.root, reference)) == count
    assert [entry.known.title for entry in index.naming(file.root, specs[0].known)] == ["Build on it"]
    assert index.put(file, ())
    assert not index.named(file.root, "#base1")


def test_a_buffer_and_a_file_say_the_same(user: User) -> None:
    user.make({"a.py": "x = 1\n\n" + BASE})
    held = document("x = 1\n\n" + BASE, uri=(user.root / "a.py").as_uri())
    assert of_document(held) == (File(str(user.root), "a.py"), read(File(str(user.root), "a.py")))


def test_a_file_is_read_as_its_project_says(user: User) -> None:
    settings = '[spec]\nmarkers = ["spec!", "task!"]\nfiles = ["plans/*.md"]\n'
    user.make({"specwright.toml": settings, "a.py": "# task! One\n# - [ ] x\n", "plans/b.md": "# Two\n\n- [ ] y\n"})
    root = str(user.root)
    found = [entry.known.title for path in ("a.py", "plans/b.md") for entry in read(File(root, path))]
    assert found == ["One", "Two"]
    assert read(File("", f"{root}/a.py")) == ()
