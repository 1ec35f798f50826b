"""Every quick fix mends what it is offered for, or leaves a hole that SPEC108 shows, and changes nothing else."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from spec.edits import applied, within
from spec.seeded import ALL_ON, OPERATORS, Sample, defects, said, samples, world
from specwright.spec.document import Document
from specwright.spec.facts import Facts, Gates, Known, OpenTask, Tree
from specwright.spec.grammar import SECTIONS
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines
from specwright.spec.lint import check, fixes
from specwright.spec.model import Point, Problem, Span, Spec
from specwright.spec.rewrite import with_criterion
from specwright.spec.rules.catalogue import BY_CODE
from specwright.spec.rules.look import Look, of_text
from specwright.spec.rules.rule import Edit, Fix

CLEAN = samples()[::5]
WITH_FIX = sorted(code for code in OPERATORS if BY_CODE[code].mend)
CHANGES_BLOCKS = {"SPEC001", "SPEC003", "SPEC007", "SPEC011"}
"""Codes whose fixes change where specs begin or end."""


def offered(sample: Sample, code: str) -> Iterator[tuple[Problem, Fix]]:
    specs, problems = said(sample)
    lines = split_lines(sample.file)
    for problem in problems:
        if problem.code == code:
            row = problem.span.start.line
            around = next((s for s in specs if s.span.start.line <= row <= s.span.end.line), None)
            own = [known for known in (sample.world.specs or ())]
            facts = replace(sample.world, specs=tuple(own))
            look = Look(around, lines, sample.path, facts) if around else of_text(lines, sample.path)
            yield from ((problem, fix) for fix in fixes(look, problem))


def parts(specs: tuple[Spec, ...]) -> Iterator[tuple[str, Span]]:
    """What a spec says, part by part, and where."""
    for spec in specs:
        yield f"title {spec.title}", spec.title_span
        yield f"handle {spec.handle}", Span(spec.title_span.end, Point(spec.title_span.end.line + 1, 0))
        if goal := spec.goal_written.pieces:
            yield f"goal {spec.goal}", spec.goal_written.span(0, sum(len(text) + 1 for _, _, text in goal))
        yield from ((f"criterion {c.check} {c.manual} {c.text}", c.span) for c in spec.criteria)
        yield from ((f"{field.key} {field.value}", field.span) for field in spec.fields)


def is_left(part: Span, edits: tuple[Edit, ...]) -> bool:
    """Whether edits leave a part alone; a line that is put in below it does."""
    below = (
        edit for edit in edits if not (edit.text.startswith("\n") and edit.span.start == edit.span.end == part.end)
    )
    return not any(
        (edit.span.start < part.end and part.start < edit.span.end)
        or (edit.span.start == edit.span.end and part.start <= edit.span.start <= part.end)
        for edit in edits
        if edit.span != below or not edit.text.startswith("\n")
    )


def goes_on(part: str, new: str) -> bool:
    """Whether a part is whole in another of its kind."""
    kind, _, text = part.partition(" ")
    return new.startswith(kind) and text in new


def same(problems: tuple[Problem, ...], problem: Problem) -> int:
    return sum((p.code, p.message) == (problem.code, problem.message) for p in problems)


LONG = "Show the newest orders first in each of the places where our clerks look for them (#abcd12)"
MESSY = (LONG, "TBD", "- [ ] should it return?", "- [ ] TBD, check: `make`", "- [ ] x ‹y›, check: `‹cmd›`",
         "- [ ] [NEEDS CLARIFICATION: who", "  knows] it, etc.", "- [ ] it is fast if possible and",
         "  handled gracefully, check: `make; rm x`", "- files: ??? a.py", "- must:", "- must: it may fail, etc.",
         "- priority: low", "- note", "- prio: x", "- after: #nobody", "- see: zork.py b.py")  # fmt: skip
SECTIONED = """# A

## Goal

TBD

## Acceptance criteria

Should it work?

1. Should it work, too?
2. TBD

## Background

