from pathlib import Path

import pytest

from specwright.paths.places import places

LONG = "/run/" + "x" * 80


def test_one_variable_moves_everything() -> None:
    here = places({"HOME": "/home/a", "SPECWRIGHT_HOME": "/moved", "XDG_STATE_HOME": "/state"})
    assert here.config_file == Path("/moved/config.toml")
    assert (here.database, here.lock, here.log, here.runs) == tuple(
        Path("/moved/state", name) for name in ("specwright.db", "daemon.lock", "daemon.log", "runs")
    )
    assert here.slots == Path("/moved/cache/slots")


@pytest.mark.parametrize(
    ("variables", "config", "state", "cache"),
    [
        ({}, "/home/a/.config", "/home/a/.local/state", "/home/a/.cache"),
        ({"XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s", "XDG_CACHE_HOME": "/k"}, "/c", "/s", "/k"),
        ({"XDG_CONFIG_HOME": "rel", "XDG_STATE_HOME": ""}, "/home/a/.config", "/home/a/.local/state", "/home/a/.cache"),
    ],
)
def test_base_folders_are_those_of_xdg_if_absolute(
    variables: dict[str, str], config: str, state: str, cache: str
) -> None:
    here = places({"HOME": "/home/a", **variables})
    assert here.config_file == Path(config, "specwright", "config.toml")
    assert (here.state, here.cache) == (Path(state, "specwright"), Path(cache, "specwright"))


@pytest.mark.parametrize("runtime", ["", LONG, "relative", "/no/such/folder"])
def test_socket_has_a_short_path_wherever_the_state_lies(runtime: str) -> None:
    here = places({"HOME": "/home/" + "a" * 200, "XDG_RUNTIME_DIR": runtime})
    assert len(bytes(here.socket)) < 100
    assert not str(here.socket).startswith((LONG, "relative", "/no"))


def test_each_state_folder_has_its_own_socket(tmp_path: Path) -> None:
    sockets = {places({"SPECWRIGHT_HOME": f"/{name}", "XDG_RUNTIME_DIR": "/run"}).socket for name in "abca"}
    assert len(sockets) == 3
    assert {socket.parent for socket in sockets} == {Path("/run/specwright")}


def test_nothing_is_made(tmp_path: Path) -> None:
    places({"SPECWRIGHT_HOME": str(tmp_path / "home")})
    assert not (tmp_path / "home").exists()
