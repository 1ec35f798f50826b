"""What rules know in an editor of the world outside a spec: files, settings, programs, tasks. In a real server."""

from collections.abc import AsyncIterator

import pytest

from lsp.conftest import Start, edit
from lsp.editor import until
from lsp.test_index import Watcher
from lsp.typist import apply, offered
from user import SETTINGS, User, script

SEEN = "# spec! Say more\n# The greeting is longer.\n# - [ ] it is longer, check: `{}`\n# - see: {}\nx = 1\n"


@pytest.fixture
async def watcher(user: User) -> AsyncIterator[Watcher]:
    """A window on a project with one page, watched for changes on the disk."""
    user.make({"docs/here.md": "# Title\n", "a.py": SEEN.format("true", "docs/hree.md"), "Makefile": "test:\n\ttrue\n"})
    made = await Watcher(user).begin()
    yield made
    await made.leave()


async def test_a_path_is_missing_until_its_file_comes(watcher: Watcher) -> None:
    watcher.open("a.py")
    await watcher.until_shown("'docs/hree.md' does not exist", code="SPEC311")
    watcher.put({"docs/hree.md": "x\n"})
    await watcher.until_shown(code="SPEC311")
    (watcher.user.root / "docs/hree.md").unlink()
    watcher.tell("docs/hree.md")
    await watcher.until_shown("'docs/hree.md' does not exist", code="SPEC311")


async def test_a_new_file_counts_also_while_an_editor_holds_it(watcher: Watcher) -> None:
    watcher.open("a.py", SEEN.format("true", "docs/here.md").replace("\nx = 1", "\n# - files: gen/*.py\nx = 1"))
    await watcher.until_shown("'gen/*.py' matches no file", code="SPEC312")
    watcher.open("gen/x.py", "x = 1\n")
    watcher.put({"gen/x.py": "x = 1\n"})
    await watcher.until_shown(code="SPEC312")


async def test_what_is_known_of_files_mends_what_names_them(watcher: Watcher) -> None:
    watcher.open("a.py")
    await watcher.until_shown("3: ", code="SPEC311")
    apply(watcher, (await offered(watcher, (3, 12)))["Use 'docs/here.md'"])
    await watcher.until_shown(code="SPEC311")
    assert "# - see: docs/here.md\n" in watcher.text()


async def test_a_program_is_looked_for_where_a_run_looks(watcher: Watcher) -> None:
    watcher.open("a.py", SEEN.format("nosuchtool --fast", "docs/here.md"))
    await watcher.until_shown("'nosuchtool' of this check was not found", code="SPEC314")
    program = watcher.user.root / ".venv" / "bin" / "nosuchtool"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    watcher.type((0, 13), (0, 13), "much ")
    await watcher.until_shown(code="SPEC314")


async def test_known_commands_are_offered_for_a_check_that_is_lost(watcher: Watcher) -> None:
    watcher.open("a.py", SEEN.format("nosuchtool --fast", "docs/here.md"))
    await watcher.until_shown("nosuchtool", code="SPEC314")
    apply(watcher, (await offered(watcher, (2, 20)))["Write `make test` instead"])
    assert "check: `make test`\n" in watcher.text()


async def test_settings_say_how_much_a_rule_matters_at_once(watcher: Watcher) -> None:
    watcher.open("a.py", "# spec! Say more\n# Say it longer.\n# - [ ] it is longer, check: `true`\n# - colour: red\n")
    await until(lambda: severities(watcher, "SPEC004") == [2])
    for level, shown in (("error", [1]), ("off", []), ("hint", [4])):
        watcher.put({"specwright.toml": f'[lint.rules]\nSPEC004 = "{level}"\n'})
        await until(lambda shown=shown: severities(watcher, "SPEC004") == shown)


async def test_what_the_parser_says_is_mended_and_switched_off_like_rules(watcher: Watcher) -> None:
    watcher.open("a.py", "x = 1\n\n# spec!\n# - [ ] it is, check: `true`\n")
    await watcher.until_shown("2: Spec has no title", code="SPEC001")
    [title] = [title for title in await offered(watcher, (2, 4)) if "title" in title]
    apply(watcher, (await offered(watcher, (2, 4)))[title])
    await watcher.until_shown(code="SPEC001")
    watcher.undo()
    await watcher.until_shown("2: ", code="SPEC001")
    watcher.put({"specwright.toml": '[lint.rules]\nSPEC001 = "off"\n'})
    await watcher.until_shown(code="SPEC001")


