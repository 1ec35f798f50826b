"""Held to git itself: what it says of paths under the same ignore files."""

import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specwright.paths.ignored import Ignored, ignored, parsed

NAMES = ("a", "b", "ab", "a.o", "build", "sub", "-x", "a b", "#a", "!b")
PATHS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join)
PIECES = (
    "a",
    "b",
    "*",
    "?",
    "**",
    "/",
    "!",
    "#",
    "\\",
    " ",
    "[ab]",
    "[!a]",
    "[^b]",
    ".o",
    "build",
    "sub",
    "**/",
    "/**",
)
LINES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join).filter(lambda line: "\\/" not in line)


def git_ignores(root: Path, paths: list[str]) -> set[str]:
    """Those that git ignores; it needs them to be there, to tell files from folders."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(root.parent), "GIT_CONFIG_SYSTEM": "/dev/null"}
    done = subprocess.run(
        ["git", "check-ignore", "-z", "--stdin", "--no-index"],
        cwd=root,
        input="\0".join(paths),
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode in {0, 1}, done.stderr
    return set(done.stdout.split("\0")) - {""}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    made = tmp_path / "project"
    subprocess.run(["git", "init", "-q", str(made)], check=True)
    return made


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


FILES = (
    "a.o", "b.o", "keep.o", "sub/a.o", "sub/keep.o", "sub/deep/a.o", "build/x", "sub/build/x", "doc/a/x.txt",
    "doc/a/b/x.txt", "doc/x.txt", "with space", "#sign", "!bang", "log/1/2/3", "foo/bar/qux", "a1b", "a/b/c/d",
)  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        "*.o\n!keep.o", "build/", "/build", "doc/**/x.txt", "**/deep", "log/**", "foo/*", "#sign\n\\#sign", "\\!bang",
        "with space   ", "with\\ space", "a?b", "[a-b].o", "sub/*.o", "sub/build/x", "*\n!*/\n!keep.o", "a/**/d",
        "/*\n!/sub", "a/**/**/d", "**", "**/", "/**", "*.o\r\nbuild", "", "!", "/", "\\", "[", "a[", "doc//a",
        "do**/x.txt", "doc/a**/x.txt", "a**/d", "a**/**/d", "foo/b**/qux", "foo/bar**/r/qux", "foo/ba**/r/qux",
        "log**/3", "log/1**", "log/1**/**", "*\n!*/\n!do**/x.txt", "*\n!*/\n!doc/a**", "/l***/3", "f?o**/qux", "a**/",
        "***/qux", "foo/***",
    ],
)  # fmt: skip
def test_patterns_mean_what_they_mean_to_git(root: Path, lines: str) -> None:
    put(root, dict.fromkeys(FILES, ""))
    (root / ".gitignore").write_bytes(lines.encode())
    found = ignored(str(root))
    assert {path for path in FILES if found.hides(path)} == git_ignores(root, list(FILES))


def test_the_nearest_file_is_heeded_then_those_above_then_exclude_then_the_users(root: Path) -> None:
    put(root, dict.fromkeys(FILES, ""))
    put(root, {".gitignore": "*.o\nbuild\n", "sub/.gitignore": "!a.o\n", "sub/deep/.gitignore": "*\n"})
    put(root, {".git/info/exclude": "!b.o\nwith*\n", "../.config/git/ignore": "qux\n!with*\n"})
    found = ignored(str(root))
    hidden = {path for path in FILES if found.hides(path)}
    assert hidden == git_ignores(root, list(FILES))
    assert {"b.o", "sub/keep.o", "foo/bar/qux", "with space", "sub/deep/a.o"} <= hidden
    assert "sub/a.o" not in hidden


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINES, max_size=4), nested=st.lists(LINES, max_size=2), paths=st.lists(PATHS, max_size=8))
def test_any_patterns_mean_what_they_mean_to_git(
    root: Path, lines: list[str], nested: list[str], paths: list[str]
) -> None:
    for path in paths:
        if not any((root / parent).is_file() for parent in Path(path).parents):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            if not (root / path).exists():
                (root / path).write_text("")
    put(root, {".gitignore": "\n".join(lines), "sub2/.gitignore": "\n".join(nested), "sub2/a/b": "", "sub2/ab": ""})
    asked = [path for path in [*paths, "sub2/a/b", "sub2/ab"] if (root / path).is_file()]
    found = ignored(str(root))
    assert {path for path in asked if found.hides(path)} == git_ignores(root, asked)


@pytest.mark.parametrize("line", ["*a" * 60 + "b", "**/a/" * 40 + "b", "**/*a*a/" * 20 + "b", "[" * 5000])
def test_no_pattern_takes_long(line: str) -> None:
    [patterns] = [list(parsed([line]))]
    began = time.perf_counter()
    for pattern in patterns:
        pattern.matches(["a" * 200] * 60, False)
    assert time.perf_counter() - began < 0.5


def test_what_is_no_ignore_file_ignores_nothing(root: Path) -> None:
    os.mkfifo(root / ".gitignore")
    put(root, {"sub/.gitignore/x": "", "latin": ""})
    (root / "latin").mkdir() if not (root / "latin").exists() else None
    put(root, {"other/.gitignore": ""})
    (root / "other/.gitignore").write_bytes(b"\xff\xfe\n*.o\n")
    found = Ignored(str(root))
    assert (found.hides("sub/x"), found.hides("other/a.o"), found.hides("a.o")) == (False, True, False)


def test_blanks_in_a_line_cost_no_more_than_its_length() -> None:
    began = time.process_time()
    [_] = parsed(["a" + " " * 150_000 + "b"])
    assert time.process_time() - began < 5
