"""Plays the story of Specwright in real Neovim: queue, close the editor, come back, decide hunk by hunk.

Neovim starts with the settings that `docs/editors.md` tells users to write. Every step is printed with its time and its
deadline; all are tried, and the exit code is 1 if one failed. `NVIM` names another Neovim than the one on PATH.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from project import FILES  # noqa: E402

from user import User, user_in  # noqa: E402

STEP_SECONDS = 20
ACT_SECONDS = 150
END_SECONDS = 5.0
PROGRAM = Path(sys.executable).with_name("specwright")
CONTROL = "the code actions have 'Queue as task', which queues"
"""The step that has to be red where the server has no code actions."""


@dataclass
class Report:
    """What passed and what failed so far, printed as it comes."""

    failed: list[str] = field(default_factory=list)
    passed: int = 0

    def tell(self, good: bool, name: str, seconds: float, problem: str = "", limit: float = STEP_SECONDS) -> None:
        print(f"{'PASS' if good else 'FAIL'}  {seconds:5.1f} s of {limit:3.0f}  {name}", flush=True)
        if good:
            self.passed += 1
        else:
            self.failed.append(name)
            print(f"      {problem}", flush=True)

    def check(self, good: bool, name: str, problem: str = "") -> None:
        self.tell(good, name, 0, problem)


@dataclass(frozen=True)
class Editor:
    """A person's Neovim."""

    user: User
    program: str
    settings: Path
    server: Path
    """The folder whose `specwright` is first on PATH."""

    def play(self, act: str) -> Iterator[tuple[bool, str, float, str]]:
        """Play one act; each step with its time and what is wrong with it."""
        environment = {
            **self.user.environment,
            "PATH": f"{self.server}:{self.user.environment['PATH']}",
            "STORY_ACT": act,
            "STORY_SECONDS": str(STEP_SECONDS),
            "TERM": "xterm",
        }
        command = [self.program, "--headless", "-i", "NONE", "-n", "-u", str(self.settings)]
        done = _run([*command, "-c", f"luafile {HERE / 'story.lua'}"], self.user.root, environment)
        for line in done.out.splitlines():
            result, _, rest = line.partition("\t")
            if result in {"PASS", "FAIL"}:
                seconds, name, problem = rest.split("\t", 2)
                yield result == "PASS", name, float(seconds), problem
        yield done.code == 0, f"Neovim ends ({act})", done.seconds, done.err[-2000:]


@dataclass(frozen=True)
class Done:
    """A program that ended, or was ended."""

    out: str
    err: str
    code: int
    seconds: float


def _run(command: list[str], cwd: Path, environment: dict[str, str]) -> Done:
    began = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        options = {"cwd": cwd, "env": environment, "stdin": subprocess.DEVNULL, "start_new_session": True}
        neovim = subprocess.Popen(command, stdout=out, stderr=err, **options)
        try:
            code = neovim.wait(ACT_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(neovim.pid, signal.SIGKILL)
            code = neovim.wait()
        texts = [(file.seek(0), file.read().decode(errors="replace"))[1] for file in (out, err)]
    return Done(texts[0], texts[1], code, time.monotonic() - began)


def left_over(folder: Path, words: str) -> list[str]:
    """Command lines of live processes that belong to the story and hold these words."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            about = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder).encode() in about and words in command:
            found.append(command)
    return found


def check_nothing_left(report: Report, folder: Path, name: str, words: str = "") -> None:
    began = time.monotonic()
    while (left := left_over(folder, words)) and time.monotonic() < began + END_SECONDS:
        time.sleep(0.05)
    report.tell(not left, name, time.monotonic() - began, "; ".join(left), END_SECONDS)


def check_states(report: Report, user: User, name: str, *states: str) -> None:
    found = tuple(task["state"] for task in user.ok("list", "--json").json["tasks"])
    report.check(found == states, name, f"found {found}")


def play(report: Report, editor: Editor, act: str) -> None:
    print(f"\n{act.replace('_', ' ').capitalize()}", flush=True)
    for good, name, seconds, problem in editor.play(act):
        report.tell(good, name, seconds, problem)


def story(report: Report, editor: Editor, folder: Path) -> None:
    user = editor.user
    user.ok("trust", "--yes")
    play(report, editor, "write")
    play(report, editor, "queue")
    check_states(report, user, "the task runs while no editor does", "running")
    check_nothing_left(report, folder, "the server ended with its Neovim", "specwright lsp")
    play(report, editor, "decide")
    check_states(report, user, "the list says accepted", "accepted")
    play(report, editor, "accept_all")
    check_states(report, user, "the list says accepted of all three", "accepted", "accepted", "accepted")
    play(report, editor, "accept_what_a_closed_file_asks")
    play(report, editor, "answer")
    check_states(report, user, "the answered task waits for review", "review", *["accepted"] * 4)
    check_nothing_left(report, folder, "no server is left over", "specwright lsp")


def control(report: Report, editor: Editor) -> None:
    """The same act against a server without code actions: the step that needs them must be red."""
    print("\nNegative control: a server without code actions", flush=True)
    editor.user.ok("trust", "--yes")
    steps = {name: (good, seconds, problem) for good, name, seconds, problem in editor.play("queue")}
    good, seconds, _ = steps.get(CONTROL, (True, 0.0, ""))
    report.tell(not good, f"red, as it has to be: {CONTROL}", seconds, f"the steps came out as {steps}")
    lint = [good for name, (good, *_) in steps.items() if "criterion" in name]
    report.check(lint == [True, True], "the steps that need no action are green", f"the steps came out as {steps}")


def settings_for(program: str, folder: Path) -> Path:
    """The settings for this Neovim as `docs/editors.md` gives them."""
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    newer = tuple(map(int, version.lstrip("v").split("-")[0].split(".")))[:2] >= (0, 11)
    blocks = (ROOT / "docs" / "editors.md").read_text().split("```lua\n")[1:]
    head = "-- Neovim 0.11 and newer" if newer else "-- Neovim 0.7 to 0.10"
    [block] = [block.partition("```")[0] for block in blocks if block.startswith(head)]
    path = folder / "init.lua"
    path.write_text(block)
    print(f"Neovim {version}, {head[3:]} of docs/editors.md")
    return path


def without_actions(folder: Path) -> Path:
    """A folder whose `specwright` has no code actions."""
    program = folder / "bin" / "specwright"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {HERE / "without_actions.py"} "$@"\n')
    program.chmod(0o755)
    return program.parent


def main() -> int:
    program = os.environ.get("NVIM") or shutil.which("nvim")
    if not program:
        print("Neovim is needed: apt install neovim")
        return 1
    report, began = Report(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="specwright-neovim-") as name:
        folder = Path(name)
        settings = settings_for(program, folder)
        with user_in(folder / "story") as user:
            story(report, Editor(user.make(FILES), program, settings, PROGRAM.parent), folder)
        with user_in(folder / "control") as user:
            control(report, Editor(user.make(FILES), program, settings, without_actions(folder)))
        check_nothing_left(report, folder, "no process is left over")
    print(f"\n{report.passed} passed, {len(report.failed)} failed in {time.monotonic() - began:.0f} s")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
