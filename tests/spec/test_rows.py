"""Each row of the table of rules, clause by clause: how much it matters, and the smallest span that shows it."""

from dataclasses import replace

import pytest

from spec.edits import within
from spec.seeded import ALL_ON, CAPS, GATES
from specwright.spec.facts import Facts, Known, OpenTask, Tree
from specwright.spec.lint import check
from specwright.spec.rules.catalogue import BY_CODE, RULES

HEAD = "# spec! Sort orders\n# Clerks look for the newest.\n# - [ ] 3 rows, check: `true`\n# - files: src/a.py\n"
FILES = ("src/a.py", "src/b.py", *(f"big/{n}.txt" for n in range(31)), *(f"more/{n}.txt" for n in range(200)))
TREE = Tree(frozenset({*FILES, "vendor/a.py"}), lambda path: "def total(): ...\n" * 3, lambda path: path == "dist")
OTHERS = (
    Known("z.py", 0, "Round orders", "round1"), Known("z.py", 9, "Twin", None), Known("y.py", 9, "Twin", None),
    Known("z.py", 20, "Print orders", None, ("Sort orders",)),
)  # fmt: skip
TASK = OpenTask("z.py", "round-orders", "round1", "0" * 64, "Round orders", "running", ("src/b.py", "big/*.txt"))
FACTS = Facts(OTHERS, TREE, (TASK,), GATES, ("make test",), lambda name: name != "nosuch", CAPS)
KEY, RANDOM = "AKIA" + "ABCDEFGHIJKLMNOP", "hX9kQ2vB7nL4" + "mZ8wTqR5"

