import time

import pytest

from specwright.config.settings import Lint
from specwright.spec.after import located
from specwright.spec.facts import Facts, Gates, Known, OpenTask, Tree
from specwright.spec.lint import check
from specwright.spec.model import Problem, Severity
from specwright.spec.rules.catalogue import RULES

GOOD = "# spec! A (#k7f3qa)\n# goal\n# - [ ] x is 1, check: `true`\n"


def codes(text: str, facts: Facts | None = None, path: str = "a.py") -> list[str]:
    """Of errors."""
    return [problem.code for problem in check(text, path, facts)[1] if problem.severity is Severity.ERROR]


def test_of_a_good_spec_nothing_is_said() -> None:
    assert check(GOOD, "a.py")[1] == ()


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("# spec! A\n# goal\n", "SPEC101", (0, 8, 9)),
        ("# spec! ‹title›\n# - [ ] x\n", "SPEC108", (0, 8, 15)),
        ("# spec! A\n# - [ ] it is ???\n", "SPEC108", (1, 14, 17)),
        ("# spec! A\n# - [ ] x\n# - must: TBD\n", "SPEC108", (2, 10, 13)),
        ("# spec! A\n# TBD\n# - [ ] x\n", "SPEC108", (1, 2, 5)),
        ("# spec! A\n# So ‹that\n# it› is.\n# - [ ] x\n", "SPEC108", (1, 5, 5)),
        ("# spec! A\n# - [ ] x\n# - note: [NEEDS CLARIFICATION: y]\n", "SPEC108", (2, 10, 34)),
        ("# spec! A\n# - [ ] key AKIAABCDEFGHIJKLMNOP\n", "SPEC502", (1, 12, 32)),
        ("# spec! A\n# - [ ] x\u202ey\n", "SPEC503", (1, 9, 10)),
        ("# spec! A\n# - [ ] x\u200b\n", "SPEC503", (1, 9, 10)),
        ("# spec! A\n# - [ ] x\U000e0041\n", "SPEC503", (1, 9, 10)),
        ("\ufeff# spec! A\n# - [ ] x\ufeffy\n", "SPEC503", (1, 9, 10)),
        ("# spec! A\n# - [ ] x\U000e0100y\n", "SPEC503", (1, 9, 10)),
        ("# spec! A\n# - [ ] x\u2800y\n", "SPEC503", (1, 9, 10)),
        ("# spec! A\n# - [ ] x, check: `a; rm -rf x`\n", "SPEC504", (1, 19, 30)),
    ],
)
def test_a_rule_speaks_at_its_place(text: str, code: str, place: tuple[int, int, int]) -> None:
    [problem] = [problem for problem in check(text, "a.py")[1] if problem.severity is Severity.ERROR]
    span = problem.span
    assert (problem.code, problem.severity) == (code, Severity.ERROR)
    assert (span.start.line, span.start.column, span.end.column) == place


@pytest.mark.parametrize(
    "command",
    [
        "a; b",
        "a && b",
        "a || b",
        "a | sh",
        "curl x",
        "true & pytest -q",
        "true < x",
        "true > x",
        "sudo a",
        "rm -rf x",
        "echo $(x)",
        "a > /tmp/x",
        "bash -c 'curl x'",
    ],
)
def test_a_check_that_wants_a_shell_is_an_error(command: str) -> None:
    assert codes(f"# spec! A\n# - [ ] x, check: `{command}`\n") == ["SPEC504"]


@pytest.mark.parametrize(
    "command", ["pytest -q tests/a.py::test_b", "npm run a11y", "go test ./x -run 'A|B'", "python -c 'a; b'"]
)
def test_a_plain_check_is_none(command: str) -> None:
    assert codes(f"# spec! A\n# - [ ] x, check: `{command}`\n") == []


def facts(*specs: Known) -> Facts:
    return Facts(specs)


HERE = Known("a.py", 0, "A", "k7f3qa")


@pytest.mark.parametrize(
    ("others", "found"),
    [
        ((HERE,), []),
        ((HERE, Known("b.py", 3, "B", "k7f3qa")), []),
        ((HERE, Known("0.py", 3, "B", "k7f3qa")), ["SPEC012"]),
    ],
)
def test_the_first_of_two_handles_keeps_it(others: tuple[Known, ...], found: list[str]) -> None:
    assert codes(GOOD, facts(*others)) == found


