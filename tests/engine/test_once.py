"""Each of these is told once, and only where it holds."""

from pathlib import Path

from specwright.api.service import install
from specwright.engine.once import BATTERY, REBOOT, sentences


def on_battery(folder: Path) -> Path:
    (folder / "BAT0").mkdir(parents=True)
    (folder / "BAT0" / "type").write_text("Battery\n")
    (folder / "BAT0" / "status").write_text("Discharging\n")
    return folder


def test_the_first_queueing_tells_what_a_reboot_means(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path)}
    assert sentences(tmp_path / "state", environment, tmp_path / "none") == [REBOOT]
    assert sentences(tmp_path / "state", environment, tmp_path / "none") == []


def test_the_first_queueing_on_battery_tells_of_the_lid(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path)}
    assert sentences(tmp_path / "state", environment, tmp_path / "none") == [REBOOT]
    supplies = on_battery(tmp_path / "supplies")
    assert sentences(tmp_path / "state", environment, supplies) == [BATTERY]
    assert sentences(tmp_path / "state", environment, supplies) == []


def test_with_the_service_installed_a_reboot_needs_no_word(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    install(environment)
    assert sentences(tmp_path / "state", environment, tmp_path / "none") == []
