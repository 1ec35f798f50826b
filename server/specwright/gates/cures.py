"""The line that mends a gate that failed in its rehearsal."""

import shlex

from specwright.config.settings import Gate
from specwright.gates.tools import name_of
from specwright.tasks.model import GateResult, GateRun

UNREACHED = ("Connection refused", "ECONNREFUSED", "Network is unreachable", "name resolution", "EAI_AGAIN")
"""Words of the system's where nothing answers."""


def cure_of(gate: Gate, ran: GateRun) -> str | None:
    """What to write or type; None for a gate that is well."""
    reason = ran.reason or ""
    if ran.result is GateResult.FAILED:
        return "mend what it finds on HEAD first, or leave the gate out" + _hint(gate, ran)
    if ran.result is not GateResult.ERROR:
        return None
    if gate.fault:
        return gate.fault
    if "needs the full sandbox" in reason:
        return f"leave out `services` under [gates.{gate.name}], or get the full sandbox: `specwright doctor` says how"
    if "took longer" in reason:
        return f"timeout = {gate.timeout * 3}   # under [gates.{gate.name}]"
    if "could not be run" in reason:
        tool = name_of(gate.command)
        return f"install {tool} into the project's environment, or activate that before `specwright init`"
    if "report" in reason:
        return f'leave out `report` under [gates.{gate.name}], or name where the tool writes it: report = "junit:PATH"'
    return f"run `{shlex.join(gate.command)}` by hand in a clean clone" + _hint(gate, ran)


def _hint(gate: Gate, ran: GateRun) -> str:
    """For a gate that looked for a network."""
    said = " ".join([ran.reason or "", *(finding.message for finding in ran.findings)])
    if not any(sign in said for sign in UNREACHED):
        return ""
    return f'; the sandbox has no network but for `services = ["localhost:PORT"]` under [gates.{gate.name}]'
