"""docs/trust.md lists what the code takes for a file that bears trust, and nothing else."""

import re
from pathlib import Path

import pytest

from specwright.review.bearing import KINDS, TABLE, kind_of_path

TEXT = (Path(__file__).parent.parent.parent / "docs" / "trust.md").read_text(encoding="utf-8")
PAGE = TEXT.partition("<!-- generated: bearing -->")[2].partition("<!-- end -->")[0]
ROWS = dict(re.findall(r"^\| ([^|`]+?) \| (.+?) \| .+ \|$", PAGE, re.M))
PATTERNS = [(reason, path) for reason, cell in ROWS.items() for path in re.findall(r"`([^`]+)`", cell)]


def test_each_kind_has_its_row() -> None:
    assert [row for row in ROWS if row not in {"what it is", "---"}] == [*(row.reason for row in TABLE), *KINDS]
    assert all(why in PAGE for why in [*(row.why for row in TABLE), *KINDS.values()])


def test_every_word_of_the_table_is_on_the_page() -> None:
    words = {word for row in TABLE for part in (row.names, row.folders, row.begins, row.ends) for word in part.split()}
    assert words == {re.split("/|[*]", path.removeprefix("*"))[0] for _, path in PATTERNS}


@pytest.mark.parametrize(("reason", "path"), PATTERNS)
def test_a_path_of_the_page_bears_trust(reason: str, path: str) -> None:
    example = f"{path}x" if path.endswith("/") else path.replace("**/*", "x").replace("*", "x")
    assert kind_of_path(f"deep/{example}") is not None
    assert kind_of_path(f"deep/{example.upper()}") == kind_of_path(example)
