"""Every row of the language table: what carries a spec, what is a string, and that code goes on rightly behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from spec.languages import LANGUAGES, WITHIN, Language
from spec.strings import SAMPLES
from specwright.spec.languages import language_of
from specwright.spec.parser import parse
from specwright.spec.table import ROWS, UNKNOWN, Row

CARRYING = [row for row in (*ROWS, UNKNOWN) if row.leaders or row.blocks or row.docs]
IN_REGION = {"php": ("<?php\n", "\n?>")}


@dataclass(frozen=True)
class Sample:
    """A text of a language, and the titles that it holds."""

    row: Row
    text: str
    titles: tuple[str, ...]


def titles(row: Row, text: str) -> tuple[str, ...]:
    begin, end = IN_REGION.get(row.id, ("", ""))
    specs, _ = parse(begin + text + end, language_of("x", row.id))
    return tuple(spec.title for spec in specs)


def name(sample: Sample) -> str:
    return f"{sample.row.id} {sample.text.splitlines()[0][:30]}"


def carried() -> Iterator[Sample]:
    for row in CARRYING:
        for leader in row.leaders:
            yield Sample(row, f"{leader} spec! A\n{leader} - [ ] x\n", ("A",))
        for block in row.blocks:
            tail = block.closer + block.tail
            yield Sample(row, f"{block.opener}\nspec! A\n- [ ] x\n{tail}\n", ("A",))
            if not block.alone:
                yield Sample(row, f"{block.opener} spec! A\n- [ ] x\n{tail}\n", ("A",))
            if not block.column and not block.alone:
                yield Sample(row, f"  {block.opener} spec! A {tail}\n", ("A",))
        if row.docs:
            opener = "@doc " if row.id == "elixir" else ""
            yield Sample(row, f'  {opener}"""spec! A\n  - [ ] x\n  """\n', ("A",))


@pytest.mark.parametrize("sample", list(carried()), ids=name)
def test_each_leader_and_block_carries_a_spec(sample: Sample) -> None:
    assert titles(sample.row, sample.text) == sample.titles


def first_carrier(row: Row) -> str:
    if row.leaders:
        return f"{row.leaders[0]} spec! After"
    if row.blocks:
        return f"{row.blocks[0].opener} spec! After {row.blocks[0].closer}"
    return '"""spec! After"""'


STRINGS = [(row, text) for row in CARRYING for text in SAMPLES.get(row.id, ())]


@pytest.mark.parametrize(("row", "text"), STRINGS, ids=lambda value: value.id if isinstance(value, Row) else value[:30])
def test_a_marker_in_a_string_is_none_and_code_goes_on_behind_it(row: Row, text: str) -> None:
    """In a sample `@@` becomes each of the ways to begin a comment, with a marker behind it."""
    ways = [*row.leaders, *(block.opener for block in row.blocks if not block.column)] or ["#"]
    for way in ways:
        if set(way) & set("'|") & set(text):  # it would end the string
            continue
        made = text.replace("@@", f"{way} spec! In")
        closing = "".join(block.closer for block in row.blocks if block.opener == way)
        made = made.replace("%%", closing)
        assert titles(row, f"{made}\n{first_carrier(row)}\n") == ("After",), made


def test_every_language_whose_strings_run_over_lines_has_a_sample() -> None:
    assert {row.id for row in CARRYING if row.longs} <= set(SAMPLES)


@pytest.mark.parametrize("row", [row for row in CARRYING if row.leaders], ids=lambda row: row.id)
def test_a_marker_behind_code_is_none(row: Row) -> None:
    assert titles(row, f"x = 1 {row.leaders[0]} spec! A\n") == ()


@pytest.mark.parametrize("row", [row for row in CARRYING if any(b.nests for b in row.blocks)], ids=lambda row: row.id)
def test_a_comment_that_nests_ends_at_its_own_end(row: Row) -> None:
    for block in (block for block in row.blocks if block.nests):
        text = f"{block.opener}\n{block.opener} in {block.closer}\nspec! No\n{block.closer}\n{first_carrier(row)}\n"
        assert titles(row, text) == ("After",)
        quiet = f"x {block.opener} {block.opener} {block.closer}\nspec! No\n{block.closer}\n{first_carrier(row)}\n"
        assert titles(row, quiet) == ("After",)


def texts(language: Language) -> Iterator[tuple[str, str]]:
    """For each sign of a row a text that holds a spec by it, where it counts."""
    if language.id == "markdown":
        forms = ("## spec! A\n%s", "```spec A\n%s```\n", "~~~spec A\n%s~~~\n")
        yield from ((form, form % "- [ ] x, check: `true`\n") for form in forms)
    for sign in (*language.leaders.split(), *language.blocks):
        for begin, end in WITHIN.get(language.id, {}).get(sign, (("", ""),)):
            yield sign, begin + by(sign) + end


def by(sign: str) -> str:
    """A spec that a leader or a pair carries."""
    opener, _, closer = sign.rpartition(" ")
    if opener:
        return f"{opener}\nspec! A\n- [ ] x, check: `true`\n{closer}\n"
    return f"{sign} spec! A\n{sign} - [ ] x, check: `true`\n"


def found(text: str, path: str, given: str | None) -> list[tuple[str, list[tuple[str, str | None]]]]:
    """Title and criteria of each spec."""
    specs, _ = parse(text, language_of(path, given), path)
    return [(spec.title, [(c.text, c.check) for c in spec.criteria]) for spec in specs]


FILES = [(language, *name) for language in LANGUAGES for name in language.names]


@pytest.mark.parametrize(("language", "path", "given"), FILES, ids=lambda it: getattr(it, "id", it))
def test_each_file_of_the_table_is_read_by_its_own_signs(language: Language, path: str, given: str | None) -> None:
    assert language_of(path, given).id == language.id
    for sign, text in texts(language):
        assert found(text, path, given) == [("A", [("x", "true")])], sign


SIGNS = {sign for language in LANGUAGES for sign in (*language.leaders.split(), *language.blocks)}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.id)
def test_no_sign_of_another_language_carries_a_spec(language: Language) -> None:
    begin, end = IN_REGION.get(language.id, ("", ""))
    openers = tuple(own.rpartition(" ")[0] for own in language.blocks)
    headings = {"#", "##"} if language.id == "markdown" else set()
    for sign in SIGNS - {*language.leaders.split(), *language.blocks} - headings:
        if not openers or not sign.startswith(openers):
            assert found(begin + by(sign) + end, *language.names[0]) == [], sign


def test_no_file_is_of_two_languages_and_the_table_has_every_row() -> None:
    names = [name for row in ROWS for name in (*(f".{one}" for one in row.files.split()), *row.names.split())]
    ids = [name for row in ROWS for name in (row.id, *row.ids)]
    assert (len(set(names)), len(set(ids))) == (len(names), len(ids))
    assert {language.id for language in LANGUAGES} == {row.id for row in (*ROWS, UNKNOWN)}


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a/WORKSPACE", "starlark"), ("build", "unknown"), ("A.PY", "python"), (".gitignore", "ini"), (".env", "ini"),
        ("package.json", "json"), ("a.m", "unknown"), ("a.txt", "unknown"),
    ],
)  # fmt: skip
def test_names_and_extensions(path: str, language: str) -> None:
    assert language_of(path).id == language


@pytest.mark.parametrize(
    ("path", "language_id", "language"),
    [
        ("a.m", "objective-c", "c"), ("a.m", "matlab", "matlab"), ("a.m", "octave", "matlab"),
        ("a.txt", "typescriptreact", "typescript"), ("Makefile", "shellscript", "shellscript"),
        ("a.py", "plaintext", "python"), ("a.h", "cpp", "cpp"), ("a.html", "vue", "vue"), ("a.x", "sh", "shellscript"),
    ],
)  # fmt: skip
def test_the_language_id_comes_first(path: str, language_id: str, language: str) -> None:
    assert language_of(path, language_id).id == language


RULES = [
    ("makefile", "all:\n\t# spec! A", ()),
    ("makefile", "  # spec! A", ("A",)),
    ("ruby", " =begin\nspec! A\n=end", ()),
    ("ruby", "=begin\n =end\n# spec! A\n=end\n# spec! B", ("B",)),
    ("matlab", "x = 1 %{\n% spec! A", ("A",)),
    ("matlab", "%{ x\n% spec! A\n%}", ()),
    ("matlab", "y = x'; % '\n% spec! A", ("A",)),
    ("fortran", "!spec! A", ()),
    ("fortran", "! spec! A", ("A",)),
    ("haskell", "--| spec! A", ()),
    ("haskell", "--> spec! A", ()),
    ("haskell", "x = a --> b {-\n-- spec! A\n-}", ()),
    ("haskell", "x = a --| b {-\n-- spec! A\n-}", ()),
    ("haskell", "-- spec! A", ("A",)),
    ("elm", "--spec! A", ("A",)),
    ("shellscript", "#!/bin/sh\n# spec! A", ("A",)),
    ("shellscript", "#spec! A", ()),
    ("python", "#!spec! A", ()),
    ("perl", "=pod\n\n# spec! A\n\n=cut\n# spec! B", ("B",)),
    ("perl", "print 1;\n__END__\n# spec! A", ()),
    ("ruby", "puts 1\n__END__\n# spec! A", ()),
    ("html", "<script>\n<!-- spec! A -->\n</script>\n<!-- spec! B -->", ("B",)),
    ("html", "<style>\n<!-- spec! A -->\n</style>\n<!-- spec! B -->", ("B",)),
    ("html", "// spec! A", ()),
    ("html", "<p>don't</p>\n<!-- spec! B -->", ("B",)),
    ("vue", "// spec! A\n<script setup>\n// spec! B\n</script>", ("B",)),
    ("vue", "<style>\n/* spec! A */\n</style>\n<template>\n/* spec! B */\n</template>", ("A",)),
    ("vue", "<script>\nx = `\n// spec! A\n`\n</script>\n<!-- spec! B -->", ("B",)),
    ("vue", "<script>\n// </script>\n<!-- spec! B -->", ("B",)),
    ("svelte", "<script lang='ts'>\n// spec! A\n</script>", ("A",)),
    ("astro", "---\n// spec! A\n---\n<!-- spec! B -->", ("A", "B")),
    ("php", "x ?> # spec! A\n# spec! B\n<?php\n# spec! C", ("C",)),
    ("php", "// a ?>\n# spec! B\n<?php\n# spec! C", ("C",)),
    ("xml", "<![CDATA[\n<!-- spec! A -->\n]]>\n<!-- spec! B -->", ("B",)),
    ("xml", "<!-- spec! B -->", ("B",)),
    ("yaml", "a: |\n  # spec! A\n\n  b\n# spec! B", ("B",)),
    ("yaml", "- a: >-\n    # spec! A\n  # spec! B", ("B",)),
    ("yaml", "- |\n  # spec! A\n# spec! B", ("B",)),
    ("yaml", "a: b | c\n# spec! B", ("B",)),
    ("yaml", "a: it's\n# spec! B", ("B",)),
    ("typescript", "x = `${`\n// spec! A\n`}`\n// spec! B", ("B",)),
    ("typescript", "x = `${{a: {}}}\n// spec! A\n`\n// spec! B", ("B",)),
    ("typescript", "x = `a ${\n// spec! A\nb}`", ("A",)),
    ("typescript", "x = /`/\n// spec! B", ("B",)),
    ("typescript", "x = /[/`]/g\n// spec! B", ("B",)),
    ("typescript", "x = a / b / `\n// spec! A\n`\n// spec! B", ("B",)),
    ("typescript", "/* a */ /* spec! B\n - [ ] x */", ("B",)),
    ("typescript", "{/* spec! A\n - [ ] x */}\n// spec! B", ("A", "B")),
    ("typescript", "f(() => {/* a */ g() })\n// spec! B", ("B",)),
    ("shellscript", "cat <<A <<'B'\n# spec! A\nA\n# spec! B\nB\n# spec! C", ("C",)),
    ("shellscript", "cat <<-EOF\n# spec! A\n\tEOF\n# spec! C", ("C",)),
    ("shellscript", "cat <<EOF\n  EOF\n# spec! A\nEOF\n# spec! C", ("C",)),
    ("shellscript", "x=$((1 << y))\ncat <<<word\n# spec! C", ("C",)),
    ("shellscript", "echo a # don't\necho \\'\n# spec! C", ("C",)),
    ("ruby", "x << y\n[1] <<2\n# spec! C", ("C",)),
    ("ruby", "f(<<~A, <<~B)\n# spec! A\nA\n# spec! B\n  B\n# spec! C", ("C",)),
    ("rust", "fn f<'a>(x: &'a str) {}\n// spec! C", ("C",)),
    ("rust", "x = '\"';\n// spec! C", ("C",)),
    ("java", "x = '\\'' + '\"';\n// spec! C", ("C",)),
    ("ocaml", "let f (x : 'a) = '\"'\n(* spec! C *)", ("C",)),
    ("fsharp", "let f = (*) 1\n// spec! C", ("C",)),
    ("elixir", "x = ?\"\n# spec! C", ("C",)),
    ("elixir", "@moduledoc \"\"\"\nspec! C\n\"\"\"", ("C",)),
    ("elixir", "@doc ~S\"\"\"\nspec! C\n\"\"\"", ("C",)),
    ("clojure", "x \\\" y\n; spec! C", ("C",)),
    ("commonlisp", "#\\\" x\n; spec! C", ("C",)),
    ("lua", "x = [==[\n-- spec! A\n]=]\n]==]\n-- spec! C", ("C",)),
    ("bat", "rem spec! A\nrem - [ ] x", ("A",)),
    ("vb", "Rem spec! A", ("A",)),
    ("unknown", "-- spec! A\n\n; spec! B\n\n% spec! C\n\n// spec! D", ("A", "B", "C", "D")),
    ("jsonc", "{\n// spec! A\n}", ("A",)),
    ("json", "// spec! A", ()),
    ("gleam", "//// spec! A", ("A",)),
    ("go", "/// spec! A", ()),
    ("c", "/// spec! A\n//! spec! B\n// spec! C", ("A", "B", "C")),
    ("sql", "x = 'it''s'\n-- spec! A", ("A",)),
    ("sql", "do $b$ x $a$ -- spec! In\n$b$\n-- spec! A", ("A",)),
    ("latex", "\\% spec! No\n% spec! A", ("A",)),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), RULES, ids=lambda value: str(value)[:30])
def test_rules_of_single_languages(language: str, text: str, expected: tuple[str, ...]) -> None:
    row = next((row for row in (*ROWS, UNKNOWN) if language in (row.id, *row.ids)), UNKNOWN)
    begin = IN_REGION.get(row.id, ("",))[0]
    specs, _ = parse(begin + text, language_of("x", language))
    assert tuple(spec.title for spec in specs) == expected
