"""Attacks on the box, as text for a shell. One that gets what it wants shows the canary, prints `escaped`, is heard
outside or changes something there.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Attack:
    name: str
    script: str
    leaves: bool = True
    """Whether it succeeds without a sandbox: then it is shown to be an attack."""
    left_open: str = ""
    """The part of a sentence of the partial sandbox that says that it does not stop this."""


def python(code: str) -> str:
    """Run it with the system's Python; what fails says so on the error output."""
    return f"exec /usr/bin/env python3 - <<'END'\nimport os, socket, sys, ctypes\n{code}\nEND"


def reads(name: str, path: str) -> Attack:
    return Attack(f"read {name}", f'cat "{path}"')


READING = (
    reads("an SSH key", "$HOMES/.ssh/id_ed25519"),
    reads("a cloud key", "$HOMES/.aws/credentials"),
    reads("a password of netrc", "$HOMES/.netrc"),
    reads("a registry's password beside a package cache", "$HOMES/.cargo/credentials.toml"),
    reads("the same from where the tool looks", "${CARGO_HOME:-$HOMES/.cargo}/credentials.toml"),
    reads("the shell's history", "$HOMES/.bash_history"),
    reads("our own settings", "$HOMES/specwright/config.toml"),
    reads("the daemon's database", "$FOLDER/state/specwright.db"),
    reads("a transcript", "$FOLDER/state/runs/k7f3qa/1/transcript.jsonl"),
    reads("a token in .git/config", "$ROOT/.git/config"),
    reads("another task's slot", "$OTHER/.venv/lib.py"),
    reads("a file by a path with dots", "$PWD/../../../yours/secret"),
    reads("a file by /proc/self/root", "/proc/self/root/$FOLDER/secret"),
    reads("a file by the folder of another process", "/proc/$VICTIM/cwd/secret"),
    reads("a file by the root of another process", "/proc/$VICTIM/root/$FOLDER/secret"),
    Attack("read a file by a link", 'ln -s "$FOLDER/secret" link; cat link'),
    Attack("read a file by a hard link", 'ln "$FOLDER/secret" hard && cat hard'),
    Attack("read a file by a folder that becomes a link", 'mkdir d; rmdir d; ln -s "$FOLDER" d; cat d/secret'),
    Attack("read history that the branch left behind", 'git -C "$ROOT" show HEAD~1:greeting.py'),
    Attack("read the environment of another process", 'tr "\\0" "\\n" <"/proc/$VICTIM/environ"'),
    Attack(
        "find a key in the environment",
        'env | grep -E "TOKEN|KEY|SECRET|SSH_AUTH_SOCK|ANTHROPIC" && echo escaped',
        False,
    ),
    Attack(
        "find an open file of the daemon", 'ls -l /proc/self/fd | grep -E "socket:|specwright" && echo escaped', False
    ),
    Attack("copy the home folder", 'cp -r "$HOMES" mine; cat mine/.netrc'),
)
WRITING = (
    Attack("write a shell's start file", 'echo evil >>"$HOMES/.bashrc"'),
    Attack("write an SSH key", 'echo evil >>"$HOMES/.ssh/authorized_keys"'),
    Attack("write a hook into your repository", 'echo evil >"$ROOT/.git/hooks/post-checkout"'),
    Attack("name a program in .git/config", 'git config -f "$ROOT/.git/config" core.fsmonitor evil'),
    Attack("make your repository bare", 'git --git-dir="$ROOT/.git" config core.bare true'),
    Attack("commit to your branch", 'git -c user.name=a -c user.email=b -C "$ROOT" commit --allow-empty -m x'),
    Attack("write your checkout", 'echo evil >"$ROOT/greeting.py"'),
    Attack("remove your checkout", 'rm -rf "$ROOT/greeting.py"'),
    Attack("write a hook into the private repository", 'echo evil >"$PRIVATE/hooks/post-checkout"', False),
    Attack("write settings of the private repository", 'git config -f "$PRIVATE/config" core.fsmonitor evil'),
    Attack("write attributes of the private repository", 'echo "* filter=x" >>"$PRIVATE/HEAD"'),
    Attack("move a ref of the private repository", "git update-ref refs/heads/evil HEAD"),
    Attack("commit in the slot", "git -c user.name=a -c user.email=b commit --allow-empty -m x"),
    Attack("make another worktree", 'git worktree add "$PWD/tree"'),
    Attack("poison another task's dependencies", 'echo evil >"$OTHER/.venv/lib.py"'),
    Attack("write your package cache", 'echo evil >"$HOMES/.cargo/registry/src/lib.rs"'),
    Attack("add to your package cache", 'echo evil >"${CARGO_HOME:-$HOMES/.cargo}/registry/src/evil.rs"'),
    Attack("write your package cache through a hard link", 'ln "$HOMES/.cargo/registry/src/lib.rs" h && echo evil >h'),
    Attack("put another package cache in its place", 'mv "${CARGO_HOME:-$HOMES/.cargo}/registry/src" x'),
    Attack("cut a file off", 'truncate -s 0 "$FOLDER/docs/mine.txt"'),
    Attack("rename a file", 'mv "$FOLDER/docs/mine.txt" "$FOLDER/docs/x"'),
    Attack("write through a link", 'ln -s "$FOLDER/docs" d; echo evil >d/new'),
    Attack("write through a hard link", 'ln "$FOLDER/docs/mine.txt" h && echo evil >h'),
    Attack("leave a socket outside", python('socket.socket(socket.AF_UNIX).bind(os.environ["FOLDER"] + "/evil")')),
    Attack("make a device", "mknod evil b 8 0 && cat evil", False),
    Attack("change permissions", 'chmod 777 "$FOLDER/secret"', left_open="permissions and times"),
    Attack("change times", 'touch -d @1 "$FOLDER/secret"', left_open="permissions and times"),
    Attack("swap the .git file by writing it", 'echo "gitdir: ./evil" >.git', left_open="`.git` file"),
    Attack("swap the .git file by a rename", "echo evil >x; mv x .git", left_open="`.git` file"),
    Attack("swap the .git file by removing it", "rm -f .git", left_open="`.git` file"),
    Attack("swap the .git file by a link", "ln -sf /dev/null .git", left_open="`.git` file"),
)  # fmt: skip
NETWORK = (
    Attack("reach a service of this machine", ': <>"/dev/tcp/127.0.0.1/$TCP" && echo escaped'),
    Attack("send by UDP", 'echo x >"/dev/udp/127.0.0.1/$UDP"'),
    Attack("reach a Unix socket, such as Docker's", python('socket.socket(socket.AF_UNIX).connect(os.environ["UNIX"]); print("escaped")')),
    Attack("reach an abstract socket", python('socket.socket(socket.AF_UNIX).connect("\\0" + os.environ["ABSTRACT"]); print("escaped")')),
    Attack("reach a service by TCP Fast Open", python('socket.socket().sendto(b"x", 0x20000000, ("127.0.0.1", int(os.environ["TCP"]))); print("escaped")')),
    Attack("reach a service by MPTCP", python('s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262); s.connect(("127.0.0.1", int(os.environ["TCP"]))); print("escaped")')),
    Attack("ask the cloud for its keys", 'timeout 3 bash -c ": <>/dev/tcp/169.254.169.254/80" && echo escaped', False),
    Attack("ask a name server", 'timeout 3 getent hosts example.org && echo escaped', False),
    Attack("read what an agent of keys offers", '[ -S "$SSH_AUTH_SOCK" ] && echo escaped', False),
)  # fmt: skip
# what is written to /proc/pressure holds for the descriptor alone
PROCESSES = (
    Attack("signal a process", 'kill -0 "$VICTIM" && echo escaped', left_open="signal your other processes"),
    Attack("end a process", 'kill -9 "$VICTIM" && echo escaped', left_open="signal your other processes"),
    Attack("trace a process", python('c = ctypes.CDLL(None); print("escaped" * (c.ptrace(16, int(os.environ["VICTIM"]), 0, 0) == 0))')),
    Attack("read the memory of a process", 'head -c 1 "/proc/$VICTIM/mem" >/dev/null && echo escaped', False),
    Attack("mount something", "mount -t tmpfs none /opt && echo escaped", False),
    Attack("make a user namespace and look from there", 'unshare -Urm cat "$FOLDER/secret"', False),
    Attack("start another box that sees more", 'bwrap --ro-bind / / cat "$FOLDER/secret"'),
    Attack("change the root", 'chroot / cat "$FOLDER/secret"', False),
    Attack("win rights by a setuid program", 'grep -q "NoNewPrivs:.0" /proc/self/status && echo escaped'),
    Attack("set the clock", python('c = ctypes.CDLL(None); import struct; print("escaped" * (c.adjtimex(struct.pack("@I204x", 0x1)) >= 0))'), False),
    Attack("name the machine anew", "echo evil >/proc/sys/kernel/hostname", False),
    Attack("name a program for the kernel to run", ": >>/proc/sys/kernel/core_pattern && echo escaped", False),
    Attack("write a kernel parameter", "for f in $(find /proc/sys -type f); do : >>$f && echo $f escaped; done", False),
    Attack("write elsewhere in /proc", "for f in $(find /proc -path '/proc/[0-9]*' -prune -o -path /proc/pressure -prune -o -path /proc/sys -prune -o -type f -print); do : >>$f && echo $f escaped; done", False),
    Attack("write to /sys", "for f in $(find /sys -type f | head -n 5000); do : >>$f && echo escaped && break; done", False),
    Attack("write to a terminal", "for t in /dev/tty /dev/pts/[0-9]* /dev/console; do [ -c $t ] && (echo x >$t) && echo escaped; done", False),
    Attack("type into a terminal", python('import fcntl; fcntl.ioctl(0, 0x5412, b"x"); print("escaped")'), False),
    Attack("read memory of the machine", "head -c 1 /dev/mem >/dev/null && echo escaped", False),
    Attack("read a disk", "for d in /dev/sd? /dev/vd? /dev/nvme?n?; do head -c 1 $d >/dev/null && echo escaped; done", False),
    Attack("read the user's keyring", python('print("escaped" * (ctypes.CDLL(None).syscall(250, 0, -4, 0) > 0 and os.path.exists("/proc/keys") and bool(open("/proc/keys").read().count("specwright"))))'), False),
)  # fmt: skip
ATTACKS = (*READING, *WRITING, *NETWORK, *PROCESSES)
