import re
from pathlib import Path

import pytest

from spec.edits import applied
from specwright.spec.digest import digest
from specwright.spec.edit import LineEdit, block_lines, handle_edit, new_handle, removal, ticked
from specwright.spec.languages import compiled, language_of
from specwright.spec.lines import split_lines
from specwright.spec.model import Spec
from specwright.spec.parser import parse
from specwright.spec.table import PARTS, ROWS, Block, Row

LONG = "word " * 2001
EXAMPLES = Path(__file__).parent.parent.parent / "examples" / "specs"
FILES = sorted(path for path in EXAMPLES.iterdir() if path.suffix not in {".json", ""})


def first(text: str, path: str) -> Spec:
    return parse(text, language_of(path), path)[0][0]


def removed(text: str, path: str = "a.py") -> str:
    return applied(text, [removal(split_lines(text), first(text, path), language_of(path))])


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ("# spec! A\n# - [ ] x\ncode\n", "code\n", "a.py"),
        ("# head\n#\n# spec! A\n# - [ ] x\ncode\n", "# head\ncode\n", "a.py"),
        ("# spec! A\n# - [ ] x\n#\n# tail\n", "# tail\n", "a.py"),
        ("# h\n#\n# spec! A\n# - [ ] x\n#\n# tail\n", "# h\n#\n# tail\n", "a.py"),
        ("/* spec! A\n * - [ ] x\n */\nint x;\n", "int x;\n", "a.c"),
        ("/* text\n *\n * spec! A\n * - [ ] x\n */\nint x;\n", "/* text\n *\n */\nint x;\n", "a.c"),
        ('def f():\n    """spec! A\n    - [ ] x\n    """\n', 'def f():\n    """A."""\n', "a.py"),
        ('def f():\n    """Doc.\n\n    spec! A\n    - [ ] x\n    """\n', 'def f():\n    """Doc.\n\n    """\n', "a.py"),
        ("# T\n\n```spec A\n- [ ] x\n```\n\ntext\n", "# T\n\n\ntext\n", "a.md"),
        ("# T\n## spec! A\n- [ ] x\n## B\n", "# T\n## B\n", "a.md"),
        ("# spec! A\r\n# - [ ] x\r\ncode\r\n", "code\r\n", "a.py"),
        ("/* spec! A\n * - [ ] x is 1 */ int x;\ny\n", "int x;\ny\n", "a.c"),
        ("/* spec! A */ int x;\n", "int x;\n", "a.c"),
        ("  /* spec! A\n   - [ ] x\n   */ int x;\n", "  int x;\n", "a.c"),
        ("/* a */ /* spec! A\n - [ ] x\n*/ int x;\n", "/* a */ int x;\n", "a.c"),
        ("/* spec! A /* b */ */ int x;\n", "int x;\n", "a.rs"),
        ("/* text\n * spec! no\n\n * spec! A */ int x;\n", "/* text\n * spec! no\n\n */ int x;\n", "a.c"),
        ("<a>\n  {/* spec! A\n  - [ ] x */}<b/>\n</a>\n", "<a>\n  <b/>\n</a>\n", "a.tsx"),
        ('"""spec! A\n- [ ] x\n"""; x = 1\n', '"""A."""; x = 1\n', "a.py"),
        ('r"""\nspec! A\n- [ ] x\n"""\n', 'r"""A."""\n', "a.py"),
        ('  @doc """\n  spec! A\n  - [ ] x\n  """\n', '  @doc """\n  A.\n  """\n', "a.ex"),
        ('@doc ~S"""\r\nspec! A\r\n"""\r\n', '@doc ~S"""\r\nA.\r\n"""\r\n', "a.ex"),
        ('@doc """\nB\n\nspec! A\n- [ ] x\n"""\n', '@doc """\nB\n\n"""\n', "a.ex"),
        ("=begin\nspec! A\n- [ ] x\n=end of it\nx\n", "x\n", "a.rb"),
        ("REM a\nREM\nREM spec! A\nREM - [ ] x\nx\n", "REM a\nx\n", "a.bat"),
        ("=begin about\n\nspec! A\n- [ ] x\n=end\n", "=begin about\n\n=end\n", "a.rb"),
        (f"/* spec! A\n - [ ] x\n{LONG}\n*/\nint x;\n", f"/*\n{LONG}\n*/\nint x;\n", "a.c"),
        (f"/*\n{LONG}\n spec! A\n - [ ] x */\nint x;\n", f"/*\n{LONG}\n */\nint x;\n", "a.c"),
        (f'"""spec! A\n- [ ] x\n# {LONG}\n"""\n', f'"""\n# {LONG}\n"""\n', "a.py"),
    ],
)
def test_removing_a_block_leaves_the_rest(before: str, after: str, path: str) -> None:
    assert removed(before, path) == after
    if path.endswith(".py"):
        compile(after, path, "exec")


