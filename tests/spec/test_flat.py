"""A file that is one spec, written with bullets in place of headings: it says the same, and no word is lost."""

import re
from collections import Counter

import pytest

from spec.edits import applied
from specwright.spec.document import Document
from specwright.spec.flat import flat
from specwright.spec.grammar import SECTIONS
from specwright.spec.languages import language_of
from specwright.spec.lines import split_lines

CASES = {
    "each field": (
        """# Retry (#k7f3qa)

The goal stands
here.

It has two paragraphs.

## Acceptance criteria

- a 503 returns 200, check: `make test`
- [x] a person looks, check: manual
1. numbered

A paragraph that
goes on.

## Scope
- src/a.py
- files: src/b.py

## Interface
def f() -> int
## Non-Goals ##
- more
- other: things
## Purpose
More of it.
## History
Long ago.

It was so.
""",
        """# Retry (#k7f3qa)

The goal stands
here.

It has two paragraphs.

More of it.

- [ ] a 503 returns 200, check: `make test`
- [x] a person looks, check: manual
- [ ] numbered
- [ ] A paragraph that
goes on.
- files: src/a.py
- files: src/b.py
- api: def f() -> int
- not: more
- note: other: things

## History
Long ago.

It was so.
""",
    ),
    "a goal": (
        "# A\n\n## Goal\nDo\nx\n\n## Acceptance criteria\n- y\n\n\n",
        "# A\n\nDo\nx\n\n- [ ] y\n\n\n",
    ),
    "a goal below bullets": ("# A\n- must: m\n## Goal\nDo\n", "# A\n\n- must: m\n\n- goal: Do\n"),
    "comments": (
        "# A\n<!-- why\n\nnot -->\nG\n## Files\n- a.py\n",
        "# A\n\n<!-- why\n\nnot -->\nG\n\n- files: a.py\n",
    ),
    "an example and a table": (
        '# A\nG\n## Design\n```json\n{"a": 1}\n```\n| t | u |\n|---|---|\n## Files\n- a\n\n---\n',
        '# A\n\nG\n\n- files: a\n\n## Design\n```json\n{"a": 1}\n```\n| t | u |\n|---|---|\n',
    ),
    "a field with an example": (
        "# A\n## Interface\n```py\ndef f()\n```\n## Errors\n- e\n<!-- c -->\n## Constraints\nm\n",
        "# A\n\n- must: m\n\n## Interface\n```py\ndef f()\n```\n\n## Errors\n- e\n<!-- c -->\n",
    ),
    "groups": (
        "# A\n## Acceptance criteria\n- x\n### Slow ones\n- [ ] y\n## Constraints\n- z\n",
        "# A\n\n- [ ] x\n- must: z\n\n### Slow ones\n- [ ] y\n",
    ),
    "underlined": (
        "# A\nG\n\nConstraints\n---\n- m\n\nOther\n---\nn\n",
        "# A\n\nG\n\n- must: m\n\nOther\n---\nn\n",
    ),
    "code by indentation": ("# A\nG\n\n    x = 1\n\n## Files\na\n", "# A\n\nG\n\n    x = 1\n\n- files: a\n"),
    "another title": ("# A\n## Files\n- a\n# B\n## Files\n- b\n", "# A\n\n- files: a\n- files: b\n\n# B\n"),
    "no field": ("# A\nG\n\n- [ ] x\n\n## History\nh\n", None),
    "another order": ("# A\n## Tasks\n- [ ] x\n## Acceptance criteria\n- y\n", None),
}


def words(text: str) -> Counter[str]:
    """All but headings that stand for a field, and the numbers of lists."""
    lines = [line for line in split_lines(text) if line.strip("# \n").casefold() not in SECTIONS]
    return Counter(re.findall(r"\w+", re.sub(r"^\d+\.", "", "".join(lines), flags=re.M)))


@pytest.mark.parametrize("name", CASES)
def test_a_file_of_headings_says_the_same_as_flat_bullets(name: str) -> None:
    text, expected = CASES[name]
    document = Document(split_lines(text), language_of("a.md"), may_be_file=True)
    made = None
    if edits := flat(document, document.specs[0]):
        made = applied(text, edits)
        assert words(text) <= words(made)
        assert Document(split_lines(made), language_of("a.md"), may_be_file=True).specs == document.specs
    assert made == expected
