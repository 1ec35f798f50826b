"""What must hold after everything that was done; each check tells what is wrong, and `test_checks` has it tell."""

import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from chaos import parts, processes
from chaos.project import Project
from chaos.stored import Row, Stored

ENDED = {"review", "accepted", "rejected", "cancelled", "failed"}
Problems = list[str]


def none_lost(acknowledged: Iterable[str], rows: Mapping[str, Row]) -> Problems:
    """Every task that was answered for is in the store, once for each spec."""
    problems = [f"{task} was queued and is gone" for task in acknowledged if task not in rows]
    places = [(row.root, row.title) for row in rows.values()]
    twice = {place for place in places if places.count(place) > 1}
    return problems + [f"{title} of {root} is there twice" for root, title in sorted(twice)]


def none_stuck(rows: Mapping[str, Row]) -> Problems:
    """Every task came to an end, and no run of it goes on."""
    stuck = [row for row in rows.values() if row.state not in ENDED or row.unended]
    return [f"{row.task} is {row.state}, {row.unended} runs not ended: {row.detail}" for row in stuck]


def none_failed(rows: Mapping[str, Row], excused: Iterable[str]) -> Problems:
    """A kill costs no task its end: only those whose own programs were killed, or whose disk failed, may fail."""
    bad = [row for row in rows.values() if row.state == "failed" or row.outcome in {"error", "failed", "stopped"}]
    return [f"{row.task} came to {row.outcome}: {row.detail}" for row in bad if row.task not in set(excused)]


def results_are_exact(project: Project, rows: Iterable[tuple[int, Row]], excused: Iterable[str]) -> Problems:
    """Each result holds what its turns make, each once: a turn that was played twice or not at all would show."""
    forgiven, problems = set(excused), []
    for number, row in rows:
        if not row.head:
            continue
        lines = _blob(project, row.head, parts.lines_path(number)).split()
        whole = _blob(project, row.head, parts.spec_path(number)).endswith(parts.after(number))
        exact = whole and lines == list(parts.LINES)
        wrong = _is_wrong(lines) if row.task in forgiven else not exact
        if wrong:
            problems.append(f"{row.task}: the result of part {number} holds {lines}, its file is whole: {whole}")
    return problems


def verdicts_are_exact(project: Project, rows: Iterable[tuple[int, Row]], raced: Iterable[str]) -> Problems:
    """The checkout holds what was accepted, once, and nothing of what was rejected or not decided.

    Of tasks on which verdicts raced or were cut off, nothing may be there twice, and nothing in halves.
    """
    loose, problems = set(raced), []
    for number, row in rows:
        text = (project.root / parts.spec_path(number)).read_text()
        path = project.root / parts.lines_path(number)
        lines = path.read_text().split() if path.exists() else []
        wrong = _is_mixed(number, text, lines) if row.task in loose else _is_not(number, row.state, text, lines)
        if wrong:
            problems.append(f"{row.task} is {row.state}, part {number} holds {lines} and {text!r}")
    return problems


def none_paid_twice(durable: Sequence[tuple[int, Mapping[int, int]]], asked: Sequence[tuple[int, int]]) -> Problems:
    """After a look at the store, no turn that was durable then is asked for again.

    `durable`: how many requests there had been at each look, and each part's last durable turn.
    `asked`: for each request its part and how many answers it holds.
    """
    problems = []
    for seen, turns in durable:
        for part, answers in asked[seen:]:
            if answers < turns.get(part, 0):
                problems.append(f"turn {answers + 1} of part {part} was asked for again, {turns[part]} were durable")
    return sorted(set(problems))


def none_orphaned(folder: Path, seconds: float = 5.0) -> Problems:
    """No process has to do with the folder, once what is ending has ended."""
    end = time.monotonic() + seconds
    while processes.of_folder(folder) and time.monotonic() < end:
        time.sleep(0.05)
    return [f"process {pid} is left: {processes.described(pid)}" for pid in processes.of_folder(folder)]


def none_of_theirs(before: Mapping[str, str], now: Mapping[str, str], what: str) -> Problems:
    """What is the user's own is as it was."""
    names = sorted(before.keys() | now.keys())
    return [f"{what}: {name} is no longer as it was" for name in names if before.get(name) != now.get(name)]


def repository_works(project: Project) -> Problems:
    """The user's own commands on the user's own repository."""
    commands = (["fsck", "--full", "--strict"], ["gc", "-q"], ["fetch", "-q", "origin"], ["status", "--porcelain"])
    problems = []
    for words in commands:
        done = subprocess.run(
            ["git", *words], cwd=project.root, env=project.environment, capture_output=True, text=True
        )
        if done.returncode:
            problems.append(f"git {' '.join(words)} in {project.name}: {done.stderr.strip()[-300:]}")
    return problems


def store_is_whole(stored: Stored) -> Problems:
    """SQLite finds nothing wrong."""
    said = stored.integrity()
    return [] if said == "ok" else [f"the store is damaged: {said}"]


def _blob(project: Project, commit: str, path: str) -> str:
    words = ["git", f"--git-dir={project.private}", "show", f"{commit}:{path}"]
    done = subprocess.run(words, capture_output=True, text=True, env=project.environment)
    return done.stdout


def _is_wrong(lines: list[str]) -> bool:
    """Of a task whose programs were killed a line may be missing; none is there twice or out of order."""
    return lines != [line for line in parts.LINES if line in lines]


def _is_not(number: int, state: str, text: str, lines: list[str]) -> bool:
    if state == "accepted":
        return text != parts.after(number) or _is_wrong(lines) or not lines
    return text != parts.before(number) or bool(lines)


def _is_mixed(number: int, text: str, lines: list[str]) -> bool:
    """Whether a text is none that some of the hunks make, with the own spec or without it."""
    body = text.removeprefix(parts.before(number).partition("x =")[0])
    pieces = [body.count(f"{name} = '{word}'") for name in "xy" for word in ("one", "two")]
    once = pieces[0] + pieces[1] == 1 == pieces[2] + pieces[3]
    inserted = body.count(parts.INSERTED.format(number))
    plain = body.replace("'two'", "'one'").replace(parts.INSERTED.format(number), "")
    return not (once and inserted <= 1 and plain == parts.BODY.format(number) and not _is_wrong(lines))
