"""What a run wrote around a task's own block is its work; what it did to the block is not shown."""

from dataclasses import dataclass
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from specwright.review.buffer import Buffer, BufferPlan, plan_buffer
from specwright.review.edits import applied
from specwright.review.hunks import Decision, FileResult, Hunk, hunks_of, sides_of
from specwright.review.own import block, blocks
from specwright.review.plan import Fact
from specwright.review.reading import At
from specwright.review.taking_out import without_own
from specwright.spec.digest import digest
from specwright.spec.lines import split_lines
from specwright.spec.own import Own
from specwright.spec.reading import USUAL
from specwright.spec.unread import unread

PY = "b = 1\n# spec! Say two\n# Because.\n# - [ ] it says two, check: `true`\nx = 1\n"
MD = "# T\n\none\n\n## spec! Say two\n\nBecause.\n\n- [ ] it says two, check: `true`\n"
CODE = "```sh\nsay two\n```"
WHY = "Because users\nwant to tell one\nfrom the other."
DOC = 'def f():\n    """spec! Say two\n\n    - [ ] it says two, check: `true`\n    """\n    return 1\n'
STAR = "int a;\n/* spec! Say two\n * - [ ] it says two, check: `true`\n */\nint x;\n"


@dataclass(frozen=True)
class Run:
    """What a run made of a file, and how it is reviewed."""

    own: Own
    file: FileResult
    hunks: tuple[Hunk, ...]

    @classmethod
    def of(cls, path: str, base: str, result: str, queued: str = "") -> "Run":
        [spec], _ = USUAL.parse(queued or base, path)
        own = Own(path, digest(spec), spec.title, unread=unread(split_lines(queued or base), spec))
        found = blocks(own, (path, base), (path, result))
        file = FileResult(path, base, result, base_block=found.base, result_block=found.result)
        return cls(found.own, file, hunks_of(file, 1, 1))

    def plan(self, lines: list[str], accepted: tuple[str, ...] = ()) -> BufferPlan:
        facts = dict.fromkeys(accepted, Fact(Decision.ACCEPTED, final=False))
        buffer = Buffer(lines, block(self.own, self.own.path, "".join(lines)))
        return plan_buffer(sides_of(self.file), buffer, self.hunks, facts)

    def shown(self) -> list[str]:
        """The lines that the hunks take away and add."""
        sides = sides_of(self.file)
        gone = [f"-{line.strip()}" for h in self.hunks for line in sides.base[h.old_start : h.old_end]]
        return gone + [f"+{line.strip()}" for h in self.hunks for line in sides.result[h.new_start : h.new_end]]

    def taken(self, live: str) -> str:
        """A text in which all is accepted."""
        lines = split_lines(live)
        done = applied(lines, self.plan(lines).accept([hunk.id for hunk in self.hunks]))
        return "".join(without_own(done, self.own) or ["the spec stays"])


