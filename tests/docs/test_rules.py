"""Every page of docs/rules/ is true: its bad example has the code with its severity, its good one has not."""

import re
from pathlib import Path

import pytest

from specwright.config.settings import Lint
from specwright.spec.facts import Caps, Facts, Gates, Known, OpenTask, Tree
from specwright.spec.lint import check
from specwright.spec.model import Problem
from specwright.spec.rules.catalogue import BY_CODE, RULES

PAGES = Path(__file__).parent.parent.parent / "docs" / "rules"
CODES = [rule.code for rule in RULES]
FENCE = re.compile(r"^```text\n(.*?)^```$", re.M | re.S)
SHOWN_OTHERWISE = {"SPEC503": ("<U+202E>", "\u202e")}
"""What can't be seen, and how the page writes it."""
WHOLE = "# spec! Sort orders of the shop\n# Clerks look for the newest.\n"
FILES = ["src/cart.py", "src/orders.py", "src/legacy/old.py", "tests/test_cart.py", "docs/prices.md", "web/a.js",
         "web/package-lock.json",
         *(f"big/part_{n}.py" for n in range(40)), *(f"more/{n}.txt" for n in range(200))]  # fmt: skip
OTHERS = (Known("z.py", 0, "Round orders", None), Known("z.py", 9, "Another", "k7f3qa"))
TASKS = (
    OpenTask("z.py", "round-orders", None, "0" * 64, "Round orders", "running", ("src/orders.py",)),
    OpenTask("a.py", "sort-orders", None, "", "Sort orders", "running", (), "2 h ago"),
)
ON = Lint(tuple((code, "on") for code in CODES))


def problems(text: str, queued: str) -> tuple[Problem, ...]:
    """What is said of an example: of fragments, in a spec of its own."""
    text = text if "spec!" in text else WHOLE + text
    path = "a.js" if text.startswith("/*") else "a.py"
    specs, _ = check(text, path)
    own = tuple(Known(path, s.span.start.line, s.title, s.handle, s.values("after")) for s in specs)
    printed = Known("z.py", 20, "Print amounts", None)
    others = OTHERS if any(one.title.casefold() == "print amounts" for one in own) else (*OTHERS, printed)
    tree = Tree(frozenset(FILES), lambda path: "def total(): ...\n" * 30)
    tasks = tuple(t if t.digest else _of(t, queued) for t in TASKS)
    facts = Facts((*own, *others), tree, tasks, Gates(("tests", "coverage"), frozenset({"coverage"})), None, None,
                  Caps(3600, 20, 2_000_000))  # fmt: skip
    return check(text, path, facts, None, ON)[1]


def _of(task: OpenTask, queued: str) -> OpenTask:
    from dataclasses import replace

    from specwright.spec.digest import digest

    [spec] = check(queued if "spec!" in queued else WHOLE + queued, "a.py")[0][:1] or [None]
    return replace(task, digest=digest(spec) if spec else "")


def examples(code: str) -> tuple[str, list[str]]:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    return page, [text.replace(*SHOWN_OTHERWISE.get(code, ("", ""))) for text in FENCE.findall(page)]


@pytest.mark.parametrize("code", CODES)
def test_a_page_shows_what_is_wrong_and_what_is_right(code: str) -> None:
    page, [bad, good] = examples(code)
    found = [problem for problem in problems(bad, good) if problem.code == code]
    assert {str(problem.severity) for problem in found} == set(re.findall(r"^Severity: \*\*(\w+)\*\*$", page, re.M))
    assert code not in {problem.code for problem in problems(good, good)}


@pytest.mark.parametrize("code", CODES)
def test_a_page_says_all_severities_of_its_rule(code: str) -> None:
    page, _ = examples(code)
    assert f"**{BY_CODE[code].severity}**" in page
    assert page.startswith(f"# {code}: ")
    assert "<!-- spec-ignore-file -->" in page.split("\n")[:5]


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert {path.stem for path in PAGES.iterdir()} == set(CODES)
