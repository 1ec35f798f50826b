"""What living windows hold, and that dead ones hold nothing."""

import asyncio
import os
import sys
from pathlib import Path

from specwright.paths.windows import Held, Record, living

WINDOW = "import sys, time; from pathlib import Path; from specwright.paths.windows import Record\n"
WINDOW += "record = Record(Path(sys.argv[1])); record.keep({'/p/a.py': True})\n"
WINDOW += "print('kept', flush=True); time.sleep(600)"


def test_a_window_is_read_as_it_last_was_until_it_ends(tmp_path: Path) -> None:
    record = Record(tmp_path / "windows")
    for files in ({"/p/a.py": False}, {"/p/a.py": True, "/p/é.py": False}, {}):
        record.keep(files)
        assert living(tmp_path / "windows") == ([Held(os.getpid(), files)])
    assert [oct(path.stat().st_mode & 0o777) for path in (tmp_path / "windows").iterdir()] == ["0o600"]
    record.end()
    assert living(tmp_path / "windows") == []


def test_nothing_is_made_where_nothing_is_held(tmp_path: Path) -> None:
    Record(tmp_path / "windows").keep({})
    assert living(tmp_path / "windows") == []
    assert not (tmp_path / "windows").exists()


async def test_a_killed_window_holds_nothing(tmp_path: Path) -> None:
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", WINDOW, tmp_path, stdout=asyncio.subprocess.PIPE)
    assert other.stdout is not None
    assert await asyncio.wait_for(other.stdout.readline(), 30) == b"kept\n"
    assert living(tmp_path) == [Held(other.pid, {"/p/a.py": True})]
    other.kill()
    await other.wait()
    assert living(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


async def test_a_window_that_writes_is_never_missed(tmp_path: Path) -> None:
    record = Record(tmp_path)
    record.keep({"/p/a.py": False})

    def write() -> None:
        for number in range(300):
            record.keep({"/p/a.py": bool(number % 2), "/p/b.py": False})

    writing = asyncio.create_task(asyncio.to_thread(write))
    while not writing.done():
        assert ["/p/a.py" in held.files for held in living(tmp_path)] == [True]
        await asyncio.sleep(0)
    await writing
