"""What rules know of the world outside a spec. A rule whose facts are missing stays silent."""

from dataclasses import dataclass, fields
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Known:
    """Another spec of the checkout; the line of its marker counts from 0."""

    path: str
    line: int
    title: str
    handle: str | None
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Facts about one checkout; None where nobody has looked."""

    specs: tuple[Known, ...] | None = None

    def named(self, reference: str) -> list[Known]:
        """The specs that a reference means, by `#handle` or by title in any case."""
        name = reference if reference.startswith("#") else reference.casefold()
        return self._by_name.get(name, [])

    @cached_property
    def by_place(self) -> dict[tuple[str, int], Known]:
        """The specs by path and marker line."""
        return {(spec.path, spec.line): spec for spec in self.specs or ()}

    @cached_property
    def _by_name(self) -> dict[str, list[Known]]:
        found: dict[str, list[Known]] = {}
        for spec in self.specs or ():
            for name in (f"#{spec.handle}" if spec.handle else "", spec.title.casefold()):
                found.setdefault(name, []).append(spec)
        return found

    @property
    def known(self) -> frozenset[str]:
        """The names of the facts that somebody has looked for."""
        return frozenset(field.name for field in fields(self) if getattr(self, field.name) is not None)
