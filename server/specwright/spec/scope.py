"""Which paths a spec lets an agent change: the tokens of `files:`, or a default in a code file."""

import re
from collections.abc import Callable
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


def scope_of(spec: Spec, path: str) -> Scope:
    """The scope that a spec says; by default in a code file that file and its test, elsewhere everything."""
    named = tuple(tokens(spec, "files"))
    if any(not token.startswith("!") for token in named):
        return Scope(named)
    if language_of(path).markdown:
        return Scope(named)
    return Scope((*_default(path), *named))


def said(patterns: tuple[str, ...], path: str) -> Scope:
    """What `files:` itself says of a scope: without what a spec in this file may change by default."""
    default = _default(path)
    return Scope(patterns[len(default) :] if patterns[: len(default)] == default else patterns)


def _default(path: str) -> tuple[str, ...]:
    return (path, *_tests(path))


def _tests(path: str) -> tuple[str, ...]:
    folder, _, name = path.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    parts = {"folder": f"{folder}/" if folder else "", "stem": stem or name, "suffix": dot + extension}
    return tuple(name.format(**parts) for name in TEST_NAMES)


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
