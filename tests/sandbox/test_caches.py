"""Package caches in real boxes: real tools install from them without a network, and nothing reaches the user's own."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.conftest import boxed, shell
from sandbox.package_registry import WHEEL, registry
from specwright.config.settings import SandboxMode
from specwright.errors import SpecwrightError
from specwright.git.slots import Slot
from specwright.sandbox import caches
from specwright.tasks.protocols import Box, Done

FULL, PARTIAL, NONE = SandboxMode.FULL, SandboxMode.PARTIAL, SandboxMode.NONE
PYTHON = Path(sys.executable)
ROOTS = (Path(sys.prefix), Path(sys.base_prefix))
READ, COPY = False, True
CANARY = "canary-7d2f"


@dataclass(frozen=True)
class Project:
    """One of a tool: how its cache is filled with the network, and how it is set up without."""

    program: str | None
    files: dict[str, str]
    fill: tuple[str, ...]
    install: tuple[str, ...]
    made: str


def uv(address: str) -> Project:
    program = shutil.which("uv", path=f"{PYTHON.parent}:{os.environ['PATH']}")
    index = f'[[tool.uv.index]]\nurl = "{address}/simple"\ndefault = true\n'
    project = f'[project]\nname = "shop"\nversion = "0"\nrequires-python = ">=3.11"\ndependencies = ["greet"]\n{index}'
    words = (str(program), "sync", "--python", str(PYTHON))
    return Project(program, {"pyproject.toml": project}, words, (*words, "--offline"), ".venv/lib/*/*/greet.py")


def pip(address: str) -> Project:
    wanted = f"greet @ {address}/files/{WHEEL}"
    words = (str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--retries", "0")
    kept = ("--trusted-host", "127.0.0.1", "--no-deps")  # of others it keeps nothing that came without TLS
    fill = (*words, "download", *kept, "--dest", "wheels", wanted)
    return Project("pip", {}, fill, (*words, "install", *kept, "--target", "lib", wanted), "lib/greet.py")


def npm(address: str) -> Project:
    files = {
        "package.json": '{"name": "shop", "version": "1.0.0", "dependencies": {"greet": "1.0.0"}}',
        ".npmrc": f"registry={address}\nomit-lockfile-registry-resolved=false\n",
    }
    fill = ("npm", "install", "--no-audit", "--no-fund")
    return Project(shutil.which("npm"), files, fill, ("npm", "ci", "--offline"), "node_modules/greet/index.js")


@pytest.fixture
def filled(own_home: Path, slot: Slot) -> Callable[[Callable[[str], Project]], Project]:
    """Fill the tester's cache from a registry that is gone then, and bring the project into the slot."""

    def fill(tool: Callable[[str], Project]) -> Project:
        with registry() as address:
            project = tool(address)
            if project.program is None:
                pytest.skip(f"{tool.__name__} is not on this machine")
            for name, text in project.files.items():
                (slot.path / name).write_text(text)
            environment = {"PATH": os.environ["PATH"], "HOME": str(own_home), "PIP_CONFIG_FILE": "/dev/null"}
            done = subprocess.run(project.fill, cwd=slot.path, env=environment, check=False, capture_output=True)
            assert done.returncode == 0, done
        for made in (".venv", "node_modules", "wheels"):
            shutil.rmtree(slot.path / made, ignore_errors=True)
        return project

    return fill


@pytest.fixture(params=[FULL, PARTIAL])
def mode(request: pytest.FixtureRequest) -> SandboxMode:
    request.getfixturevalue("bubblewrap" if request.param is FULL else "landlock")
    return SandboxMode(request.param)


def digest(folder: Path) -> str:
    """Of names, kinds, modes and contents."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        content = path.readlink() if path.is_symlink() else path.read_bytes() if path.is_file() else ""
        found.update(f"{path} {path.lstat().st_mode} {content!r}\n".encode())
    return found.hexdigest()


def box_of(slot: Slot, mode: SandboxMode, has_copies: bool = READ, given: dict[str, str] | None = None) -> Box:
    found, _ = caches.find(given or {})
    return boxed(slot, *ROOTS, mode=mode, caches=found, has_copies=has_copies)


async def set_up(box: Box, *words: str) -> Done:
    async with box.installing() as own:
        return await own.run(words, timeout=60)


def write(path: Path, text: str = CANARY) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n")
    return path


@pytest.mark.parametrize("has_copies", [READ, COPY], ids=["read", "copy"])
@pytest.mark.parametrize("tool", [uv, pip, npm])
async def test_a_tool_installs_from_its_cache_without_a_network(
    own_home: Path,
    slot: Slot,
    filled: Callable[[Callable[[str], Project]], Project],
    mode: SandboxMode,
    tool: Callable[[str], Project],
    has_copies: bool,
) -> None:
    project = filled(tool)
    before = digest(own_home)
    done = await set_up(box_of(slot, mode, has_copies), *project.install)
    assert (done.exit_code, len([*slot.path.glob(project.made)])) == (0, 1), done
    assert digest(own_home) == before
    assert not slot.path.with_name(f"caches-{slot.name}").exists()


@pytest.mark.parametrize("tool", [uv, pip, npm])
async def test_without_the_setting_there_is_no_cache(
    slot: Slot, filled: Callable[[Callable[[str], Project]], Project], bubblewrap: None, tool: Callable[[str], Project]
) -> None:
    project = filled(tool)
    done = await set_up(boxed(slot, *ROOTS, has_copies=COPY), *project.install)
    assert done.exit_code != 0
    assert not [*slot.path.glob(project.made)]


POISON = """
for top in "$UV_CACHE_DIR" "$OWN"; do
    echo evil >"$top/archive-v0/lib.py"
    echo evil >"$top/archive-v0/new.py"
    ln "$top/archive-v0/lib.py" "$PWD/hard" && echo evil >"$PWD/hard"
    mv "$top/archive-v0/lib.py" "$top/archive-v0/moved.py"
    rm -rf "$top/archive-v0"
