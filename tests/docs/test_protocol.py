"""What is generated is what the types say, covers all of them, and the page's conversation is what the daemon says."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from specwright import __version__
from specwright.api import editor, messages, methods
from specwright.paths.places import places

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
GENERATED = ["docs/protocol.md", "docs/cli.md", "docs/spec-language.md", "client-vscode/src/protocol.ts"]
SECONDS = 30


def program(*words: str) -> subprocess.CompletedProcess[str]:
    """The script in a checkout, or `specwright`."""
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the script reads and writes, to be spoilt."""
    for name in ("scripts", "docs", "client-vscode/src"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_what_is_generated_is_what_the_types_say() -> None:
    checked = program("scripts/protocol.py", "--check")
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.parametrize("name", GENERATED)
def test_a_file_that_differs_is_named_and_mended(copy: Path, name: str) -> None:
    script, spoilt = str(copy / "scripts" / "protocol.py"), copy / name
    good = spoilt.read_text()
    spoilt.write_text(re.sub(r"\btitle\b|\bspec-ignore\b", "headline", good, flags=re.I))
    before = spoilt.read_text()
    checked = program(script, "--check")
    assert (checked.returncode, checked.stdout.split()[0]) == (1, name)
    assert spoilt.read_text() == before
    program(script)
    assert program(script, "--check").returncode == 0


def test_a_file_that_is_gone_is_written_again(copy: Path) -> None:
    types = copy / "client-vscode" / "src" / "protocol.ts"
    good = types.read_text()
    types.unlink()
    program(str(copy / "scripts" / "protocol.py"))
    assert types.read_text() == good


@pytest.mark.parametrize("name", [*methods.DAEMON, *methods.WINDOW, *methods.NOTIFICATIONS])
def test_every_message_of_the_daemon_is_on_the_page(name: str) -> None:
    assert f"\n| `{name}` |" in PAGE


@pytest.mark.parametrize("name", [*editor.COMMANDS, *editor.REQUESTS, *editor.NOTIFICATIONS])
def test_every_message_of_the_editor_is_on_the_page(name: str) -> None:
    assert f"\n| `{name}` |" in PAGE


def test_every_link_of_the_page_has_its_section() -> None:
    sections = {
        re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in re.findall(r"^#+ (.+)$", PAGE, re.M)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= sections


def test_no_class_is_described_twice() -> None:
    sections = re.findall(r"^### (\w+)$", PAGE, re.M)
    assert len(sections) == len(set(sections))


def test_the_protocols_number_is_on_the_page() -> None:
    assert messages.PROTOCOL == (1, 1)
    assert "There is one protocol now, 1." in PAGE


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A repository, and a daemon that runs."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert program("-m", "specwright", "daemon", "start").returncode == 0
    yield tmp_path
    program("-m", "specwright", "daemon", "stop")


def conversation() -> list[tuple[Any, Any]]:
    """The page's requests, each with its answer."""
    [block] = re.findall(r"^```json\n(.*?)^```$", PAGE, re.M | re.S)
    lines = [json.loads(line) for line in block.splitlines()]
    return list(zip(lines[::2], lines[1::2], strict=True))


async def test_the_conversation_is_what_the_daemon_says(project: Path) -> None:
    reader, writer = await asyncio.open_unix_connection(places().socket)
    for request, shown in conversation():
        line = json.dumps(request).replace("/home/me/shop", str(project))
        writer.write(line.encode() + b"\n")
        answer = json.loads(await asyncio.wait_for(reader.readline(), SECONDS))
        if "pid" in answer.get("result", {}):
            assert answer["result"].pop("version") == __version__
            assert answer["result"].pop("pid") > 0
            del shown["result"]["version"], shown["result"]["pid"]
        assert answer == shown
    writer.close()
    await writer.wait_closed()
