"""What an agent is told about one round: the spec, the remarks, and what the gates found new."""

from collections.abc import Sequence

from specwright.config.settings import Settings
from specwright.tasks.model import Finding, GateResult, GateRun, Level, Task
from specwright.tasks.protocols import Brief, Limits

MOST_FINDINGS = 20


def brief_of(task: Task, run: str, round: int, settings: Settings, gates: Sequence[GateRun]) -> Brief:
    """The brief of a round; `gates` are what the last round's said, none in a first round."""
    revision = task.wish.revision
    return Brief(
        run=run,
        title=revision.title,
        spec=revision.text,
        criteria=revision.criteria,
        scope=revision.scope,
        base=task.wish.base,
        round=round,
        remarks=task.remarks,
        findings=to_repair(gates),
        limits=Limits(tokens=settings.budget.task_tokens, seconds=float(settings.limits.seconds)),
    )


def to_repair(gates: Sequence[GateRun]) -> tuple[Finding, ...]:
    """What the agent may mend: new findings of failed gates, at most 20."""
    failed = [gate for gate in gates if gate.result is GateResult.FAILED]
    findings = [finding for gate in failed for finding in gate.findings]
    silent = [_summary(gate) for gate in failed if not gate.findings]
    return tuple((findings + silent)[:MOST_FINDINGS])


def _summary(gate: GateRun) -> Finding:
    return Finding(gate.name, gate.name, Level.HIGH, gate.reason or f"{gate.name} failed (exit code {gate.exit_code})")
