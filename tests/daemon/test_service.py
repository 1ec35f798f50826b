"""`daemon install` writes what systemd accepts, says what, and does no more when repeated."""

import os
import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

from specwright.api.service import is_installed, service
from specwright.errors import WrongUse
from user import User


def unit(user: User) -> Path:
    [found] = (user.home / ".config" / "systemd" / "user").glob("specwright-*.service")
    return found


def test_it_writes_a_unit_switches_it_on_and_says_so(user: User) -> None:
    said = user.ok("daemon", "install").out
    link = unit(user).parent / "default.target.wants" / unit(user).name
    assert link.readlink() == unit(user)
    for part in (f"Wrote {unit(user)}.", f"Wrote {link}", "systemd does not run for your user here", "enable-linger"):
        assert part in said
    assert f'Environment="SPECWRIGHT_HOME={user.home}/specwright"\n' in unit(user).read_text()
    assert is_installed(user.environment)
    assert not user.state.exists()


def test_again_it_changes_nothing(user: User) -> None:
    user.ok("daemon", "install")
    before = unit(user).stat()
    assert f"{unit(user)} was there already." in user.ok("daemon", "install").out
    assert unit(user).stat().st_mtime_ns == before.st_mtime_ns


def test_another_program_takes_the_unit_over(user: User) -> None:
    user.ok("daemon", "install")
    unit(user).write_text(unit(user).read_text().replace("ExecStart=", "ExecStart=/gone"))
    assert f"Wrote {unit(user)}." in user.ok("daemon", "install").out
    assert "/gone" not in unit(user).read_text()


def test_uninstall_takes_all_of_it_away_and_nothing_else(user: User) -> None:
    assert "Nothing to remove" in user.ok("daemon", "uninstall").out
    user.ok("daemon", "install")
    other = unit(user).with_name("other.service")
    other.write_text("[Unit]\n")
    said = user.ok("daemon", "uninstall").out
    assert said.count("Removed ") == 2
    left = [path.name for path in other.parent.rglob("*") if not path.is_dir()]
    assert left == ["other.service"]
    assert not is_installed(user.environment)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_accepts_the_unit(user: User) -> None:
    user.environment["SPECWRIGHT_HOME"] = str(user.home / 'odd "100%" $HOME folder')
    user.ok("daemon", "install")
    environment = {**os.environ, "HOME": str(user.home), "XDG_RUNTIME_DIR": str(user.home)}
    words = ["systemd-analyze", "--user", "verify", str(unit(user))]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60)
    assert [line for line in done.stderr.splitlines() if unit(user).name in line] == []
    assert done.returncode == 0, done.stderr


def test_without_a_home_of_its_own_it_has_the_plain_name(tmp_path: Path) -> None:
    made = service({"HOME": str(tmp_path), "PATH": "/bin"}, "linux")
    assert made.file == tmp_path / ".config/systemd/user/specwright.service"
    elsewhere = service({"HOME": str(tmp_path), "XDG_CONFIG_HOME": "/config"}, "linux")
    assert str(elsewhere.file) == "/config/systemd/user/specwright.service"


def test_on_macos_it_is_an_agent_of_launchd(tmp_path: Path) -> None:
    made = service({"HOME": str(tmp_path), "PATH": "/bin", "SPECWRIGHT_HOME": "/x"}, "darwin")
    content = plistlib.loads(made.content)
    assert made.file.parent == tmp_path / "Library" / "LaunchAgents"
    assert (content["RunAtLoad"], content["KeepAlive"]) == (True, {"SuccessfulExit": False})
    assert content["EnvironmentVariables"] == {"PATH": "/bin", "SPECWRIGHT_HOME": "/x"}
    assert content["ProgramArguments"][1:] == ["-m", "specwright", "daemon", "run"]


def test_what_no_unit_can_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="PATH holds what no service file can"):
        service({"HOME": str(tmp_path), "PATH": "/bin\nExecStartPre=/bad"}, "linux")
    with pytest.raises(WrongUse, match="`specwright daemon start`"):
        service({"HOME": str(tmp_path)}, "freebsd14")
