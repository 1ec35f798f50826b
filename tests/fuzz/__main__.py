"""Throws text at the parser, the document and the rules for a while: nothing may raise, nor take long.

`python -m fuzz --seconds 60 --seed 1`; the number of inputs is printed, and any input that failed.
"""

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable, Sequence

from specwright.config.settings import LanguageSettings, SpecSettings
from specwright.spec.digest import digest
from specwright.spec.document import Document
from specwright.spec.facts import Caps, Facts, Gates, Known, OpenTask, Tree
from specwright.spec.lines import body, split_lines
from specwright.spec.lint import check, fixes
from specwright.spec.model import Problem, Span, Spec
from specwright.spec.parser import parse_lines
from specwright.spec.printer import render
from specwright.spec.reading import Reading
from specwright.spec.rules.look import Look, of_text
from specwright.spec.table import ROWS, UNKNOWN, Block, Row

FACTS = Facts(
    (Known("z.py", 3, "A", "k7f3qa", ("C",)), Known("z.py", 9, "C", None, ("A",))),
    Tree(frozenset({"src/a.ts", "z.py", "a.py", "docs/x.md", "package-lock.json"}), lambda path: "# A\n" * 3),
    (OpenTask("z.py", "b", "k7f3qa", "0" * 64, "B", "review", ("src/**/*.ts", "z.py")),),
    Gates(("tests", "lint"), frozenset({"lint"})),
    ("make test", "npm test"),
    lambda name: name == "true",
    Caps(600, 1, 1000),
)
"""A small world, for rules that look beyond the spec."""
SLOWEST = 0.05
"""Seconds of this process that the parse and the rules may take for one input."""
OWN = LanguageSettings("own", (".own",), ("#", "REM"), (("(|", "|)"),), ('"', "'''"))
READING = Reading(SpecSettings(markers=("spec!", "work!"), languages=(OWN,)))
WORDS = [
    "spec! A", "work! B (#k7f3qa)", "/spec!", "/work!", "spec!", "- [ ] x", "- [x] y, check: `true`", "check: `open",
    "- files: src/**/*.ts", "- must: z", "- after: #k7f3qa", "- budget: $2", "- allow: SPEC203 why", "- priority: high",
    "goal text", "should be fast etc.", "TBD", "‹…›", "## ", "# ", "### spec! C", "```spec D", "```", "~~~", "---", "===",
    "Goal", "## Files", "1. x", "    ", "\t", "\x0c", "\u2028", "\u202e", "\u200b", "\ud800", "\x00", "😀", "é", "\u00a0",
    "\ufeff", '"', "'", "`", '"""', "'''", "${", "}", "{", "<<EOF", "EOF", "<<~A", "A", "r#\"", "\"#", "R\"d(", ")d\"",
    "$$", "$a$", "[[", "]]", "[=[", "]=]", "%q(", ")", "~s(", "@doc \"\"\"", "<script>", "</script>", "<a b=\"", ">",
    "<style>", "</style>", "<?php", "?>", "<!--", "-->", "<![CDATA[", "]]>", "key: |", "- >-", "  in", "\\", "//", "///",
    "=begin", "=end", "=pod", "=cut", "__END__", "REM", "::", "x = 1", "/re`/", "{/*", "*/}", "*", " * ", "spec-ignore-file",
]  # fmt: skip
MARKERS = ["spec! A", "work! B (#k7f3qa)", "spec!", "## spec! C", "spec! A and B"]
HALF = 0.5
ENDS = ["\n", "\n", "\n", "\r\n", "\r", " ", " ", ""]


def signs(row: Row) -> list[str]:
    blocks: tuple[Block, ...] = row.blocks
    return [*row.leaders, *(sign for block in blocks for sign in (block.opener, block.closer))]


def text(dice: random.Random, own: list[str], most: int) -> str:
    lead = dice.choice([*own, ""])
    parts = [f"{lead} {dice.choice(MARKERS)}\n"] if dice.random() < HALF else []
    for _ in range(dice.randrange(most)):
        word = dice.choice(own) if own and dice.random() < 0.3 else dice.choice(WORDS)
        begins = f"{lead} " if dice.random() < 0.5 else ""
        repeated = word * dice.choice([1, 1, 1, 1, 1, 2, 50])
        parts.append(begins + repeated + dice.choice(ENDS))
    return "".join(parts)


