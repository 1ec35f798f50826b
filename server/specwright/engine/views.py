"""From what is stored to what clients are shown."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from specwright.api import messages as m
from specwright.api import views as v
from specwright.api.events import silence
from specwright.engine import landing, result
from specwright.engine.context import Context
from specwright.git import private
from specwright.review import bearing
from specwright.review.hunks import Hunk, HunkKind, added_removed, sides_of, unified_position
from specwright.spec.model import Problem
from specwright.store import rows, runs
from specwright.store import tasks as task_rows
from specwright.tasks.model import FindingState, GateRun, Run, Task
from specwright.tasks.outcome import evidence


def problem_view(path: str, problem: Problem) -> m.ProblemView:
    """A problem with positions from 1."""
    start, end = problem.span.start, problem.span.end
    places = (start.line + 1, start.column + 1, end.line + 1, end.column + 1)
    return m.ProblemView(path, *places, problem.code, problem.severity, problem.message)


async def line(context: Context, task: str) -> v.TaskLine:
    """One task as a list shows it."""
    return to_line(await context.store.read(task_rows.brief, task))


def to_line(brief: rows.TaskBrief) -> v.TaskLine:
    """A task as a list shows it."""
    return v.TaskLine(
        task=brief.id,
        title=brief.title,
        path=brief.path,
        line=brief.line,
        state=brief.state,
        outcome=brief.outcome,
        reasons=brief.reasons,
        question=brief.question,
        base=brief.base,
        head=brief.head,
    )


async def show(context: Context, task: str) -> v.TaskView:
    """One task, whole, with its hunks as they stand in the checkout's files."""
    found = await context.store.read(task_rows.load, task)
    known = await context.store.read(runs.load, task)
    missing = private.gone(Path(found.wish.checkout.common_dir))
    made = None if missing else await result.of_task(context, task)
    gates = {run.number: await context.store.read(runs.gates_of, task, run.number) for run in known}
    last = gates[known[-1].number] if known else ()
    findings = made.findings(last) if made else result.findings_of(last)
    quiet = context.watch.silence(task)
    head = next((run.head for run in reversed(known) if run.head), None)
    return v.TaskView(
        task=found.id,
        title=found.wish.revision.title,
        path=found.wish.place.path,
        line=found.wish.place.line,
        state=found.state,
        outcome=found.outcome,
        reasons=found.reasons,
        question=found.question,
        runs=tuple(_run(run, gates[run.number]) for run in known),
        criteria=_criteria(found, last),
        files=await asyncio.to_thread(_files, made, findings) if made else (),
        base=found.wish.base,
        head=head,
        detail=missing.sentence if missing else found.detail if quiet is None else silence(quiet),
        findings=findings,
        sandbox=known[-1].sandbox if known else None,
        spec=found.wish.revision.text,
    )


def _run(run: Run, gates: Sequence[GateRun]) -> v.RunView:
    tokens = v.TokensView(run.tokens.input, run.tokens.cache_read, run.tokens.cache_write, run.tokens.output)
    return v.RunView(
        run=run.key,
        agent=run.agent,
        outcome=run.outcome,
        reason=run.reason,
        tokens=tokens,
        cost_usd=run.cost_usd,
        started=run.started,
        ended=run.ended,
        gates=tuple(_gate(gate) for gate in gates),
    )


def _gate(gate: GateRun) -> v.GateView:
    new = sum(1 for finding in gate.findings if finding.state is FindingState.NEW)
    return v.GateView(gate.name, gate.result, gate.reason, round(gate.duration_s, 3), new, gate.log)


def _criteria(task: Task, gates: Sequence[GateRun]) -> tuple[v.CriterionView, ...]:
    shown = evidence(task.wish.revision.criteria, gates)
    return tuple(v.CriterionView(entry.criterion.text, entry.kind, entry.result) for entry in shown)


def _files(made: result.Result, findings: Sequence[v.FindingView]) -> tuple[v.FileView, ...]:
    return tuple(_file(made, entry) for entry in made.by_risk(findings))


def _file(found: result.Result, entry: result.Numbered) -> v.FileView:
    moves = any(hunk.kind is HunkKind.RENAMED and hunk.id not in found.facts for hunk in entry.hunks)
    by_lines = () if moves else found.on_disk(entry).standings  # there are no lines at the new path yet
    standings = {standing.hunk.id: standing.state for standing in by_lines}
    states = {h.id: standings.get(h.id) or landing.state_on_disk(found, entry.file, h) for h in entry.hunks}
    hunks = tuple(v.HunkView(hunk.id, states[hunk.id], *positions(entry, hunk)) for hunk in entry.hunks)
    return v.FileView(
        entry.file.path, *added_removed(entry.hunks), hunks, bearing.why(entry.changed), found.only_by_name(entry)
    )


def positions(entry: result.Numbered, hunk: Hunk) -> tuple[int, int, int, int]:
    """A hunk's lines as a unified diff of the whole files counts them, own block included."""
    sides = sides_of(entry.file)
    old = sides.base_gap.outer(hunk.old_start, hunk.old_end)
    new = sides.result_gap.outer(hunk.new_start, hunk.new_end)
    return unified_position(replace(hunk, old_start=old[0], old_end=old[1], new_start=new[0], new_end=new[1]))
