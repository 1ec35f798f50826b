"""`init` on a real small project, again, and `trust` without it."""

import tomllib
from typing import Any

import pytest

from specwright.sandbox import landlock
from user import User


def steps(rehearsed: Any) -> list[tuple[str, str]]:
    return [(step["name"], step["result"]) for step in rehearsed["rehearsal"]["steps"]]


def test_init_writes_agrees_and_rehearses(small: User) -> None:
    done = small.ok("init", "--yes", "--json").json
    assert set(done) == {"root", "gates", "notes", "rehearsal"}
    assert [gate["name"] for gate in done["gates"]] == ["tests"]
    assert steps(done) == [("slot", "passed"), ("tests", "passed")]
    assert done["rehearsal"]["sandbox"] == "full"
    written = tomllib.loads((small.root / "specwright.toml").read_text())
    assert set(written["gates"]) == {"tests"}
    assert small.git("status", "--porcelain") == "?? specwright.toml\n"
    assert small.ok("trust", "--json").json["agreed"] is True


def test_a_gate_that_fails_comes_with_its_cure(small: User) -> None:
    small.put({"tests/test_small.py": "def test_no():\n    assert False\n"})
    small.git("commit", "-qam", "Break")
    done = small.type("init", "--yes", "--json")
    assert done.code == 1
    assert steps(done.json) == [("slot", "passed"), ("tests", "failed")]
    failed = done.json["rehearsal"]["steps"][1]
    assert "mend what it finds on HEAD first" in failed["cure"]
    assert "assert False" in failed["reason"]  # what it printed, which is kept nowhere


def test_what_exists_stays_and_is_rehearsed_only_with_consent(small: User) -> None:
    mine = '# mine\n[gates.own]\ncommand = "true"\n'
    small.put({"specwright.toml": mine})
    refused = small.type("init", "--json")
    assert (refused.code, refused.out) == (1, "")
    assert "specwright trust" in refused.err
    assert steps(small.ok("init", "--yes", "--json").json) == [("slot", "passed"), ("own", "passed")]
    assert steps(small.ok("init", "--json").json) == [("slot", "passed"), ("own", "passed")]
    assert (small.root / "specwright.toml").read_text() == mine


def test_without_a_yes_nothing_is_written(small: User) -> None:
    for words in (("init",), ("init", "--json")):
        done = small.type(*words)
        assert done.code == 1
        assert "Nothing was written" in done.err
    assert small.git("status", "--porcelain") == ""


def test_a_project_without_gates_gets_a_file_that_explains(user: User) -> None:
    user.make({"README.md": "hello\n"})
    done = user.ok("init", "--yes")
    assert "found no gates; the file explains how to add one." in done.out
    text = (user.root / "specwright.toml").read_text()
    assert tomllib.loads(text) == {}
    assert "[gates" in text


@pytest.mark.parametrize(("answer", "code", "agreed"), [("y\n", 0, True), ("n\n", 1, False), ("", 1, False)])
def test_trust_shows_one_list_and_asks_once(small: User, answer: str, code: int, agreed: bool) -> None:
    small.put({"specwright.toml": '[slots]\nsetup = "true"\n[gates.own]\ncommand = "python -V"\n'})
    done = small.type("trust", stdin=answer)
    assert done.code == code
    assert "  set-up: true\n  gate own: python -V\n" in done.out
    again = small.type("trust", "--json")
    assert (again.json["agreed"], again.code) == (agreed, 0 if agreed else 1)


def test_a_changed_list_is_asked_again(small: User) -> None:
    small.put({"specwright.toml": '[gates.own]\ncommand = "sh check.sh"\n', "check.sh": "true\n"})
    assert set(small.ok("trust", "--yes", "--json").json) == {
        "root", "digest", "agreed", "commands", "roots", "refused_roots", "included", "left_open", "checks",
        "branch", "caches", "reach", "others",
    }  # fmt: skip
    assert small.ok("trust", "--json").json["agreed"]
    small.put({"check.sh": "false\n"})
    assert small.type("trust", "--json").code == 1


