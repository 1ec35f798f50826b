"""All specs of the checkouts that a window works in: what is kept of each, found by its handle, title or `after:`."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from specwright.lsp.document import Document
from specwright.lsp.project import project_of
from specwright.paths.scan import File, text_of
from specwright.spec.after import references
from specwright.spec.digest import digest
from specwright.spec.facts import Facts, Known, Tree, folded
from specwright.spec.identity import slug
from specwright.spec.model import Spec
from specwright.spec.reading import USUAL, Reading

WORD = b"spec"
"""What every usual sign of a spec holds; a look for it costs a twentieth of one for a pattern."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """One spec by its place and names; its text stays where it is."""

    known: Known
    last: int
    """Its last line."""
    digest: str
    slug: str


Specs = tuple[Indexed, ...]


@dataclass(slots=True)
class _Checkout:
    files: dict[str, Specs] = field(default_factory=dict)
    whole: bool = False
    """Whether all of its files have been looked at."""
    paths: set[str] = field(default_factory=set)
    """All of its files that git does not ignore."""
    known: tuple[Known, ...] | None = None
    tree: Tree | None = None
    facts: Facts | None = None
    owners: dict[str, str] = field(default_factory=dict)
    """By handle, the file that had it first."""
    by_name: dict[str, list[Indexed]] | None = None
    """By `#handle`, and by title in one case."""


class Index:
    """Specs by checkout and path, in no text; used on the loop alone."""

    def __init__(self) -> None:
        self._checkouts: dict[str, _Checkout] = {}
        self.version = 0
        """Counts the news."""

    def put(self, file: File, specs: Specs) -> bool:
        """These are the specs of a file now; whether that is news."""
        checkout = self._checkouts.setdefault(file.root, _Checkout())
        before = checkout.files.get(file.path, ())
        if before == specs:
            return False
        if specs:
            checkout.files[file.path] = specs
        else:
            del checkout.files[file.path]
        _own(checkout, file.path, before, specs)
        checkout.by_name = None
        self.version += 1
        if [entry.known for entry in before] != [entry.known for entry in specs]:
            checkout.facts = checkout.known = None
        return True

    def fill(self, root: str, files: Mapping[str, Specs], whole: bool, paths: set[str]) -> None:
        """These are all specs and files of a checkout, or those that were found before there were too many."""
        before, made = self._of(root).owners, _Checkout(dict(files), whole, paths)
        for path in sorted(files, key=lambda path: (path not in before.values(), path)):
            _own(made, path, (), files[path])
        self._checkouts[root] = made
        self.version += 1

    def touched(self, root: str) -> None:
        """What files hold may be another thing now."""
        if checkout := self._checkouts.get(root):
            checkout.facts = checkout.tree = None

    def there(self, file: File, is_file: bool) -> None:
        """A file came, or went."""
        checkout = self._checkouts.get(file.root)
        if checkout and is_file != (file.path in checkout.paths):
            checkout.paths ^= {file.path}
            checkout.facts = checkout.tree = None

    def keep(self, roots: Iterable[str]) -> None:
        """Forget the checkouts that are not among these."""
        self._checkouts = {root: found for root, found in self._checkouts.items() if root in set(roots)}

    def below(self, root: str, path: str) -> list[File]:
        """The files with specs at a path, or below it."""
        files = self._of(root).files
        return [File(root, known) for known in files if known == path or known.startswith(f"{path}/")]

    @property
    def roots(self) -> list[str]:
        """The checkouts that something is known of."""
        return list(self._checkouts)

    def is_whole(self, root: str) -> bool:
        """Whether all of a checkout's files have been looked at."""
        return self._of(root).whole

    def facts(self, root: str) -> Facts | None:
        """What rules may know of a checkout's specs and files; None until all of it has been looked at."""
        checkout = self._of(root)
        if checkout.whole and checkout.facts is None:
            checkout.tree = checkout.tree or (tree_of(root, checkout.paths) if root.startswith("/") else None)
            checkout.known = checkout.known or tuple(entry.known for entry in self.specs(root))
            checkout.facts = Facts(specs=checkout.known, owners=self.owners(root), tree=checkout.tree)
        return checkout.facts

    def has_file(self, root: str, path: str) -> bool:
        """Whether there is such a file that git does not ignore."""
        return path in self._of(root).paths

    def owners(self, root: str) -> dict[str, str]:
        """By handle, the file that had it first."""
        return dict(self._of(root).owners)

    def specs(self, root: str) -> Iterator[Indexed]:
        """All specs of a checkout, in order of path and line."""
        files = self._of(root).files
        return chain.from_iterable(files[path] for path in sorted(files))

    def named(self, root: str, reference: str) -> list[Indexed]:
        """The specs that a reference means: `#` and a handle, or a title."""
        checkout = self._of(root)
        if checkout.by_name is None:
            checkout.by_name = {}
            for entry in self.specs(root):
                for name in entry.known.names:
                    checkout.by_name.setdefault(name, []).append(entry)
        return checkout.by_name.get(folded(reference), [])

    def naming(self, root: str, known: Known) -> Iterator[Indexed]:
        """The specs that name another in their `after:`."""
        names = set(known.names)
        for entry in self.specs(root):
            if any(folded(name.name) in names for value in entry.known.after for name in references(value)):
                yield entry

    def _of(self, root: str) -> _Checkout:
        return self._checkouts.get(root) or _Checkout()


def _own(checkout: _Checkout, path: str, before: Specs, now: Specs) -> None:
    """A file takes the handles that no other has, and gives up those that it has no longer."""
    handles = {entry.known.handle for entry in now}
    for entry in before:
        handle = entry.known.handle
        if handle and handle not in handles and checkout.owners.get(handle) == path:
            del checkout.owners[handle]
    for handle in filter(None, handles):
        checkout.owners.setdefault(handle, path)


def tree_of(root: str, paths: Collection[str]) -> Tree:
    """The files of a checkout, as rules look at them."""
    return Tree(
        frozenset(paths),
        lambda path: text_of(f"{root}/{path}", lambda data: True),
        lambda path: os.path.lexists(f"{root}/{path}"),
    )


def read(file: File) -> Specs:
    """The specs of a file on the disk."""
    reading = project_of(file.root).reading
    text = text_of(file.full, lambda data: reading.is_whole(file.path) or _may_hold(reading, data))
    if text is None:
        return ()
    specs, _ = reading.parse(text, file.path)
    return tuple(_indexed(file.path, spec, digest(spec), 0) for spec in specs)


def of_document(document: Document) -> tuple[File, Specs]:
    """The place of an open document, and its specs as they are typed; a text that is no file is its own checkout."""
    file = place(document)
    found = (
        _indexed(file.path, spec, document.names(block).digests[number], block.first)
        for block, number, spec in document.placed()
    )
    return file, tuple(found)


def place(document: Document) -> File:
    """Where an open document stands in the index."""
    return File(document.root, document.relative) if document.real_path else File(document.uri, "")


def _indexed(path: str, spec: Spec, name: str, down: int) -> Indexed:
    known = Known(path, spec.span.start.line + down, spec.title, spec.handle, spec.values("after"))
    return Indexed(known, spec.span.end.line + down, name, slug(spec.title))


def _may_hold(reading: Reading, data: bytes) -> bool:
    is_usual = reading.words == USUAL.words
    return (not is_usual or WORD in data) and reading.sign.search(data) is not None