1. this or that
- why?
"""
KEY_GOES = {"SPEC311": "see", "SPEC402": "after", "SPEC403": "after", "SPEC505": "gates"}
"""Codes whose fixes remove one of several names: the field goes with its last."""


def words(text: str) -> Counter[str]:
    """All but what can't be seen, and the numbers of lists."""
    return Counter(re.findall(r"\w+", re.sub(r"\u202e|^\s*\d+\.", "", text, flags=re.M)))


def may_go(sample: Sample, problem: Problem, fix: Fix) -> Counter[str]:
    """What a fix may take away by its row in the table of rules: what the finding shows, and what hangs on it."""
    found = words(within(sample.file, problem.span)) + words(KEY_GOES.get(problem.code, ""))
    rest = within(sample.file, Span(problem.span.end, Point(problem.span.end.line + 1, 0)))
    if problem.code == "SPEC012":
        found += words("k7f3qa")
    elif problem.code == "SPEC314":
        criteria = (criterion for spec in said(sample)[0] for criterion in spec.criteria)
        found += words(next(c.check or "" for c in criteria if c.span.end >= problem.span.end))
    elif problem.code == "SPEC204" or fix.title.startswith("Write 'src/"):
        found += words(rest.split()[0])  # the verb behind `should`; the rest of a glob
    elif fix.title.startswith("Remove the"):
        [part] = (span for _, span in parts(said(sample)[0]) if span.start <= problem.span.start <= span.end)
        found = words(within(sample.file, part))
    return found


def lost_words(sample: Sample, problem: Problem, fix: Fix) -> Counter[str]:
    return words(sample.file) - words(applied(sample.file, fix.edits)) - may_go(sample, problem, fix)


def check_words(sample: Sample, code: str) -> int:
    found = list(offered(sample, code))
    assert [(problem, fix, lost) for problem, fix in found if (lost := lost_words(sample, problem, fix))] == []
    return len(found)


@pytest.mark.parametrize("path", ["a.py", "a.c", "a.html", "a.md", ".specs/a.spec.md"])
def test_a_fix_takes_no_word_away_but_those_that_it_shows(path: str) -> None:
    messy = Sample(path, "\n".join(MESSY), replace(CLEAN[0].world, specs=()))
    sample = replace(messy, around=lambda _: SECTIONED) if path.startswith(".specs") else messy
    assert sum(check_words(sample, code) for code in BY_CODE) > 8


@pytest.mark.parametrize(
    ("before", "title", "after"),
    [
        ("TBD\n# - [ ] 1", "Remove", "- [ ] 1"),
        ("TBD\n# - [ ] 1", "Turn into", "‹decision›\n# - [ ] 1"),
        ("So. ‹more\n# words› here\n# - [ ] 1", "Remove", "So. here\n# - [ ] 1"),
        ("So.\n# - [ ] 1, check: `‹cmd›`", "Remove the check", "So.\n# - [ ] 1"),
        ("So.\n# - [ ] ‹1›, check: `‹cmd›`\n# - must: x", "Remove the line", "So.\n# - must: x"),
        ("So.\n# - [ ] [NEEDS CLARIFICATION: who\n#   knows] it", "Remove", "So.\n# - [ ] it"),
    ],
)
def test_what_is_unresolved_goes_whole(before: str, title: str, after: str) -> None:
    head = "# spec! A\n# "
    assert fixed(f"{head}{before}\n", "SPEC108", title, Facts()) == f"{head}{after}\n"


