import errno
import os
from pathlib import Path

import pytest

from specwright.agents.texts import READ_BYTES
from specwright.agents.tools import OUTPUT_BYTES, Tools
from specwright.tasks.protocols import Limits


async def check(tools: Tools, name: str, given: dict[str, object], *words: str, error: bool = False) -> str:
    """Call a tool, and expect words in its answer."""
    result = await tools.call(name, given)
    assert result.is_error is error, result.text
    assert result.text.startswith("ERROR: ") is error
    assert all(word in result.text for word in words), result.text
    return result.text


async def test_bash_runs_in_the_slot_and_tells_the_exit_status(tools: Tools) -> None:
    await check(tools, "bash", {"command": "ls; echo no >&2; exit 3"}, "exit status 3", "greeting.py", "[stderr]\nno")


async def test_bash_is_ended_at_its_time_limit(tools: Tools) -> None:
    await check(tools, "bash", {"command": "exec sleep 9", "timeout": 1}, "ended after 1 s", error=True)


async def test_long_output_keeps_its_head_and_tail(tools: Tools) -> None:
    text = await check(tools, "bash", {"command": "echo first; seq 100000; echo last"}, "first", "last", "left out")
    assert len(text) < OUTPUT_BYTES + 200


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"path": "greeting.py"}, 'def greet():\n    return "hello"\n'),
        ({"path": "greeting.py", "from": 2}, '    return "hello"\n\n[lines 2 to 2 of 2]'),
        ({"path": "greeting.py", "lines": 1}, "def greet():\n\n[lines 1 to 1 of 2]"),
    ],
)
async def test_read_gives_the_lines_asked_for(tools: Tools, given: dict[str, object], text: str) -> None:
    assert (await tools.call("read", given)).text == text


async def test_read_is_bounded(tools: Tools, slot: Path) -> None:
    (slot / "long").write_text("x" * 99 + "\n" * 1 + ("y" * 99 + "\n") * 4000)
    text = await check(tools, "read", {"path": "long"}, "of 4001]")
    assert len(text) < READ_BYTES + 200


async def test_read_refuses_what_is_no_text(tools: Tools, slot: Path) -> None:
    (slot / "bin").write_bytes(b"\0\1")
    await check(tools, "read", {"path": "bin"}, "is not text", error=True)


async def test_edit_replaces_the_one_match(tools: Tools, slot: Path) -> None:
    await check(tools, "edit", {"path": "greeting.py", "old": "hello", "new": "hallo"}, "was edited")
    assert (slot / "greeting.py").read_text() == 'def greet():\n    return "hallo"\n'


@pytest.mark.parametrize(
    ("old", "words"),
    [
        ("e", ["occurs 5 times", "at lines 1, 1, 1, 2, 2"]),
        ('return "hallo"', ["occurs 0 times", '2:     return "hello"']),
        ("zzzzzz", ["occurs 0 times", "No line of it is near"]),
        ("", ["`old` is empty"]),
    ],
)
async def test_edit_says_why_it_did_not(tools: Tools, old: str, words: list[str]) -> None:
    await check(tools, "edit", {"path": "greeting.py", "old": old, "new": ""}, *words, error=True)


async def test_edit_fits_a_file_with_other_line_ends(tools: Tools, slot: Path) -> None:
    (slot / "dos.txt").write_bytes(b"a\r\nb\r\n")
    await check(tools, "edit", {"path": "dos.txt", "old": "a\nb", "new": "c\nd"}, "was edited")
    assert (slot / "dos.txt").read_bytes() == b"c\r\nd\r\n"


async def test_write_creates_with_folders_and_replaces_its_own(tools: Tools, slot: Path) -> None:
    await check(tools, "write", {"path": "a/b.py", "content": "1"}, "was created")
    await check(tools, "write", {"path": "a/b.py", "content": "2"}, "was replaced")
    assert (slot / "a" / "b.py").read_text() == "2"


