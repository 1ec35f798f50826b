"""In an open editor a task stays at its spec, whatever is typed, moved, cut and put back around it."""

from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lsp.stage import mark
from lsp.texts import document, partial
from specwright.api.views import SpecPlace
from specwright.lsp.marks import Marked, marked
from specwright.spec.digest import digest
from specwright.tasks.model import State


@dataclass(frozen=True)
class Kind:
    """How a text carries specs, and what may stand above one: some of it parts comments and sections, some does not."""

    uri: str
    marker: str
    begin: str
    gaps: tuple[str, ...]


KINDS = (
    Kind("file:///nowhere/a.py", "# spec! ", "# ", ("\n", "x = 1\n", "#\n", "")),
    Kind("file:///nowhere/a.md", "## spec! ", "", ("\n", "## Other\n\ntext\n\n", "")),
)


@dataclass
class Written:
    """A spec as it is in the text, with what stands above it."""

    kind: Kind
    title: str
    lines: list[str]
    gap: str
    handle: str = ""
    task: SpecPlace | None = None

    @property
    def text(self) -> str:
        return f"{self.kind.marker}{self.title}{self.handle}\n" + "".join(f"{self.kind.begin}{x}\n" for x in self.lines)

    @property
    def digest(self) -> str:
        [[_, _, spec]] = document(self.text, uri=self.kind.uri).placed()
        return digest(spec)


def is_known(spec: Written) -> bool:
    """Whether it is known by its name still, once no edit leads to it."""
    return spec.task is None or bool(spec.handle) or spec.title == spec.task.title


class Follow(RuleBasedStateMachine):
    """Specs with tasks and without under edits; each word is new, so that none is found by what another says."""

    @initialize(data=st.data(), kind=st.sampled_from(KINDS), count=st.integers(2, 4))
    def begin(self, data: st.DataObject, kind: Kind, count: int) -> None:
        self.words, self.kind = 0, kind
        self.specs = [self.new(data.draw(st.sampled_from(kind.gaps))) for _ in range(count)]
        self.cut: list[Written] = []
        for number, spec in enumerate(self.specs):
            spec.handle = data.draw(st.sampled_from(["", f" (#hand{number})"]))
            spec.task = mark(f"task{number}", spec.text, kind.uri, goal=spec.lines[0], state=State.WAITING)
        self.marks = [spec.task for spec in self.specs if spec.task]
        self.document = document(self.text, uri=kind.uri)
        self.found: list[Marked] = []
        self.look()

    def new(self, gap: str) -> Written:
        return Written(self.kind, self.say(3), [self.say(6), f"- [ ] {self.say(2)}"], gap)

    def say(self, count: int) -> str:
        self.words += count
        return " ".join(f"w{self.words - n}" for n in range(count))

    @property
    def text(self) -> str:
        return "".join(spec.gap + spec.text for spec in self.specs) + self.kind.gaps[1]

    def look(self) -> None:
        self.found = marked(self.document, self.marks, self.found)
        self.document.follow_on()

    def edit(self, by_rows: bool) -> None:
        """Send what became of the text as one edit: of whole rows, or of the characters that differ."""
        old, new = self.document.source, self.text
        units = (old.splitlines(keepends=True), new.splitlines(keepends=True)) if by_rows else (old, new)
        start, end = same(*units), same(units[0][::-1], units[1][::-1])
        end = min(end, min(map(len, units)) - start)
        first, last = ("".join(part) for part in (units[0][:start], units[0][: len(units[0]) - end]))
        put = "".join(units[1][start : len(units[1]) - end])
        self.document.apply_change(partial(place(first), place(last), put))
        assert self.document.source == new
        self.look()

    @precondition(lambda self: self.specs)
    @rule(data=st.data(), by_rows=st.booleans())
    def reword_a_title(self, data: st.DataObject, by_rows: bool) -> None:
        data.draw(st.sampled_from(self.specs)).title = self.say(3)
        self.edit(by_rows)

    @precondition(lambda self: len(self.specs) > 1)
    @rule(data=st.data(), by_rows=st.booleans())
    def take_the_title_of_another(self, data: st.DataObject, by_rows: bool) -> None:
        one, other = data.draw(st.permutations(self.specs))[:2]
        if one.task and other.task and other.title != other.task.title:
            one.title = other.task.title
            self.edit(by_rows)

    @precondition(lambda self: self.specs)
    @rule(data=st.data(), by_rows=st.booleans())
    def write_in_a_spec(self, data: st.DataObject, by_rows: bool) -> None:
        lines = data.draw(st.sampled_from(self.specs)).lines
        at = data.draw(st.integers(0, len(lines)))
        lines[at : data.draw(st.integers(at, len(lines)))] = [f"- [ ] {self.say(2)}"] * data.draw(st.integers(0, 2))
        self.edit(by_rows)

    @precondition(lambda self: self.specs)
    @rule(data=st.data(), by_rows=st.booleans())
    def write_above_a_spec(self, data: st.DataObject, by_rows: bool) -> None:
        data.draw(st.sampled_from(self.specs)).gap = data.draw(st.sampled_from(self.kind.gaps))
        self.edit(by_rows)

    @rule(data=st.data(), by_rows=st.booleans())
    def write_another(self, data: st.DataObject, by_rows: bool) -> None:
        made = self.new(data.draw(st.sampled_from(self.kind.gaps)))
        self.specs.insert(data.draw(st.integers(0, len(self.specs))), made)
        self.edit(by_rows)

    @precondition(lambda self: len(self.specs) > 1)
    @rule(data=st.data(), by_rows=st.booleans())
    def swap_with_the_next(self, data: st.DataObject, by_rows: bool) -> None:
        at = data.draw(st.integers(0, len(self.specs) - 2))
        self.specs[at : at + 2] = reversed(self.specs[at : at + 2])
        self.edit(by_rows)

    @precondition(lambda self: self.specs)
    @rule(data=st.data(), by_rows=st.booleans())
    def cut_out(self, data: st.DataObject, by_rows: bool) -> None:
        self.cut.append(self.specs.pop(data.draw(st.integers(0, len(self.specs) - 1))))
        self.edit(by_rows)

    @precondition(lambda self: any(map(is_known, self.cut)))
    @rule(data=st.data(), by_rows=st.booleans())
    def put_back(self, data: st.DataObject, by_rows: bool) -> None:
        spec = data.draw(st.sampled_from(list(filter(is_known, self.cut))))
        self.cut.remove(spec)
        self.specs.insert(data.draw(st.integers(0, len(self.specs))), spec)
        self.edit(by_rows)

    @invariant()
    def each_task_is_at_its_spec(self) -> None:
        row, expected = 0, {}
        for spec in self.specs:
            row += spec.gap.count("\n")
            if spec.task:
                expected[spec.task.task] = (row, spec.digest != spec.task.digest)
            row += 1 + len(spec.lines)
        assert {one.mark.task: (one.line, one.outdated) for one in self.found if one.block} == expected, self.text


def same(one: str | list[str], other: str | list[str]) -> int:
    """How many of the first parts are the same."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def place(text: str) -> tuple[int, int]:
    """Of the end of a text."""
    return text.count("\n"), len(text) - text.rfind("\n") - 1


TestFollow = Follow.TestCase
TestFollow.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
