"""The partial box: what it holds in as the full one does, and where it differs as the settings page says."""

import asyncio
import os
import signal
import struct
import sys
import time
from pathlib import Path

import pytest

from git_project import Project
from sandbox.conftest import Shell, boxed
from sandbox.test_bubblewrap import BEAT, check_silent, refused, text
from specwright.config.settings import SandboxMode
from specwright.git.slots import Slot
from specwright.sandbox import launcher
from specwright.sandbox.landlock import ALWAYS, NO_FILTER, NO_SCOPES, left_open, missing
from specwright.tasks.protocols import Box


@pytest.fixture
def box(slot: Slot, landlock: None) -> Box:
    return boxed(slot, mode=SandboxMode.PARTIAL)


async def test_command_works_in_its_slot(sh: Shell, slot: Slot) -> None:
    done = await sh("pwd; echo new >made.py; mkdir -p a/b; mv made.py a/b; ln -s a l; cat greeting.py; exit 7")
    assert done.exit_code == 7
    assert text(done).startswith(f"{slot.path}\ndef greet")
    assert (slot.path / "l/b/made.py").read_text() == "new\n"


@pytest.mark.parametrize("place", ["/etc", "/usr", "/", "/home", "/opt", "/tmp", "/var/tmp", "/dev/shm", "/run"])
async def test_nothing_outside_the_slot_is_written(sh: Shell, place: str) -> None:
    await refused(sh, ': > "$1/specwright-was-here"', place)
    assert not Path(place, "specwright-was-here").exists()


@pytest.mark.parametrize("how", ['cat "$1"', ': >>"$1"', 'truncate -s 0 "$1"', 'rm "$1"', 'mv "$1" x', 'ln "$1" x'])
async def test_a_file_of_yours_is_neither_read_nor_changed(sh: Shell, tmp_path: Path, how: str) -> None:
    mine = tmp_path / "mine"
    mine.write_text("secret")
    await refused(sh, how, mine)
    assert mine.read_text() == "secret"


async def test_home_and_temporary_folder_are_private_and_gone_with_the_command(sh: Shell) -> None:
    done = await sh('echo x >"$HOME/a"; echo y >"$TMPDIR/b"; ls -A "$HOME"; echo "$HOME"')
    *names, home = text(done).split()
    assert set(names) == {"a", "b"}
    assert not Path(home).exists()


async def test_users_checkout_and_git_folder_are_closed(sh: Shell, project: Project) -> None:
    before = project.everything()
    for name in (".git/config", ".git/HEAD", "greeting.py"):
        await refused(sh, 'cat "$1"', project.root / name)
    await refused(sh, 'ls "$1"', project.root)
    await sh('cd "$1" && echo x >greeting.py; echo x >.git/config; rm -rf .git/HEAD; git init "$1"', project.root)
    assert project.everything() == before


async def test_git_reads_and_does_not_write(sh: Shell, slot: Slot) -> None:
    read = await sh("echo x >>greeting.py; git status --porcelain; git log --oneline | wc -l; git diff --stat | wc -l")
    assert text(read).split() == ["M", "greeting.py", "1", "2"]
    await refused(sh, "git -c user.name=a -c user.email=b commit -qam x")
    await refused(sh, 'echo x >"$1"', slot.repository.path / "hooks" / "post-checkout")


@pytest.mark.parametrize(
    ("family", "kind", "protocol"),
    [
        ("AF_INET", "SOCK_STREAM", 0), ("AF_INET6", "SOCK_STREAM", 0), ("AF_INET", "SOCK_DGRAM", 0),
        ("AF_UNIX", "SOCK_STREAM", 0), ("AF_UNIX", "SOCK_DGRAM", 0), ("AF_INET", "SOCK_STREAM", 262),
        ("AF_NETLINK", "SOCK_RAW", 0), ("AF_PACKET", "SOCK_RAW", 0), ("AF_VSOCK", "SOCK_STREAM", 0),
    ],
)  # fmt: skip
async def test_no_socket_of_any_kind_is_made(sh: Shell, family: str, kind: str, protocol: int) -> None:
    code = f"import socket as s; s.socket(s.{family}, s.{kind}, {protocol})"
    done = await sh('/usr/bin/env python3 -c "$1"', code)
    assert done.exit_code == 1
    assert b"PermissionError" in done.stderr


