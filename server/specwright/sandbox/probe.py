"""Whether the sandbox holds on this machine: found out by a real run, not by looking for a program."""

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from specwright import process
from specwright.config.settings import SandboxMode
from specwright.sandbox.bubblewrap import PROGRAM, Bubblewrap
from specwright.sandbox.visible import Visible

MARKER = "the box holds"
SECONDS = 5.0
SCRIPT = f"""
(: > /etc/specwright-probe) 2>/dev/null && rm -f /etc/specwright-probe && echo "it could write to /etc"
[ -e "$1" ] && echo "it could see a file outside of the slot"
(: <> /dev/tcp/127.0.0.1/"$2") 2>/dev/null && echo "it could reach this machine's loopback"
echo "{MARKER}"
"""
CURES = {
    "Permission denied": "On Ubuntu 23.10 and later AppArmor forbids it; add the profile "
    "`profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }` in /etc/apparmor.d/bwrap and reload it.",
    "RTM_NEWADDR": "On Ubuntu 23.10 and later AppArmor forbids it; add the profile "
    "`profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }` in /etc/apparmor.d/bwrap and reload it.",
    "Operation not permitted": "A container's own rules forbid new namespaces; run it with "
    "`--security-opt seccomp=unconfined`, or set user.max_user_namespaces above 0.",
    "Can't mount proc": "This is a container inside a container; run Specwright outside of the inner one.",
}
INSTALL = "Install it: `apt install bubblewrap`, `dnf install bubblewrap` or `pacman -S bubblewrap`."
OWN_RISK = 'Only your own config.toml lifts this, at your risk: `[sandbox]` `mode = "none"`.'


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found: whether runs may start, else the reason and the cure."""

    works: bool
    reason: str = ""
    cure: str = ""


async def probe(mode: SandboxMode) -> Probe:
    """Try a real box."""
    if mode is SandboxMode.NONE:
        return Probe(works=False, reason="The sandbox is switched off in your config.toml.")
    if process.which(PROGRAM, os.environ.get("PATH", os.defpath)) is None:
        return Probe(works=False, reason="bubblewrap (bwrap) is not installed.", cure=f"{INSTALL} {OWN_RISK}")
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        return await _try(port)
    finally:
        server.close()


async def _try(port: int) -> Probe:
    with tempfile.TemporaryDirectory(prefix="specwright-probe-") as folder:
        slot, canary = Path(folder, "slot"), Path(folder, "canary")
        slot.mkdir()
        canary.write_text("secret")
        box = Bubblewrap(Visible(slot))
        done = await box.run(["bash", "-c", SCRIPT, "probe", str(canary), str(port)], timeout=SECONDS)
    said = done.stdout.decode(errors="replace").strip()
    if said == MARKER:
        return Probe(works=True)
    trouble = done.stderr.decode(errors="replace").strip().split("\n")[-1]
    if MARKER in said:
        return Probe(works=False, reason=f"bubblewrap runs without isolating: {said.split(chr(10))[0]}.", cure=OWN_RISK)
    cure = next((cure for sign, cure in CURES.items() if sign in trouble), "")
    return Probe(works=False, reason=f"bubblewrap does not work here: {trouble}.", cure=f"{cure} {OWN_RISK}".strip())