BELOW = {
    "prose": ("a.py", PY, PY.replace("x = 1", "# On x\nx = 2"), "b = 1\n# On x\nx = 2\n"),
    "prose alone": ("a.py", PY, PY.replace("x = 1", "# On x\nx = 1"), "b = 1\n# On x\nx = 1\n"),
    "a bullet that is prose": ("a.py", PY, PY.replace("x = 1", "# - on x\nx = 1"), "b = 1\n# - on x\nx = 1\n"),
    "below a blank": ("a.py", PY, PY.replace("x = 1", "#\n# On x\nx = 2"), "b = 1\n# On x\nx = 2\n"),
    "ticked": ("a.py", PY, PY.replace("[ ]", "[x]").replace("x = 1", "# On x\nx = 2"), "b = 1\n# On x\nx = 2\n"),
    "reworded": (
        "a.py",
        PY,
        PY.replace("it says two", "it does say two").replace("x = 1", "# On x\nx = 2"),
        "b = 1\n# On x\nx = 2\n",
    ),
    "CRLF": (
        "a.py",
        PY.replace("\n", "\r\n"),
        PY.replace("x = 1", "# On x\nx = 2").replace("\n", "\r\n"),
        "b = 1\r\n# On x\r\nx = 2\r\n",
    ),
    "moved by what is above": (
        "a.py",
        PY,
        PY.replace("b = 1", "a = 0\nb = 1\nc = 2").replace("x = 1", "# On x\nx = 2"),
        "a = 0\nb = 1\nc = 2\n# On x\nx = 2\n",
    ),
    "a section's paragraph": ("a.md", MD, MD + "\nMore.\n", "# T\n\none\n\nMore.\n"),
    "a section's list": ("a.md", MD, MD + "- More.\n", "# T\n\none\n\n- More.\n"),
    "a section's heading": (
        "a.md",
        MD,
        MD + "\n### Usage\n\n- [ ] More.\n",
        "# T\n\none\n\n### Usage\n\n- [ ] More.\n",
    ),
    "a section's code": ("a.md", MD, MD + "\n```\nmore\n```\n", "# T\n\none\n\n```\nmore\n```\n"),
    "between sections": (
        "a.md",
        MD + "\n## Next\n\ntwo\n",
        MD + "\nMore.\n\n## Next\n\ntwo\n",
        "# T\n\none\n\nMore.\n\n## Next\n\ntwo\n",
    ),
    "a heading that is deeper now": (
        "a.md",
        MD + "\n## Next\n\ntwo\n\nthree\n\nfour\n",
        MD + "\n### Next\n\ntwo\n\n3\n\nfour\n",
        "# T\n\none\n\n### Next\n\ntwo\n\n3\n\nfour\n",
    ),
    "a docstring's text": (
        "a.py",
        DOC,
        DOC.replace('`\n    """', '`\n\n    Says two.\n    """').replace("1", "2"),
        'def f():\n    """\n\n    Says two.\n    """\n    return 2\n',
    ),
    "a comment's text": (
        "a.c",
        STAR,
        STAR.replace(" */", " * On x.\n */").replace("int x", "long x"),
        "int a;\n/*\n * On x.\n */\nlong x;\n",
    ),
}


@pytest.mark.parametrize(("path", "base", "result", "after"), BELOW.values(), ids=BELOW)
def test_what_a_run_wrote_below_the_block_stays_and_the_block_goes(
    path: str, base: str, result: str, after: str
) -> None:
    run = Run.of(path, base, result)
    assert run.hunks
    assert run.taken(base) == after


@pytest.mark.parametrize(("path", "base", "result", "after"), BELOW.values(), ids=BELOW)
def test_a_hunk_that_is_in_is_seen_there_whichever_came_before(path: str, base: str, result: str, after: str) -> None:
    run = Run.of(path, base, result)
    for order in permutations(hunk.id for hunk in run.hunks):
        lines = split_lines(base)
        for number, name in enumerate(order):
            lines = applied(lines, run.plan(lines, order[:number]).accept([name]))
            at = {standing.hunk.id: standing.at for standing in run.plan(lines, order[: number + 1]).standings}
            assert at == {h: At.RESULT if h in order[: number + 1] else At.BASE for h in order}
        assert "".join(without_own(lines, run.own) or []) == after


@pytest.mark.parametrize(
    ("path", "base", "result"),
    [
        ("a.py", PY, PY.replace("[ ]", "[x]")),
        ("a.py", PY, PY.replace("it says two", "it does say two")),
        ("a.py", PY, PY.replace("Because", "Just because")),
        ("a.py", PY, PY.replace("# Because.\n", "")),
        ("a.py", PY, PY.replace("Say two", "Say two (#k7f3qa)")),
        ("a.py", PY, PY.replace("two, ", "two,\n#   ")),
        ("a.py", PY, "b = 1\nx = 1\n"),
        ("a.md", MD, MD.replace("[ ]", "[x]")),
        ("a.md", MD, MD.replace("[ ] it says two", "[x] it  says\n  two")),
        ("a.md", MD.replace("Because.", WHY), MD.replace("Because.", WHY.replace("tell", "be told"))),
        ("a.md", MD, "# T\n\none\n\n"),
        ("a.md", MD + "\n## B\n", "# T\n\none\n\n## B\n"),
        ("a.py", DOC, DOC.replace("[ ]", "[x]")),
        ("a.py", DOC, DOC.replace("[ ]", "[x]").replace("\n\n", "\n")),
        ("a.c", STAR, STAR.replace("`\n */", "` */")),
    ],
)
def test_what_a_run_did_to_the_block_is_not_shown(path: str, base: str, result: str) -> None:
    assert Run.of(path, base, result).shown() == []


