"""Names that no person expects of a file: refused with a sentence, or shown, flagged and put in as they are."""

import os

import pytest

from user import EDIT, SETTINGS, SPEC, User, bash, script

NFC, NFD = "caf\u00e9.txt", "cafe\u0301.txt"
BASE = {"README.md": "mine\n", NFC: "mine\n", "a.py": SPEC, "specwright.toml": SETTINGS}
LONG = "n" * 255


def made(user: User, name: str) -> str:
    """The ended task of an agent that makes a file of this name."""
    quoted = "".join(f"\\x{byte:02x}" for byte in os.fsencode(name))
    command = f'file=$\'{quoted}\'; mkdir -p -- "$(dirname -- "./$file")"; echo new >"./$file"'
    user.make({**BASE, "script.json": script([bash(command), EDIT])})
    return user.run("a.py")


def check_nothing_is_lost(user: User, name: str) -> None:
    assert (user.root / name).read_text() == "new\n"
    assert (user.root / "a.py").read_text() == "x = 'two'\n"
    assert ((user.root / "README.md").read_text(), (user.root / NFC).read_text()) == ("mine\n", "mine\n")
    assert sorted(user.git("status", "--porcelain", "-z", "-uall", errors="surrogateescape").split("\0"))[1:] == [
        " M a.py",
        f"?? {name}",
    ]


@pytest.mark.parametrize("name", ["-rf", "--output=x", "line\nbreak", "bell\a", "deep/tab\there"])
def test_a_name_that_harms_whoever_uses_it_is_refused(user: User, name: str) -> None:
    task = made(user, name)
    shown = user.show(task)
    assert (shown["state"], shown["outcome"], shown["files"]) == ("failed", "error", [])
    assert "The result can't hold it: The path" in shown["detail"]
    text = user.ok("show", task).out
    assert name not in text or "\n" not in name
    assert "\a" not in text
    assert user.git("status", "--porcelain") == ""


@pytest.mark.parametrize("name", ["with space.txt", "$(touch evil)", "`x`;y", LONG, f"{'d' * 200}/{'e' * 200}"])
def test_a_name_that_is_only_odd_is_accepted_as_it_is(user: User, name: str) -> None:
    task = made(user, name)
    assert name in user.ok("show", task).out
    assert user.ok("accept", "--json", task).json["state"] == "accepted"
    check_nothing_is_lost(user, name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("readme.md", "readme.md"),
        (NFD, NFD),
        ("CON", "CON"),
        ("lib/aux.c", "lib/aux.c"),
        ("trail.", "trail."),
        ("trail ", "trail "),
        ("right\u202eleft.txt", "right<U+202E>left.txt"),
        ("un\u200bseen.py", "un<U+200B>seen.py"),
        (os.fsdecode(b"gr\xfcn.txt"), "gr<U+DCFC>n.txt"),
        (os.fsdecode(b"d\xff/x.txt"), "d<U+DCFF>/x.txt"),
    ],
)
def test_a_name_that_misleads_is_shown_flagged_and_accepted_by_name_alone(user: User, name: str, shown: str) -> None:
    task = made(user, name)
    assert f"\n{shown}  +1 −0  bears trust: name that misleads; accepted by name alone\n" in user.ok("show", task).out
    first = user.type("accept", "--json", task)
    assert (first.code, first.json["written"], first.json["left_out"]) == (1, ["a.py"], {name: "name that misleads"})
    assert user.ok("accept", "--json", task, "--file", name).json["state"] == "accepted"
    check_nothing_is_lost(user, name)