async def test_another_marker_counts_in_texts_that_are_open(watcher: Watcher) -> None:
    watcher.open("a.py", "# work! Say more\n# - [ ] it is longer\n")
    await watcher.until_shown()
    watcher.put({"specwright.toml": '[spec]\nmarkers = ["work!"]\n'})
    await watcher.until_titles("Say more")
    assert "Queue as task" in await watcher.actions(0)


async def test_gates_and_limits_of_the_project_hold(watcher: Watcher) -> None:
    gates = '[gates.tests]\ncommand = ["true"]\n[limits]\nseconds = 600\n'
    watcher.put({"specwright.toml": gates})
    watcher.open(
        "a.py", SEEN.format("true", "docs/here.md").replace("\nx = 1", "\n# - gates: -tests\n# - budget: 2 h\nx = 1")
    )
    await watcher.until_shown("4: Project settings do not allow removing 'tests'", code="SPEC505")
    await watcher.until_shown("5: Budget 2 h is over the project limit 10 min", code="SPEC506")
    apply(watcher, (await offered(watcher, (5, 14)))["Use 10 min"])
    await watcher.until_shown(code="SPEC506")


async def test_a_spec_is_compared_with_its_task_and_with_those_of_others(user: User, start: Start) -> None:
    text = "# spec! Say two\n# - [ ] it says two, check: `grep -q 2 b.py`\n# - files: b.py\n"
    other = "# spec! Say three\n# - [ ] it says three, check: manual\n# - files: b.py\n"
    slow = script([edit("b = 1", "b = 2", "b.py")])
    user.make({"a.py": text, "o.py": other, "b.py": "b = 1\n", "specwright.toml": SETTINGS, "script.json": slow})
    editor = await start()
    editor.open("a.py")
    editor.open("o.py")
    await editor.queue()
    await editor.until_shown("Overlaps 1 file with 'Say two' (review)", code="SPEC404", path="o.py")
    assert editor.shown("SPEC404") == editor.shown("SPEC501") == []
    editor.type((1, 10), (1, 12), "she")
    await editor.until_shown("Edited since it was queued (just now). The task has the old text.", code="SPEC501")
    apply(editor, (await offered(editor, (2, 3), path="o.py"))["Wait for 'Say two'"], "o.py")
    await editor.until_shown(code="SPEC404", path="o.py")


async def test_what_is_said_of_other_lines_stays_while_one_is_typed(watcher: Watcher) -> None:
    watcher.open("a.py")
    await watcher.until_shown("3: ", code="SPEC311")
    watcher.client.diagnostics.clear()
    watcher.published.clear()
    watcher.type((1, 2), (1, 3), "‹which› t")
    await watcher.until_shown("1: ", code="SPEC108")
    assert watcher.shown("SPEC311") == ["3: 'docs/hree.md' does not exist."]
    watcher.type((1, 2), (1, 2), "one\n# ")
    await watcher.until_shown("2: ", code="SPEC108")
    assert watcher.shown("SPEC311") == ["4: 'docs/hree.md' does not exist."]
    watcher.type((4, 7), (4, 19), "docs/here.md")
    await watcher.until_shown(code="SPEC311")


async def test_of_too_many_problems_the_gravest_are_shown(watcher: Watcher) -> None:
    odd = "# spec! Part {}\n# It is so.\n# - [ ] it is done, check: `true`\n# - colour: red\n\n"
    text = "".join(odd.format(number) for number in range(400))
    watcher.open("a.py", text + "# spec! Last\n# It is ‹how›.\n# - [ ] it is done\n")
    await watcher.until_shown("2001: ", code="SPEC108")
    await until(lambda: any("more" in line for line in watcher.shown("SPEC004")))
    assert len(watcher.shown()) == 301


