"""A spec that a formatter has touched still means the same. A formatter that is not installed is skipped, and says so.

`scripts/formatters` installs those that come from package registries; SPECWRIGHT_FORMATTERS names where.
"""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest

from specwright.spec.after import references
from specwright.spec.digest import digest
from specwright.spec.facts import folded
from specwright.spec.languages import language_of
from specwright.spec.parser import parse
from specwright.spec.scope import scope_of

HOME = Path(os.environ.get("SPECWRIGHT_FORMATTERS", ".cache/formatters")).absolute()
RUST = f"{pwd.getpwuid(os.getuid()).pw_dir}/.rustup"
SPEC = (
    "spec! Retry idempotent requests (#k7f3qa)",
    "Retry GET and PUT requests up to three times when the server answers 503, because one restart of a worker must "
    "not become an error of the whole page.",
    "- [ ] a 503 then 200 returns 200, check: `pytest -q tests/test_retry_of_idempotent_requests.py::test_three_times`",
    "- [ ] the log names each try",
    "- files: src/retry.py tests/test_retry.py docs/retry.md",
    "- not: retries of POST requests, which are not idempotent, and any change of the time limits that callers pass in",
    "- see: src/client.py#L40-L88 docs/config.md",
    "- budget: 15 min, $2",
)
NAMES = (
    "- files: `tests/**/test_*.py` src/a_b.py `src/__init__.py`",
    "- see: docs/a_b.md",
    "- after: #m2x9rd stacked",
    "- must: *each* try, and __init__ of a client, is a `` a`b `` to the log; 2 * 3 tries are _too_ many &amp; costly",
)
BARE = ("- files: *.md tests/**/test_*.py src/a_b.py", "- see: docs/*_b.md", "- gates: +mutation", "- after: Use a_b")
"""What is not in back-ticks: mdformat escapes it, prettier takes some of it for emphasis."""


def lines(leader: str, indent: str = "") -> str:
    return "".join(f"{indent}{leader} {line}\n" for line in SPEC)


def block(opener: str, closer: str, gutter: str = "") -> str:
    return f"{opener}\n" + "".join(f"{gutter}{line}\n" for line in SPEC) + f"{closer}\n"