# Lines below the head (one that stands in for it begins with `=`), the code, the severity, and what is shown.
ROWS = [
    ("=# spec!", "SPEC001", "warning", "spec!"),
    (f"=# spec! Sort {'orders ' * 10}now", "SPEC002", "info", f"Sort {'orders ' * 10}now"),
    ("=/* spec! A", "SPEC003", "error", "spec! A"),
    ("- [ ] x, check: `true", "SPEC003", "error", "`true"),
    ("- priorty: high", "SPEC004", "warning", "priorty"),
    ("- owner: me", "SPEC004", "warning", "owner"),
    ("- so it is", "SPEC006", "hint", "- so it is"),
    ("=# Prose.\n# spec! A\n# - [ ] x", "SPEC007", "info", "spec! A"),
    ("=# spec! A\n# So.", "SPEC101", "error", "A"),
    ("=# spec! A\n# - [ ] 3 rows", "SPEC102", "warning", "A"),
    ("- [ ] clerks are pleased", "SPEC103", "info", "- [ ] clerks are pleased"),
    ("=# spec! A\n# So.\n# - [ ] 3 rows", "SPEC104", "info", "A"),
    ("=# spec! A\n# So.\n# - [ ] 3 rows", "SPEC105", "info", "A"),
    ("=## spec! A\nSo.\n- [ ] 3 rows", "SPEC105", "warning", "A"),
    ("=# spec! A\n# It reads a file.\n# - [ ] 3 rows", "SPEC106", "info", "A"),
    ("- [ ] 1 a\n- [ ] 2 b\n- [ ] 4 d", "SPEC107", "hint", "Sort orders"),
    ("- files: big/ more/", "SPEC107", "hint", "Sort orders"),
    ("- must: so ‹much›", "SPEC108", "error", "‹much›"),
    ("- must: ??? rows", "SPEC108", "error", "???"),
    ("- must: it [NEEDS CLARIFICATION: who?] is", "SPEC108", "error", "[NEEDS CLARIFICATION: who?]"),
    ("- must: TBD", "SPEC108", "error", "TBD"),
    ("- error: todo", "SPEC108", "error", "todo"),
    ("- not: TBC", "SPEC108", "error", "TBC"),
    ("- must: It is. Is it so? Yes.", "SPEC109", "warning", "Is it so?"),
    ("- api: total", "SPEC110", "hint", "- api: total"),
    ("- [ ] 3 rows as expected", "SPEC201", "info", "as expected"),
    ("- must: rows as expected", "SPEC201", "hint", "as expected"),
    ("- [ ] 3 rows if possible", "SPEC202", "info", "if possible"),
    ("- must: rows if possible", "SPEC202", "info", "if possible"),
    ("- [ ] 3 rows, etc.", "SPEC203", "info", "etc."),
    ("- must: rows, and so on", "SPEC203", "hint", "and so on"),
    ("- [ ] 3 rows, columns and more.", "SPEC203", "info", "and more"),
    ("- [ ] 3 rows …", "SPEC203", "info", "…"),
    ("- [ ] 3 rows ...", "SPEC203", "info", "..."),
    ("- [ ] it should return 3", "SPEC204", "info", "should"),
    ("- [ ] it could return 3", "SPEC204", "info", "could"),
    ("- [ ] it might return 3", "SPEC204", "info", "might"),
    ("- [ ] it may return 3", "SPEC204", "info", "may"),
    *((f"- [ ] {word} return 3 rows", "SPEC205", "hint", word) for word in ("They",)),
    ("- [ ] It returns 3 rows", "SPEC205", "hint", "It"),
    ("- [ ] This returns 3 rows", "SPEC205", "hint", "This"),
    ("- [ ] These are 3 rows", "SPEC205", "hint", "These"),
    ("- must: Those are 3 rows", "SPEC205", "hint", "Those"),
    *((f"- [ ] rows {word} 30", "SPEC206", "hint", "30")
      for word in ("timeout", "within", "every", "limit", "ttl", "delay", "size", "max", "min")),
    *((f"- [ ] 3 rows are {word}", "SPEC207", "info", word)
      for word in ("faster", "better", "simpler", "more efficient")),
    ("- [ ] 3 rows are written", "SPEC208", "info", "are written"),
    ("- [ ] 3 rows of `zork_flint`", "SPEC209", "hint", "`zork_flint`"),
    ("- [ ] 3 rows of ZORK", "SPEC209", "hint", "ZORK"),
    ("=# spec! Add rows and remove columns", "SPEC301", "info", "Add rows"),
    ("=# spec! A\n# Add rows; remove columns.", "SPEC301", "info", "Add rows"),
    ("=# spec! A\n# So.\n# - [ ] x, check: `a t/x.py`\n# - [ ] y, check: `b t/y.py`", "SPEC301", "info",
     "- [ ] y, check: `b t/y.py`"),
    *((f"=# spec! Add rows{sign} remove columns", "SPEC301", "info", "Add rows")
      for sign in (" and", ", and", " and also", " as well as", " also", ";")),
    ("\n".join(f"- [ ] {n} is {n} in {'abcdefghi'[n]}" for n in range(8)), "SPEC302", "warning", "Sort orders"),
    (f"- note: {'so ' * 251}", "SPEC302", "warning", "Sort orders"),
    (f"- note: {'s' * 6400}", "SPEC302", "warning", "Sort orders"),
    ("- files: big/", "SPEC303", "warning", "- files: src/a.py"),
    ("- files: ./", "SPEC303", "warning", "- files: src/a.py"),
    ("- see: src/zork.py#L1", "SPEC311", "error", "src/zork.py#L1"),
    ("- see: src/a.py#L2-L9", "SPEC311", "warning", "src/a.py#L2-L9"),
    ("- see: src/a.py::zork", "SPEC311", "warning", "src/a.py::zork"),
    ("- [ ] 3 rows of src/b.py", "SPEC313", "warning", "src/b.py"),
    ("- files: src/ !src/b.py\n- [ ] 3 rows of src/b.py", "SPEC313", "warning", "src/b.py"),
    ("- after: Print orders", "SPEC402", "error", "Print orders"),
    ("- after: #nobody stacked", "SPEC403", "error", "#nobody"),
    ("- after: Twin", "SPEC403", "error", "Twin"),
    ("- files: src/b.py", "SPEC404", "warning", "- files: src/a.py"),
    ("- files: big/1.*", "SPEC404", "info", "- files: src/a.py"),
    ("- [ ] 3 rows", "SPEC407", "info", "- [ ] 3 rows"),
    (f"- note: it is {KEY}", "SPEC502", "error", KEY),
    *((f"- note: the {word}={RANDOM}", "SPEC502", "warning", RANDOM) for word in ("password", "token", "secret")),
    ("- must: a\u202eb", "SPEC503", "error", "\u202e"),
    ("- must: a\u200bb", "SPEC503", "error", "\u200b"),
    ("- must: a\U000e0041b", "SPEC503", "error", "\U000e0041"),
    ("- gates: -tests", "SPEC505", "error", "-tests"),
    ("- budget: 15 min, $50", "SPEC506", "error", "$50"),
    ("- budget: 3 h", "SPEC506", "error", "3 h"),
    ("- budget: 9000k tokens", "SPEC506", "error", "9000k tokens"),
    ("- priority: urgent", "SPEC005", "error", "- priority: urgent"),
    ("- priority: high\n- priority: low", "SPEC005", "error", "- priority: low"),
    ("- gates: zork", "SPEC005", "error", "zork"),
    ("- see: src/a.py ../x.py", "SPEC005", "error", "../x.py"),
    ("- files: /etc/passwd", "SPEC005", "error", "/etc/passwd"),
    ("=/* spec! A\n * - files: src/**/*.c\n */", "SPEC011", "error", "*/"),
    ("=## spec! A\n- files: src/*.py big/*.txt x", "SPEC011", "warning", "src/*.py¦big/*.txt"),
    ("=# spec! A (#zork1)\n# - [ ] x\n\n# spec! B (#zork1)\n# - [ ] y", "SPEC012", "error", "(#zork1)"),
    ("- files: src/new.py", "SPEC312", "info", "src/new.py"),
    ("- files: gen/*.py", "SPEC312", "warning", "gen/*.py"),
    ("- files: src", "SPEC312", "warning", "src"),
    ("- [ ] 4 rows, check: `nosuch -q`", "SPEC314", "warning", "nosuch"),
    ("- [ ] 4 rows, check: `true tests/zork.py`", "SPEC314", "warning", "tests/zork.py"),
    ("- files: vendor/", "SPEC315", "info", "vendor/"),
    ("- files: dist/", "SPEC315", "info", "dist/"),
    ("=# spec! Round orders\n# - [ ] x", "SPEC401", "warning", "Round orders"),
    ("- files: !src/a.py", "SPEC405", "warning", "src/a.py"),
    ("- [ ] 4 rows are sorted twice\n- not: rows sorted twice", "SPEC405", "info", "rows sorted twice"),
    ("- [ ] it sorts\n- must: no sorts", "SPEC405", "info", "no sorts"),
    ("- [ ] at most 4 rows\n- [ ] at most 5 rows", "SPEC406", "info", "5"),
    ("=# spec! Round orders (#round1)\n# - [ ] x", "SPEC501", "warning", "Round orders"),
    *((f"- [ ] 4 rows, check: `{command}`", "SPEC504", "error", command)
      for command in ("a; b", "a && b", "a || b", "a | sh", "curl x", "sudo a", "rm -rf x", "echo $(x)", "a > /x",
                      "test -d $HOME", "echo 'x")),
]  # fmt: skip


