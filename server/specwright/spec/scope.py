"""Which paths a spec lets an agent change: the tokens of `files:`, or a default in a code file."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from specwright.spec.globs import Glob
from specwright.spec.languages import language_of
from specwright.spec.model import Spec
from specwright.spec.tokens import tokens

ROOT = "./"
"""The whole repository."""
TEST_NAMES = ("tests/test_{stem}{suffix}", "test/test_{stem}{suffix}", "{folder}{stem}.test{suffix}",
              "{folder}{stem}_test{suffix}", "{folder}test_{stem}{suffix}", "test/{stem}.test{suffix}")  # fmt: skip
"""Where the test of a source file is, by convention."""
MORE_NAMES = {
    "js jsx mjs cjs ts tsx mts cts vue svelte": (
        "{folder}{stem}.spec{suffix}",
        "{folder}__tests__/{stem}.test{suffix}",
    ),
    "java kt scala groovy": ("{tests}{stem}Test{suffix}", "{tests}{stem}Tests{suffix}", "{tests}{stem}Spec{suffix}"),
    "rb": ("spec/**/{stem}_spec.rb", "test/**/{stem}_test.rb", "test/**/test_{stem}.rb"),
    "cs vb fs": ("**/{stem}Test{suffix}", "**/{stem}Tests{suffix}"),
    "php": ("tests/**/{stem}Test.php", "test/**/{stem}Test.php"),
    "swift": ("Tests/**/{stem}Tests.swift",),
    "ex": ("test/**/{stem}_test.exs",),
    "dart": ("test/**/{stem}_test.dart",),
    "rs": ("tests/{stem}.rs",),
}
"""The same for some languages, by their extensions; `tests` is the folder that mirrors `src/main` in `src/test`."""
OF_EXTENSION = {extension: names for extensions, names in MORE_NAMES.items() for extension in extensions.split()}


@dataclass(frozen=True)
class Scope:
    """Patterns in order; none at all allows everything, and one that denies always wins."""

    patterns: tuple[str, ...] = ()

    def allows(self, path: str) -> bool:
        """Whether an agent may change this path, relative to the repository with `/`."""
        if not self.patterns:
            return True
        denied = any(glob.matches(path) for glob in self._globs[1])
        return not denied and any(glob.matches(path) for glob in self._globs[0])

    def names(self, path: str, within: Callable[[str], bool]) -> bool:
        """Whether a pattern says this path in so many words, or a folder that it lies below and that is `within`.

        What a `*`, a `?` or a `{` leaves open names nothing, nor does the lack of patterns.
        """
        tokens = (spelled(token) for token in self.patterns if not token.startswith("!"))
        return self.allows(path) and any(_names(token, path, within) for token in tokens)

    @cached_property
    def _globs(self) -> tuple[list[Glob], list[Glob]]:
        allowed = [pattern(token) for token in self.patterns if not token.startswith("!")]
        return allowed or [Glob("**")], [pattern(token[1:]) for token in self.patterns if token.startswith("!")]


def scope_of(spec: Spec, path: str, tests: Sequence[str] = ()) -> Scope:
    """The scope that a spec says; by default in a code file that file and its test, elsewhere everything.

    `tests` are the project's own places of tests, as `spec.tests` gives them.
    """
    named = tuple(tokens(spec, "files"))
    if any(not token.startswith("!") for token in named):
        return Scope(named)
    if language_of(path).markdown:
        return Scope(named)
    return Scope((*_default(path, tests), *named))


def said(patterns: tuple[str, ...], path: str, tests: Sequence[str] = ()) -> Scope:
    """What `files:` itself says of a scope: without what a spec in this file may change by default."""
    for default in (
        _default(path, tests),
        (path, *_tests(path, TEST_NAMES)),
    ):  # the latter of what is stored from before
        if patterns[: len(default)] == default:
            return Scope(patterns[len(default) :])
    return Scope(patterns)


def _default(path: str, tests: Sequence[str]) -> tuple[str, ...]:
    extension = path.rpartition(".")[2].lower()
    return (path, *_tests(path, (*TEST_NAMES, *OF_EXTENSION.get(extension, ()), *tests)))


def _tests(path: str, names: Sequence[str]) -> tuple[str, ...]:
    folder, _, name = path.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    folder = f"{folder}/" if folder else ""
    parts = {"folder": folder, "tests": folder.replace("src/main/", "src/test/", 1), "stem": stem or name}
    return tuple(name.format(**parts, suffix=dot + extension) for name in names)


def _names(token: str, path: str, within: Callable[[str], bool]) -> bool:
    if token in {path, ROOT}:
        return token == path
    folder = re.split("[*?{]", token, maxsplit=1)[0].rpartition("/")[0]
    return folder != "" and within(folder) and _of(token).matches(path)


def pattern(token: str) -> Glob:
    """A token of `files:`, without its `!`, as a glob."""
    return _of(spelled(token))


def spelled(token: str) -> str:
    """A token of `files:`, without its `!`, in one form: a whole tree is `dir/`, the whole repository `./`."""
    token = token.removeprefix("./")
    for tail in ("/...", "/**"):
        token = f"{token.removesuffix(tail)}/" if token.endswith(tail) else token
    return ROOT if token in {"", "/", ".", "...", "**"} else token


def _of(token: str) -> Glob:
    if token == ROOT:
        return Glob("**")
    return Glob(token.rstrip("/"), "/**") if token.endswith("/") else Glob(token)
