"""What a rule about words leaves alone, beside what is nearly the same and is said."""

import pytest

from specwright.spec.facts import Facts, Tree
from specwright.spec.lint import check
from specwright.spec.model import Severity


def codes(text: str) -> set[str]:
    return {problem.code for problem in check(text, "a.py")[1]}


def of(*criteria: str, goal: str = "Clerks look for the newest order.", more: str = "") -> set[str]:
    lines = [goal, *(f"- [ ] {criterion}" for criterion in criteria), *([more] if more else [])]
    return codes("# spec! Sort orders\n" + "".join(f"# {line}\n" for line in lines))


@pytest.mark.parametrize(
    ("criterion", "speaks"),
    [
        ("WHEN an order lacks lines, THEN the shop SHALL decline it", False),
        ("given an empty cart the till must stay closed", False),
        ("the shop SHALL log the order", False),
        ("the shop must not send a mail to the clerk", False),
        ("the shop shall automatically remove the draft", False),
        ("the draft is removed", False),
        ("old drafts are silently deleted", False),
        ("orders are easier to find when one looks", True),
        ("the code is maintainable and consistent", True),
        ("the shop SHALL support orders", True),
        ("clerks are pleased", True),
    ],
)
def test_input_and_result_or_a_result_that_shows_can_be_observed(criterion: str, speaks: bool) -> None:
    assert ("SPEC103" in of(criterion)) is speaks


@pytest.mark.parametrize(
    ("criterion", "speaks"),
    [
        ("each order becomes a pull request", False),
        ("two files lie in the folder", False),
        ("the shop reads the order; a missing one is skipped", False),
        ("the shop reads the order, WHEN there is no order it stays closed", False),
        ("the shop parses the order, an unknown field is kept", False),
        ("the shop reads the order", True),
        ("each request gets 3 rows", True),
        ("the shop takes files that the user uploads", True),
    ],
)
def test_failure_is_asked_for_where_input_is_read_and_nothing_is_said_of_it(criterion: str, speaks: bool) -> None:
    assert ("SPEC106" in of(criterion)) is speaks


@pytest.mark.parametrize(
    ("criterion", "speaks"),
    [
        ("the shop has a thread-safe writer", False),
        ("the page links to the quick-start", False),
        ("an order without lines makes the shop fail fast", False),
        ("a closed shop will clean up its drafts", False),
        ("WHEN some orders are open, the shop stays open", False),
        ("the shop ends with the appropriate code: 0 for sold, 1 for cancelled", False),
        ("the writer is safe", True),
        ("the page loads fast", True),
        ("the code is clean", True),
        ("some orders are open", True),
        ("the shop ends with the appropriate code", True),
        ("the shop uses environment-appropriate limits", True),
    ],
)
def test_a_vague_word_is_one_that_leaves_something_open(criterion: str, speaks: bool) -> None:
    assert ("SPEC201" in of(criterion)) is speaks


@pytest.mark.parametrize(
    ("goal", "speaks"),
    [
        ("Sort orders by date, so that clerks find them easily and quickly.", False),
        ("Sort orders quickly, so that clerks find them.", True),
    ],
)
def test_a_reason_is_no_demand(goal: str, speaks: bool) -> None:
    assert ("SPEC201" in of("3 orders are sorted", goal=goal)) is speaks


@pytest.mark.parametrize(
    ("goal", "criterion", "speaks"),
    [
        ("Old clients (tills, scales, etc.) send no date.", "3 orders are sorted", False),
        ("Sort orders (those of tills) by date, name, etc.", "3 orders are sorted", True),
        ("Sort orders.", "3 clients (tills, scales, etc.) get a date", True),
    ],
)
def test_examples_in_a_goal_are_no_list_to_work_through(goal: str, criterion: str, speaks: bool) -> None:
    assert ("SPEC203" in of(criterion, goal=goal)) is speaks