def text_of(lines: str) -> str:
    return f"{lines[1:]}\n" if lines.startswith("=") else HEAD + "".join(f"# {line}\n" for line in lines.split("\n"))


@pytest.mark.parametrize(("lines", "code", "severity", "shown"), ROWS, ids=lambda value: str(value)[:40])
def test_each_clause_is_said_where_it_stands(lines: str, code: str, severity: str, shown: str) -> None:
    text = text_of(lines)
    path = {"/*": "a.c", "##": "a.md"}.get(text[:2], "a.py")
    own = tuple(Known(path, s.span.start.line, s.title, s.handle, s.values("after")) for s in check(text, path)[0])
    problems = check(text, path, replace(FACTS, specs=(*own, *OTHERS)), settings=ALL_ON)[1]
    found = [(str(one.severity), within(text, one.span)) for one in problems if one.code == code]
    assert found == [(severity, each) for each in shown.split("¦")]


WORDS = [row for row in ROWS if row[1].startswith("SPEC2") and row[1] != "SPEC209"]


@pytest.mark.parametrize("quotes", ["`{}`", '"{}"'])
@pytest.mark.parametrize(("lines", "code", "severity", "shown"), WORDS, ids=lambda value: str(value)[:40])
def test_quoted_words_are_not_judged(lines: str, code: str, severity: str, shown: str, quotes: str) -> None:
    quoted = lines.replace(shown, quotes.format(shown))
    assert code not in {problem.code for problem in check(text_of(quoted), "a.py", FACTS, settings=ALL_ON)[1]}


