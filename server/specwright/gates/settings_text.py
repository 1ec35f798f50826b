"""The commented settings file that `init` writes."""

import json
from collections.abc import Sequence

from specwright.config.settings import AGENT_DEFAULTS, DEFAULT_AGENT
from specwright.gates.detect import Detected

HEAD = f"""\
# Specwright's settings for this project; every key is optional. Commit this file.

# Which agent works on tasks. "anthropic" needs a key in your environment (ANTHROPIC_API_KEY) or in your own
# config.toml (key_command); "scripted" plays a file of recorded tool calls.
# agent = "{DEFAULT_AGENT}"
# [agents.anthropic]
# model = "{AGENT_DEFAULTS["anthropic", "model"]}"
"""
NO_GATES = """
# A gate is a command that must pass before a result counts as passed. None was found; for example:
# [gates.tests]
# command = "make test"
# timeout = 600                     # seconds
"""
TAIL = """
# [limits]
# running = 4                       # tasks at once
# repairs = 2                       # rounds in which the agent may mend what the gates found
# [slots]
# setup = "uv sync --offline"       # run once per environment; the sandbox has no network
"""


def commented_settings(gates: Sequence[Detected]) -> str:
    """A file that reads back as exactly these gates."""
    return HEAD + ("".join(_gate(gate) for gate in gates) if gates else NO_GATES) + TAIL


def _gate(gate: Detected) -> str:
    report = f"report = {json.dumps(gate.report)}\n" if gate.report else ""
    return (
        f"\n[gates.{gate.name}]                # found in {gate.origin}\ncommand = {json.dumps(gate.command)}\n{report}"
    )
