"""Which specs completion knows: those of open documents as they are typed, and what somebody else knows beside them."""

from lsp.stage import Stage
from lsp.texts import partial
from specwright.lsp.authoring import Authoring
from specwright.spec.facts import Known


async def test_an_open_document_is_known_as_it_is_typed(stage: Stage) -> None:
    first, second = stage.open(), stage.open("x = 1\n# spec! B (#abcd12)\n", "sub/b.py")
    elsewhere = stage.open("# spec! Elsewhere\n", "../other/c.py")
    authoring = Authoring(stage.screen)
    stale, closed = Known("sub/b.py", 9, "Old", None), Known("c.py", 3, "C", None, ("#abcd12",))
    authoring.specs = lambda root: (stale, closed) if root == str(stage.root) else ()
    first.apply_change(partial((0, 8), (0, 11), "Tell"))
    found = [(spec.path, spec.line, spec.title, spec.handle) for spec in authoring.known(first)]
    assert found == [("a.py", 0, "Tell two", None), ("sub/b.py", 1, "B", "abcd12"), ("c.py", 3, "C", None)]
    assert set(authoring.known(second)) == set(authoring.known(first))
    assert [spec.title for spec in authoring.known(elsewhere)] == ["Elsewhere"]
