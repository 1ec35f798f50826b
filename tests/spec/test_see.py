import pytest

from specwright.spec.facts import Facts, Tree
from specwright.spec.lint import check
from specwright.spec.see import anchors, path_of

PAGE = "# The `Title`!\n\n## Closed ##\n\nDurations\n=========\n\n```sh\n# no heading\n```\n\nSmall one\n---\ntext\n"


@pytest.mark.parametrize("token", ["docs/a.md", "docs/a.md#the-title", "docs/a.md#L1-L2", "docs/a.md::name"])
def test_the_file_of_a_token(token: str) -> None:
    assert path_of(token) == "docs/a.md"


def test_the_headings_of_a_page() -> None:
    assert list(anchors(PAGE)) == ["the-title", "closed", "durations", "small-one"]


@pytest.mark.parametrize(("anchor", "codes"), [("durations", []), ("closed", []), ("no-heading", ["SPEC311"])])
def test_a_heading_of_any_form_is_there(anchor: str, codes: list[str]) -> None:
    facts = Facts(tree=Tree(frozenset({"a.md"}), lambda path: PAGE))
    found = check(f"# spec! A\n# B it is.\n# - [ ] c\n# - see: a.md#{anchor}\n", "a.py", facts)[1]
    assert [problem.code for problem in found if problem.code == "SPEC311"] == codes
