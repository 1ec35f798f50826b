"""The line that mends a gate that failed in its rehearsal."""

from specwright.config.settings import Gate
from specwright.gates.tools import name_of
from specwright.tasks.model import GateResult, GateRun


def cure_of(gate: Gate, ran: GateRun) -> str | None:
    """What to write or type; None for a gate that is well."""
    reason = ran.reason or ""
    if ran.result is GateResult.FAILED:
        return f"mend what it finds on HEAD first, or leave the gate out; its output: {ran.log}"
    if ran.result is not GateResult.ERROR:
        return None
    if gate.fault:
        return gate.fault
    if "took longer" in reason:
        return f"timeout = {gate.timeout * 3}   # under [gates.{gate.name}]"
    if "could not be run" in reason:
        tool = name_of(gate.command)
        return f"install {tool} into the project's environment, or activate that before `specwright init`"
    if "report" in reason:
        return f'leave out `report` under [gates.{gate.name}], or name where the tool writes it: report = "junit:PATH"'
    return f"run `{' '.join(gate.command)}` by hand in a clean clone; its output here: {ran.log}"