async def test_pairs_of_sockets_are_made(sh: Shell) -> None:
    assert text(await sh("/usr/bin/env python3 -c 'import asyncio; print(asyncio.run(asyncio.sleep(0, 3)))'")) == "3"


async def test_io_uring_is_refused(sh: Shell) -> None:
    code = "import ctypes; c = ctypes.CDLL(None, use_errno=True); print(c.syscall(425, 1, 0), ctypes.get_errno())"
    assert text(await sh('/usr/bin/env python3 -c "$1"', code)) == "-1 13"


async def test_other_processes_are_not_signalled_traced_or_looked_into(sh: Shell) -> None:
    for name in ("environ", "maps", "mem", "fd/0", "cwd/x", "root/etc/shadow"):
        await refused(sh, 'cat "$1"', f"/proc/{os.getpid()}/{name}")
    before = signal.signal(signal.SIGUSR1, lambda *_: pytest.fail("it was signalled"))
    await refused(sh, f"kill -USR1 {os.getpid()}")
    signal.signal(signal.SIGUSR1, before)


async def test_no_rights_are_won(sh: Shell) -> None:
    held = text(await sh("grep -E 'Cap(Prm|Eff|Bnd)|NoNewPrivs|Seccomp:' /proc/self/status")).split()
    none = "0" * 16
    assert held == ["CapPrm:", none, "CapEff:", none, "CapBnd:", none, "NoNewPrivs:", "1", "Seccomp:", "2"]
    for command in ("mount -t tmpfs none /opt", "bwrap --ro-bind / / true", "chroot /usr cat /etc/shadow"):
        assert (await sh(f"{command} 2>&1")).exit_code != 0, command


async def test_what_is_left_behind_is_found_and_ended(sh: Shell, slot: Slot) -> None:
    script = f"(setsid nohup bash -c '{BEAT}' >/dev/null 2>&1 &); while [ ! -s beat ]; do sleep .02; done"
    assert (await sh(script)).exit_code == 0
    await check_silent(slot.path / "beat")


async def test_time_limit_ends_all_of_it(sh: Shell, slot: Slot) -> None:
    done = await sh(f"trap '' TERM; (setsid bash -c 'trap \"\" TERM; {BEAT}' &); sleep 600", timeout=2)
    assert done.timed_out
    await check_silent(slot.path / "beat")


async def test_a_broken_pipe_ends_a_program(sh: Shell) -> None:
    assert text(await sh("yes | head -1; echo ${PIPESTATUS[0]}")).split() == ["y", str(128 + signal.SIGPIPE)]


async def test_what_can_not_be_started_says_so(box: Box) -> None:
    assert (await box.run(["no-such-program"], timeout=30)).stderr == b"no-such-program: not found on PATH\n"
    (box.slot / "closed").write_text("x")
    done = await box.run(["./closed"], timeout=30)
    assert (done.exit_code, done.stderr) == (127, b"./closed: Permission denied\n")


async def test_reader_sees_our_program_and_nothing_of_the_project(box: Box, project: Project) -> None:
    code = "import specwright, sys; open(sys.argv[1])"
    for path in (project.root / "greeting.py", box.slot / "greeting.py"):
        done = await box.reader().run(["python3", "-c", code, str(path)], timeout=30)
        assert b"PermissionError" in done.stderr


async def test_it_is_left_open_that_the_git_file_of_the_slot_is_written(sh: Shell, slot: Slot) -> None:
    assert any(".git" in line for line in left_open())
    await sh("echo 'gitdir: ./evil' >.git")
    assert (slot.path / ".git").read_text() == "gitdir: ./evil\n"


