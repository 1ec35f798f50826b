"""`specwright show TASK`"""

import click

from specwright.api import messages as m
from specwright.api import views as v
from specwright.api.client import Client
from specwright.cli.common import json_option, plural, with_daemon
from specwright.cli.output import echo, print_json
from specwright.tasks.harmless import one_line
from specwright.tasks.model import GateResult, State

BY_NAME = "accepted by name alone"
MOST_FINDINGS, MOST_LINES = 5, 8
"""Findings that are shown, and lines of each after its first."""


@click.command()
@click.argument("task")
@json_option
def command(task: str, as_json: bool) -> None:
    """Show one task whole: its runs, gates, criteria with their evidence, files and hunks."""

    async def ask(client: Client) -> v.TaskView:
        return await client.ask("show", m.TaskNamed(task), v.TaskView)

    view = with_daemon(ask)
    if as_json:
        print_json(view)
    else:
        for line in lines(view):
            echo(line)


def lines(view: v.TaskView) -> list[str]:
    """A task as text."""
    outcome = f", {view.outcome}" if view.outcome else ""
    reasons = f" ({', '.join(view.reasons)})" if view.reasons else ""
    head = [
        f"{view.task}  {one_line(view.title)}",
        f"  {one_line(view.path)}:{view.line} · {view.state}{reasons}{outcome}",
    ]
    told = {run.reason for run in view.runs}
    head += [f"  {view.detail}"] if view.detail and view.detail not in told else []
    head += [f"  question: {view.question}"] if view.question else []
    return head + _runs(view) + _findings(view) + _criteria(view) + _files(view) + _next(view)


def _runs(view: v.TaskView) -> list[str]:
    found = []
    for run in view.runs:
        cost = "price unknown" if run.cost_usd is None else f"${run.cost_usd:.2f}"
        found.append(f"run {run.run}  {run.agent}  {run.outcome or 'running'}  {cost}")
        found += [f"  {run.reason}"] if run.reason else []
        for gate in run.gates:
            findings = f", {plural(gate.findings, 'new finding')}" if gate.findings else ""
            reason = f": {gate.reason}" if gate.reason else ""
            found.append(f"  {gate.result:<8} {one_line(gate.name)}  {gate.duration_s:.1f} s{findings}{reason}")
            is_unclear = gate.log and gate.result is GateResult.ERROR
            found += [f"           all that it printed: {gate.log}"] if is_unclear else []
    return found


def _findings(view: v.TaskView) -> list[str]:
    """What the last run's gates found, some lines of each."""
    lines = []
    for finding in view.findings[:MOST_FINDINGS]:
        place = f"{one_line(finding.path)}:{finding.line or 1}: " if finding.path else ""
        first, *more = (line for line in finding.message.split("\n") if line.strip())
        lines += [f"  {finding.gate}: {place}{first}", *(f"    {line}" for line in more[:MOST_LINES])]
    left = len(view.findings) - MOST_FINDINGS
    return lines + ([f"  and {plural(left, 'more finding')}; `show --json` has all"] if left > 0 else [])


def _next(view: v.TaskView) -> list[str]:
    """What can be typed now."""
    task = view.task
    if view.state in {State.FAILED, State.CANCELLED}:
        return [f"Next: specwright log {task}, or retry {task}"] if view.runs else [f"Next: specwright retry {task}"]
    if view.state is not State.REVIEW:
        return []
    if view.question:
        return [f'Next: specwright revise {task} -m "your answer", or reject {task}']
    return [f"Next: specwright diff {task}, accept {task}, reject {task}, or revise {task} -m TEXT"]


def _criteria(view: v.TaskView) -> list[str]:
    lines = []
    for number, criterion in enumerate(view.criteria, 1):
        shown = (
            f"{criterion.evidence}: {criterion.result or 'open'}" if criterion.evidence else "open, nothing shows it"
        )
        lines.append(f"AC{number} {one_line(criterion.text)}  [{shown}]")
    return lines


def _files(view: v.TaskView) -> list[str]:
    lines = []
    for file in view.files:
        bears = f"  bears trust: {file.bears}" if file.bears else ""
        by_name = f"; {BY_NAME}" if file.only_by_name else ""
        lines.append(f"{one_line(file.path)}  +{file.added} −{file.removed}{bears}{by_name}")
        for hunk in file.hunks:
            place = f"-{hunk.old_start},{hunk.old_lines} +{hunk.new_start},{hunk.new_lines}"
            lines.append(f"  {hunk.id:<5} {hunk.state:<9} @@ {place} @@")
    return lines
