"""What rules know of the world outside a spec. A rule whose facts are missing stays silent."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Known:
    """Another spec of the checkout; the line of its marker counts from 0."""

    path: str
    line: int
    title: str
    handle: str | None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about one checkout; None where nobody has looked."""

    specs: tuple[Known, ...] | None = None

    @property
    def known(self) -> frozenset[str]:
        """The names of the facts that somebody has looked for."""
        return frozenset(field.name for field in fields(self) if getattr(self, field.name) is not None)
