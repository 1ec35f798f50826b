"""Becomes a command that Landlock and a seccomp filter hold in; run as a program by `landlock.py`, imports nothing.

Words: the parent's pid, the rules as JSON, the command. A forked child of the daemon's could not do this safely: the
daemon has threads. Constants are the kernel's own, from linux/landlock.h, seccomp.h, audit.h and filter.h.
"""

import ctypes
import json
import os
import struct
import sys

CREATE, ADD, RESTRICT = 444, 445, 446
"""System calls, the same on every architecture."""
PATH_BENEATH = 1
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 1, 36, 38, 22
SECCOMP_MODE_FILTER = 2
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
READ = EXECUTE | READ_FILE | READ_DIR
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
"""Rights that a rule for a file may name; all others are for folders."""
RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights of the file system a version knows; later ones as many as 5."""
TCP, SCOPED = 3, 3
"""Bind and connect; abstract sockets and signals."""
KILLED, MISSING = 9, 127
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 13
"""seccomp's answers: go on, or EACCES."""
LOAD, EQUAL, ABOVE, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE = 0, 4
"""Offsets in what the filter sees of a system call."""
CALLS = {"x86_64": (0xC000003E, 41, 248, 249, 250), "aarch64": (0xC00000B7, 198, 217, 218, 219)}
"""Architecture, and the numbers of `socket`, `add_key`, `request_key` and `keyctl`: keyrings hold the user's keys."""
IO_URING, X32 = 425, 0x40000000
PR_CAPBSET_DROP, CAPABILITIES, CAPSET = 24, 64, {"x86_64": 126, "aarch64": 91}
CAPABILITY_VERSION = 0x20080522


def main(words: list[str]) -> None:
    """Hold this process in, then become the command."""
    parent, rules, command = int(words[0]), json.loads(words[1]), words[2:]
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, KILLED)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)  # what loses its parent stays in the tree
    if os.getppid() != parent:
        sys.exit(MISSING)
    _drop_capabilities(libc)
    _checked(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    _landlock(libc, rules)
    if program := socket_filter(os.uname().machine):
        buffer = ctypes.create_string_buffer(b"".join(program))
        holder = struct.pack("@HP", len(program), ctypes.addressof(buffer))
        _checked(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, holder, 0, 0), "seccomp")
    _become(command)


def _become(command: list[str]) -> None:
    """As `execvp` does; Python's own would import a module, which can't be read any more."""
    folders = [""] if "/" in command[0] else [f"{place}/" for place in os.environ.get("PATH", "").split(":")]
    trouble: str | None = "not found on PATH"
    for folder in folders:
        try:
            os.execv(folder + command[0], command)  # noqa: S606  # that is what it is for
        except FileNotFoundError:
            continue
        except OSError as error:
            trouble = error.strerror
    print(command[0], trouble, sep=": ", file=sys.stderr)
    sys.exit(MISSING)


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """What root may do beyond its own files: set the clock, load modules. Others have none, and lose none."""
    for capability in range(CAPABILITIES):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    if number := CAPSET.get(os.uname().machine):
        header, none = struct.pack("@Ii", CAPABILITY_VERSION, 0), struct.pack("@6I", 0, 0, 0, 0, 0, 0)
        _checked(libc.syscall(number, header, none), "capset")


def version() -> int:
    """Landlock's version in this kernel; 0 where there is none."""
    return max(0, int(ctypes.CDLL(None, use_errno=True).syscall(CREATE, None, 0, 1)))


def socket_filter(machine: str) -> list[bytes]:
    """A filter that refuses sockets, io_uring, which would make some, and keyrings; empty for an unknown architecture.

    Landlock alone knows plain TCP only: not UDP, Unix sockets, MPTCP, or data sent along with the connection.
    Pairs of sockets, to which no name leads, are made by another system call and stay.
    """
    if machine not in CALLS:
        return []
    architecture, *refused = CALLS[machine]
    refused.append(IO_URING)
    return [
        _step(LOAD, ARCHITECTURE),
        _step(EQUAL, architecture, 0, len(refused) + 3),
        _step(LOAD, NUMBER),
        _step(ABOVE, X32, len(refused) + 1, 0),
        *(_step(EQUAL, number, len(refused) - at, 0) for at, number in enumerate(refused)),
        _step(RETURN, ALLOW),
        _step(RETURN, REFUSE),
    ]


def _step(code: int, value: int, then: int = 0, other: int = 0) -> bytes:
    return struct.pack("@HBBI", code, then, other, value)


def _landlock(libc: ctypes.CDLL, rules: dict[str, list[str]]) -> None:
    known = version()
    everything = (1 << RIGHTS.get(known, 16)) - 1
    scoped = SCOPED if known >= 6 else 0
    attributes = struct.pack("@QQQ", everything, TCP, scoped)[: 24 if known >= 6 else 16 if known >= 4 else 8]
    ruleset = _checked(libc.syscall(CREATE, attributes, len(attributes), 0), "landlock")
    for paths, rights in ((rules["read"], READ), (rules["write"], everything & ~IOCTL_DEV)):
        for path in paths:
            _allow(libc, ruleset, path, rights)
    for device in rules["devices"]:
        _allow(libc, ruleset, device, READ_FILE | WRITE_FILE | (everything & TRUNCATE))
    _checked(libc.syscall(RESTRICT, ruleset, 0), "landlock")
    os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # not on this machine
        return
    if not os.path.isdir(path):  # noqa: PTH112  # no import beyond what Python has anyway
        rights &= OF_FILES
    rule = struct.pack("=Qi", rights, opened)
    _checked(libc.syscall(ADD, ruleset, PATH_BENEATH, rule, 0), "landlock")
    os.close(opened)


def _checked(result: int, what: str) -> int:
    if result < 0:
        print(f"{what}: {os.strerror(ctypes.get_errno())}", file=sys.stderr)
        sys.exit(MISSING)
    return result


if __name__ == "__main__":
    import _signal  # type: ignore[import-not-found]  # `signal` imports more

    for number in (_signal.SIGPIPE, _signal.SIGXFSZ):
        _signal.signal(number, _signal.SIG_DFL)  # Python ignores them, and what is ignored stays so
    main(sys.argv[1:])
