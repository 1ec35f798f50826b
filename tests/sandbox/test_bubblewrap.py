"""The real box: what a command in it can do, and what it can't."""

import asyncio
import contextlib
import time
from pathlib import Path

import pytest

from git_project import Project
from sandbox.conftest import Shell, boxed
from specwright import process, processes
from specwright.git.slots import Slot
from specwright.git.slots import check_untouched as check_slot
from specwright.sandbox.bubblewrap import HOME
from specwright.sandbox.roots import refused as refused_root
from specwright.sandbox.roots import roots_of
from specwright.tasks.protocols import Box, Done

BEAT = "while :; do echo x >>beat; sleep 0.02; done"
SLACK = 1.0
"""Seconds that a busy machine may lose on its own work."""


def text(done: Done) -> str:
    return done.stdout.decode().strip()


async def refused(sh: Shell, script: str, *words: object) -> None:
    """It fails, and shows nothing."""
    done = await sh(script, *words)
    assert done.exit_code not in {0, None}, done
    assert done.stdout == b""


async def test_command_works_in_its_slot(sh: Shell, slot: Slot) -> None:
    done = await sh("pwd; echo new >made.py; cat greeting.py; exit 7")
    assert done.exit_code == 7
    assert text(done).startswith(f"{slot.path}\ndef greet")
    assert (slot.path / "made.py").read_text() == "new\n"


@pytest.mark.parametrize("place", ["/etc", "/usr", "/", "/home", "/bin", "/opt", "/proc/sys/kernel"])
async def test_nothing_outside_the_slot_is_written(sh: Shell, place: str) -> None:
    await refused(sh, ': > "$1/specwright-was-here"', place)
    assert not Path(place, "specwright-was-here").exists()


async def test_temporary_files_are_the_boxs_own(sh: Shell) -> None:
    assert text(await sh('echo x >"$TMPDIR/mine"; echo x >/var/tmp/mine; cat "$TMPDIR/mine"')) == "x"
    assert not Path("/tmp/mine").exists()
    assert not Path("/var/tmp/mine").exists()
    await refused(sh, 'cat "$TMPDIR/mine"')


@pytest.mark.parametrize(
    "script",
    [
        "echo 'gitdir: ./evil' >.git", "mv .git x", "rm -f .git", "ln -f greeting.py .git", "mkdir x && mv -T x .git",
        "mount --bind greeting.py .git", "chmod 777 .git",
    ],
)  # fmt: skip
async def test_git_file_of_the_slot_can_not_be_swapped(sh: Shell, slot: Slot, script: str) -> None:
    before = (slot.path / ".git").stat().st_mode
    await refused(sh, script)
    check_slot(slot)
    assert (slot.path / ".git").stat().st_mode == before


@pytest.mark.parametrize("name", ["config", "hooks/post-checkout", "info/attributes", "objects/x", "worktrees/x"])
async def test_private_repository_can_not_be_written(sh: Shell, slot: Slot, name: str) -> None:
    await refused(sh, 'mkdir -p "$(dirname "$1")"; echo x >"$1"', slot.repository.path / name)
    await refused(sh, 'rm -rf "$1"/HEAD; test ! -e "$1/HEAD"', slot.repository.path)


@pytest.mark.parametrize(
    "words",
    ["add -A", "commit -m x --allow-empty", "update-ref refs/heads/x HEAD", "config a.b c", "gc"],
)
async def test_git_reads_in_the_box_and_does_not_write(sh: Shell, slot: Slot, words: str) -> None:
    read = await sh("echo x >>greeting.py; git status --porcelain; git log --oneline | wc -l; git diff --stat | wc -l")
    assert text(read).split() == ["M", "greeting.py", "1", "2"]
    before = {path: path.read_bytes() for path in slot.repository.path.rglob("*") if path.is_file()}
    await refused(sh, f"git -c user.name=a -c user.email=b {words}")
    assert {path: path.read_bytes() for path in slot.repository.path.rglob("*") if path.is_file()} == before


async def test_users_checkout_and_git_folder_are_not_there(sh: Shell, project: Project) -> None:
    for name in (".git/config", ".git/HEAD", ".git/index", "greeting.py"):
        assert (project.root / name).exists()
        await refused(sh, 'cat "$1"', project.root / name)
    found = await sh('find "$1" -not -path "*/repo.git/*"', project.root)
    git = project.root / ".git"
    assert text(found).split() == [str(x) for x in (project.root, git, git / "specwright", git / "specwright/repo.git")]
    await refused(sh, 'git -C "$1" log', project.root)


