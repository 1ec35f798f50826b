"""What stands in the checkout is never written over, whatever it is; each case is a folder and one file's result."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from specwright.engine.landing import Landed, land, remove_block
from specwright.engine.result import Numbered, Result
from specwright.git.private import PrivateRepository
from specwright.review.buffer import BufferPlan
from specwright.review.hunks import ABSENT, REGULAR_FILE, FileResult, hunks_of
from specwright.review.own import block
from specwright.spec.digest import digest
from specwright.spec.languages import language_of
from specwright.spec.own import Own
from specwright.spec.parser import parse
from specwright.tasks.model import State, Task, Wish

EXECUTABLE = "100755"
NEW, GONE = (ABSENT, REGULAR_FILE), (REGULAR_FILE, ABSENT)
SPEC = "# spec! Do it\n# - [ ] it is done, check: `true`\n"
OWN = Own("a.py", digest(parse(SPEC, language_of("a.py"), "a.py")[0][0]), "Do it")
LINES = "".join(f"{number}\n" for number in range(9))
CREATED = FileResult("a.py", None, "x = 1\n", modes=NEW)
DELETED = FileResult("a.py", LINES, None, modes=GONE)
CHANGED = FileResult("a.py", LINES, LINES.replace("4", "four"))
Make = Callable[[FileResult], tuple[Result, Numbered]]
Put = Callable[[Path], object]


@pytest.fixture
def found_of(tmp_path: Path, wish_of: Callable[..., Wish]) -> Make:
    """Makes a result of one file for the checkout `tmp_path/project`."""
    repository = PrivateRepository(tmp_path, tmp_path, "p", tmp_path)
    (tmp_path / "project").mkdir()
    task = Task("t", wish_of(), State.REVIEW, datetime.now(UTC))

    def make(file: FileResult) -> tuple[Result, Numbered]:
        entry = Numbered(file, 1, hunks_of(file, 1, 1))
        return Result(task, 1, "0" * 40, OWN, repository, (entry,), {}), entry

    return make


def landed(made: tuple[Result, Numbered], *ids: str) -> Landed:
    found, entry = made
    return land(found, entry, ids or tuple(hunk.id for hunk in entry.hunks))


def snapshot(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


IN_THE_WAY: dict[str, Put] = {
    "not UTF-8": lambda path: path.write_bytes(b"gr\xfcn\n"),
    "NUL": lambda path: path.write_bytes(b"mine\0"),
    "too long": lambda path: path.write_bytes(b"mine,mine\n" * 600_000),
    "a folder": lambda path: path.mkdir(),
    "a broken link": lambda path: path.symlink_to("nowhere"),
    "another text": lambda path: path.write_text("mine\n"),
    "a longer spec": lambda path: path.write_text(SPEC.replace("\n", "\n# An hour of work.\n", 1)),
}


@pytest.mark.parametrize("file", [CREATED, DELETED, CHANGED], ids=["created", "deleted", "changed"])
@pytest.mark.parametrize("put", IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_what_a_person_has_put_there_stays(tmp_path: Path, found_of: Make, put: Put, file: FileResult) -> None:
    root = tmp_path / "project"
    put(root / "a.py")
    before = snapshot(root)
    assert landed(found_of(file)) == Landed([], ["1.1"], [])
    assert snapshot(root) == before


def test_a_spec_that_was_written_on_keeps_its_file(tmp_path: Path, found_of: Make) -> None:
    base = SPEC + LINES
    path = tmp_path / "project" / "a.py"
    path.write_text(SPEC.replace("\n", "\n# An hour of work.\n", 1) + LINES)
    file = FileResult("a.py", base, None, modes=GONE, base_block=block(OWN, "a.py", base))
    assert landed(found_of(file)).conflicts == ["1.1"]
    assert "An hour" in path.read_text()


def test_a_spec_stands_beside_what_is_created(tmp_path: Path, found_of: Make) -> None:
    path = tmp_path / "project" / "a.py"
    path.write_text(SPEC)
    assert landed(found_of(CREATED)).hunks == ["1.1"]
    assert path.read_text() == SPEC + "x = 1\n"


@pytest.mark.parametrize(
    ("file", "live", "after"),
    [
        (CREATED, None, "x = 1\n"),
        (CREATED, "", "x = 1\n"),
        (CREATED, "x = 1\n", "x = 1\n"),
        (FileResult("a.py", None, "\ufeffx\r\n", modes=NEW), None, "\ufeffx\r\n"),
        (DELETED, LINES, None),
        (DELETED, None, None),
        (CHANGED, f"mine\n{LINES}", f"mine\n{CHANGED.result}"),
    ],
)
def test_what_fits_is_put_in(
    tmp_path: Path, found_of: Make, file: FileResult, live: str | None, after: str | None
) -> None:
    path = tmp_path / "project" / "a.py"
    if live is not None:
        path.write_bytes(live.encode())
    assert landed(found_of(file)).hunks == ["1.1"]
    assert (path.read_bytes().decode() if path.exists() else None) == after


def test_a_file_where_a_folder_should_be_stays(tmp_path: Path, found_of: Make) -> None:
    (tmp_path / "project" / "deep").write_text("mine\n")
    assert landed(found_of(FileResult("deep/a.py", None, "x\n", modes=NEW))).conflicts == ["1.1"]


@pytest.mark.parametrize("to", [".git", "src", "docs", "../outside", "nowhere"])
@pytest.mark.parametrize("path", ["docs/a.py", "docs/hooks/post-checkout"])
def test_nothing_is_written_through_a_link(tmp_path: Path, found_of: Make, to: str, path: str) -> None:
    made = found_of(FileResult(path, None, "x\n", modes=(ABSENT, EXECUTABLE)))
    for folder in ("project/.git/hooks", "project/src", "outside"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "project" / "docs").symlink_to(to)
    before = snapshot(tmp_path)
    assert landed(made).conflicts == ["1.1"]
    assert snapshot(tmp_path) == before


def test_a_checkout_that_is_itself_reached_by_a_link_is_written(tmp_path: Path, found_of: Make) -> None:
    made = found_of(FileResult("docs/a.py", None, "x\n", modes=NEW))
    (tmp_path / "project").rename(tmp_path / "real")
    (tmp_path / "project").symlink_to("real")
    assert landed(made).hunks == ["1.1"]
    assert (tmp_path / "real" / "docs" / "a.py").read_text() == "x\n"


@pytest.mark.parametrize(("ids", "executable", "text"), [(["1.1"], True, "4"), (["1.2"], False, "four")])
def test_the_executable_bit_is_a_hunk_of_its_own(
    tmp_path: Path, found_of: Make, ids: list[str], executable: bool, text: str
) -> None:
    path = tmp_path / "project" / "a.py"
    path.write_text(LINES)
    file = FileResult("a.py", LINES, CHANGED.result, modes=(REGULAR_FILE, EXECUTABLE))
    assert landed(found_of(file), *ids).hunks == ids
    assert bool(path.stat().st_mode & 0o100) is executable
    assert path.read_text().split()[4] == text


class SavedMeanwhile(Result):
    """A result in whose file a person saves as soon as it was planned on."""

    def on_disk(self, entry: Numbered) -> BufferPlan:
        planned = super().on_disk(entry)
        Path(self.task.wish.checkout.root, entry.file.path).write_text("mine\n")
        return planned


@pytest.mark.parametrize(
    ("file", "live"), [(CREATED, None), (DELETED, LINES), (CHANGED, LINES)], ids=["created", "deleted", "changed"]
)
def test_what_is_saved_while_a_verdict_lands_stays(
    tmp_path: Path, found_of: Make, file: FileResult, live: str | None
) -> None:
    path = tmp_path / "project" / "a.py"
    if live is not None:
        path.write_text(live)
    found, entry = found_of(file)
    late = SavedMeanwhile(found.task, 1, found.head, OWN, found.repository, found.files, {})
    assert landed((late, entry)).conflicts == ["1.1"]
    assert path.read_text() == "mine\n"


@pytest.mark.parametrize(
    ("live", "after"),
    [
        (f"{SPEC}x\n", "x\n"),
        (f"\ufeff{SPEC}x\n", "\ufeffx\n"),
        (f"x\n{SPEC[:-1]}", "x\n"),
        (SPEC.replace("it is done", "it is mine"), None),
        ("gr\u00fcn".encode("latin-1"), None),
    ],
)
def test_the_block_goes_alone_and_only_as_it_was_queued(
    tmp_path: Path, found_of: Make, live: str | bytes, after: str | None
) -> None:
    path = tmp_path / "project" / "a.py"
    data = live if isinstance(live, bytes) else live.encode()
    path.write_bytes(data)
    assert remove_block(found_of(CHANGED)[0]) == ([] if after is None else ["a.py"])
    assert path.read_bytes() == (data if after is None else after.encode())
