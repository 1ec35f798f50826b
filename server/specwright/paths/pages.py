"""The pages on rules, which come with the program."""

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
PLACES = (PACKAGE / "docs" / "rules", PACKAGE.parent.parent / "docs" / "rules")
"""Where they are in what was installed, and in the repository."""
IGNORED = "<!-- spec-ignore-file -->"


@cache
def rule_page(code: str) -> Path | None:
    """The page on a code; None where it is not there."""
    return next((place / f"{code}.md" for place in PLACES if (place / f"{code}.md").is_file()), None)


def rule_title(code: str) -> str:
    """The head of the page, without the code; empty where it is not there."""
    return rule_text(code).partition("\n")[0].removeprefix(f"# {code}: ")


def rule_text(code: str) -> str:
    """What the page says, as Markdown; empty where it is not there."""
    page = rule_page(code)
    text = page.read_text(encoding="utf-8") if page else ""
    return text.replace(f"{IGNORED}\n\n", "")
