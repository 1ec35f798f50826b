import pytest

from specwright.spec.languages import language_of
from specwright.spec.parser import parse
from specwright.spec.scope import Scope, scope_of


@pytest.mark.parametrize(
    ("patterns", "path", "allowed"),
    [
        ("", "any/thing", True),
        ("a.py", "a.py", True),
        ("a.py", "b/a.py", False),
        ("src/", "src/a/b.py", True),
        ("src/...", "src/a/b.py", True),
        ("src/**", "src/a/b.py", True),
        ("src/", "srcs/a.py", False),
        ("*.py", "a.py", True),
        ("*.py", "a/b.py", False),
        ("**/*.py", "a/b.py", True),
        ("**/*.py", "b.py", True),
        ("src/**/x", "src/x", True),
        ("a.{py,ts}", "a.ts", True),
        ("a.{py", "a.{py", True),
        ("a?.py", "ab.py", True),
        ("a{b,}c{d,e{f,/**/g}}", "ace/x/y/g", True),
        ("a{b,}c{d,e{f,/**/g}}", "abcd", True),
        ("a{b,}c{d,e{f,/**/g}}", "abce", False),
        ("a,b", "a,b", True),
        ("}*{", "}*{", True),
        ("}*{", "}x{", False),
        ("**/" * 40 + "x", "a/" * 200 + "y", False),
        ("**/" * 40 + "x", "a/" * 200 + "x", True),
        ("*a" * 40 + "x", "a" * 200, False),
        ("{a,aa}" * 40, "a" * 81, False),
        ("src/ !src/old/", "src/old/a", False),
        ("!secret/", "secret/a", False),
        ("!secret/", "a", True),
        ("./", "x", True),
        ("./a.py", "a.py", True),
    ],
)
def test_what_a_scope_allows(patterns: str, path: str, allowed: bool) -> None:
    assert Scope(tuple(patterns.split())).allows(path) is allowed


@pytest.mark.parametrize(
    ("text", "path", "allowed", "denied"),
    [
        ("# spec! A\n# - files: b.py", "a.py", "b.py", "a.py"),
        ("# spec! A\n# - [ ] x", "pkg/a.py", "pkg/a.py", "pkg/b.py"),
        ("# spec! A\n# - [ ] x", "pkg/a.py", "tests/test_a.py", "tests/test_b.py"),
        ("// spec! A\n// - [ ] x", "src/a.ts", "src/a.test.ts", "src/b.ts"),
        ("# spec! A\n- files: !old/", "a.md", "x", "old/y"),
    ],
)
def test_the_default_scope_of_code_is_its_file_and_test(text: str, path: str, allowed: str, denied: str) -> None:
    [spec] = parse(text, language_of(path), path)[0]
    scope = scope_of(spec, path)
    assert (scope.allows(allowed), scope.allows(denied)) == (True, False)