@pytest.mark.parametrize(
    ("line", "code", "after", "read"),
    [
        ("- Files: src/", "SPEC006", "- files: src/", "files"),
        ("- NON-GOAL: x", "SPEC006", "- non-goal: x", "not"),
        ("* Must: x", "SPEC006", "* must: x", "must"),
        ("- files : src/", "SPEC006", "- files: src/", "files"),
        ("- files:src/", "SPEC006", "- files: src/", "files"),
        ("- See:\n#   a.py", "SPEC006", "- see:\n#   a.py", "see"),
        ("- Check: `make`", "SPEC006", "check: `make`", "make"),
        ("- check: make x", "SPEC004", "check: `make x`", "make x"),
        ("- Check: manual.", "SPEC006", "check: manual.", None),
    ],
)
def test_what_was_meant_as_a_key_becomes_one(line: str, code: str, after: str, read: str | None) -> None:
    head, facts = "# spec! A\n# So.\n# - [ ] is 1\n# ", Facts(tree=Tree(frozenset()))
    made = fixed(f"{head}{line}\n", code, "", facts)
    assert made == f"{head}{after}\n"
    [spec], _ = check(made, "a.py", facts)
    assert read in {spec.criteria[0].check, *(field.key for field in spec.fields)}
    assert spec.criteria[0].manual == (read is None)


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("1. [ ] x", "- [ ] x"),
        ("2) [x] y", "- [x] y"),
        ("-- [ ] x", "- [ ] x"),
        ("-[X] x", "- [X] x"),
        ("• [] x", "- [ ] x"),
        ("[ ] x", "- [ ] x"),
        ("1. must: x", "- must: x"),
        ("-must: x", "- must: x"),
        ("– non-goal: x", "- non-goal: x"),
        ("- [] x", "- [ ] x"),
        ("- [ ]x", "- [ ] x"),
        ("- ( ) x", "- [ ] x"),
        ("- [ ]", "- [ ] ‹observable result›"),
    ],
)
@pytest.mark.parametrize("above", ["", "# - [ ] is 1, check: `make`\n", "# - must: m\n", "# - note: n\n# goes on\n"])
def test_what_was_meant_as_a_bullet_becomes_one(above: str, line: str, after: str) -> None:
    head = f"# spec! A\n# So.\n{above}"
    made = fixed(f"{head}# {line}\n", "SPEC006", "Make it a criterion" if line.startswith("- ") else "Write", Facts())
    assert made == f"{head}# {after}\n"
    [spec], problems = check(made, "a.py")
    assert spec.span.end.line == made.count("\n") - 1
    assert [p for p in problems if p.code == "SPEC006" and p.severity == "warning"] == []


@pytest.mark.parametrize(
    "line", ["2. Then it is so", "-- so", "[1] is a source", "3. step: do", "see: there", "[x](y) z"]
)
def test_what_goes_on_is_no_bullet(line: str) -> None:
    problems = check(f"# spec! A\n# So.\n# {line}\n# - [ ] is 1\n#   {line}\n", "a.py")[1]
    assert [problem for problem in problems if problem.code == "SPEC006"] == []


@pytest.mark.parametrize("line", ["- Note: so", "- Owner: me", "- http://x.y z", "- So it is: 3"])
def test_what_is_no_key_is_a_hint_alone(line: str) -> None:
    problems = check(f"# spec! A\n# So.\n# - [ ] is 1\n# {line}\n", "a.py")[1]
    assert [(p.severity, p.data) for p in problems if p.code == "SPEC006"] == [("hint", ())]


def test_a_comment_is_closed_in_front_of_the_code_that_it_swallowed() -> None:
    text = "/* spec! A\n * So.\n * - [ ] is 1\nint x;\n"
    [spec], problems = check(text, "a.c")
    look = Look(spec, split_lines(text), "a.c")
    [edits] = [fix.edits for problem in problems if problem.code == "SPEC003" for fix in fixes(look, problem)]
    assert applied(text, edits) == "/* spec! A\n * So.\n * - [ ] is 1 */\nint x;\n"


@pytest.mark.parametrize(
    ("path", "text", "row"),
    [
        ("a.c", "/* spec! A\n - [ ] is 1\nint x;\nint y;\n", 1),
        ("a.c", "/* spec! A\n - [ ] is 1, and\n   goes on\nint x;\n", 2),
        ("a.c", "/* spec! A\n * - [ ] is 1\n*counter = 0;\n", 1),
        ("a.c", "/* spec! A\n * - [ ] is 1\n *\n * So.\nint x;\n", 3),
        ("a.c", "/* spec! A\n- [ ] is 1\n- note: ask\nint x;\n", 2),
        ("a.c", "/* spec! A\n- [ ] is 1\n- and more\nint x;\n", 2),
        ("a.c", "/* spec! A\n * The goal.\n *\n * More.\nint x;\n", 3),
        ("a.html", "<!-- spec! A\n - [ ] is 1\n<p>x</p>\n", 1),
        ("a.c", "/* spec! A\n\n", 0),
    ],
)
def test_a_block_is_closed_where_it_was_meant_to_end(path: str, text: str, row: int) -> None:
    lines = text.split("\n")
    closer = " -->" if path == "a.html" else " */"
    expected = "\n".join([*lines[:row], lines[row] + closer, *lines[row + 1 :]])
    assert fixed(text, "SPEC003", "Close the block", Facts(), path) == expected


