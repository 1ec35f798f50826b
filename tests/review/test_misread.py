import pytest

from specwright.review.misread import misread

TREE = ["README.md", "src/a.py", "caf\xe9.txt", "aux.c", "deep/er/x"]


@pytest.mark.parametrize(
    ("path", "is_misread"),
    [
        ("readme.md", True),
        ("Src/b.py", True),
        ("cafe\u0301.txt", True),
        ("CAF\xc9.TXT", True),
        ("deep/ER/y", True),
        ("CON", True),
        ("lib/nul.tar.gz", True),
        ("com1.py", True),
        ("trail./x", True),
        ("trail ", True),
        ("src/readme.md", False),
        ("src/b.py", False),
        ("console.py", False),
        ("com10.py", False),
        (".env", False),
        ("a..b", False),
    ],
)
def test_a_new_name_that_others_refuse_or_read_as_another_is_known(path: str, is_misread: bool) -> None:
    assert misread({path}, [*TREE, path]) == ({path} if is_misread else set())


def test_what_was_there_before_is_not_asked_about() -> None:
    assert misread(set(), [*TREE, "readme.md"]) == set()
