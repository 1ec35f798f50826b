"""Every example of the pages on specs is what its page says of it, and one links every rule's own page."""

import re
from pathlib import Path

import pytest

from specwright.spec.facts import Facts, Known, Tree
from specwright.spec.lint import check
from specwright.spec.model import Severity
from specwright.spec.parser import Found
from specwright.spec.rules.catalogue import RULES

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = (DOCS / "spec-language.md").read_text(encoding="utf-8")
COURSE = (DOCS / "writing-specs.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^(?P<sign>```+)(?P<info>\w+)\n(?P<text>.*?)^(?P=sign)$", re.M | re.S)
EXAMPLE = re.compile(r"<!-- example: (\S+) (\S+) -->\n" + FENCE.pattern, re.M | re.S)
EXAMPLES = [(match[1], match[2], match["text"]) for page in (PAGE, COURSE) for match in EXAMPLE.finditer(page)]
LEAST_LINKS = 3
CODES = {rule.code for rule in RULES}
COURSE_SPECS = (Known("shop/export.py", 0, "Write orders as CSV", "csvout"),)
"""What another example of the same page holds."""
GRAVE = {Severity.ERROR, Severity.WARNING}
NAMED = frozenset(re.findall(r"[\w.-]+(?:/[\w.-]+)+/?", "".join(text for _, _, text in EXAMPLES)))
FILES = frozenset(f"{name}page.txt" if name.endswith("/") else name for name in NAMED if f"{name}/" not in NAMED)
TREE = Tree(FILES, lambda path: "# Durations\n" + "\n" * 100)
"""A project in which all files that the examples name are there."""


def found(path: str, text: str) -> Found:
    """The specs of an example and what is said of them, by rules that look at all of them too."""
    specs, _ = check(text, path)
    others = COURSE_SPECS if any("csvout" in value for spec in specs for value in spec.values("after")) else ()
    known = tuple(Known(path, s.span.start.line, s.title, s.handle, s.values("after")) for s in specs)
    return check(text, path, Facts(specs=(*known, *others), tree=TREE))


def problems(path: str, text: str) -> tuple[int, list[str]]:
    """How many specs an example has, and the codes of what is said of them."""
    specs, said = found(path, text)
    return len(specs), [problem.code for problem in said]


@pytest.mark.parametrize(("path", "said", "text"), [e for e in EXAMPLES if e[1] == "clean"])
def test_a_clean_example_has_a_spec_and_no_grave_problem(path: str, said: str, text: str) -> None:
    specs, problems = found(path, text)
    assert (len(specs), [p.message for p in problems if p.severity in GRAVE]) == (1, [])


@pytest.mark.parametrize(("path", "said", "text"), [e for e in EXAMPLES if e[1] == "none"])
def test_an_example_of_what_is_no_spec_has_none(path: str, said: str, text: str) -> None:
    assert problems(path, text) == (0, [])


@pytest.mark.parametrize(("path", "code", "text"), [e for e in EXAMPLES if e[1].startswith("SPEC")])
def test_an_example_of_a_problem_has_it_and_no_other_error(path: str, code: str, text: str) -> None:
    errors = {problem.code for problem in found(path, text)[1] if problem.severity is Severity.ERROR}
    assert errors | {code} == {code}
    assert code in problems(path, text)[1]


def test_no_example_is_left_unchecked() -> None:
    fences = [fence["info"] for page in (PAGE, COURSE) for fence in FENCE.finditer(page)]
    assert len(EXAMPLES) == len(fences) - fences.count("ebnf") - fences.count("console")
    assert all(said in {"clean", "none", *CODES} for _, said, _ in EXAMPLES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_language_page_links_each_rules_page(code: str) -> None:
    title = (DOCS / "rules" / f"{code}.md").read_text().split("\n")[0].partition(": ")[2]
    assert f"| [{code}](rules/{code}.md) |" in PAGE
    assert f"| {title} |" in PAGE


def test_every_link_of_the_course_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#([^)]+))?\)", COURSE)
    assert len(links) > LEAST_LINKS
    for name, anchor in links:
        text = (DOCS / name).read_text(encoding="utf-8")
        headings = [
            re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")
            for line in text.split("\n")
            if line.startswith("#")
        ]
        assert not anchor or anchor in headings, (name, anchor)


def test_the_course_names_the_number_of_rules() -> None:
    assert f"There are [{len(RULES)} rules]" in COURSE
