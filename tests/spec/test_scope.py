import pytest

from specwright.spec.digest import digest
from specwright.spec.facts import Facts, Tree
from specwright.spec.languages import language_of
from specwright.spec.lint import check, fixes
from specwright.spec.parser import parse
from specwright.spec.rules.look import Look
from specwright.spec.scope import Scope, said, scope_of


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
        (". !./old/...", "x", True),
        (". !./old/...", "old/x", False),
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


ALL = frozenset({"a.py", "src/b.py", "src/deep/c.py"})


@pytest.mark.parametrize(
    ("forms", "found"),
    [
        ((".", "./", "...", "./...", "**", "./**"), ALL),
        (("src/", "./src/", "src/...", "src/**", "./src/**"), ALL - {"a.py"}),
        (("a.py", "./a.py"), {"a.py"}),
        (("src",), set()),
    ],
)
def test_each_form_of_a_token_means_the_same_everywhere(forms: tuple[str, ...], found: set[str]) -> None:
    specs = [parse(f"# spec! A\n# - [ ] x\n# - files: {form}", language_of("a.py"))[0][0] for form in forms]
    assert len({digest(spec) for spec in specs}) == 1
    for form, spec in zip(forms, specs, strict=True):
        assert {path for path in ALL if scope_of(spec, "a.py").allows(path)} == Tree(ALL).matching(form) == found
        assert not Scope((form,)).names("src/b.py", lambda folder: folder == ".")


@pytest.mark.parametrize(("token", "better"), [("src", "src/"), ("./src", "./src/"), ("!src/deep", "!src/deep/")])
def test_a_folder_without_its_slash_is_told(token: str, better: str) -> None:
    text = f"# spec! A\n# It is so.\n# - [ ] x is 1, check: `true`\n# - files: a.py {token}\n"
    [spec], problems = check(text, "a.py", Facts(tree=Tree(ALL)))
    [problem] = [problem for problem in problems if problem.code == "SPEC312"]
    assert (problem.severity, "is a folder" in problem.message) == ("warning", True)
    [fix] = fixes(Look(spec, text.splitlines(keepends=True), "a.py", Facts(tree=Tree(ALL))), problem)
    assert [edit.text for edit in fix.edits] == [better]


@pytest.mark.parametrize("token", ["./", ".", "...", "**"])
def test_the_whole_repository_is_told_with_its_files(token: str) -> None:
    text = f"# spec! A\n# It is so.\n# - [ ] x is 1, check: `true`\n# - files: {token}\n"
    told = [(problem.code, problem.message) for problem in check(text, "a.py", Facts(tree=Tree(ALL)))[1]]
    assert told == [("SPEC303", "Scope matches 3 files.")]


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("shop/price.py", "tests/test_price.py"),
        ("src/dur.ts", "src/dur.test.ts"),
        ("src/dur.ts", "src/dur.spec.ts"),
        ("src/Cart.jsx", "src/__tests__/Cart.test.jsx"),
        ("pkg/cart.go", "pkg/cart_test.go"),
        ("src/main/java/shop/Cart.java", "src/test/java/shop/CartTest.java"),
        ("app/src/main/kotlin/shop/Cart.kt", "app/src/test/kotlin/shop/CartTest.kt"),
        ("src/main/scala/Cart.scala", "src/test/scala/CartSpec.scala"),
        ("lib/shop/cart.rb", "spec/shop/cart_spec.rb"),
        ("app/models/cart.rb", "test/models/cart_test.rb"),
        ("Shop/Cart.cs", "Shop.Tests/CartTests.cs"),
        ("src/Cart.php", "tests/Unit/CartTest.php"),
        ("Sources/Shop/Cart.swift", "Tests/ShopTests/CartTests.swift"),
        ("lib/shop/cart.ex", "test/shop/cart_test.exs"),
        ("lib/cart.dart", "test/cart_test.dart"),
        ("src/cart.rs", "tests/cart.rs"),
    ],
)
def test_a_spec_in_code_may_change_the_test_of_its_file(path: str, test: str) -> None:
    spec = parse("// spec! A\n// - [ ] x\n", language_of("a.ts"), path)[0][0]
    scope = scope_of(spec, path)
    assert scope.allows(path)
    assert scope.allows(test)
    assert not scope.allows("other/Other.md")
    assert said(scope.patterns, path).patterns == ()


def test_a_project_names_its_own_places_of_tests() -> None:
    spec = parse("# spec! A\n# - [ ] x\n# - files: !a_check.py\n", language_of("a.py"), "a.py")[0][0]
    tests = ("checks/{folder}{stem}_check{suffix}",)
    scope = scope_of(spec, "src/a.py", tests)
    assert (scope.allows("checks/src/a_check.py"), scope_of(spec, "src/a.py").allows("checks/src/a_check.py")) == (
        True,
        False,
    )
    assert said(scope.patterns, "src/a.py", tests).patterns == ("!a_check.py",)


def test_a_default_that_was_stored_before_there_were_more_places_is_still_no_word_of_the_spec() -> None:
    path = "src/main/java/Cart.java"
    stored = (path, "tests/test_Cart.java", "test/test_Cart.java", "src/main/java/Cart.test.java",
              "src/main/java/Cart_test.java", "src/main/java/test_Cart.java", "test/Cart.test.java")  # fmt: skip
    assert said((*stored, "!docs/"), path).patterns == ("!docs/",)
    assert said((path, "docs/"), path).patterns == (path, "docs/")
