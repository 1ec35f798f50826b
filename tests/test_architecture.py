"""The layers and invariants of ARCHITECTURE.md, read from the source."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "server" / "specwright"
RANKS = {
    **dict.fromkeys(["errors", "__init__"], -1),
    **dict.fromkeys(["paths", "processes", "testing"], 0),
    "process": 1,
    **dict.fromkeys(["config", "leaks"], 2),
    "spec": 3,
    **dict.fromkeys(["tasks", "review"], 4),
    "api": 5,
    **dict.fromkeys(["store", "git", "agents", "gates", "sandbox"], 6),
    "engine": 7,
    **dict.fromkeys(["lsp", "cli", "daemon", "demo", "doctor"], 8),
    "__main__": 9,
}
VIEWS = {"api", "review", "tasks", "spec", "config", "paths", "errors"}
OUTSIDE = {
    "pygls": {"lsp"},
    "lsprotocol": {"lsp"},
    "sqlalchemy": {"store"},
    "sqlite3": {"store"},
    "git": {"git"},
    "anthropic": {"agents"},
    "httpx2": {"agents", "daemon"},
    "subprocess": {"process"},
    "dbos": set(),
    "click": {"cli"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def part(path: Path) -> str:
    """The top-level name that a module belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} imports relatively, which no rule here would see"
            for name in node.names:
                yield f"{node.module}.{name.name}", node.lineno


def ours(path: Path) -> Iterator[tuple[str, int]]:
    """The parts of ours that a module imports."""
    for name, line in imports(path):
        top, _, rest = name.partition(".")
        if top == "specwright" and rest.split(".")[0] in RANKS:
            yield rest.split(".")[0], line


def check_imports(path: Path, allowed: set[str]) -> None:
    wrong = [f"{path.name}:{line} imports {name}" for name, line in ours(path) if name not in allowed]
    assert not wrong


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(path: Path) -> None:
    here = part(path)
    below = {name for name, rank in RANKS.items() if rank < RANKS[here] and name != "testing"}
    check_imports(path, below | {here, "__init__"})


@pytest.mark.parametrize("path", [p for p in MODULES if part(p) in {"lsp", "cli"}], ids=lambda path: path.name)
def test_views_import_only_the_allow_list(path: Path) -> None:
    check_imports(path, VIEWS | {part(path)})


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_outside_thing_has_one_seam(path: Path) -> None:
    for name, line in imports(path):
        seam = OUTSIDE.get(name.split(".")[0])
        if seam is not None:
            assert part(path) in seam, f"{path.name}:{line} imports {name}"


STARTERS = re.compile(r"(create_)?subprocess_(exec|shell)|system|popen|fork(pty)?|(exec|spawn)[lv]p?e?|posix_spawnp?")


MAY_START = ("process.py", "launcher.py")
"""The second one becomes the command; it is a program of its own, which `process` starts."""


@pytest.mark.parametrize("path", [p for p in MODULES if p.name not in MAY_START], ids=lambda path: path.stem)
def test_only_process_starts_programs(path: Path) -> None:
    called = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)]
    assert not [f"{path.name}:{node.lineno} {node.attr}" for node in called if STARTERS.fullmatch(node.attr)]


PRINTERS = re.compile(r"click\.(echo|secho|echo_via_pager|prompt)|print|sys\.std(out|err)\.write(lines)?")


@pytest.mark.parametrize(
    "path", [p for p in MODULES if part(p) == "cli" and p.name != "output.py"], ids=lambda path: path.stem
)
def test_verbs_print_through_one_module(path: Path) -> None:
    """There, the text of agents and repositories is made harmless."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    named = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    assert not [f"{path.name}:{node.lineno}" for node in calls if PRINTERS.fullmatch(ast.unparse(node.func))]
    assert not [f"{path.name}:{node.lineno}" for node in named if node.module == "click"]


def test_encodings_of_the_protocol_are_known_in_one_module() -> None:
    knowing = {str(p.relative_to(PACKAGE)) for p in MODULES if "utf-16" in p.read_text().lower()}
    assert knowing == {"lsp/convert.py"}


def test_modules_have_a_docstring() -> None:
    bare = [p.name for p in MODULES if ast.get_docstring(ast.parse(p.read_text())) is None]
    assert not bare


PURE = ("config", "leaks", "spec", "tasks", "review")


@pytest.mark.parametrize("path", [p for p in MODULES if part(p) in PURE], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_pure_layers_do_no_io(path: Path) -> None:
    banned = {"os", "io", "pathlib", "socket", "asyncio", "subprocess", "tempfile", "shutil"}
    wrong = [name for name, _ in imports(path) if name.split(".")[0] in banned]
    if part(path) == "tasks":  # a protocol may name the type of a path
        wrong = [name for name in wrong if name != "pathlib.Path"]
    assert not wrong


def loaded(*modules: str) -> set[str]:
    """The top-level modules that a fresh interpreter has after importing some."""
    code = f"import sys; {'; '.join(f'import {m}' for m in modules)}; print(' '.join(sorted(sys.modules)))"
    environment = {"PYTHONPATH": str(PACKAGE.parent), "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


HEAVY = {"anthropic", "sqlalchemy", "git", "dbos", "httpx2", "pydantic", "junitparser", "genai_prices"}


def test_the_language_server_imports_nothing_heavy() -> None:
    assert not loaded("specwright.lsp.server") & (HEAVY | {"click", "rich"})


def test_list_imports_nothing_heavy() -> None:
    assert not loaded("specwright.cli.app", "specwright.cli.list") & (HEAVY | {"pygls", "lsprotocol", "attrs", "rich"})


WORK = {"open", "mkdir", "print", "getenv", "write_text", "read_text", "read_bytes", "connect", "run", "Popen"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_importing_does_no_work(path: Path) -> None:
    body = ast.parse(path.read_text()).body
    calls = [node for stmt in body if isinstance(stmt, ast.Expr | ast.Assign) for node in ast.walk(stmt)]
    names = {getattr(c.func, "attr", getattr(c.func, "id", "")) for c in calls if isinstance(c, ast.Call)}
    assert not names & WORK
    assert "environ" not in {getattr(node, "attr", "") for node in calls}
