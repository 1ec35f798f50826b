"""The agents by name. A new one is a module beside this one and a line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from specwright.agents.anthropic import Anthropic
from specwright.agents.calls import Connection
from specwright.agents.scripted import Scripted, parse
from specwright.config.settings import AgentSettings
from specwright.errors import WrongUse
from specwright.tasks.protocols import Agent


@dataclass(frozen=True, slots=True)
class Needs:
    """What an agent is made of; each takes what it needs and refuses to be made without."""

    settings: AgentSettings
    script: str | None = None
    """Text of the file that the setting `script` names."""
    connection: Connection | None = None


def make(name: str, needs: Needs) -> Agent:
    """The agent of that name. Raises `WrongUse` for an unknown one, and for one that lacks something."""
    maker = AGENTS.get(name)
    if maker is None:
        raise WrongUse(f"There is no agent {name!r}; the agents are {', '.join(sorted(AGENTS))}.")
    return maker(needs)


def _scripted(needs: Needs) -> Agent:
    if needs.script is None:
        raise WrongUse('The agent "scripted" plays a file; name it by `script` under [agents.scripted].')
    script, problems = parse(needs.script)
    if problems:
        raise WrongUse(f"The script can't be played. {' '.join(problems)}")
    return Scripted(script)


def _anthropic(needs: Needs) -> Agent:
    if needs.connection is None:
        raise WrongUse(
            'The agent "anthropic" has no key; set ANTHROPIC_API_KEY, or `key_command` in your own settings.'
        )
    return Anthropic(str(needs.settings.get("model")), needs.connection)


AGENTS: Mapping[str, Callable[[Needs], Agent]] = {"anthropic": _anthropic, "scripted": _scripted}
