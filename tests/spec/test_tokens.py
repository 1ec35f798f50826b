import re

import pytest

from specwright.spec.digest import digest
from specwright.spec.languages import language_of
from specwright.spec.parser import parse
from specwright.spec.reading import USUAL
from specwright.spec.rules.look import Look
from specwright.spec.scope import scope_of
from specwright.spec.tokens import located_tokens, tokens


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a.py, b.py", [("a.py", "a.py"), ("b.py", "b.py")]),
        ("a.py ,b.py", [("a.py", "a.py"), ("b.py", "b.py")]),
        (",,a,,b,,", [("a,,b", "a,,b")]),
        ("` x y `, `z`,", [("x y", "` x y `"), ("z", "`z`")]),
        ("`a b", [("`a", "`a"), ("b", "b")]),
        ("` ` , ", []),
        ("e\u0301.py", [("\u00e9.py", "e\u0301.py")]),
    ],
)
def test_the_tokens_of_a_value_and_where_they_stand(value: str, found: list[tuple[str, str]]) -> None:
    assert [(token, value[start:end]) for token, start, end in located_tokens(value)] == found


@pytest.mark.parametrize(
    ("path", "first"), [("a.md", "# spec! A"), ("a.md", "```spec A"), (".specs/a.spec.md", "# A")], ids=str
)
def test_escapes_of_markdown_are_no_part_of_a_token(path: str, first: str) -> None:
    lines = r"- [ ] b|- files: src/\_\_init\_\_.py !tests/\*\*/x `a\_b`|- see: docs/a\_b.md|- gates: \+mutation"
    texts = ["\n".join([first, *line.split("|")]) for line in (lines, re.sub(r"\\(?!_b`)", "", lines))]
    one, other = (USUAL.parse(text, path)[0][0] for text in texts)
    assert tokens(one, "files") == ["src/__init__.py", "!tests/**/x", r"a\_b"]
    assert (digest(one), scope_of(one, path)) == (digest(other), scope_of(other, path))
    [(token, span)] = Look(one, texts[0].split("\n"), path).tokens("see")
    assert (token, span.end.column - span.start.column) == ("docs/a_b.md", len(r"docs/a\_b.md"))


def test_a_backslash_in_a_comment_is_no_escape() -> None:
    [spec] = parse("# spec! A\n# - files: a\\_b.py", language_of("a.py"))[0]
    assert tokens(spec, "files") == [r"a\_b.py"]


def test_a_comma_before_a_path_is_no_part_of_it() -> None:
    texts = [f"# spec! A\n# - [ ] b\n# - files: src/a.py{comma}src/b.py\n" for comma in (" ,", ", ")]
    [one], [other] = (parse(text, language_of("a.py"))[0] for text in texts)
    assert scope_of(one, "a.py").patterns == scope_of(other, "a.py").patterns == ("src/a.py", "src/b.py")
    assert digest(one) == digest(other)
