"""What makes a check say less is looked for in a time that the text's length bounds."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "'\\n' * 50_000"),
        ("a.ts", "'\\n' * 50_000"),
        ("a.rs", "'\\n' * 50_000"),
        ("a.rs", "'#[cfg_attr(' * 20_000"),
    ],
)
def test_no_text_holds_the_search_up(path: str, text: str) -> None:
    """In a process of its own: nothing ends a search of Python's that has begun, and no other thread runs meanwhile."""
    code = (
        "from specwright.review.hunks import FileResult, hunks_of\n"
        "from specwright.review.weakening import weakened\n"
        f"file = FileResult({path!r}, 'x = 1', {text}, None, ('100644', '100644'))\n"
        "weakened(file, hunks_of(file, 1, 1))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=10)
