"""What a person is told once when they queue: when their tasks go on by themselves, and when not."""

import os
from collections.abc import Mapping
from pathlib import Path

from specwright.api.service import is_installed
from specwright.engine.power import SUPPLIES, on_battery
from specwright.paths.files import private_folder

REBOOT = (
    "After a reboot, open tasks go on as soon as an editor or a command of Specwright starts; "
    "`specwright daemon install` lets them go on by themselves."
)
BATTERY = (
    "On battery this machine may fall asleep, and a closed lid pauses tasks in any case; they go on when it wakes."
)


def sentences(state: Path, environment: Mapping[str, str] = os.environ, supplies: Path = SUPPLIES) -> list[str]:
    """Those that hold and were never told in this state folder; they count as told now."""
    holding = []
    if not is_installed(environment):
        holding.append(("reboot", REBOOT))
    if on_battery(supplies):
        holding.append(("battery", BATTERY))
    return [sentence for name, sentence in holding if _is_first(state / "told" / name)]


def _is_first(mark: Path) -> bool:
    private_folder(mark.parent)
    try:
        mark.touch(0o600, exist_ok=False)
    except FileExistsError:
        return False
    return True
