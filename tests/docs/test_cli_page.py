"""docs/cli.md shows what the verbs really print: its `console` blocks are played in order, in examples/shop.

`UPDATE_EXPECT=1` writes what is seen. Ids, times and digests are made equal before comparing.
"""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest

from specwright.cli.app import VERBS

ROOT = Path(__file__).parent.parent.parent
PATH = ROOT / "docs" / "cli.md"
PAGE = PATH.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```console\n(?P<text>.*?)^```$", re.M | re.S)
TEXT = re.compile(r"^```text\n(.*?)^```$", re.M | re.S)
ID = re.compile(r'^queued (\w{6}) |"task": "(\w{6})"', re.M)
COMMAND_SECONDS = 60
EQUAL = [
    (r"\d{4}-\d\d-\d\dT[\d:.]+Z|\b\d\d:\d\d:\d\d\b", "TIME"),
    (r"\bms=\d+", "ms=N"),
    (r"\b\d+\.\d s\b", "N s"),
    (r'("(?:duration_s|seconds|pid)": )[\d.e-]+', r"\1N"),
    (r"\b[0-9a-f]{64}\b|\b[0-9a-f]{40}\b", "DIGEST"),
    (r'"version": "[^"]+"', '"version": "V"'),
    (r"\bis (?:waiting|running) now", "is … now"),
]
"""What differs between runs and versions."""
OF_THE_MACHINE = r"with these folders readable:\n(?:  .*\n)+|(?<=\"roots\": \[)\s[^\]]*(?=\])"
"""Folders that hold this machine's interpreters."""
SECTIONS = dict(zip(*[iter(re.split(r"^### (\w+)\n", PAGE, flags=re.M)[1:])] * 2, strict=True))


def ids(text: str) -> list[str]:
    """The tasks that a text names, in order."""
    return list(dict.fromkeys(first or second for first, second in ID.findall(text)))


class Player:
    """A user in a copy of the shop."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root, self.home = root, home
        self.task = ""
        shutil.copytree(ROOT / "examples" / "shop", root)
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]):
            subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)

    def play(self, block: str) -> str:
        """The block with what is seen now."""
        seen = []
        for line in [line for line in block.splitlines() if line.startswith("$ ")]:
            shown = self.type(line[2:])
            seen += [line.replace("TASK", self.task), *([shown] if shown else [])]
        return "\n".join(seen) + "\n"

    def type(self, line: str) -> str:
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line.replace("TASK", self.task)],
            cwd=self.root,
            env={**os.environ, "PATH": f"{self.home}/bin:{os.environ['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=COMMAND_SECONDS,
        )
        self.task = next(iter(ids(done.stdout)), self.task)
        output = done.stdout.replace(str(self.root), "/home/me/shop")
        output = re.sub(OF_THE_MACHINE, "", output.replace(os.environ["SPECWRIGHT_HOME"], "/home/me/specwright"))
        return output.rstrip("\n")


@pytest.fixture
def player(own_home: Path, tmp_path: Path) -> Iterator[Player]:
    program = own_home / "bin" / "specwright"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT / "server"} exec {sys.executable} -m specwright "$@"\n')
    program.chmod(0o755)
    made = Player(tmp_path / "shop", own_home)
    yield made
    made.type("specwright daemon stop")


def equal(text: str) -> str:
    """A page without what differs between two runs of it."""
    for task in ids(text):
        text = re.sub(rf"\b{task}\b", "TASK", text)
    for pattern, made in EQUAL:
        text = re.sub(pattern, made, text)
    return text


def test_the_page_shows_what_is_printed(player: Player) -> None:
    tasks = ids(PAGE)
    general = re.sub("|".join(tasks), "TASK", PAGE) if tasks else PAGE
    seen = BLOCK.sub(lambda block: f"```console\n{player.play(block['text'])}```", general)
    if os.environ.get("UPDATE_EXPECT"):
        PATH.write_text(seen, encoding="utf-8")
    else:
        assert equal(seen) == equal(PAGE)


def documents(text: str) -> Iterator[object]:
    """The JSON documents that a section shows as printed."""
    for block in BLOCK.findall(text):
        for command, printed in pairwise(["", *re.split(r"^(\$ .*)\n", block, flags=re.M)[1:]]):
            if command.startswith("$ ") and "--json" in command and "|" not in command:
                yield json.loads(printed)


def keys(value: object) -> set[str]:
    """All keys in a document."""
    if isinstance(value, dict):
        return set(value) | {key for entry in value.values() for key in keys(entry)}
    return {key for entry in value for key in keys(entry)} if isinstance(value, list) else set()


@pytest.mark.parametrize("verb", SECTIONS)
def test_every_key_that_is_printed_is_in_a_sketch(verb: str) -> None:
    sketched = set(re.findall(r'"(\w+)":', " ".join(TEXT.findall(SECTIONS[verb]))))
    assert {key for document in documents(SECTIONS[verb]) for key in keys(document)} <= sketched


def test_every_verb_has_a_section() -> None:
    assert SECTIONS.keys() == VERBS.keys()


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in {"lsp", "demo", "daemon"}])
def test_every_option_is_described(verb: str) -> None:
    command = importlib.import_module(f"specwright.cli.{verb}").command
    options = {name for option in command.params if isinstance(option, click.Option) for name in option.opts}
    assert {name for name in options - {"--json"} if name not in SECTIONS[verb]} == set()