async def test_users_checkout_is_not_written(sh: Shell, project: Project) -> None:
    before = project.everything()
    await sh('cd "$1" && echo x >greeting.py; echo x >.git/config; rm -rf .git/HEAD; git init', project.root)
    assert project.everything() == before


async def test_home_is_empty_and_keys_are_not_there(sh: Shell, own_home: Path) -> None:
    (own_home / ".ssh").mkdir()
    (own_home / ".ssh" / "id_ed25519").write_text("key")
    assert text(await sh('echo "$HOME"; ls -A "$HOME"')) == HOME
    for path in (own_home / ".ssh" / "id_ed25519", own_home / ".gitconfig", Path.home(), "/root", "/etc/shadow"):
        await refused(sh, 'cat "$1"/* "$1"', path)


async def test_other_slots_and_the_hosts_files_are_not_there(sh: Shell, project: Project, tmp_path: Path) -> None:
    other = project.take("other/1")
    (tmp_path / "secret").write_text("x")
    await refused(sh, 'cat "$1"', other.path / "greeting.py")
    await refused(sh, 'cat "$1"', tmp_path / "secret")
    await refused(sh, 'ln -s "$1" link; cat link', tmp_path / "secret")
    assert text(await sh('ls -A "$1"', other.path.parent)) == Path((await sh("pwd")).stdout.decode().strip()).name


async def test_no_other_interface_is_there(sh: Shell) -> None:
    assert text(await sh("ls /sys/class/net 2>/dev/null; cut -d: -f1 /proc/net/dev | tail -n +3")).split() == ["lo"]


async def test_environment_is_only_what_is_set(slot: Slot, bubblewrap: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "SSH_AUTH_SOCK", "GIT_DIR", "MY_TOKEN"):
        monkeypatch.setenv(name, "leak")
    given = {"GITHUB_TOKEN": "leak", "LD_PRELOAD": "leak", "WANTED": "yes"}
    done = await boxed(slot, given=given, variables=("WANTED",)).run(["env"], timeout=30, env={"MORE": "1"})
    assert b"leak" not in done.stdout
    lines = dict(line.split("=", 1) for line in text(done).splitlines())
    assert (lines["WANTED"], lines["MORE"], lines["HOME"], lines["TMPDIR"]) == ("yes", "1", HOME, "/tmp")
    assert set(lines) - {"PWD", "SHLVL", "_"} == {
        "WANTED", "MORE", "HOME", "TMPDIR", "PATH", "PYTHONPATH", "SPECWRIGHT_SLOT", "LANG", "LC_ALL", "TZ", "TERM",
        "CI", "NO_COLOR", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM",
        "GIT_TERMINAL_PROMPT",
    }  # fmt: skip


async def test_processes_of_this_machine_are_hidden_and_out_of_reach(sh: Shell) -> None:
    assert int(text(await sh("ls -d /proc/[0-9]* | wc -l"))) < 8
    await sh("kill -9 -1")  # we go on


async def test_daemon_left_behind_is_gone(sh: Shell, slot: Slot) -> None:
    script = f"(setsid nohup bash -c '{BEAT}' >/dev/null 2>&1 &); while [ ! -s beat ]; do sleep .02; done"
    assert (await sh(script)).exit_code == 0
    await check_silent(slot.path / "beat")


async def test_time_limit_ends_the_whole_box(sh: Shell, slot: Slot) -> None:
    done = await sh(f"trap '' TERM; (setsid bash -c 'trap \"\" TERM; {BEAT}' &); sleep 600", timeout=2)
    assert done.timed_out
    await check_silent(slot.path / "beat")


async def check_silent(beat: Path) -> None:
    """Nobody writes the file any more, a second after the end at the latest."""
    end = time.monotonic() + 10
    size = -1
    while beat.stat().st_size != size:
        assert time.monotonic() < end, "it goes on"
        size = beat.stat().st_size
        await asyncio.sleep(0.3)
    assert size > 0
    assert processes.working_below(beat.parent) == ()


async def test_nothing_can_be_mounted_and_no_rights_are_won(sh: Shell) -> None:
    for command in ("mount -t tmpfs none /opt", "unshare -Ur true", "chroot / true", "bwrap --ro-bind / / true"):
        assert (await sh(f"{command} 2>&1")).exit_code != 0, command
    caps = text(await sh("grep -E 'CapEff|NoNewPrivs' /proc/self/status")).split()
    assert caps == ["CapEff:", "0" * 16, "NoNewPrivs:", "1"]


async def test_there_is_no_terminal_and_no_input(sh: Shell) -> None:
    assert text(await sh("(: </dev/tty) 2>/dev/null && echo tty; cat; echo end")) == "end"