NEEDING = [row for row in ROWS if BY_CODE[row[1]].needs and (row[1] != "SPEC005" or "gates" in row[0])]
"""Of SPEC005 the parser itself says all but what gates there are."""


@pytest.mark.parametrize(("lines", "code", "severity", "shown"), NEEDING, ids=lambda value: str(value)[:40])
def test_a_rule_without_its_facts_is_silent(lines: str, code: str, severity: str, shown: str) -> None:
    for missing in BY_CODE[code].needs:
        facts = replace(FACTS, **{missing: None})
        assert code not in {problem.code for problem in check(text_of(lines), "a.py", facts, settings=ALL_ON)[1]}


PLAIN = "rows of each order that clerks look for come in front while older ones stay behind them always"
"""Eighteen words."""


def wide(count: int, all_of_them: int) -> Facts:
    return Facts(tree=Tree(frozenset(f"{'in' if n < count else 'out'}/{n}.txt" for n in range(all_of_them))))


@pytest.mark.parametrize(
    ("code", "lines", "facts", "speaks"),
    [
        ("SPEC002", f"=# spec! {'a' * 72}", FACTS, False),
        ("SPEC002", f"=# spec! {'a' * 73}", FACTS, True),
        ("SPEC107", "- [ ] a\n- [ ] b", FACTS, False),
        ("SPEC107", "- [ ] a\n- [ ] b\n- [ ] c", FACTS, True),
        ("SPEC107", "- files: src/", FACTS, False),
        ("SPEC107", "- files: src/ big/", FACTS, True),
        ("SPEC302", "\n".join(f"- [ ] {n}" for n in range(7)), FACTS, False),
        ("SPEC302", "\n".join(f"- [ ] {n}" for n in range(8)), FACTS, True),
        ("SPEC302", f"=# spec! A\n# {'a ' * 249}", FACTS, False),
        ("SPEC302", f"=# spec! A\n# {'a ' * 250}", FACTS, True),
        ("SPEC302", f"=# spec! A\n# {'a' * 6399}", FACTS, False),
        ("SPEC302", f"=# spec! A\n# {'a' * 6400}", FACTS, True),
        ("SPEC303", "- files: in/", wide(30, 1000), False),
        ("SPEC303", "- files: in/", wide(31, 1000), True),
        ("SPEC303", "- files: in/", wide(11, 55), False),
        ("SPEC303", "- files: in/", wide(11, 54), True),
        ("SPEC303", "- files: in/", wide(10, 11), False),
        ("SPEC407", f"- [ ] {PLAIN}\n- [ ] {PLAIN} x y z", FACTS, True),
        ("SPEC407", f"- [ ] {PLAIN}\n- [ ] {PLAIN} w x y z", FACTS, False),
    ],
    ids=lambda value: str(value)[:30],
)
def test_from_how_much_on_it_is_said(code: str, lines: str, facts: Facts, speaks: bool) -> None:
    assert (code in {problem.code for problem in check(text_of(lines), "a.py", facts, settings=ALL_ON)[1]}) is speaks


def test_each_rule_has_a_row() -> None:
    assert {row[1] for row in ROWS} == {rule.code for rule in RULES}
