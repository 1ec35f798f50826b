import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specwright.review.bearing import (
    BIT,
    KINDS,
    LINK,
    NAME,
    SUBMODULE,
    TABLE,
    Changed,
    folded,
    kind_of_path,
    left_out,
    only_by_name,
    why,
)

PLAIN = "100644", "100644"
NEW = "000000", "100644"
IGNORED = "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NON-JOINER}\N{RIGHT-TO-LEFT OVERRIDE}\N{ZERO WIDTH NO-BREAK SPACE}"
WORDS = [
    *(f"{folder}/x{end}" for row in TABLE for folder in row.folders.split() for end in row.only.split() or [""]),
    *(f"{begin}x{end}" for row in TABLE for begin in row.begins.split() for end in row.only.split() or [""]),
    *(name for row in TABLE for name in row.names.split()),
    *(f"x{end}" for row in TABLE for end in row.ends.split()),
]
"""A path for each word of the table."""


def changed(path: str, modes: tuple[str, str] = NEW, old_path: str | None = None) -> Changed:
    return Changed(path, old_path, modes)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (".github/workflows/x.yml", "CI configuration"),
        ("deep/.gitlab-ci.yml", "CI configuration"),
        ("Jenkinsfile", "CI configuration"),
        (".husky/pre-commit", "hook"),
        (".gitattributes", "git's own settings"),
        ("a/.gitmodules", "git's own settings"),
        (".vscode/tasks.json", "settings of an editor or a shell"),
        (".envrc", "settings of an editor or a shell"),
        ("CLAUDE.md", "instructions to agents"),
        ("docs/AGENTS.md", "instructions to agents"),
        (".rules", "instructions to agents"),
        (".builds/test.yml", "CI configuration"),
        (".woodpecker.yaml", "CI configuration"),
        (".pdbrc", "settings of an editor or a shell"),
        (".helix/languages.toml", "settings of an editor or a shell"),
        (".pnp.cjs", "package or build file"),
        (".bundle/config", "package or build file"),
        ("pixi.toml", "package or build file"),
        ("App.xcodeproj/project.pbxproj", "package or build file"),
        ("tests/conftest.py", "configuration of tests and checks"),
        ("x.pth", "configuration of tests and checks"),
        ("uv.lock", "lock file"),
        ("web/package-lock.json", "lock file"),
        ("pyproject.toml", "package or build file"),
        ("Makefile", "package or build file"),
        ("rules.mk", "package or build file"),
        ("vite.config.ts", "package or build file"),
        ("requirements/test.txt", "list of requirements"),
        ("requirements-dev.txt", "list of requirements"),
        ("specwright.toml", "Specwright's own settings"),
    ],
)
def test_a_path_tells_what_a_file_is(path: str, reason: str) -> None:
    assert kind_of_path(path) == why(changed(path)) == reason


@pytest.mark.parametrize(
    "path",
    [
        "a.py",
        "src/main.rs",
        "README.md",
        "docs/github.md",
        "logs/.gitkeep",
        "tsconfig.json",
        "tsconfig.build.json",
        ".mailmap",
        "docs/requirements/overview.md",
        "requirements-analysis.md",
        "src/locks.py",
        "src/makefile.py",
        "tests/test_conftest.py",
        "config.ts",
        "claude.py",
        "environment.py",
        "vscode/x.py",
    ],
)
def test_what_is_harmless_gives_no_alarm(path: str) -> None:
    assert why(changed(path)) is None


@pytest.mark.parametrize("path", WORDS)
def test_each_word_of_the_table_is_as_paths_are_compared(path: str) -> None:
    assert folded(path) == path
    assert kind_of_path(path) is not None


@given(st.sampled_from(WORDS), st.data())
def test_neither_case_nor_form_nor_what_is_unseen_hides_a_path(path: str, data: st.DataObject) -> None:
    """A file system that folds case, forms or ignored characters would read the path as the one that bears trust."""
    drawn = []
    for character in path:
        wide = chr(ord(character) + 0xFEE0) if character.isalnum() and character.isascii() else character
        drawn.append(data.draw(st.sampled_from([character, character.upper(), wide])))
        drawn.append(data.draw(st.sampled_from(["", "", "", *IGNORED])))
    disguised = "".join(drawn)
    assert kind_of_path(disguised) == kind_of_path(path)
    assert why(changed(disguised)) is not None


@given(st.sampled_from(WORDS), st.sampled_from([".", " ", "...", " .", ":stream", "::$DATA"]))
def test_nor_what_windows_drops_at_the_end_of_a_name(path: str, tail: str) -> None:
    assert kind_of_path(path + tail) == kind_of_path(path)