@pytest.mark.parametrize(("path", "closer"), [("a.py", '    """'), ("a.md", "```")])
def test_what_closes_on_a_line_of_its_own_stands_above_what_was_swallowed(path: str, closer: str) -> None:
    above = ["```spec A", "- [ ] is 1"] if path == "a.md" else ["def f():", '    """spec! A', "    - [ ] is 1"]
    below = ["", "# Next", ""] if path == "a.md" else ["    return 1", ""]
    text = "\n".join([*above, *below])
    assert fixed(text, "SPEC003", "Close the block", Facts(), path) == "\n".join([*above, closer, *below])


def test_a_block_whose_end_nobody_can_tell_is_not_closed() -> None:
    text = "/* spec! A\nint x;\n"
    [spec], problems = check(text, "a.c")
    look = Look(spec, split_lines(text), "a.c")
    assert [fix for problem in problems if problem.code == "SPEC003" for fix in fixes(look, problem)] == []


def test_a_name_is_taken_from_its_own_line_alone() -> None:
    line, facts = "# - after: #k7f3qa stacked #nope\n", Facts(specs=(Known("z.py", 3, "Other", "k7f3qa"),))
    text = f"# spec! A\n# So.\n# - [ ] is 1\n{line}{line}"
    expected = text.replace(line, "# - after: #k7f3qa stacked\n", 1)
    assert fixed(text, "SPEC403", "Remove '#nope'", facts) == expected


def test_words_behind_a_name_stay() -> None:
    text = "# spec! A\n# So.\n# - [ ] is 1\n# - after: #nope\n#   because of it\n"
    after = fixed(text, "SPEC403", "Remove '#nope'", Facts(specs=()))
    assert "because of it" in after
    assert "nope" not in after


def test_a_second_goal_that_goes_on_is_not_taken_away() -> None:
    text = "# spec! A\n# - [ ] is 1\n# - goal: one\n# - goal: two\n#   and more\n"
    [spec], problems = check(text, "a.py")
    look = Look(spec, split_lines(text), "a.py")
    assert [fix for problem in problems if problem.code == "SPEC005" for fix in fixes(look, problem)] == []


def test_a_new_line_leaves_no_white_space_behind_it() -> None:
    text = "# spec! A\n# So.\n# - [ ] reads 1 \n"
    assert fixed(text, "SPEC106", "Add 'error'", Facts()) == f"{text}# - error: IF ‹condition› THEN ‹result›\n"


@pytest.mark.parametrize("above", ["priority: low", "gates: tests", "after: #abcd12"])
def test_no_words_are_joined_to_a_value_that_takes_none(above: str) -> None:
    with pytest.raises(StopIteration):
        fixed(f"# spec! A\n# So.\n# - [ ] 1\n# - {above}\n# - note\n", "SPEC006", "Join", Facts())


def in_sections(text: str) -> str:
    """A file that is one spec, with headings in place of the keys that have one."""
    lines = text.split("\n")
    heads = {f"- {key}: " if key != "criterion" else "- [ ] ": name for name, key in SECTIONS.items() if key != "goal"}
    found: dict[str, list[str]] = {}
    for line in lines:
        head = next((head for head in heads if line.startswith(head)), "")
        found.setdefault(heads.get(head, ""), []).append(f"- {line.removeprefix(head)}" if head else line)
    above = "\n".join(found.pop("")).rstrip("\n")
    return f"{above}\n" + "".join(
        f"\n## {name.capitalize()}\n\n" + "\n".join([*part, ""]) for name, part in found.items()
    )