@pytest.mark.parametrize("name", ["/dev/kvm", "/dev/mem", "/dev/sda", "/run/docker.sock", "/run/user", "/sys/kernel"])
async def test_devices_and_sockets_of_the_host_are_absent(sh: Shell, name: str) -> None:
    await refused(sh, 'test -e "$1"', name)


async def test_files_are_bounded(sh: Shell) -> None:
    done = await sh("(trap '' XFSZ; truncate -s 1T big 2>&1); dd if=/dev/zero of=$TMPDIR/full bs=1M count=600 2>&1")
    assert "File too large" in text(done)
    assert "No space left" in text(done)


async def test_extra_folder_is_written_only_where_it_is_named(box: Box, tmp_path: Path) -> None:
    for name in ("reports", "other"):
        (tmp_path / name).mkdir()
    words = ["sh", "-c", 'echo r >"$1/r"; echo r >"$2/r"', "sh", str(tmp_path / "reports"), str(tmp_path / "other")]
    done = await box.run(words, timeout=30, writable=[tmp_path / "reports"])
    assert done.exit_code != 0
    assert (tmp_path / "reports" / "r").read_text() == "r\n"
    assert not (tmp_path / "other" / "r").exists()


async def test_virtual_environment_of_the_home_folder_is_readable_and_no_more(
    slot: Slot, bubblewrap: None, virtual_environment: Path, own_home: Path
) -> None:
    (own_home / "envs" / "secret").write_text("x")
    given = {"VIRTUAL_ENV": str(virtual_environment)}
    roots = [root.path for root in roots_of(own_home, given, ())]
    assert [refused_root(root) for root in roots] == [None] * len(roots)
    box = boxed(slot, *roots, given=given)
    done = await box.run(["python", "-c", "import sys, greeting; print(sys.prefix, greeting.__file__)"], timeout=30)
    assert text(done).split() == [str(virtual_environment), f"{box.slot}/greeting.py"]
    for words in (["touch", f"{virtual_environment}/x"], ["cat", f"{own_home}/envs/secret"]):
        assert (await box.run(words, timeout=30)).exit_code != 0


async def test_an_editable_link_to_the_users_checkout_leads_nowhere(
    slot: Slot, bubblewrap: None, virtual_environment: Path, own_home: Path, project: Project
) -> None:
    project.write("mine.py", "print('code of the checkout')\n")
    [packages] = virtual_environment.glob("lib/python*/site-packages")
    (packages / "editable.pth").write_text(f"{project.root}\n")
    given = {"VIRTUAL_ENV": str(virtual_environment)}
    roots = [root.path for root in roots_of(own_home, given, ())]
    done = await boxed(slot, *roots, given=given).run(["python", "-c", "import mine"], timeout=30)
    assert b"No module named 'mine'" in done.stderr
    words = [str(virtual_environment / "bin" / "python"), "-c", "import mine"]
    unboxed = await process.run(words, cwd="/", env={}, timeout=30)
    assert unboxed.stdout == b"code of the checkout\n"


async def test_reader_sees_our_program_and_nothing_of_the_project(box: Box, slot: Slot, project: Project) -> None:
    code = "import specwright, os, sys; print(*[os.path.exists(path) for path in sys.argv[1:]])"
    words = [str(slot.path), str(slot.repository.path), str(project.root)]
    done = await box.reader().run(["python3", "-c", code, *words], timeout=30)
    assert text(done) == "False False False"
    package = Path(process.__file__).parent
    assert (await box.reader().run(["touch", str(package / "x")], timeout=30)).exit_code != 0
    assert not (package / "x").exists()


POLITE = "trap 'echo bye > bye.txt; exit 0' TERM; echo x > up.txt; while :; do sleep 0.05; done"
STUBBORN = "trap '' TERM; echo x > up.txt; while :; do sleep 0.05; done"


@pytest.mark.parametrize(("script", "said"), [(POLITE, True), (STUBBORN, False)])
async def test_a_cancelled_command_is_asked_first_and_is_over_within_two_seconds(
    sh: Shell, slot: Slot, script: str, said: bool
) -> None:
    command = asyncio.ensure_future(sh(script))
    async with asyncio.timeout(20):
        while not (slot.path / "up.txt").exists():
            await asyncio.sleep(0.02)
    began = time.monotonic()
    command.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await command
    assert time.monotonic() - began < (1.0 if said else 2.0) + SLACK
    assert (slot.path / "bye.txt").exists() is said
    assert processes.working_below(slot.path) == ()