@pytest.mark.parametrize(
    ("criterion", "speaks"),
    [
        ("GIVEN an order.json that may be empty, THEN 0 rows are shown", False),
        ("WHEN a clerk may not sell, THEN the till stays closed", False),
        ("the page lists which orders should be sent, 3 of them", False),
        ("the page names what may be sold", False),
        ("WHEN an order comes the till should open", True),
        ("the till may open", True),
        ("GIVEN an order that may be empty, the till might open", True),
    ],
)
def test_a_modal_is_a_wish_where_it_is_about_the_result(criterion: str, speaks: bool) -> None:
    assert ("SPEC204" in of(criterion)) is speaks


LONG = "WHEN a clerk of the shop opens the list of orders, THEN the page SHALL show the newest one of the {} first"


@pytest.mark.parametrize(
    ("first", "second", "speaks"),
    [
        (LONG.format("day"), LONG.format("week"), False),
        (LONG.format("day"), LONG.format("day") + " --all", False),
        (LONG.format("day"), LONG.format("day") + ".", True),
        (LONG.format("day"), LONG.format("day") + " then", True),
    ],
)
def test_two_of_a_family_are_two(first: str, second: str, speaks: bool) -> None:
    assert ("SPEC407" in of(first, second)) is speaks


@pytest.mark.parametrize(
    ("criterion", "speaks"),
    [
        ("the shop SHALL not offer a command to delete orders", False),
        ("the shop never deletes an order by command", False),
        ("the shop has a command to delete orders", True),
    ],
)
def test_a_criterion_that_says_no_agrees_with_a_non_goal(criterion: str, speaks: bool) -> None:
    assert ("SPEC405" in of(criterion, more="- not: a command to delete orders")) is speaks


@pytest.mark.parametrize(
    ("criterion", "found"),
    [
        ("the TODO list has 3 rows", set()),
        ("3 rows say FIXME", set()),
        ("the limit of 3 is TBD", set()),
        ("the ZORB has 3 rows", {"SPEC209"}),
        ("TBD", {"SPEC108"}),
        ("TBD, check: `make`", {"SPEC108"}),
        ("todo.", {"SPEC108"}),
        ("`TODO` is shown 3 times", set()),
    ],
)
def test_what_is_undone_is_no_abbreviation(criterion: str, found: set[str]) -> None:
    facts = Facts(tree=Tree(frozenset({"a.py"}), lambda path: "x = 1"))
    problems = check(f"# spec! Sort orders\n# So.\n# - [ ] {criterion}\n", "a.py", facts)[1]
    assert {problem.code for problem in problems} & {"SPEC108", "SPEC209"} == found


@pytest.mark.parametrize(
    ("criterion", "speaks"),
    [
        ("it returns 3 rows", True),
        ("It no longer returns 3 rows", True),
        ("they should return 3 rows", True),
        ("This doesn't return 3 rows", True),
        ("these also return 3 rows", True),
        ("these 3 rows are returned", False),
        ("this page has 3 rows", False),
        ("those who pay see 3 rows", False),
        ("the page is empty, and it has 3 rows", False),
    ],
)
def test_a_pronoun_at_the_beginning_refers_to_nothing(criterion: str, speaks: bool) -> None:
    assert ("SPEC205" in of(criterion)) is speaks


@pytest.mark.parametrize(
    ("criterion", "speaks"),
    [
        ("it has 3 rows, check: make test", True),
        ("it has 3 rows check: make test", True),
        ("it has 3 rows. Check: make test", True),
        ("Check: make test", True),
        ("Health Check: it has 3 rows", False),
        ("Task Completion Checks: it has 3 rows", False),
    ],
)
def test_a_heading_that_ends_in_check_is_none(criterion: str, speaks: bool) -> None:
    problems = check(f"# spec! A\n# It is so.\n# - [ ] {criterion}\n", "a.py")[1]
    assert (Severity.WARNING in {p.severity for p in problems if p.code == "SPEC104"}) is speaks
