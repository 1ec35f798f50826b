"""What rules know of the world outside a spec. A rule whose facts are missing stays silent."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

from specwright.config.settings import Settings
from specwright.spec.escapes import unescaped
from specwright.spec.scope import ROOT, Scope, pattern, spelled

WILD = re.compile(r"[*?{]")
Texts = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Known:
    """Another spec of the checkout; the line of its marker counts from 0."""

    path: str
    line: int
    title: str
    handle: str | None
    after: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What a reference may call it, as `folded` writes that."""
        title = folded(self.title)
        return (f"#{self.handle}", title) if self.handle else (title,)

    @property
    def place(self) -> tuple[str, int]:
        """Path and marker line."""
        return self.path, self.line


@dataclass(frozen=True)
class Tree:
    """The tracked files of a checkout, relative to it with `/`."""

    paths: frozenset[str]
    text: Texts = field(default=lambda path: None, compare=False)
    """What a file holds; None where it can't be read, or nobody looks."""
    exists: Callable[[str], bool] = field(default=lambda path: False, compare=False)
    """Whether there is a file or folder that is not among the paths."""

    @cached_property
    def ordered(self) -> list[str]:
        """All paths, sorted by code point."""
        return sorted(self.paths)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder with a tracked file somewhere below it."""
        found: set[str] = set()
        for path in self.paths:
            while (path := path.rpartition("/")[0]) and path not in found:
                found.add(path)
        return frozenset(found)

    def holds(self, path: str) -> bool:
        """Whether there is such a file or folder."""
        path = path.removeprefix("./").rstrip("/")
        return path in self.paths or path in self.folders or not path or self.exists(path)

    def below(self, start: str) -> list[str]:
        """The paths that begin with a text."""
        at = bisect_left(self.ordered, start)
        return self.ordered[at : bisect_left(self.ordered, start + "\U0010ffff", at)]

    def matching(self, token: str) -> frozenset[str]:
        """The files that a token of `files:` names, without its `!`."""
        if token not in self._matched:
            self._matched[token] = frozenset(self._matching(token))
        return self._matched[token]

    def within(self, scope: Scope) -> frozenset[str]:
        """The files that a scope with patterns allows."""
        sets = {sign: [self.matching(t.lstrip("!")) for t in scope.patterns if t.startswith("!") == sign]
                for sign in (False, True)}  # fmt: skip
        return frozenset().union(*sets[False]).difference(*sets[True])

    @cached_property
    def _matched(self) -> dict[str, frozenset[str]]:
        return {}

    def _matching(self, token: str) -> Iterable[str]:
        token = spelled(token)
        if token == ROOT:
            return self.paths
        start = WILD.split(token, maxsplit=1)[0]
        if start == token and not token.endswith("/"):
            return {token} & self.paths
        glob = pattern(token)
        return (path for path in self.below(start) if glob.matches(path))


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that is not over, and the spec that it was queued from."""

    path: str
    slug: str
    handle: str | None
    digest: str
    title: str
    state: str
    scope: tuple[str, ...] = ()
    age: str = field(default="", compare=False)
    """How long ago it was queued, as a person says it."""


@dataclass(frozen=True, slots=True)
class Gates:
    """The names of the project's gates, and which of them a spec may leave out."""

    names: tuple[str, ...] = ()
    removable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that the project lets a spec ask for; None where it does not say."""

    seconds: float | None = None
    usd: float | None = None
    tokens: int | None = None


@dataclass(frozen=True)
class Facts:
    """Facts about one checkout; None where nobody has looked."""

    specs: tuple[Known, ...] | None = None
    tree: Tree | None = None
    tasks: tuple[OpenTask, ...] | None = None
    gates: Gates | None = None
    commands: tuple[str, ...] | None = None
    """Commands that run tests of the project."""
    programs: Callable[[str], bool] | None = None
    """Whether a program of this name is there."""
    caps: Caps | None = None
    tests: tuple[str, ...] = ()
    """The project's own places of tests, as `spec.tests` gives them."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """By handle, the file that had it first, as far as somebody has seen that."""

    def named(self, reference: str) -> list[Known]:
        """The specs that a reference means, by `#handle` or by title, whatever its case and white space."""
        return self._by_name.get(folded(reference), [])

    @cached_property
    def by_place(self) -> dict[tuple[str, int], Known]:
        """The specs by path and marker line."""
        return {(spec.path, spec.line): spec for spec in self.specs or ()}

    @cached_property
    def _by_name(self) -> dict[str, list[Known]]:
        found: dict[str, list[Known]] = {}
        for spec in self.specs or ():
            for name in spec.names:
                found.setdefault(name, []).append(spec)
        return found

    @property
    def known(self) -> frozenset[str]:
        """The names of the facts that somebody has looked for."""
        return frozenset(field.name for field in fields(self) if getattr(self, field.name) is not None)


def gates_of(settings: Settings) -> Gates:
    """The project's gates."""
    gates = settings.gates
    return Gates(tuple(gate.name for gate in gates), frozenset(gate.name for gate in gates if gate.removable))


def caps_of(settings: Settings) -> Caps:
    """The project's limits."""
    return Caps(settings.limits.seconds, settings.budget.day_usd, settings.budget.task_tokens)


def folded(reference: str) -> str:
    """A `#handle` as it is; a title without case and Markdown's escapes, with single spaces."""
    return reference if reference.startswith("#") else " ".join(unescaped(reference).casefold().split())
