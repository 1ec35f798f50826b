"""Which paths a spec lets an agent change: the tokens of `files:`, or a default in a code file."""

from dataclasses import dataclass
from functools import cached_property

from specwright.spec.digest import tokens
from specwright.spec.globs import Glob
from specwright.spec.languages import language_of
from specwright.spec.model import Spec

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

    @cached_property
    def _globs(self) -> tuple[list[Glob], list[Glob]]:
        allowed = [_glob(token) for token in self.patterns if not token.startswith("!")]
        return allowed or [Glob("**")], [_glob(token[1:]) for token in self.patterns if token.startswith("!")]


def scope_of(spec: Spec, path: str) -> Scope:
    """The scope that a spec says; by default in a code file that file and its test, elsewhere everything."""
    named = tuple(tokens(spec.values("files")))
    if any(not token.startswith("!") for token in named):
        return Scope(named)
    if language_of(path).markdown:
        return Scope(named)
    return Scope((path, *_tests(path), *named))


def _tests(path: str) -> tuple[str, ...]:
    folder, _, name = path.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    parts = {"folder": f"{folder}/" if folder else "", "stem": stem or name, "suffix": dot + extension}
    return tuple(name.format(**parts) for name in TEST_NAMES)


def _glob(token: str) -> Glob:
    """A token as a pattern of paths: `dir/` is the whole tree."""
    token = token.removeprefix("./")
    for tail in ("/...", "/**"):
        token = f"{token.removesuffix(tail)}/" if token.endswith(tail) else token
    if token in {"", "/", "...", "**"}:
        return Glob("**")
    return Glob(token.rstrip("/"), "/**") if token.endswith("/") else Glob(token)