@given(st.text(st.characters(exclude_characters="/\0"), min_size=1))
def test_any_name_is_folded_once_and_for_all(name: str) -> None:
    assert folded(folded(name)) == folded(name)
    assert kind_of_path(name) == kind_of_path(unicodedata.normalize("NFD", name)) == kind_of_path(folded(name))


@pytest.mark.parametrize(
    ("modes", "reason"),
    [
        (("000000", "120000"), LINK),
        (("120000", "000000"), LINK),
        (("100644", "120000"), LINK),
        (("000000", "160000"), SUBMODULE),
        (("160000", "160000"), SUBMODULE),
        (("100644", "100755"), BIT),
        (("100755", "100644"), BIT),
        (("000000", "100755"), BIT),
        (("100755", "000000"), None),
        (("100755", "100755"), None),
        (PLAIN, None),
    ],
)
def test_some_kinds_of_file_bear_trust_whatever_their_path(modes: tuple[str, str], reason: str | None) -> None:
    assert why(changed("a", modes)) == reason


@pytest.mark.parametrize("path", ["a\u200bb.py", "a\nb.py", "a\u202eyp.b", "e\u0301.py", "a\u00a0b.py", "\udcff.py"])
def test_a_name_that_misleads_bears_trust(path: str) -> None:
    assert why(changed(path)) == NAME


@pytest.mark.parametrize("path", ["\u00e9.py", "\u65e5\u672c.md", "two words.py"])
def test_a_name_in_another_language_does_not(path: str) -> None:
    assert why(changed(path)) is None


def test_a_rename_bears_what_either_path_does_and_all_reasons_are_told() -> None:
    assert why(changed("a.yml", PLAIN, ".github/a.yml")) == "CI configuration"
    assert why(changed("Makefile", ("100644", "100755"), ".envrc")) == (
        f"package or build file, settings of an editor or a shell, {BIT}"
    )


@pytest.mark.parametrize(
    ("patterns", "path", "left"),
    [
        ("", "Makefile", True),
        ("Makefile", "Makefile", False),
        ("./Makefile", "Makefile", False),
        ("**", "Makefile", True),
        ("*", "Makefile", True),
        ("Make*", "Makefile", True),
        ("src/", "src/Makefile", True),
        (".github/", ".github/workflows/x.yml", False),
        (".github/**", ".github/workflows/x.yml", False),
        (".github/workflows/*.yml", ".github/workflows/x.yml", False),
        (".github/workflows/*.yml", ".github/workflows/x.sh", True),
        ("requirements/", "requirements/test.txt", False),
        ("makefile", "Makefile", True),
        ("Makefile !Makefile", "Makefile", True),
        ("a.py", "b.py", False),
    ],
)
def test_only_what_the_spec_names_is_accepted_with_the_rest(patterns: str, path: str, left: bool) -> None:
    assert only_by_name(changed(path), tuple(patterns.split()), "a.py") is left


def test_both_paths_of_a_rename_must_be_named() -> None:
    moved = changed("b.mk", PLAIN, "a.mk")
    assert only_by_name(moved, ("b.mk",), "a.py")
    assert not only_by_name(moved, ("b.mk", "a.mk"), "a.py")


@pytest.mark.parametrize("mode", ["120000", "160000"])
def test_a_folder_does_not_name_the_links_below_it(mode: str) -> None:
    link = changed(".github/x", ("000000", mode))
    assert only_by_name(link, (".github/",), "a.py")
    assert not only_by_name(link, (".github/x",), "a.py")


def test_the_file_that_the_spec_stands_in_is_named_by_that() -> None:
    assert not only_by_name(changed("AGENTS.md", PLAIN), (), "AGENTS.md")
    assert only_by_name(changed("AGENTS.md", PLAIN), (), "a.py")
    assert only_by_name(changed("AGENTS.md", PLAIN, "Makefile"), (), "AGENTS.md")


def test_each_row_says_why() -> None:
    assert all(row.reason and row.why.endswith(".") for row in TABLE)
    assert all(text.endswith(".") for text in KINDS.values())


def test_a_path_that_is_misread_misleads() -> None:
    assert why(Changed("readme.md", None, NEW, misread=True)) == NAME


def test_what_is_left_out_is_told_with_what_to_do() -> None:
    one = left_out({"Makefile": "package or build file"})
    assert "it bears trust" in one
    assert "Makefile (package or build file)" in one
    assert "they bear trust" in left_out({"Makefile": "x", "a.mk": "x"})
