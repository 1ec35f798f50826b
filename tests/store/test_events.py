"""The events of a run: lines that only grow, whole whatever a crash left, read in pieces from a byte offset."""

import json
from pathlib import Path

import pytest

from specwright.store.events import MOST, RunFiles


@pytest.fixture
def files(tmp_path: Path) -> RunFiles:
    return RunFiles(tmp_path, "k7f3qa", 1)


def names(files: RunFiles, offset: int = 0) -> list[str]:
    return [json.loads(line)["event"] for line in files.read(offset).lines]


def crash(files: RunFiles, left: bytes) -> None:
    """What a write that was cut in half leaves."""
    with files.events.open("ab") as file:
        file.write(left)


def test_they_are_read_on_from_an_offset(files: RunFiles) -> None:
    assert files.read(0).lines == ()
    files.append("phase", {"name": "agent"})
    first = files.read(0)
    files.append("gate", {"name": "tests"})
    assert first.offset == len(first.lines[0]) + 1
    assert names(files, first.offset) == ["gate"]
    assert files.read(files.read(first.offset).offset).lines == ()


def test_a_half_last_line_is_not_read_and_is_ended_before_the_next(files: RunFiles) -> None:
    files.append("phase", {})
    whole = files.read(0).offset
    crash(files, b'{"at": "2026-01-02T03:04:05.000Z", "event": "to')
    assert (names(files), files.read(0).offset) == (["phase"], whole)
    files.append("gate", {})
    files.append("gate_result", {})
    assert names(files) == ["phase", "gate", "gate_result"]
    assert names(files, whole) == ["gate", "gate_result"]
    assert files.read(whole).offset == files.events.stat().st_size


@pytest.mark.parametrize("left", [b"\0" * 300, b"\xff\xfe", b"7", b'{"event": "gate"}'])
def test_what_is_no_event_is_passed_over(files: RunFiles, left: bytes) -> None:
    files.append("phase", {})
    crash(files, left)
    files.append("gate", {})
    assert names(files) == ["phase", "gate"]


def test_an_answer_is_bounded_and_the_pieces_are_the_whole(files: RunFiles) -> None:
    count = 3000
    for number in range(count):
        files.append("text", {"text": "x" * 200, "number": number})
    offset, numbers, pieces = 0, [], 0
    while (found := files.read(offset)).lines:
        assert sum(len(line) + 1 for line in found.lines) <= MOST
        numbers += [json.loads(line)["number"] for line in found.lines]
        offset, pieces = found.offset, pieces + 1
    assert numbers == list(range(count))
    assert pieces > 2


def test_the_longest_text_fits_into_an_answer(files: RunFiles) -> None:
    files.append("text", {"text": "\U0001f600" * 500_000})
    [line] = files.read(0).lines
    assert json.loads(line)["text"].endswith("…")


def test_a_stretch_without_a_line_end_stops_nobody(files: RunFiles) -> None:
    files.append("phase", {})
    crash(files, b"x" * (2 * MOST))
    files.append("gate", {})
    offset, seen = 0, []
    for _ in range(5):
        seen += names(files, offset)
        offset = files.read(offset).offset
    assert seen == ["phase", "gate"]


def test_an_offset_behind_the_end_goes_on_at_the_end(files: RunFiles) -> None:
    """Bytes that were read and never reached the disk are gone after a power cut."""
    files.append("phase", {})
    end = files.read(0).offset
    found = files.read(end + 500)
    assert (found.lines, found.offset) == ((), end)
    assert files.read(-5).offset == end


def test_a_full_disk_costs_the_event_alone(files: RunFiles, caplog: pytest.LogCaptureFixture) -> None:
    files.make()
    files.events.symlink_to("/dev/full")
    files.append("phase", {})
    assert "lost" in caplog.text