def in_files(sample: Sample, around: Callable[[str], str]) -> Sample:
    path = f".specs/{sample.path.replace('/', '-')}.spec.md"
    return replace(sample, path=path, world=world(path, sample.text), around=around)


FORMS = {
    "as it is": CLEAN,
    "a file": [in_files(sample, lambda text: text) for sample in CLEAN[::2]],
    "sections": [in_files(sample, in_sections) for sample in CLEAN[1::2]],
}
NOT_IN_FILES = {"SPEC001", "SPEC003", "SPEC007", "SPEC011"}
"""A file has no marker that needs a title or a blank line above, and no comment or fence to close or break."""
SAMPLES = [(form, code) for form in FORMS for code in WITH_FIX if form == "as it is" or code not in NOT_IN_FILES]


@pytest.mark.parametrize(("form", "code"), SAMPLES)
def test_a_fix_mends_its_finding_and_nothing_else(form: str, code: str) -> None:
    count = 0
    for _, _, defect in (row for row in defects(FORMS[form]) if row[0] == code):
        specs, before = said(defect)
        for problem, fix in offered(defect, code):
            count += 1
            text = applied(defect.file, fix.edits)
            after_specs, after = said(replace(defect, around=lambda _, text=text: text))
            holes = sum(p.code == "SPEC108" for p in after) - sum(p.code == "SPEC108" for p in before)
            shown = f"{fix.title}: {problem}\n{defect.file}\n---\n{text}"
            assert same(after, problem) < same(before, problem) or holes > 0, shown
            there = Counter(part for part, _ in parts(after_specs))
            lost = Counter(part for part, span in parts(specs) if is_left(span, fix.edits)) - there
            if fix.title.startswith(("Join", "Move the end")):
                lost = Counter(part for part in lost if not any(goes_on(part, new) for new in there))
            assert not lost or code in CHANGES_BLOCKS, f"{lost}\n{shown}"
            assert len(after_specs) >= len(specs), shown
            assert not lost_words(defect, problem, fix), shown
    assert count > 0, "no fix was offered"


def test_what_is_put_in_is_only_a_hole_or_was_there() -> None:
    """No text of a fix says what nobody said: letters outside of `‹…›` come from the spec, the facts or the grammar."""
    grammar = "check: manual files error not note allow api see after IF THEN when must is new at most ms spec! does"
    for code, _, defect in defects(CLEAN[::2]):
        if BY_CODE[code].mend is None:
            continue
        facts = defect.world
        known = (
            f"{defect.file} {grammar} {' '.join(facts.tree.paths if facts.tree else ())} {facts.commands} {facts.specs}"
        )
        for problem, fix in offered(defect, code):
            for edit in fix.edits:
                plain = "".join(part.partition("›")[2] if n else part for n, part in enumerate(edit.text.split("‹")))
                words = [word.strip("`-.,:#()[]$'!") for word in plain.split()]
                told = f"{known} {problem.data} {fix.title} {' '.join(BY_CODE)}"
                strange = [word for word in words if word and word not in told and not word.endswith(("s", "/"))]
                assert not strange or code in {"SPEC012", "SPEC506"}, (code, fix, strange)


def test_a_new_handle_is_the_same_each_time_and_nobodys() -> None:
    [sample] = [s for c, _, s in defects(CLEAN[:1]) if c == "SPEC012"]
    first, second = ([f for _, f in offered(sample, "SPEC012")] for _ in range(2))
    assert first == second
    assert "k7f3qa" not in first[0].edits[0].text


def test_a_rule_without_a_fix_offers_none() -> None:
    [sample] = [s for c, _, s in defects(CLEAN[:1]) if c == "SPEC205"]
    assert list(offered(sample, "SPEC205")) == []
    assert ALL_ON.rules


def fixed(text: str, code: str, title: str, facts: Facts, path: str = "a.py") -> str:
    """A text after a quick fix of its one spec."""
    [spec], problems = check(text, path, facts)
    look = Look(spec, split_lines(text), path, facts)
    found = [fix for problem in problems if problem.code == code for fix in fixes(look, problem)]
    return applied(text, next(fix for fix in found if fix.title.startswith(title)).edits)


