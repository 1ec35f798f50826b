"""The full sandbox on Linux: bubblewrap with an allow-list of what is there at all."""

import contextlib
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from specwright import process
from specwright.sandbox import caches, limits
from specwright.sandbox.doors import doors
from specwright.sandbox.environment import SYSTEM, etc
from specwright.sandbox.visible import Visible, reading
from specwright.tasks.protocols import NOTHING, Done, Reach

PROGRAM = "bwrap"
HOME = "/home/agent"
TEMPORARY = "/tmp"  # noqa: S108  # the box's own, empty and gone with the command
TMPFS = 512 * 2**20
"""Bytes of each temporary file system."""
TRIAL_SECONDS = 5.0


class Bubblewrap:
    """Runs each command in a box of its own."""

    mode = "full"

    def __init__(self, visible: Visible) -> None:
        self.slot = visible.slot
        self._visible = visible

    async def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        writable: Sequence[Path] = (),
        reach: Reach = NOTHING,
    ) -> Done:
        """Run one command in the slot's root; `writable` are further folders that it may write."""
        visible = self._visible
        own = {"HOME": HOME, "TMPDIR": TEMPORARY, **caches.variables(visible.caches, HOME)}
        outer = {"PATH": os.environ.get("PATH", os.defpath)}
        program = process.which(PROGRAM, outer["PATH"]) or PROGRAM
        async with doors(reach) as opened:
            given = {**own, **opened.variables, **(env or {})}
            words = arguments(visible, {**visible.command_environment(), **given}, writable)
            done = await limits.run(
                [program, *words, *opened.arguments, "--", *argv],
                cwd="/",
                env=outer,
                timeout=timeout,
                stdin=stdin,
                most=visible.most,
                folders=(visible.slot, *writable),
                is_box=True,
                descriptors=opened.descriptors,
            )
        return opened.told(done)

    def reader(self) -> "Bubblewrap":
        """A box that sees our own program alone."""
        return Bubblewrap(reading(self._visible))

    @contextlib.asynccontextmanager
    async def installing(self) -> AsyncIterator["Bubblewrap"]:
        """The box for set-up; newer versions of bubblewrap can do without a copy, where the disk lets them."""
        visible = self._visible
        if not (visible.has_copies and visible.caches):
            yield self
            return
        async with caches.folder_beside(visible.slot) as folder:
            box = Bubblewrap(replace(visible, caches=caches.layered(visible.caches, folder)))
            if (await box.run(["true"], timeout=TRIAL_SECONDS)).exit_code != 0:
                box = Bubblewrap(replace(visible, caches=await caches.copied(visible.caches, folder)))
            yield box


def arguments(visible: Visible, variables: Mapping[str, str], writable: Sequence[Path] = ()) -> list[str]:
    """bubblewrap's own words before `--`; mounts hold in this order, later ones on top of earlier ones."""
    return [
        "--die-with-parent",
        "--new-session",
        *_namespaces(),
        *_system(),
        *("--dev", "/dev", "--proc", "/proc", *_parameters()),
        *_empty(TEMPORARY, "/run", HOME, "/var/tmp"),  # noqa: S108  # empty ones of the box
        *[word for root in visible.roots for word in ("--ro-bind", str(root), str(root))],
        *caches.mounts(visible.caches, HOME),
        *(_slot(visible) if visible.is_slot else []),
        *[word for folder in writable for word in ("--bind", str(folder), str(folder))],
        *("--remount-ro", "/", "--cap-drop", "ALL", "--clearenv"),
        *[word for name, value in variables.items() for word in ("--setenv", name, value)],
        *("--chdir", str(visible.slot) if visible.is_slot else "/"),
    ]


def _namespaces() -> list[str]:
    common = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--unshare-net"]
    if os.getuid() == 0:
        return ["--unshare-user-try", *common]
    return ["--unshare-user", "--disable-userns", *common] if _can_disable_userns() else ["--unshare-user", *common]


def _can_disable_userns() -> bool:
    """`--disable-userns` came with bubblewrap 0.8; older kernels lack the knob."""
    return Path("/proc/sys/user/max_user_namespaces").exists()


def _system() -> list[str]:
    """The system's folders read-only; one that is a link is made anew as one. Of /etc only what tools need."""
    words = []
    for top in SYSTEM:
        path = Path(top)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), top]
        elif path.is_dir():
            words += ["--ro-bind", top, top]
    for file in etc():
        words += ["--ro-bind-try", file, file]
    return words


def _parameters() -> list[str]:
    """The kernel's parameters read-only: root owns them, so it needs no capability to name a program to run there."""
    places = ("/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs", "/proc/scsi", "/proc/acpi")
    return [word for place in places for word in ("--ro-bind-try", place, place)]


def _empty(*folders: str) -> list[str]:
    return [word for folder in folders for word in ("--size", str(TMPFS), "--tmpfs", folder)]


def _slot(visible: Visible) -> list[str]:
    words = ["--bind", str(visible.slot), str(visible.slot)]
    if visible.git_file:
        words += ["--ro-bind", str(visible.git_file), str(visible.git_file)]
    if visible.private:
        words += ["--ro-bind", str(visible.private), str(visible.private)]
    return words