OWN_LINES = ["{}\nspec! A\n- [ ] x\n{}\n", "{}\n\n  spec! A\n\n  - [ ] x\n{}"]
FORMS = [*OWN_LINES, "{} spec! A\n- [ ] x {}\n", "  {}spec! A{}\n"]
BLOCKS = [(row, block, form) for row in (*ROWS, *PARTS) for block in row.blocks
          for form in (OWN_LINES if block.column or block.alone else FORMS)]  # fmt: skip


@pytest.mark.parametrize(("row", "block", "form"), BLOCKS, ids=lambda it: getattr(it, "id", getattr(it, "opener", it)))
def test_a_block_comment_that_holds_only_a_spec_leaves_nothing(row: Row, block: Block, form: str) -> None:
    language, head = compiled(row), "<?php\n" if row.within else ""
    text = head + form.format(block.opener, block.closer + block.tail)
    [spec], _ = parse(text, language)
    assert applied(text, [removal(split_lines(text), spec, language)]) == head


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_removing_leaves_a_file_without_that_spec_and_the_others_as_they_were(path: Path) -> None:
    text = path.read_bytes().decode()
    specs = parse(text, language_of(path.name))[0]
    left = removed(text, path.name)
    assert parse(left, language_of(path.name))[0] == specs[1:]
    if path.suffix == ".py":
        compile(left, path.name, "exec")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_removing_and_undoing_gives_the_same_bytes(path: Path) -> None:
    text = path.read_bytes().decode()
    edit = removal(split_lines(text), first(text, path.name), language_of(path.name))
    back = LineEdit(edit.start, edit.start + len(edit.lines), tuple(split_lines(text)[edit.start : edit.end]))
    assert applied(applied(text, [edit]), [back]) == text


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("x\n# spec! A\n# - [ ] x\ny\n", "a.py"),
        ("x\n/* spec! A\n * - [ ] x\n */ int x;\n", "a.c"),
    ],
)
def test_the_own_block_of_a_comment_is_its_lines_without_code(text: str, path: str) -> None:
    assert block_lines(split_lines(text), first(text, path)) == range(1, 3)


def test_ticking_touches_the_box_alone() -> None:
    text = "# spec! A\n# - [ ] x\n# - [x] y\n# - [ ] z\n"
    edits = ticked(split_lines(text), first(text, "a.py"), {1, 2})
    assert edits == (LineEdit(1, 2, ("# - [x] x\n",)),)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("# spec! A\n# - [ ] x\ny = 1\n", "a.py"),
        ("/* spec! A\n * - [ ] x */\nint y;\n", "a.c"),
        ("/* text\n *\n * spec! A\n * - [ ] x\n */\n", "a.c"),
        ('def f():\n    """spec! A\n    - [ ] x\n    """\n', "a.py"),
        ('def f():\n    """Doc.\n\n    spec! A\n    - [ ] x\n    """\n', "a.py"),
        ("```spec A\n- [ ] x\n```\n", "a.md"),
        ("## spec! A\n\n- [ ] x\n\n## B\n", "a.md"),
        ("# A\n\n- [ ] x\n", ".specs/a.spec.md"),
    ],
)
def test_a_spec_of_each_carrier_can_be_ticked_and_keeps_its_digest(text: str, path: str) -> None:
    before = first(text, path)
    after = applied(text, ticked(split_lines(text), before, {1}))
    assert after == text.replace("[ ]", "[x]")
    assert (digest(first(after, path)), first(after, path).criteria[0].ticked) == (digest(before), True)


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("# spec! A\n", "a.py", "# spec! A (#abc123)\n"),
        ("## spec! A ##\n", "a.md", "## spec! A (#abc123) ##\n"),
        ("/* spec! A */\n", "a.c", "/* spec! A (#abc123) */\n"),
        ("```spec A\n- [ ] x\n```\n", "a.md", "```spec A (#abc123)\n"),
        ("<!-- spec! A -->\n", "a.html", "<!-- spec! A (#abc123) -->\n"),
        ("# spec! A  \n", "a.py", "# spec! A (#abc123)  \n"),
        ("# A\n\n- [ ] x\n", ".specs/a.spec.md", "# A (#abc123)\n"),
    ],
)
def test_a_handle_goes_before_what_closes_the_line(text: str, path: str, line: str) -> None:
    assert handle_edit(split_lines(text), first(text, path), "abc123").lines == (line,)


def test_a_new_handle_is_one_letter_and_five_signs_that_nobody_misreads() -> None:
    made = [new_handle(()) for _ in range(300)]
    assert [handle for handle in made if not re.fullmatch("[a-hjkmnp-tv-z][a-hjkmnp-tv-z0-9]{5}", handle)] == []
    assert len({sign for handle in made for sign in handle}) == len("abcdefghjkmnpqrstvwxyz0123456789")


def test_a_new_handle_is_unused() -> None:
    used = {new_handle(()) for _ in range(100)}
    assert new_handle(used) not in used
