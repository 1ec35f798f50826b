"""Which open tasks a spec had before, under another title or in another file: what is sure, and what is a guess."""

from collections.abc import Mapping

import pytest

from specwright.engine.earlier import Earlier, Here, earlier
from specwright.spec.digest import digest
from specwright.spec.facts import Known
from specwright.spec.model import Spec
from specwright.spec.reading import USUAL
from specwright.store.tasks import OpenSpec


def text(title: str, goal: str = "", criterion: str = "it is so", handle: str = "") -> str:
    lines = [f"spec! {title}{f' (#{handle})' if handle else ''}", *([goal] if goal else []), f"- [ ] {criterion}"]
    return "".join(f"# {line}\n" for line in lines) + "x = 1\n"


def specs_of(*texts: str) -> list[Spec]:
    return USUAL.parse("".join(texts), "a.py")[0]


def task(of: str, path: str = "a.py") -> OpenSpec:
    [spec] = specs_of(of)
    return OpenSpec(path, spec.title, spec.handle, digest(spec), "0" * 40, spec.goal)


GOAL = "The program greets everybody who starts it."
PARSER = text("Add unit tests for the parser", "Every branch of the parser.")
LEXER = text("Add unit tests for the lexer", "Every branch of the lexer.")
OLD = text("Say two", GOAL)


def found(
    *texts: str,
    opened: Mapping[str, OpenSpec],
    seen: Mapping[int, str] | None = None,
    there: str = "",
    is_renamed: bool = False,
) -> list[str]:
    """By spec its tasks; guesses with a question mark. `there` is what each other file holds."""
    specs = specs_of(*texts)
    by_spec = [[seen[number]] if seen and number in seen else [] for number in range(len(specs))]
    known = [Known("b.py", 0, spec.title, spec.handle) for spec in specs_of(there)]
    result = earlier(Here("a.py", specs, by_spec), opened, lambda _: known, lambda _: is_renamed)
    return [" ".join([*one.sure, *(f"{each}?" for each in one.guessed)]) for one in result]


@pytest.mark.parametrize(
    ("now", "of", "path", "expected"),
    [
        (OLD, OLD, "a.py", ""),
        (OLD, OLD, "b.py", "t?"),
        (text("Say two", GOAL, "it is otherwise"), OLD, "b.py", "t?"),
        (text("Say two", GOAL, "it is otherwise", "k7f3qa"), text("Old", handle="k7f3qa"), "b.py", "t"),
        (text("Say it twice", GOAL), OLD, "a.py", "t?"),
        (text("Say it twice", GOAL), OLD, "b.py", ""),
        (text("Say it twice", GOAL, "it is otherwise"), OLD, "a.py", "t?"),
        (text("Greet them two times"), text("Greet them three times"), "a.py", "t?"),
        (LEXER, PARSER, "a.py", "t?"),
        (text("Bake bread"), OLD, "a.py", ""),
    ],
    ids=["named", "cut out", "and edited", "handle", "retitled", "retitled elsewhere", "reworded", "no goal",
         "a similar one", "another"],
)  # fmt: skip
def test_what_a_task_is_to_a_spec(now: str, of: str, path: str, expected: str) -> None:
    assert found(now, opened={"t": task(of, path)}) == [expected]


@pytest.mark.parametrize(
    ("now", "expected"),
    [(OLD, "t"), (text("Say two", GOAL, "it is otherwise"), "t?"), (text("Say it twice", GOAL), "")],
)
def test_what_stands_in_a_renamed_file_is_the_same(now: str, expected: str) -> None:
    assert found(now, opened={"t": task(OLD, "b.py")}, is_renamed=True) == [expected]


def test_what_its_own_file_holds_still_was_copied() -> None:
    assert found(OLD, opened={"t": task(OLD, "b.py")}, there=OLD) == [""]


def test_one_that_says_the_same_but_for_the_title_may_have_stood_beside_it() -> None:
    header, footer = (text(f"Translate the {what}", "All texts of it are in German.") for what in ("header", "footer"))
    assert found(footer, opened={"t": task(header)}) == ["t?"]


def test_a_spec_that_has_a_task_is_not_another_task_s() -> None:
    assert found(LEXER, opened={"t": task(PARSER), "u": task(LEXER)}) == [""]
    assert found(LEXER, opened={"t": task(PARSER), "u": task(OLD)}, seen={0: "u"}) == ["u"]
    assert found(LEXER, PARSER, opened={"t": task(PARSER)}) == ["", ""]


def test_what_an_editor_followed_is_no_guess() -> None:
    assert found(LEXER, OLD, opened={"t": task(PARSER)}, seen={1: "t"}) == ["", "t"]


def test_of_specs_that_were_all_reworded_each_has_its_own() -> None:
    many = [one.replace("Add", "Add many") for one in (LEXER, PARSER)]
    opened = {"p": task(PARSER), "l": task(LEXER)}
    assert found(*many, opened=opened) == ["l?", "p?"]
    assert found(many[0], opened=opened) == ["l?"]


def test_all_tasks_of_a_spec_are_found() -> None:
    older = text("Say two", GOAL, "it was otherwise")
    assert found(text("Say it twice", GOAL), opened={"t": task(OLD), "u": task(older)}) == ["t? u?"]
    assert Earlier(("t",), ("u",)).all == ("t", "u")
