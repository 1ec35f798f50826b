"""Whether this machine runs on mains: as the kernel tells, and from there alone."""

from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")
MAINS = frozenset({"Mains", "USB", "Wireless"})


def on_battery(supplies: Path = SUPPLIES) -> bool:
    """Whether a battery of the machine itself feeds it now. No where nothing is told, as on most desks and servers."""
    try:
        found = [_read(folder) for folder in supplies.iterdir()]
    except OSError:
        return False
    own = [supply for supply in found if supply.get("scope", "System") != "Device"]  # else a mouse's or a headset's
    if any(supply.get("type") in MAINS and supply.get("online") == "1" for supply in own):
        return False
    return any(supply.get("type") == "Battery" and supply.get("status") == "Discharging" for supply in own)


def _read(folder: Path) -> dict[str, str]:
    return {name: _text(folder / name) for name in ("type", "online", "status", "scope") if (folder / name).is_file()}


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:  # a battery that was just taken out
        return ""
