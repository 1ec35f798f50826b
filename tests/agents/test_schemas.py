import pytest

from specwright.agents.schemas import TOOLS, check_input

GOOD = [
    ("bash", {"command": "ls"}),
    ("bash", {"command": "ls", "timeout": 600}),
    ("read", {"path": "a", "from": 1, "lines": 2}),
    ("finish", {"summary": "s", "claims": [{"criterion": "AC1", "by": "test"}], "assumptions": [{"text": "t"}]}),
]
BAD = [
    ("fly", {}, "there is no tool 'fly'"),
    ("bash", {}, "command is missing"),
    ("bash", {"command": 1}, "command must be a text"),
    ("bash", {"command": "ls", "cwd": "/"}, "knows no 'cwd'"),
    ("bash", {"command": "ls", "timeout": 601}, "at most 600"),
    ("bash", {"command": "ls", "timeout": True}, "whole number"),
    ("write", {"path": "a"}, "content is missing"),
    ("write", [], "must be an object"),
    ("finish", {"summary": "s", "claims": {}}, "claims must be a list"),
    ("finish", {"summary": "s", "claims": [{"criterion": "AC1"}]}, "claims[0].by is missing"),
]


@pytest.mark.parametrize(("name", "given"), GOOD)
def test_a_call_of_the_right_shape_has_no_fault(name: str, given: object) -> None:
    assert check_input(name, given) is None


@pytest.mark.parametrize(("name", "given", "words"), BAD)
def test_a_wrong_call_is_answered_with_what_is_wrong(name: str, given: object, words: str) -> None:
    assert words in (check_input(name, given) or "")


def test_the_tools_keep_their_names_and_order() -> None:
    assert [tool["name"] for tool in TOOLS] == ["bash", "read", "edit", "write", "grep", "glob", "finish"]