def placed(document: Document) -> object:
    return [(spec, spec.span, spec.title_span, spec.body) for spec in document.specs], document.problems


def one(dice: random.Random) -> tuple[str, Callable[[], object]]:
    """Makes an input and uses it; what it was, for the one who reads of a failure, and what checks it once more."""
    row = dice.choice([*ROWS, UNKNOWN])
    path = dice.choice(
        [f"a.{(row.files.split() or ['x'])[0]}", f"a.{(row.files.split() or ['x'])[0]}", ".specs/a.spec.md", "a.own"]
    )
    source = text(dice, signs(row), 40)
    label = f"{path} {row.id} {source!r}"
    try:
        facts, language = dice.choice([None, FACTS]), row.id if path.startswith("a.") else None
        specs, problems = check(source, path, facts, language, reading=READING)
        again = check(source, path, facts, language, reading=READING)
        assert (specs, problems) == again
        for spec in specs:
            digest(spec)
            render(spec)
        mend(specs, problems, split_lines(source), path, facts)
        edits(dice, source, path, row)
    except Exception:
        print(label)
        raise
    return label, lambda: check(source, path, facts, language, reading=READING)


def mend(
    specs: Sequence[Spec], problems: Sequence[Problem], lines: Sequence[str], path: str, facts: Facts | None
) -> None:
    """Asks how each problem can be mended; all places lie in the text."""
    for problem in problems:
        assert is_within(problem.span, lines), problem
        line = problem.span.start.line
        around = next((spec for spec in specs if spec.span.start.line <= line <= spec.span.end.line), None)
        look = Look(around, lines, path, facts) if around else of_text(lines, path)
        for fix in fixes(look, problem):
            assert fix.edits
            assert all(is_within(edit.span, lines) for edit in fix.edits), fix


def is_within(span: Span, lines: Sequence[str]) -> bool:
    points = span.start, span.end
    in_rows = all(0 <= point.line < len(lines) for point in points)
    return in_rows and span.start <= span.end and all(0 <= p.column <= len(body(lines[p.line])) for p in points)


def edits(dice: random.Random, source: str, path: str, row: Row) -> None:
    language = READING.language(path, row.id if path.startswith("a.") else None)
    whole = language.markdown and READING.is_whole(path)
    document = Document(split_lines(source) or ["\n"], language, READING.words, whole)
    for _ in range(dice.randrange(3)):
        first = dice.randrange(len(document.rows))
        last = min(len(document.rows) - 1, first + dice.randrange(4))
        rows = split_lines(text(dice, signs(row), 4))
        if len(rows) == 0 and last - first + 1 == len(document.rows):
            rows = ["\n"]
        if rows and not rows[-1].endswith(("\n", "\r")) and last + 1 < len(document.rows):
            rows[-1] += "\n"
        document.replace(first, last, rows)
        specs, problems = parse_lines(document.rows, language, READING.words, whole)
        assert placed(document) == ([(s, s.span, s.title_span, s.body) for s in specs], problems)


def timed(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> int:
    options = argparse.ArgumentParser(prog="fuzz")
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    given = options.parse_args()
    dice = random.Random(given.seed)
    until, count, slow = time.monotonic() + given.seconds, 0, []
    while time.monotonic() < until:
        begun = time.process_time()
        try:
            label, again = one(dice)
        except Exception:
            traceback.print_exc()
            print(f"failed at input {count} of --seed {given.seed}")
            return 1
        count += 1
        if time.process_time() - begun > SLOWEST and (took := min(timed(again) for _ in range(3))) > SLOWEST:
            slow.append(f"{took:.3f} s: {label}")
    print("\n".join(slow[:10]))
    print(f"{count} inputs in {given.seconds:g} s, {len(slow)} of them over {SLOWEST} s, --seed {given.seed}")
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