SLASHES, WRONG = lines("//"), lines("//", "      ")
STAR, DOC, PLAIN = block("/*", " */", " * "), block("/**", " */", " * "), block("/*", "*/")
CODE = {
    "py": f'{lines("#")}\ndef  f( x ):\n  """   Text\n\n  {"".join(f"{line}{chr(10)}  " for line in SPEC)}"""\n'
    f"{lines('#', '        ')}  return {{'a':x,\n 'b' :1}}\n",
    "js": f"{SLASHES}\nfunction  f( x ){{\n{WRONG}return  x\n}}\n{DOC}let  y={{a:1}}\n",
    "ts": f"{SLASHES}\nfunction  f( x:number ){{\n{WRONG}return  x\n}}\n{DOC}let  y={{a:1}}\n",
    "tsx": f"{SLASHES}\nconst  A=()=><p>\n{block('{/*', '*/}')}<b>x</b></p>\n{STAR}let  y={{a:1}}\n",
    "css": f"{STAR}\na{{color:red;\nb:c}}\n",
    "html": f"<!DOCTYPE html><html><body>\n{block('<!--', '-->')}<p  a=b>x</p></body></html>\n",
    "yaml": f"{lines('#')}\na:   1\nb:\n    - x\n{lines('#', '    ')}    -   y\n",
    "md": f"# T\n\n{'#' * 2} {SPEC[0]}\n\n{SPEC[1]}\n\n" + "\n".join([*SPEC[2:], *NAMES])
    + f"\n\n## Next\n\n```spec{SPEC[0].removeprefix('spec!')}\n"
    + "\n".join([*SPEC[1:], *NAMES]) + "\n```\n\n*  x\n",
    "mdx": f"# {SPEC[0]}\n\n{SPEC[1]}\n\n" + "\n".join([*SPEC[2:], *BARE]) + "\n\n# Next\n\n*  x\n",
    "cpp": f"{SLASHES}\nint  f( int x ){{\n{WRONG}return  x;}}\n{STAR}int  g();\n{lines('///')}int  h( );\n",
    "c": f"{SLASHES}\nint  f( int x ){{\n{WRONG}return  x;}}\n{STAR}int  g();\n",
    "java": f"{SLASHES}\nclass  A{{\n{WRONG}int  f( int x ){{return  x;}}\n{DOC}int  g;}}\n",
    "cs": f"{SLASHES}\nclass  A{{\n{WRONG}int  f( int x ){{return  x;}}\n{lines('///')}int  g;}}\n",
    "go": f"package  a\n\n{SLASHES}\nfunc  f( x int )int{{\n{WRONG}return  x\n}}\n\n{PLAIN}var  y=1\n",
    "rs": f"{SLASHES}\nfn  f( x:i32 )->i32{{\n{WRONG}x}}\n{STAR}fn  g( ){{}}\n{lines('///')}fn  h( ){{}}\n",
    "kt": f"{SLASHES}\nfun  f( x:Int ):Int{{\n{WRONG}return  x\n}}\n\n{DOC}val  y=1\n",
    "rb": f"{lines('#')}\ndef  f( x )\n{lines('#', '        ')}return  x\nend\n{block('=begin', '=end')}y  =  1\n",
    "php": f"<?php\n{SLASHES}\nfunction  f( $x ){{\n{WRONG}return  $x;}}\n{DOC}$y=1;\n{lines('#')}$z=1;\n",
    "sh": f"{lines('#')}\nf ( ) {{\n{lines('#', '        ')}echo   x\n}}\n",
    "sql": f"{lines('--')}\nselect  a,b\nfrom   t\n;\n{PLAIN}select  1\n;\n",
}  # fmt: skip
PRETTIER = "prettier --write --log-level warn"
RUNS = [
    ("py", "black -q"), ("py", "docformatter -i"), ("py", "ruff format -q"), ("py", "yapf -i"),
    ("py", "autopep8 -i -a -a --max-line-length 79"),
    ("cpp", "clang-format -i --style=Google"), ("cpp", "clang-format -i --style=LLVM"),
    ("c", "clang-format -i --style=Google"), ("cs", "clang-format -i --style=Microsoft"),
    ("java", "clang-format -i --style=Google"), ("go", "gofmt -w"), ("rs", "rustfmt"),
    ("rs", "rustfmt +nightly --edition 2021 --config wrap_comments=true,comment_width=80,normalize_comments=true"),
    ("js", PRETTIER), ("ts", PRETTIER), ("tsx", PRETTIER), ("css", PRETTIER), ("html", PRETTIER),
    ("yaml", f"{PRETTIER} --prose-wrap always"), ("md", f"{PRETTIER} --prose-wrap always"),
    ("md", f"{PRETTIER} --prose-wrap never"), ("md", "mdformat --wrap 80"), ("md", "mdformat"),
    ("mdx", "mdformat --wrap 80"), ("mdx", "mdformat"),
    ("php", f"{PRETTIER} --plugin @prettier/plugin-php"), ("sh", "shfmt -w"),
    ("sql", "sqlfluff fix -q --dialect ansi"), ("kt", "ktlint --format --log-level=none"),
    ("rb", "rubocop -a --fail-level F --format quiet"),
]  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder where plugins of Node's are found."""
    if (HOME / "node_modules").is_dir():
        (tmp_path / "node_modules").symlink_to(HOME / "node_modules")
    return tmp_path


def found(name: str) -> str | None:
    path = os.pathsep.join([str(HOME / "bin"), str(HOME / "node_modules" / ".bin"), os.environ["PATH"]])
    return shutil.which(name, path=path)


def meant(text: str, path: str) -> list[object]:
    """Handle, digest, scope and what it waits for, of each spec."""
    return [
        (
            *(spec.handle, digest(spec), scope_of(spec, path)),
            *((folded(found.name), found.stacked) for value in spec.values("after") for found in references(value)),
        )
        for spec in parse(text, language_of(path), path)[0]
    ]


@pytest.mark.parametrize(("kind", "command"), RUNS, ids=lambda value: value)
def test_a_formatter_leaves_what_specs_mean(kind: str, command: str, place: Path) -> None:
    words = command.split()
    program = found(words[0])
    if program is None:
        pytest.skip(f"{words[0]} is not installed")
    text = CODE[kind]
    file = place / f"a.{kind}"
    before = meant(text, file.name)
    assert len(before) == text.count("Retry idempotent requests")
    file.write_text(text)
    environment = {"RUSTUP_HOME": RUST, **os.environ} if Path(RUST).is_dir() else None
    line = [program, *words[1:], file.name]
    done = subprocess.run(line, cwd=place, env=environment, capture_output=True, text=True, timeout=110)
    if done.returncode and "toolchain" in done.stderr:
        pytest.skip(f"{command}: that toolchain is not installed")
    after = file.read_text()
    assert after != text, f"{command} changed nothing: {done.stdout}{done.stderr}"
    assert meant(after, file.name) == before, after