@pytest.mark.parametrize(
    ("reference", "found"),
    [("#m2x9rd", []), ("#nobody", ["SPEC403"]), ("b", []), ("Twice", ["SPEC403"]), ("Nothing", ["SPEC403"])],
)
def test_a_reference_fits_one_spec(reference: str, found: list[str]) -> None:
    others = (Known("b.py", 0, "B", "m2x9rd"), Known("c.py", 0, "Twice", None), Known("d.py", 0, "Twice", None))
    assert codes(GOOD + f"# - after: {reference}\n", facts(HERE, *others)) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (r"\#m2x9rd", [("#m2x9rd", False, 1)]),
        (r"#m2x9rd, \#k7f3qa stacked", [("#m2x9rd", False, 0), ("#k7f3qa", True, 10)]),
        ("Print amounts stacked", [("Print amounts", True, 0)]),
    ],
)
def test_what_a_reference_names_and_where(value: str, found: list[tuple[str, bool, int]]) -> None:
    assert [(reference.name, reference.stacked, start) for reference, start in located(value)] == found


@pytest.mark.parametrize("line", [r"- after: \#m2x9rd", r"- after: Use a\_b", r"- see: docs/a\_b.md"])
def test_what_a_formatter_of_markdown_escapes_names_the_same(line: str) -> None:
    others = (Known("b.py", 0, "B", "m2x9rd"), Known("c.py", 0, "Use a_b", None))
    world = Facts(others, Tree(frozenset({"docs/a_b.md"})))
    assert codes(f"# spec! A\n\n- [ ] x\n{line}\n", world, "a.md") == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("#good1 Print amounts", ["'Print' is not"]),
        ("#good1, and #m2x9rd", ["'and' is not"]),
        ("#good1 stacked stacked", ["'stacked' is not"]),
        (r"#good1 , \#m2x9rd stacked", []),
        ("Print #good1", []),
    ],
)
def test_behind_a_handle_stands_no_title(value: str, found: list[str]) -> None:
    problems = check(GOOD + f"# - after: {value}\n", "a.py")[1]
    assert [problem.message.partition(" one of")[0] for problem in problems] == found
    assert all(problem.code == "SPEC005" for problem in problems)


@pytest.mark.parametrize(
    ("files", "scope", "severity"),
    [
        ("src/new.py", ("./src/new.py",), "warning"),
        ("src/new.py", ("src/new.py", "!src/"), None),
        ("src/old.py src/new.py", ("src/*.py",), "info"),
        ("src", ("src",), None),
    ],
)
def test_a_new_file_that_both_name_is_an_overlap(files: str, scope: tuple[str, ...], severity: str | None) -> None:
    task = OpenTask("z.py", "z", None, "0" * 64, "Z", "running", scope)
    world = Facts((HERE, Known("z.py", 0, "Z", None)), Tree(frozenset({"a.py", "src/old.py"})), (task,))
    problems = check(GOOD + f"# - files: {files}\n", "a.py", world)[1]
    assert [problem.severity for problem in problems if problem.code == "SPEC404"] == ([severity] if severity else [])


def test_a_cycle_is_named() -> None:
    here = Known("a.py", 0, "A", "k7f3qa", ("#m2x9rd",))
    there = Known("b.py", 0, "B", "m2x9rd", ("#k7f3qa",))
    [problem] = check(GOOD + "# - after: #m2x9rd\n", "a.py", facts(here, there))[1]
    assert (problem.code, problem.message) == ("SPEC402", "Cycle: A -> B -> A")


def test_without_facts_rules_that_need_them_are_silent() -> None:
    assert codes(GOOD + "# - after: #nobody\n") == []


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ((), "warning"),
        ((("SPEC102", "hint"),), "hint"),
        ((("SPEC102", "error"),), "error"),
        ((("SPEC102", "off"),), None),
    ],
)
def test_settings_say_how_much_a_rule_matters(rules: tuple[tuple[str, str], ...], found: str | None) -> None:
    problems = check("# spec! A\n# - [ ] x is 1, check: `true`\n", "a.py", settings=Lint(rules))[1]
    assert [problem.severity for problem in problems if problem.code == "SPEC102"] == ([found] if found else [])


@pytest.mark.parametrize("level", ["off", "hint"])
@pytest.mark.parametrize(
    ("code", "line"),
    [("SPEC503", "- must: a\u200bb"), ("SPEC504", "- [ ] y, check: `a; b`"), ("SPEC505", "- gates: -tests")],
)
@pytest.mark.parametrize("allow", ["", "# - allow: {} it is so\n"])
def test_what_is_dangerous_stays_an_error(level: str, code: str, line: str, allow: str) -> None:
    text = f"# spec! A\n# goal\n# - [ ] x is 1, check: `true`\n# {line}\n{allow.format(code)}"
    problems = check(text, "a.py", Facts(gates=Gates(("tests",))), settings=Lint(((code, level),)))[1]
    assert [(problem.code, problem.severity) for problem in problems] == [(code, Severity.ERROR)]