done
cat "$UV_CACHE_DIR/archive-v0/new.py"
true
"""


@pytest.fixture
def of_uv(own_home: Path) -> Path:
    top = own_home / ".cache" / "uv"
    write(top / "archive-v0" / "lib.py", "good")
    write(top / "wheels-v5" / "x.http", "good")
    return top


async def test_it_can_be_read_and_not_written(own_home: Path, slot: Slot, of_uv: Path, mode: SandboxMode) -> None:
    before = digest(own_home)
    box = box_of(slot, mode)
    done = await box.run(["bash", "-c", POISON], timeout=30, env={"OWN": str(of_uv)})
    assert (digest(own_home), done.stdout) == (before, b"")
    done = await shell(box)('cat "$UV_CACHE_DIR/archive-v0/lib.py"; echo x >"$UV_CACHE_DIR/.lock" && echo beside')
    assert done.stdout == b"good\nbeside\n"


async def test_set_up_writes_a_copy_that_nobody_sees_later(
    own_home: Path, slot: Slot, of_uv: Path, mode: SandboxMode
) -> None:
    (of_uv / "archive-v0" / "lib.py").chmod(0o444)
    before = digest(own_home)
    box = box_of(slot, mode, COPY)
    evil = (
        'cd "$UV_CACHE_DIR/archive-v0" && echo evil >new.py && rm -f lib.py && echo evil >lib.py && cat lib.py new.py'
    )
    done = await set_up(box, "bash", "-c", evil)
    assert done.stdout == b"evil\nevil\n", done
    assert digest(own_home) == before
    look = 'cd "$UV_CACHE_DIR/archive-v0" && ls && cat lib.py'
    for later in (await set_up(box, "bash", "-c", look), await shell(box)(look)):
        assert later.stdout == b"lib.py\ngood\n"


async def test_only_set_up_writes_copies(own_home: Path, slot: Slot, of_uv: Path, mode: SandboxMode) -> None:
    before = digest(own_home)
    done = await box_of(slot, mode, COPY).run(["bash", "-c", POISON], timeout=30, env={"OWN": str(of_uv)})
    assert (digest(own_home), done.stdout) == (before, b"")


async def test_set_up_reaches_the_users_own_no_better(
    own_home: Path, slot: Slot, of_uv: Path, mode: SandboxMode
) -> None:
    before = digest(own_home)
    async with box_of(slot, mode, COPY).installing() as box:
        await box.run(["bash", "-c", POISON], timeout=30, env={"OWN": str(of_uv)})
    assert digest(own_home) == before


@pytest.mark.parametrize("has_copies", [READ, COPY], ids=["read", "copy"])
async def test_passwords_beside_a_cache_are_not_seen(
    own_home: Path, slot: Slot, mode: SandboxMode, has_copies: bool
) -> None:
    for name in (".cargo/registry/cache/x/a.crate", ".npm/_cacache/index-v5/aa", "go/pkg/mod/cache/download/x/list"):
        write(own_home / name, "good")
    for name in (
        ".cargo/credentials.toml", ".cargo/config.toml", ".cargo/bin/tool", ".npm/_logs/a.log", ".npmrc", ".netrc",
        ".cache/uv/environments-v2/x/secret", ".cache/other/secret", "go/pkg/mod/cache/vcs/x/config",
    ):  # fmt: skip
        write(own_home / name)
    write(own_home / ".cache" / "uv" / "archive-v0" / "lib.py", "good")
    (own_home / ".cargo" / "registry" / "cache" / "x" / "link").symlink_to(own_home / ".netrc")
    look = (
        'cat "$CARGO_HOME/registry/cache/x/a.crate" "$npm_config_cache/_cacache/index-v5/aa" '
        '"$GOMODCACHE/cache/download/x/list" "$UV_CACHE_DIR/archive-v0/lib.py"; touch "$CARGO_HOME/.package-cache"\n'
        f'grep -rs {CANARY} "$HOME" "$1"; find -L "$HOME" "$1" -type f -exec cat {{}} +; '
        'cat "$1/.cargo/credentials.toml" "$CARGO_HOME/registry/cache/x/link"'
    )
    done = await set_up(box_of(slot, mode, has_copies), "bash", "-c", look, "sh", str(own_home))
    assert done.stdout.startswith(b"good\n" * 4), done
    assert CANARY.encode() not in done.stdout


async def test_without_a_sandbox_only_copies_are_named(own_home: Path, slot: Slot, of_uv: Path) -> None:
    before = digest(own_home)
    done = await shell(box_of(slot, NONE))('echo "${UV_CACHE_DIR-none}"')
    assert done.stdout == b"none\n"
    done = await set_up(
        box_of(slot, NONE, COPY), "bash", "-c", 'echo evil >"$UV_CACHE_DIR/archive-v0/lib.py" && echo done'
    )
    assert (done.stdout, digest(own_home)) == (b"done\n", before)


async def test_what_is_too_large_is_not_copied(
    slot: Slot, of_uv: Path, landlock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches, "LARGEST", 100)
    with pytest.raises(SpecwrightError, match=r'take 0 MB; up to 0 MB are copied.*`caches = "read"`'):
        await set_up(box_of(slot, PARTIAL, COPY), "true")


async def test_what_a_killed_set_up_left_goes(slot: Slot, of_uv: Path, landlock: None) -> None:
    left = slot.path.with_name(f"caches-{slot.name}")
    write(left / "uv" / "archive-v0" / "evil.py", "evil").parent.chmod(0o555)
    done = await set_up(box_of(slot, PARTIAL, COPY), "bash", "-c", 'ls "$UV_CACHE_DIR/archive-v0"')
    assert done.stdout == b"lib.py\n"
    assert not left.exists()


def test_caches_are_where_the_tools_have_them(own_home: Path, tmp_path: Path) -> None:
    for name in (".cache/uv/wheels-v5", ".cache/pip/wheels", ".npm/_cacache/content-v2", ".cargo/git/db"):
        (own_home / name).mkdir(parents=True)
    assert [str(cache) for cache in caches.find({})[0]] == [
        f"uv: {own_home}/.cache/uv (wheels-v5)",
        f"pip: {own_home}/.cache/pip (wheels)",
        f"npm: {own_home}/.npm (_cacache/content-v2)",
        f"cargo: {own_home}/.cargo (git/db)",
    ]
    for name in ("xdg/uv/archive-v0", "pip/http-v2", "npm/_cacache/index-v5", "cargo/registry/src", "go/pkg/mod/a.org"):
        (tmp_path / name).mkdir(parents=True)
    given = {
        "XDG_CACHE_HOME": "xdg",
        "PIP_CACHE_DIR": "pip",
        "NPM_CONFIG_CACHE": "npm",
        "CARGO_HOME": "cargo",
        "GOPATH": "go",
    }
    found, _ = caches.find({name: str(tmp_path / folder) for name, folder in given.items()})
    assert [cache.top for cache in found] == [
        tmp_path / folder for folder in ("xdg/uv", "pip", "npm", "cargo", "go/pkg/mod")
    ]


@pytest.mark.parametrize("value", ["", ".", "relative", "/nonexistent", "\0", "x" * 5000])
def test_a_place_that_is_none_is_no_cache(own_home: Path, value: str) -> None:
    assert caches.find({"UV_CACHE_DIR": value, "CARGO_HOME": value}) == ((), ())


def test_a_folder_that_is_no_cache_shows_nothing(own_home: Path) -> None:
    write(own_home / "work" / "plans.txt")
    assert caches.find({name: str(own_home / "work") for name in caches.NAMED}) == ((), ())


def test_a_cache_that_leads_to_secrets_is_refused(own_home: Path, tmp_path: Path) -> None:
    (tmp_path / "uv").mkdir()
    (tmp_path / "uv" / "archive-v0").symlink_to(own_home)
    found, told = caches.find({"UV_CACHE_DIR": str(tmp_path / "uv")})
    assert (found, told) == ((), (f"{tmp_path}/uv: it holds your home folder",))
    (tmp_path / "pip" / "wheels" / "checkout").mkdir(parents=True)
    found, told = caches.find({"PIP_CACHE_DIR": str(tmp_path / "pip")}, [tmp_path / "pip" / "wheels" / "checkout"])
    assert (found, told) == ((), (f"{tmp_path}/pip: it holds {tmp_path}/pip/wheels/checkout",))
