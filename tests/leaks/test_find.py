"""What is found as a secret, and what is not taken for one."""

import random
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaks import figures, keys
from specwright.leaks.find import find

DICE = random.Random(0)  # noqa: S311 - the same keys each time
BODIES = ("email/*.py", "http/*.py", "json/*.py", "unittest/*.py", "asyncio/*.py", "xml/**/*.py", "importlib/**/*.py")


def named(parts: tuple[keys.Part, ...]) -> str:
    return "".join(part if isinstance(part, str) else f"{part[1]}x" for part in parts)[:40]


@pytest.mark.parametrize(("kind", "parts"), keys.FORMATS, ids=[named(parts) for _, parts in keys.FORMATS])
def test_a_key_of_each_format_is_found_wherever_it_stands(kind: str, parts: tuple[keys.Part, ...]) -> None:
    for _ in range(5):
        for key, text in keys.embedded(parts, DICE):
            hits = [leak for leak in find(text) if leak.kind == kind and leak.sure]
            if not hits and "xxxx" in text.lower():
                continue  # by chance: what looks filled in is no key
            assert hits, text
            assert text[hits[0].start : hits[0].end] in key


@pytest.mark.parametrize("name", ["RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", ""])
@pytest.mark.parametrize("before", ["", "# ", "+", "-", "    "])
def test_a_private_key_is_found_as_a_whole_in_comments_and_diffs(name: str, before: str) -> None:
    pem = keys.private_key(DICE, name)
    (leak,) = find("".join(f"{before}{line}\n" for line in pem.splitlines()))
    assert (leak.kind, leak.line, leak.sure) == ("private key", 1, True)
    assert leak.end - leak.start >= len(pem) - 40


@pytest.mark.parametrize("name", list(keys.ASSIGNED))
def test_most_random_values_of_a_password_are_warned_of(name: str) -> None:
    alphabet, length = keys.ASSIGNED[name]
    dice = random.Random(0)  # noqa: S311 - how many are found does not hang on the tests before
    texts = [f'db_password = "{keys.word(dice, alphabet, length)}"\n' for _ in range(200)]
    leaks = [leak for text in texts for leak in find(text)]
    assert len(leaks) > 150
    assert not any(leak.sure for leak in leaks)


@pytest.mark.parametrize(
    "text",
    [
        "password = os.environ['DATABASE_PASSWORD_1']",
        'password = "your-password-here-1a2b3c"',
        "token: ${{ secrets.GITHUB_TOKEN }}",
        'secret = "change-me-A1b2C3d4E5"',
        "postgres://user:password@localhost/db",
        "https://user:Tr0ub4dor3@localhost:8080/",
        '"integrity": "sha512-' + "Ab1+" * 21 + 'Q=="',
        "AK" + "IAIOSFODNN7EXAMPLE",
        "sk-this-is-a-name-in-kebab-case-of-a-style-sheet",
        "SK" + "a" * 32,
        "TOKEN_HASH = " + "0123456789abcdef" * 4,
        "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c  archive.tar.gz",
        'auth_token_name = "k8s-cluster-name-of"',
        "id_token: 123e4567-e89b-12d3-a456-426614174000",
    ],
)
def test_what_stands_for_a_secret_or_names_a_hash_is_none(text: str) -> None:
    assert find(text) == ()


def test_a_password_in_an_address_is_warned_of() -> None:
    (leak,) = find("url = postgres://app:" + "Tr0ub4dor" + "&3@db.corp.net/main")
    assert (leak.kind, leak.sure, leak.column) == ("address with a password", False, 22)


def test_places_are_lines_and_columns_from_1() -> None:
    key = keys.text(("gh", "p_", (keys.ALNUM, 36)), DICE)
    (leak,) = find(f"one\ntwo = {key}\n")
    assert (leak.line, leak.column) == (2, 7)


def library() -> Iterator[Path]:
    """A bounded set of code that people wrote, the same in each Python but for its version."""
    folder = Path(sysconfig.get_path("stdlib"))
    for body in BODIES:
        yield from sorted(path for path in folder.glob(body) if "test" not in path.parts)


def test_code_that_people_wrote_holds_no_key() -> None:
    size, _, hits = figures.taken_for_keys(library())
    assert size > 1_000_000
    assert hits == []


@given(st.text(st.characters(codec=None), max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    for leak in find(text):
        assert 0 <= leak.start < leak.end <= len(text)


@given(
    st.lists(
        st.sampled_from(
            ["AK", "IA", "sk-", "eyJ", "-----BEGIN RSA PRIV", "ATE KEY-----", "\n", "A1b", "=", '"', "@", "://"]
        )
    )
)
def test_any_pieces_of_keys_can_be_looked_at(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert all(text[leak.start : leak.end] for leak in find(text))


@pytest.mark.parametrize(
    "text",
    [
        "'-----BEGIN PRIVATE KEY-----\\n' + 'Aaa: Aaa: ' * 10_000",
        "'=' * 5_000_000",
    ],
    ids=["headers of a key", "signs"],
)
def test_no_text_holds_the_search_up(text: str) -> None:
    """In a process of its own: nothing ends a search of Python's that has begun, and no other thread runs meanwhile."""
    code = f"from specwright.leaks.find import find; find({text})"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=10)


@pytest.mark.parametrize("before", ["- note: ", "key: ", "DEBUG: ", "a=b; x="])
def test_a_value_that_holds_an_assignment_is_looked_into(before: str) -> None:
    text = f"{before}password=Xk39fj2kf93kfLs0q"
    assert [text[leak.start : leak.end] for leak in find(text)] == ["Xk39fj2kf93kfLs0q"]