def test_of_several_names_the_wrong_one_is_removed() -> None:
    facts = Facts(specs=(Known("z.py", 0, "Z", "good1"),))
    text = "# spec! A\n# It is so.\n# - [ ] it is 1, check: `true`\n# - after: #good1 #badd1\n"
    assert fixed(text, "SPEC403", "Remove", facts) == text.replace(" #badd1", "")


def test_a_handle_that_is_nearly_right_is_mended_where_it_stands() -> None:
    facts = Facts(specs=(Known("z.py", 0, "Z", "k7f3qa"), Known("y.py", 0, "Y", "good1")))
    text = "# spec! A\n# It is so.\n# - [ ] it is 1, check: `true`\n# - after: #good1 #k7f3qb stacked\n"
    assert fixed(text, "SPEC403", "Wait", facts) == text.replace("k7f3qb", "k7f3qa")


def test_of_a_cycle_only_the_name_that_leads_back_is_removed() -> None:
    specs = (Known("a.py", 0, "A", "aaaa1", ("#good1 #cccc1",)), Known("c.py", 0, "C", "cccc1", ("#aaaa1",)))
    facts = Facts(specs=(*specs, Known("g.py", 0, "G", "good1")))
    text = "# spec! A (#aaaa1)\n# It is so.\n# - [ ] it is 1, check: `true`\n# - after: #good1 #cccc1\n"
    assert fixed(text, "SPEC402", "Remove", facts) == text.replace(" #cccc1", "")


@pytest.mark.parametrize(("title", "line"), [("Use", "- gates: +tests -lint"), ("Remove", "- gates: -lint")])
def test_a_gate_that_is_nearly_right_is_mended(title: str, line: str) -> None:
    facts = Facts(gates=Gates(("tests", "lint"), frozenset({"lint"})))
    text = "# spec! A\n# It is so.\n# - [ ] it is 1, check: `true`\n# - gates: +test -lint\n"
    assert fixed(text, "SPEC005", title, facts) == text.replace("- gates: +test -lint", line)


def test_a_goal_whose_next_line_begins_like_a_bullet_is_joined() -> None:
    text = "# spec! A\n# It should take 1 minute\n# - or less - afterwards.\n# - [ ] it is 1, check: `true`\n"
    assert fixed(text, "SPEC006", "Join", Facts()) == text.replace("# - or", "# or")


def test_a_path_with_a_space_stays_one_path() -> None:
    facts = Facts(tree=Tree(frozenset({"my file.py", "a.py"})))
    text = "# spec! A\n# It is so.\n# - [ ] it is 1, check: `true`\n# - see: `my fil.py`\n"
    assert fixed(text, "SPEC311", "Use", facts) == text.replace("fil.py", "file.py")


def test_a_task_whose_spec_is_gone_is_not_waited_for() -> None:
    task = OpenTask("z.py", "gone", None, "0" * 64, "Gone", "running", ("a.py",))
    facts = Facts((), Tree(frozenset({"a.py"})), (task,))
    with pytest.raises(StopIteration):
        fixed("# spec! A\n# It is so.\n# - [ ] it is 1, check: `true`\n", "SPEC404", "Wait", facts)


@pytest.mark.parametrize(
    ("path", "above", "below", "sign"),
    [("a.py", "# spec! A\n", "x\n", "# "), ("a.c", "/* spec! A\n", " */\n", " * ")],
)
def test_below_a_goal_with_its_key_a_new_line_has_none(path: str, above: str, below: str, sign: str) -> None:
    text = f"{above}{sign}- goal: It is done.\n{below}"
    after = fixed(text, "SPEC101", "Add a first criterion", Facts(), path)
    assert after.split("\n")[2].startswith(f"{sign}- [ ] ‹")
    document = Document(split_lines(text), language_of(path))
    added = with_criterion(document, document.specs[0])
    assert applied(text, added.edits).split("\n")[2].startswith(f"{sign}- [ ] ‹")