def severities(editor: Watcher, code: str, path: str = "a.py") -> list[int | None]:
    return [item.severity for item in editor.client.diagnostics.get(editor.uri(path), ()) if item.code == code]


async def test_what_a_file_holds_and_which_programs_there_are_counts_anew_after_a_change(watcher: Watcher) -> None:
    watcher.put({"b.py": "old = 1\n"})
    watcher.open("a.py", SEEN.format("nosuchtool x", "b.py::newname"))
    await watcher.until_shown("'newname' does not exist in b.py", code="SPEC311")
    program = watcher.user.root / ".venv" / "bin" / "nosuchtool"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    watcher.put({"b.py": "newname = 1\n"})
    await watcher.until_shown(code="SPEC311")
    await watcher.until_shown(code="SPEC314")


async def test_in_markdown_the_spec_that_is_typed_in_is_the_one_that_waits(watcher: Watcher) -> None:
    spec = "## spec! {}\n\nIt is so.\n\n- [ ] it is so, check: `true`\n- see: docs/gone.md\n\n"
    watcher.open("a.md", spec.format("One") + spec.format("Two"), "markdown")
    await watcher.until_shown("5: ", "12: ", code="SPEC311", path="a.md")
    watcher.type((11, 0), (11, 5), "- ‹x›", "a.md")
    await watcher.until_shown("11: ", code="SPEC108", path="a.md")
    assert [line[:2] for line in watcher.shown("SPEC311", "a.md")] == ["5:", "12"]
    found = {item.range.start.line: item.severity for item in watcher.client.diagnostics[watcher.uri("a.md")]}
    assert found[11] == 4


async def test_a_comment_of_comments_hides_no_other_file(watcher: Watcher) -> None:
    watcher.put({"m.js": "// spec! M\n" + "/**/" * 2_400 + "\n", "z.py": "# spec! Z\n# - [ ] x\n"})
    await watcher.until_titles("M", "Say more", "Z")


async def test_settings_that_only_waste_time_are_refused(watcher: Watcher) -> None:
    for text in ("a = " + "9" * 5_000, "a." * 20_000 + "a = 1", '[spec]\nfiles = ["' + "*" * 100_000 + '"]'):
        watcher.put({"specwright.toml": text})
        watcher.open("b.py", "# spec! B\n# It is ‹how›.\n# - [ ] x is 1\n")
        await watcher.until_shown("1: ", code="SPEC108", path="b.py")
        watcher.close("b.py")


TWIN = "# spec! Add tests\n# There are some.\n# - [ ] they pass, check: `true`\n"


async def test_of_twins_each_can_be_waited_for_by_a_handle_that_it_gets(watcher: Watcher) -> None:
    watcher.put({"b.py": TWIN, "c.py": TWIN})
    watcher.tell("b.py")
    watcher.tell("c.py")
    watcher.open("c.py")
    watcher.open("a.py", SEEN.format("true", "docs/here.md").replace("\nx = 1", "\n# - after: Add tests\nx = 1"))
    await watcher.until_shown("'Add tests' fits 2 specs", code="SPEC403")
    found = await offered(watcher, (4, 12))
    assert {title for title in found if "by a handle" in title} == {
        "Wait for 'Add tests' of b.py:1 by a handle",
        "Wait for 'Add tests' of c.py:1 by a handle",
    }
    apply(watcher, found["Wait for 'Add tests' of c.py:1 by a handle"])
    await until(lambda: "# spec! Add tests (#" in watcher.text("c.py"))
    handle = watcher.text("c.py").partition("(#")[2][:6]
    assert f"# - after: #{handle}\n" in watcher.text("a.py")
    await watcher.until_shown(code="SPEC403")


async def test_a_twin_leads_to_the_other(watcher: Watcher) -> None:
    watcher.put({"b.py": TWIN})
    watcher.tell("b.py")
    watcher.open("c.py", TWIN)
    await watcher.until_shown("b.py:1", code="SPEC401", path="c.py")
    [item] = [item for item in watcher.client.diagnostics[watcher.uri("c.py")] if item.code == "SPEC401"]
    [other] = item.related_information
    assert (other.location.uri, other.location.range.start.line) == (watcher.uri("b.py"), 0)
