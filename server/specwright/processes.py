"""What runs on this machine: who started it, what belongs to it, its end. Little is known where there is no /proc."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MARK = "SPECWRIGHT_PROCESS"
"""An environment variable that names who started a program: it finds what left its session, lost its parents, or
outlives its starter."""
STARTER = "SPECWRIGHT_STARTER"
"""An environment variable that names the process which started a git command: such a one outlives a killed daemon."""
MOST_PASSES = 50
"""Of looks at what a tree has grown by while it was being stopped."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Processes below one, and the memory of all of them in bytes; pages that they share count for each."""

    pids: frozenset[int] = frozenset()
    memory: int = 0


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or a zombie child of ours."""
    with contextlib.suppress(ChildProcessError):
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    return not Path(f"/proc/{pid}").exists() if Path("/proc/self").exists() else not _is_alive(pid)


def working_below(folder: Path) -> tuple[int, ...]:
    """Processes whose current folder lies in a folder, this one aside. Linux; none elsewhere."""
    found = []
    for entry in _processes():
        with contextlib.suppress(OSError):
            place = Path(f"/proc/{entry}/cwd").readlink()
            if place.is_relative_to(folder) and entry != os.getpid():
                found.append(entry)
    return tuple(found)


def has_terminal(pid: int) -> bool:
    """Whether a person's terminal controls it: a shell, an editor; never what we started."""
    return _stat_of(pid)[4:5] not in ([], ["0"])


def own_name() -> str:
    """This process as `STARTER` names it; empty where the system does not tell."""
    return _name(os.getpid(), _stat_of(os.getpid()))


def orphans(variable: str = MARK) -> tuple[int, ...]:
    """Processes of programs whose starter, which `variable` names, is dead. Linux; none elsewhere.

    A box that was being made when its starter was killed can be left: bubblewrap's inner half is not yet tied to
    its outer one then, and goes on to run the command.
    """
    dead: dict[str, bool] = {}
    found = []
    for entry in _processes():
        starter = _starter(entry, variable)
        if starter and entry != os.getpid():
            if starter not in dead:
                dead[starter] = _has_died(starter)
            found += [entry] if dead[starter] and starter.startswith(f"{_pid_namespace()}.") else []
    return tuple(found)


def kill_tree(root: int) -> None:
    """End a process and all below it, however quickly they multiply: they are stopped first, then killed."""
    kill_family(lambda: {root, *descendants(root)})


def kill_family(family: Callable[[], set[int]]) -> set[int]:
    """End what belongs to a family until nothing new does; who that was.

    What is stopped makes nothing new; killed at once, it would make room for others of a tree that multiplies.
    """
    stopped: set[int] = set()
    for _ in range(MOST_PASSES):
        new = family() - stopped
        if not new:
            break
        signal_all(new, signal.SIGSTOP)
        stopped |= new
    signal_all(stopped, signal.SIGKILL)
    return stopped


def still_runs(pid: int) -> bool:
    """Whether a process that was killed is not gone yet; Linux."""
    return _stat_of(pid)[:1] not in ([], ["Z"], ["X"])


def signal_all(pids: Iterable[int], number: int) -> None:
    """Send one signal to processes; those that are gone already, or somebody else's, are no error."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def signal_group(pid: int, number: int) -> None:
    """Send one signal to the session that a process leads."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def trees(roots: Iterable[int]) -> dict[int, Tree]:
    """What processes and their children's children use, also those that left the session; Linux."""
    parents: dict[int, list[int]] = {}
    memory: dict[int, int] = {}
    for entry in _processes():
        if len(fields := _stat_of(entry)) > 21 and fields[0] not in {"Z", "X"}:
            parents.setdefault(int(fields[1]), []).append(entry)
            memory[entry] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    found = {}
    for root in roots:
        below = _below(root, parents)
        found[root] = Tree(frozenset(below), sum(memory.get(pid, 0) for pid in (root, *below)))
    return found


def own_memory(pids: Iterable[int]) -> int:
    """Bytes of memory that processes hold, pages that they share counted once; dearer to find out than a `Tree`."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError, IndexError, ValueError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(rollup.partition("\nPss:")[2].split()[0]) * 1024
    return total


def _below(root: int, parents: Mapping[int, Sequence[int]]) -> set[int]:
    found: set[int] = set()
    queue = [root]
    while queue:
        children = [child for child in parents.get(queue.pop(), []) if child not in found]
        found.update(children)
        queue += children
    return found


def descendants(pid: int) -> set[int]:
    """Children of a process, and theirs; Linux."""
    return set(trees([pid])[pid].pids)


def marked(mark: str) -> set[int]:
    """Processes that have the mark in their environment; Linux."""
    sign = f"{MARK}={mark}".encode()
    return {entry for entry in _processes() if sign in _content(f"/proc/{entry}/environ")}


def _starter(pid: int, wanted: str) -> str:
    """The name of the process that started what this one belongs to; empty where its mark tells none."""
    for variable in _content(f"/proc/{pid}/environ").split(b"\0"):
        if variable.startswith(f"{wanted}=".encode()):
            name = variable.decode(errors="replace").partition("=")[2].partition("-")[0]
            return name if name.count(".") == 2 and name.split(".")[1].isdecimal() else ""
    return ""


def _has_died(name: str) -> bool:
    """Whether no process has this name any more; not of one that can't be looked at, as where no descriptor is left."""
    pid = int(name.split(".")[1])
    try:
        return _name(pid, _fields(Path(f"/proc/{pid}/stat").read_bytes())) != name
    except (FileNotFoundError, ProcessLookupError):
        return True
    except OSError:
        return False


def _name(pid: int, fields: Sequence[str]) -> str:
    """A process by its namespace, its number there and when it began: no later one has the same; empty for none."""
    return "" if not fields or fields[0] in {"Z", "X"} else f"{_pid_namespace()}.{pid}.{fields[19]}"


def _stat_of(pid: int) -> list[str]:
    return _fields(_content(f"/proc/{pid}/stat"))


def _fields(stat: bytes) -> list[str]:
    """What stands behind the program's name, which may hold anything."""
    return stat.rpartition(b")")[2].decode(errors="replace").split()


def _content(path: str) -> bytes:
    """Of a file of /proc, of which a look at a tree opens hundreds; empty where it is gone."""
    with contextlib.suppress(OSError), open(path, "rb", 0) as file:  # noqa: PTH123
        return file.read()
    return b""


def _pid_namespace() -> int:
    """Numbers of processes mean something in one namespace alone."""
    with contextlib.suppress(OSError):
        return Path("/proc/self/ns/pid").stat().st_ino
    return 0


def _processes() -> list[int]:
    if not Path("/proc/self").exists():
        return []
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]  # noqa: PTH208  # names alone, many


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