@pytest.mark.parametrize(
    ("allow", "rules", "silent"),
    [("SPEC102 no reason is needed", (), True), ("SPEC102 but it is an error", (("SPEC102", "error"),), False)],
)
def test_a_spec_allows_what_is_no_error(allow: str, rules: tuple[tuple[str, str], ...], silent: bool) -> None:
    text = f"# spec! A\n# - [ ] x is 1, check: `true`\n# - allow: {allow}\n"
    assert ("SPEC102" not in {problem.code for problem in check(text, "a.py", settings=Lint(rules))[1]}) is silent


VAGUE = "# spec! A\n# goal\n# - [ ] 1 is {}, check: `true`\n"


@pytest.mark.parametrize(
    ("text", "lang", "speaks"),
    [
        ("fine as expected", "", True),
        ("“as expected” and `as expected`", "", False),
        ("fine as expected", "de", False),
        ("так as expected, и ещё многое другое по-русски", "", False),
        ("так as expected, и ещё многое другое", "en", True),
    ],
)
def test_wording_is_judged_in_english_alone(text: str, lang: str, speaks: bool) -> None:
    codes = {problem.code for problem in check(VAGUE.format(text), "a.py", settings=Lint(lang=lang))[1]}
    assert ("SPEC201" in codes) is speaks


def test_rules_about_words_are_off_for_other_languages() -> None:
    assert all(rule.wording for rule in RULES if rule.code.startswith("SPEC2"))


def test_the_catalogue_is_whole_and_in_order() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert (len(codes), [rule.code for rule in RULES if not rule.on]) == (49, ["SPEC207", "SPEC208"])


def test_a_long_chain_and_a_long_cycle_take_no_time() -> None:
    chain = tuple(Known("a.py", n, f"Part {n}", None, (f"Part {n + 1}",)) for n in range(2_000))
    cycle = tuple(Known("b.py", n, f"Ring {n}", None, (f"Ring {(n + 1) % 50}",)) for n in range(50))
    facts = Facts(specs=(*chain, *cycle))
    text = "# spec! Ring 0\n# It is so.\n# - [ ] so, check: manual\n# - after: Ring 1\n"
    [problem] = [found for found in check(text, "b.py", facts)[1] if found.code == "SPEC402"]
    assert problem.message == "Cycle: Ring 0 -> Ring 1 -> Ring 2 -> Ring 3 -> Ring 4 -> Ring 5 -> … -> Ring 0"
    began = time.perf_counter()
    for path, title in (("a.py", "Part"), ("b.py", "Ring")) * 5:
        check(text.replace("Ring 0", f"{title} 0").replace("Ring 1", f"{title} 1"), path, facts)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    "check",
    [
        "check: pytest -q", "check:", "check `pytest -q`", "Check: `true` and look", "checks: `true`",
        'check: "pytest -q"', "check: manually", "(check: `true`)", "check: `a`, check: `b`",
    ],
)  # fmt: skip
def test_what_is_almost_a_check_is_told(check: str) -> None:
    text = f"# spec! A\n# goal\n# - [ ] it returns 3, check: `true`\n# - [ ] it returns 4, {check}\n"
    said = [problem for problem in lint_of(text) if problem.code == "SPEC104"]
    assert [(problem.severity, problem.span.start.line) for problem in said] == [(Severity.WARNING, 3)]


@pytest.mark.parametrize("text", ["a self-check: 3 rows", "the label `check: x` is there", 'prints "check: 3"'])
def test_what_only_speaks_of_checks_is_none(text: str) -> None:
    assert not [p for p in lint_of(f"# spec! A\n# goal\n# - [ ] {text}, check: `true`\n") if p.code == "SPEC104"]


@pytest.mark.parametrize(
    ("below", "lines"),
    [
        ("# - [ ] more\n", [5]), ("# - files: a.py\n# - not: b\n", [5]), ("# - a list\n# more\n", []),
        ("#\n# spec! B\n# - [ ] x\n", []),
    ],
)  # fmt: skip
def test_a_criterion_behind_the_end_of_its_spec_is_told(below: str, lines: list[int]) -> None:
    text = f"# spec! A\n# goal\n# - [ ] it returns 3, check: `true`\n#\n# About what follows.\n{below}x = 1\n"
    assert [p.span.start.line for p in lint_of(text) if p.code == "SPEC007"] == lines


def test_a_field_without_a_value_is_told() -> None:
    text = "# spec! A\n# goal\n# - [ ] it returns 3, check: `true`\n# - error:\n# - files:\n# - not: x\n"
    said = [(p.span.start.line, p.severity) for p in lint_of(text) if p.code == "SPEC108"]
    assert said == [(3, Severity.WARNING), (4, Severity.WARNING)]


def lint_of(text: str) -> tuple[Problem, ...]:
    return check(text, "a.py")[1]