def test_a_set_up_that_fails_is_told_with_its_cure(small: User) -> None:
    small.put({"specwright.toml": "[slots]\nsetup = \"sh -c 'echo no network; exit 3'\"\n"})
    done = small.type("init", "--yes", "--json")
    [_, setup] = done.json["rehearsal"]["steps"]
    assert (done.code, setup["result"], setup["reason"]) == (1, "error", "no network")
    assert "[slots] setup has no network" in setup["cure"]


def test_gates_are_not_rehearsed_in_a_slot_that_could_not_be_set_up(small: User) -> None:
    small.put({"specwright.toml": '[slots]\nsetup = "no-such-tool sync"\n[gates.own]\ncommand = "true"\n'})
    done = small.type("init", "--yes")
    assert done.code == 1
    assert "error    set-up" in done.out
    assert "no-such-tool is not seen in the sandbox" in done.out
    assert "  own  " not in done.out
    small.put({"specwright.toml": '[gates.one]\ncommand = "true"\n[gates.two]\ncommand = "true"\n'})
    assert "rehearsing 4/4: gate two …" in small.ok("init", "--yes").err


def test_a_gate_that_looks_for_a_service_is_told_how_to_reach_it(small: User) -> None:
    connect = "import socket; socket.create_connection(('localhost', 9))"
    small.put({"specwright.toml": f'[gates.own]\ncommand = ["python3", "-c", "{connect}"]\n'})
    assert 'services = ["localhost:PORT"]` under [gates.own]' in small.type("init", "--yes").out


@pytest.mark.skipif(bool(landlock.missing()), reason="no partial sandbox works here")
def test_init_agrees_to_nothing_that_it_has_not_shown(small: User) -> None:
    (small.home / "specwright").mkdir(exist_ok=True)
    (small.home / "specwright" / "config.toml").write_text('[sandbox]\nmode = "partial"\n')
    small.put({"a.py": "# spec! A\n# - [ ] it is there, check: `test -f odd`\n"})
    [task] = small.queue("a.py")
    done = small.type("init", stdin="y\n")  # to the file; no answer to what it would run in a partial sandbox
    assert (done.code, "check: test -f odd" in done.out) == (1, True)
    assert small.show(task)["reasons"] == ["trust"] or "key" in small.show(task)["reasons"]
    assert not small.type("trust", "--json").json["agreed"]
    small.ok("init", "--yes")
    assert small.ok("trust", "--json").json["agreed"]


def test_set_up_and_gates_find_the_package_caches_that_the_user_shows(user: User) -> None:
    cache = user.home / "uv" / "archive-v0"
    cache.mkdir(parents=True)
    (cache / "lib.py").write_text("good\n")
    poison = 'cat "$UV_CACHE_DIR/archive-v0/lib.py" && echo evil >"$UV_CACHE_DIR/archive-v0/lib.py"'
    look = 'grep good "$UV_CACHE_DIR/archive-v0/lib.py"'
    gate = f"[gates.look]\ncommand = ['sh', '-c', '{look}']\n"
    user.make({"specwright.toml": f"[slots]\nsetup = ['sh', '-c', '{poison}']\n{gate}"})
    config = user.home / "specwright" / "config.toml"
    config.parent.mkdir(exist_ok=True)
    for setting, results in (("read", ["passed", "error"]), ("copy", ["passed", "passed", "passed"])):
        user.type("daemon", "stop")
        config.write_text(f'[sandbox]\ncaches = "{setting}"\n')
        done = user.type("init", "--yes", "--json", UV_CACHE_DIR=str(cache.parent))
        assert [result for _, result in steps(done.json)] == results, done
        shown = user.ok("trust", UV_CACHE_DIR=str(cache.parent)).out
        assert (
            f"with these package caches readable, by your own config.toml:\n  uv: {cache.parent} (archive-v0)\n"
            in shown
        )
    assert (cache / "lib.py").read_text() == "good\n"
