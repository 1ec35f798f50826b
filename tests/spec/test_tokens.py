import pytest

from specwright.spec.digest import digest
from specwright.spec.languages import language_of
from specwright.spec.parser import parse
from specwright.spec.scope import scope_of
from specwright.spec.tokens import located_tokens


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


def test_a_comma_before_a_path_is_no_part_of_it() -> None:
    texts = [f"# spec! A\n# - [ ] b\n# - files: src/a.py{comma}src/b.py\n" for comma in (" ,", ", ")]
    [one], [other] = (parse(text, language_of("a.py"))[0] for text in texts)
    assert scope_of(one, "a.py").patterns == scope_of(other, "a.py").patterns == ("src/a.py", "src/b.py")
    assert digest(one) == digest(other)