@pytest.mark.parametrize(
    ("path", "base", "result"),
    [
        ("a.c", STAR.replace("`\n */", "` */"), STAR.replace("`\n */", "`\n * On x. */")),
        ("a.py", DOC, DOC.replace('"""spec!', '"""Says two.\n\n    spec!')),
        ("a.c", STAR, STAR.replace("/* spec!", "/* On x.\n *\n * spec!")),
    ],
)
def test_lines_that_a_run_made_the_specs_and_others_are_all_shown(path: str, base: str, result: str) -> None:
    run = Run.of(path, base, result)
    lines = split_lines(base)
    done = applied(lines, run.plan(lines).accept([hunk.id for hunk in run.hunks]))
    assert run.hunks
    assert "".join(done) == result


@pytest.mark.parametrize(
    ("path", "base", "result"),
    [
        ("a.py", PY, PY.replace("Because.", "Because.\n# And more.")),
        ("a.py", PY, PY.replace("x = 1", "# - [ ] it shouts\n# - must: whisper\nx = 1")),
        ("a.md", MD, MD + "- [ ] it shouts\n"),
        ("a.md", MD, MD.replace("- [ ]", "It says:\n\n```sh\ntwo\n```\n\n- [ ]")),
        ("a.md", MD, MD.replace("- [ ]", "```sh\ntwo\n```\n\n- [ ]")),
        ("a.md", MD, MD.replace("- [ ]", "<!-- two -->\n\n- [ ]")),
        ("a.md", MD, MD.replace("- [ ]", "### Two\n\n- [ ]")),
        ("a.md", MD, MD.replace("Because.", "Because it is.\nBecause it was.")),
        ("a.md", MD.replace("Because.", CODE), MD.replace("Because.", CODE.replace("two", "three"))),
        ("a.py", DOC, DOC.replace("two\n\n", "two\n\n    It says two.\n\n")),
    ],
)
def test_what_a_run_put_into_the_block_is_shown_and_kept(path: str, base: str, result: str) -> None:
    run = Run.of(path, base, result)
    assert run.hunks
    assert run.taken(base) == "the spec stays"
    lines = split_lines(base)
    assert "".join(applied(lines, run.plan(lines).accept([hunk.id for hunk in run.hunks]))) == result


def test_a_block_that_only_the_buffer_has_goes_above_what_a_run_wrote() -> None:
    base, result = "b = 1\nx = 1\n", "b = 1\n# On x\nx = 2\n"
    assert Run.of("a.py", base, result, PY).taken(PY) == result


@pytest.mark.parametrize("more", ["# - [ ] it shouts", "# Still more."])
def test_a_spec_that_a_person_went_on_writing_stays(more: str) -> None:
    run = Run.of("a.py", PY, PY.replace("x = 1", "# On x\nx = 2"))
    assert run.taken(PY.replace("x = 1", f"{more}\nx = 1")) == "the spec stays"


SPEC = ["# spec! Say two\n", "# - [ ] it says two\n"]
AROUND = st.lists(st.sampled_from(["# p\n", "# q\n", "#\n", "x = 1\n", "y = 2\n", "\n", "# - r\n"]), max_size=6)


def says(lines: list[str]) -> list[str]:
    """The lines without those that say nothing."""
    return [line for line in lines if line.strip("#\n ")]


@given(AROUND, AROUND, AROUND, st.booleans())
def test_no_line_around_the_block_is_lost(above: list[str], below: list[str], lower: list[str], moved: bool) -> None:
    upper = ["z = 0\n"] * moved + above
    base, result = "".join(above + SPEC + below), "".join(upper + SPEC + lower)
    [queued], _ = USUAL.parse("".join(SPEC), "a.py")
    assume(above[-1:] != ["#\n"] and USUAL.parse(base, "a.py")[0] == (queued,))
    run = Run.of("a.py", base, result)
    lines = split_lines(base)
    done = applied(lines, run.plan(lines).accept([hunk.id for hunk in run.hunks]))
    assert [line for line in says(done) if line not in SPEC] == says(upper + lower)
    assert says(without_own(done, run.own) or []) == says(upper + lower)