async def test_write_replaces_only_what_was_read(tools: Tools) -> None:
    given: dict[str, object] = {"path": "greeting.py", "content": "x"}
    await check(tools, "write", given, "you have not read it", error=True)
    await check(tools, "read", {"path": "./greeting.py"})
    await check(tools, "write", given, "was replaced")


async def test_a_change_outside_the_scope_is_made_and_noted(tools: Tools, slot: Path) -> None:
    scoped = Tools(tools._box, slot, Limits(), lambda path: path == "in.py")
    await check(scoped, "write", {"path": "out.py", "content": ""}, "outside of the files")
    assert "outside" not in await check(scoped, "write", {"path": "in.py", "content": ""})


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"pattern": "hel+o"}, 'greeting.py:2:    return "hello"'),
        ({"pattern": "def", "glob": "*.py"}, "greeting.py:1:def greet():"),
        ({"pattern": "def", "context": 1}, 'greeting.py:1:def greet():\ngreeting.py-2-    return "hello"'),
        ({"pattern": "def", "glob": "*.js"}, "no file matches *.js"),
        ({"pattern": "-x"}, "no match"),
    ],
)
async def test_grep_finds_by_expression(tools: Tools, given: dict[str, object], text: str) -> None:
    assert (await tools.call("grep", given)).text == text


async def test_grep_tells_of_a_broken_expression(tools: Tools) -> None:
    await check(tools, "grep", {"pattern": "("}, "grep said", error=True)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.py", ["a/b/deep.py", "a/top.py", "greeting.py"]),
        ("a/*.py", ["a/top.py"]),
        ("a/**/*.py", ["a/b/deep.py", "a/top.py"]),
        ("**/b/**", ["a/b/deep.py"]),
        ("a/**", ["a/b/deep.py", "a/top.py"]),
        ("/etc/*", []),
    ],
)
async def test_glob_lists_files_and_follows_no_link(tools: Tools, slot: Path, pattern: str, found: list[str]) -> None:
    for name in ("a/b/deep.py", "a/top.py", ".git/x.py", "node_modules/x.py"):
        (slot / name).parent.mkdir(parents=True, exist_ok=True)
        (slot / name).touch()
    (slot / "away").symlink_to("..")
    os.mkfifo(slot / "pipe.py")
    result = await tools.call("glob", {"pattern": pattern})
    assert ([] if result.is_error else result.text.splitlines()) == found


async def test_finish_carries_the_agents_word(tools: Tools) -> None:
    claims = [{"criterion": "AC1", "by": "test_greet"}]
    assumptions = [{"text": "UTF-8", "path": "greeting.py", "line": 2}]
    result = await tools.call("finish", {"summary": "Done.", "claims": claims, "assumptions": assumptions})
    assert result.finish
    assert result.finish.claim == "Done.\nAC1: test_greet\nAssumed: UTF-8 (greeting.py:2)"
    assert result.finish.blocked is None


@pytest.mark.parametrize(
    ("name", "given"), [("fly", {}), ("read", {"path": "../x"}), ("read", {"path": "greeting.py/"})]
)
async def test_failures_are_results(tools: Tools, name: str, given: dict[str, object]) -> None:
    result = await tools.call(name, given)
    assert result.is_error is (given.get("path") != "greeting.py/")


async def test_names_that_are_no_utf8_are_told_in_utf8(tools: Tools, slot: Path) -> None:
    (slot / os.fsdecode(b"caf\xe9.txt")).touch()
    assert (await check(tools, "glob", {"pattern": "caf*"})).encode() == b"caf?.txt"


@pytest.mark.parametrize("name", ["edit", "write"])
async def test_a_full_disk_is_no_answer_to_the_model(
    tools: Tools, slot: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def full(*_words: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    await check(tools, "read", {"path": "greeting.py"})
    given = {"edit": {"old": "hello", "new": "hallo"}, "write": {"content": "x = 1\n"}}[name]
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        await tools.call(name, {"path": "greeting.py", **given})
    assert [path.name for path in slot.iterdir()] == ["greeting.py"]
    assert "hello" in (slot / "greeting.py").read_text()
