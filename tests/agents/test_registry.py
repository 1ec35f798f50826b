import subprocess
import sys
from pathlib import Path

import pytest

from specwright.agents.anthropic import Anthropic
from specwright.agents.calls import Connection
from specwright.agents.registry import AGENTS, Needs, make
from specwright.config.settings import AgentSettings
from specwright.errors import WrongUse

SETTINGS = AgentSettings("any", (("model", "some-model"),))
CONNECTION = Connection("sk-secret", "http://127.0.0.1:1")


@pytest.mark.parametrize("name", sorted(AGENTS))
def test_each_agent_is_made_by_its_name(name: str) -> None:
    assert make(name, Needs(SETTINGS, '{"*": []}', CONNECTION)).name == name


@pytest.mark.parametrize(
    ("name", "needs", "words"),
    [
        ("claude", Needs(SETTINGS), "the agents are anthropic, scripted"),
        ("scripted", Needs(SETTINGS), "name it by `script`"),
        ("scripted", Needs(SETTINGS, "{"), "can't be played. The script is no JSON"),
        ("anthropic", Needs(SETTINGS), "has no key"),
    ],
)
def test_what_is_lacking_is_said(name: str, needs: Needs, words: str) -> None:
    with pytest.raises(WrongUse, match=words):
        make(name, needs)


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("https://api.anthropic.com", "anthropic"),
        ("https://notanthropic.com", None),
        ("http://127.0.0.1:8000/api.anthropic.com", None),
    ],
)
def test_a_provider_is_known_by_its_host(url: str, provider: str | None) -> None:
    assert Anthropic("m", Connection("k", url)).provider == provider


def test_a_connection_never_shows_its_key() -> None:
    assert "sk-secret" not in f"{CONNECTION} {CONNECTION!r}"


def test_nothing_heavy_is_imported_before_the_first_call() -> None:
    heavy = ("anthropic", "httpx2", "genai_prices")
    code = f"import sys, specwright.agents.registry; print([name for name in {heavy} if name in sys.modules])"
    server = Path(__file__).parents[2] / "server"
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(server)}, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
