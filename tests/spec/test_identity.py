import pytest

from specwright.spec.identity import slug
from specwright.spec.own import Own, block


def test_slugs_fold_case_and_width() -> None:
    assert slug("  Parse ＩＳＯ-8601 «Durations»! ") == "parse-iso-8601-durations"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# spec! A\n# - [ ] x\n", range(2)),
        ("x\n\n# spec! A\n# - [ ] edited\n", range(2, 4)),
        ("# spec! A\n# - [ ] x\n\n# spec! A\n# - [ ] x\n", None),
        ("nothing\n", None),
    ],
)
def test_the_own_block_is_found_where_exactly_one_fits(text: str, found: range | None) -> None:
    assert block(Own("a.py", "0" * 64, "A"), "a.py", text) == found