async def test_it_is_left_open_that_permissions_and_times_of_your_files_are_changed(sh: Shell, tmp_path: Path) -> None:
    assert any("permissions and times" in line for line in left_open())
    (tmp_path / "mine").write_text("x")
    await sh('chmod 640 "$1"; touch -d @1000 "$1"', tmp_path / "mine")
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o640


async def test_it_is_left_open_that_files_and_processes_are_seen_to_exist(sh: Shell, tmp_path: Path) -> None:
    assert any("exist" in line for line in left_open())
    (tmp_path / "mine").write_text("four")
    assert text(await sh('stat -c %s "$1"', tmp_path / "mine")) == "4"
    assert "python" in text(await sh(f"tr '\\0' ' ' </proc/{os.getpid()}/cmdline"))


@pytest.mark.parametrize(
    ("version", "machine", "said", "open_too"),
    [
        (0, "x86_64", "Landlock 3 (Linux 6.2) is needed, and this kernel has none", ()),
        (2, "x86_64", "this kernel has version 2", ()),
        (3, "x86_64", "", (NO_SCOPES,)),
        (3, "riscv64", "Landlock 4 (Linux 6.7) is needed", ()),
        (4, "riscv64", "", (NO_SCOPES, NO_FILTER)),
        (7, "x86_64", "", ()),
    ],
)
def test_an_older_kernel_leaves_more_open_or_is_refused(
    monkeypatch: pytest.MonkeyPatch, version: int, machine: str, said: str, open_too: tuple[str, ...]
) -> None:
    monkeypatch.setattr(launcher, "version", lambda: version)
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Linux", "", "", "", machine)))
    assert missing().startswith(said) or said in missing()
    assert bool(said) == bool(missing())
    if not said:
        assert left_open() == (*ALWAYS, *open_too)


@pytest.mark.parametrize("machine", list(launcher.CALLS))
def test_the_filter_answers_as_it_says(machine: str) -> None:
    """Interpreted step by step, for both architectures: this machine runs only one of them."""
    architecture, *refused = launcher.CALLS[machine]
    refused.append(launcher.IO_URING)
    other = next(numbers[0] for name, numbers in launcher.CALLS.items() if name != machine)
    program = [struct.unpack("@HBBI", step) for step in launcher.socket_filter(machine)]
    answers = {(architecture, number): launcher.REFUSE for number in (*refused, launcher.X32 + refused[0])}
    answers |= {(architecture, number): launcher.ALLOW for number in range(460) if number not in refused}
    answers[other, 0] = launcher.REFUSE
    assert {call: _answer(program, *call) for call in answers} == answers


def _answer(program: list[tuple[int, int, int, int]], architecture: int, number: int) -> int:
    at = held = 0
    while True:
        code, then, other, value = program[at]
        if code == launcher.RETURN:
            return value
        if code == launcher.LOAD:
            held, then, other = {launcher.ARCHITECTURE: architecture, launcher.NUMBER: number}[value], 0, 0
        matches = {launcher.EQUAL: held == value, launcher.ABOVE: held >= value}.get(code, True)
        at += 1 + (then if matches else other)


async def test_it_dies_with_its_starter(slot: Slot, landlock: None) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path; from specwright.sandbox.landlock import Landlock\n"
        "from specwright.sandbox.visible import Visible\n"
        f"box = Landlock(Visible(Path({str(slot.path)!r}), Path({str(slot.path)!r}, '.git')))\n"
        f"asyncio.run(box.run(['bash', '-c', {BEAT!r}], timeout=600))"
    )
    starter = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    end = time.monotonic() + 30
    while not (slot.path / "beat").exists() and time.monotonic() < end:
        await asyncio.sleep(0.05)
    starter.kill()
    await starter.wait()
    await check_silent(slot.path / "beat")
