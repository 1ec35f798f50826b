"""Which sandbox holds on this machine: found out by a real run of each, not by looking for a program."""

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from specwright import process
from specwright.config.settings import SandboxMode
from specwright.sandbox import landlock, seatbelt
from specwright.sandbox.box import make_box, on_mac
from specwright.sandbox.bubblewrap import PROGRAM
from specwright.sandbox.visible import Visible

MARKER = "the box holds"
SECONDS = 5.0
SCRIPT = f"""
(: > /etc/specwright-probe) 2>/dev/null && rm -f /etc/specwright-probe && echo "it could write to /etc"
cat "$1/canary" 2>/dev/null && echo "it could read a file outside of the slot"
cat "$1/project/.git/config" 2>/dev/null && echo "it could read the git settings of the project"
(echo x > "$1/project/.git/specwright/repo.git/config") 2>/dev/null && echo "it could write to the private repository"
cat "$1/project/.git/specwright/repo.git/config" >/dev/null || echo "it could not read the private repository"
(: >> /proc/sys/kernel/core_pattern) 2>/dev/null && echo "it could write parameters of the kernel"
(: <> /dev/tcp/127.0.0.1/"$2") 2>/dev/null && echo "it could reach this machine's loopback"
(echo x > "$1/slot/made") || echo "it could not write to its slot"
echo "{MARKER}"
"""
GIT_FILE = """(echo x > "$1/slot/.git") 2>/dev/null && echo "it could swap the slot's .git file"\n"""
APPARMOR = (
    "On Ubuntu 23.10 and later AppArmor forbids it; add the profile "
    "`profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }` in /etc/apparmor.d/bwrap and reload it."
)
CURES = {
    "Can't mount proc": "This is a container inside a container; run Specwright outside of the inner one.",
    "Permission denied": APPARMOR,
    "RTM_NEWADDR": APPARMOR,
    "Operation not permitted": "A container's own rules forbid new namespaces; run it with "
    "`--security-opt seccomp=unconfined`, or set user.max_user_namespaces above 0.",
}
INSTALL = "Install it: `apt install bubblewrap`, `dnf install bubblewrap` or `pacman -S bubblewrap`."
LESS = 'Your own config.toml asks for nothing less; with `[sandbox]` `mode = "auto"` a partial one is tried, too.'
OWN_RISK = 'Only your own config.toml lifts this, at your risk: `[sandbox]` `mode = "none"`.'


@dataclass(frozen=True, slots=True)
class Probe:
    """The sandbox that commands get; without one no run may start. `reason` says why it is no full one."""

    mode: SandboxMode | None
    reason: str = ""
    cure: str = ""
    left_open: tuple[str, ...] = ()
    """What a partial one does not stop."""

    @property
    def trouble(self) -> str:
        """What is said where there is none."""
        return f"No sandbox works here: {self.reason} {self.cure}"


CHOSEN = Probe(
    None,
    "Your config.toml asks for a partial sandbox.",
    'Take `mode = "partial"` out of it for a full one, where it works.',
)


async def probe(wanted: SandboxMode) -> Probe:
    """Try what the user wants; the best that works for `auto`."""
    if wanted is SandboxMode.NONE:
        return Probe(SandboxMode.NONE, "The sandbox is switched off in your config.toml.")
    full = CHOSEN if wanted is SandboxMode.PARTIAL else await _full()
    if full.mode:
        return full
    partial = Probe(None) if wanted is SandboxMode.FULL else await _partial()
    if partial.mode:
        return Probe(partial.mode, full.reason, full.cure, partial.left_open)
    chosen = LESS if wanted is SandboxMode.FULL and not on_mac() else OWN_RISK
    return Probe(None, f"{full.reason} {partial.reason}".strip(), f"{full.cure} {chosen}".strip())


async def _full() -> Probe:
    if on_mac():
        return Probe(None, "There is no full sandbox on macOS.")
    if process.which(PROGRAM, os.environ.get("PATH", os.defpath)) is None:
        return Probe(None, "bubblewrap (bwrap) is not installed.", INSTALL)
    said, trouble = await _try(SandboxMode.FULL, GIT_FILE + SCRIPT)
    if said == MARKER:
        return Probe(SandboxMode.FULL)
    if MARKER in said:
        return Probe(None, f"bubblewrap runs without isolating: {said.split(chr(10))[0]}.")
    cure = next((cure for sign, cure in CURES.items() if sign in trouble), "")
    return Probe(None, f"bubblewrap does not work here: {trouble}.", cure)


async def _partial() -> Probe:
    missing = seatbelt.missing() if on_mac() else landlock.missing()
    if missing:
        return Probe(None, missing)
    said, trouble = await _try(SandboxMode.PARTIAL, SCRIPT)
    if said == MARKER:
        return Probe(SandboxMode.PARTIAL, left_open=seatbelt.LEFT_OPEN if on_mac() else landlock.left_open())
    return Probe(None, f"The partial sandbox does not work here: {said.split(chr(10))[0] or trouble}.")


async def _try(mode: SandboxMode, script: str) -> tuple[str, str]:
    """What a box of this mode lets a script do on a scratch project; the last line that it complained with."""
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        with tempfile.TemporaryDirectory(prefix="specwright-probe-") as made:
            folder = Path(os.path.realpath(made))
            box = make_box(mode, _scratch(folder))
            done = await box.run(["bash", "-c", script, "probe", str(folder), str(port)], timeout=SECONDS)
    finally:
        server.close()
    return done.stdout.decode(errors="replace").strip(), done.stderr.decode(errors="replace").strip().split("\n")[-1]


def _scratch(folder: Path) -> Visible:
    private = folder / "project" / ".git" / "specwright" / "repo.git"
    private.mkdir(parents=True)
    (folder / "slot").mkdir()
    for place in (private / "config", folder / "slot" / ".git", folder / "canary", private.parent.parent / "config"):
        place.write_text("secret")
    return Visible(folder / "slot", folder / "slot" / ".git", private)
