"""What is measured: values with targets, and their table."""

from dataclasses import dataclass, field

from rich.table import Table

Raw = dict[str, list[float]]
"""Samples by name, as they were taken."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: a value, its target (None where there is none), and what stands beside it."""

    what: str
    value: float
    unit: str
    target: float | None = None
    beside: str = ""
    """The peer or the floor of the same run."""

    @property
    def verdict(self) -> str:
        """`ok`, `MISSED`, or nothing for a row without a target."""
        if self.target is None:
            return ""
        return "ok" if self.value <= self.target else "MISSED"


@dataclass(slots=True)
class Report:
    """What one benchmark found."""

    figures: list[Figure] = field(default_factory=list)
    raw: Raw = field(default_factory=dict)

    def add(self, what: str, value: float, unit: str, target: float | None = None, beside: str = "") -> None:
        """One more row."""
        self.figures.append(Figure(what, value, unit, target, beside))


def shown(value: float, unit: str) -> str:
    """A value with as many digits as it deserves."""
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f} {unit}"


def cells(figure: Figure) -> tuple[str, ...]:
    """The row of a figure."""
    target = "" if figure.target is None else f"≤ {figure.target:.3g} {figure.unit}"
    return figure.what, shown(figure.value, figure.unit), target, figure.verdict, figure.beside


HEAD = ("what", "measured", "target", "", "beside it, in the same run")


def table(figures: list[Figure]) -> Table:
    """All figures for a terminal."""
    drawn = Table(*HEAD[:1])
    for name in HEAD[1:]:
        drawn.add_column(name, justify="right" if name in {"measured", "target"} else "left")
    for figure in figures:
        drawn.add_row(*cells(figure))
    return drawn


def markdown(figures: list[Figure]) -> str:
    """All figures as docs/benchmarks.md shows them."""
    rows = [HEAD, ("---", "--:", "--:", "---", "---"), *map(cells, figures)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
