"""Rules about paths that a spec names: 311 to 315."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from specwright.spec.facts import Tree
from specwright.spec.lines import split_lines
from specwright.spec.model import Criterion, Problem, Severity, Span
from specwright.spec.rules.look import Look
from specwright.spec.rules.words import MADE
from specwright.spec.scope import spelled
from specwright.spec.see import LINES, anchors, path_of

WILD = re.compile(r"[*?{]")
MENTION = re.compile(r"[\w@./-]+")
ARGUMENT = re.compile(r"[^\s'\"=]+")
PROGRAM = re.compile(r"[A-Za-z0-9_.+-]+(?:/[A-Za-z0-9_.+-]+)*|\./[\w./+-]+")
SUFFIX = re.compile(r"\.[A-Za-z]\w{0,7}$")
AT_LINE = re.compile(r"(?<![^\s])(?P<path>[^\s:]++):(?P<line>\d+)")
IGNORED = "ignored"
"""What a SPEC315 holds that is about the whole token."""
NEAR = 0.6
MOST_NEAR = 200
"""Paths that are compared with one that is missing."""


def missing_context(look: Look) -> Iterator[Problem]:
    """SPEC311: `see:` names what is not there."""
    tree = look.facts.tree
    if tree is None:
        return
    for token, span in look.tokens("see"):
        path = path_of(token)
        if "://" in token or not path or path.startswith(("/", "~", "#")):
            continue
        if not tree.holds(path):
            at = AT_LINE.fullmatch(path)
            hint = f" Lines are written {at['path']}#L{at['line']}." if at and tree.holds(at["path"]) else ""
            yield Problem("SPEC311", Severity.ERROR, f"'{path}' does not exist.{hint}", span, (token, path))
        elif wrong := _wrong_part(tree, path, token.removeprefix(path)):
            yield Problem("SPEC311", Severity.WARNING, wrong, span, (token,))


def missing_scope(look: Look) -> Iterator[Problem]:
    """SPEC312: `files:` names what is not there."""
    tree = look.facts.tree
    if tree is None:
        return
    for token, span in look.tokens("files"):
        path = spelled(token.removeprefix("!"))
        if path in tree.folders and path not in tree.paths:
            message = f"'{path}' is a folder, and no file of that name: write '{path}/' for all files in it."
            yield Problem("SPEC312", Severity.WARNING, message, span, (token, f"{token}/"))
        elif _is_said_elsewhere(token) or tree.matching(token) or _is_ignored(tree, token):
            continue
        elif WILD.search(token) or path.endswith("/"):
            message = f"'{token}' matches no file."
            yield Problem("SPEC312", Severity.WARNING, message, span, (token,))
        elif not tree.holds(token):
            near = nearest(token, tree)
            hint = f"it will be created, unless you mean '{near}'." if near else "it will be created."
            yield Problem("SPEC312", Severity.INFO, f"'{token}' does not exist yet; {hint}", span, (token,))


def out_of_scope(look: Look) -> Iterator[Problem]:
    """SPEC313: a path that `see:` names is known to be only read."""
    tree = look.facts.tree
    if tree is None:
        return
    read = {path_of(token).removeprefix("./") for token, _ in look.tokens("see")}
    for statement in look.of("goal", "criterion"):
        for at, mention in mentions(statement.text):
            path = mention.removeprefix("./")
            if path in tree.paths and path not in read and not look.scope.allows(path):
                message = f"'{path}' is mentioned but not in scope."
                span = statement.span(at, at + len(mention))
                yield Problem("SPEC313", Severity.WARNING, message, span, (path,))


def lost_check(look: Look) -> Iterator[Problem]:
    """SPEC314: a check names what is not there."""
    for criterion in look.spec.criteria:
        for at, what in _lost(look, criterion.check or ""):
            span = command_span(criterion, at, at + len(what))
            message = f"'{what}' of this check was not found here. If the agent is to write it, name it in 'files:'."
            yield Problem("SPEC314", Severity.WARNING, message, span, (what,))


def made_by_tools(look: Look) -> Iterator[Problem]:
    """SPEC315: what a tree or a glob takes in; a file that is named in full is meant."""
    tree = look.facts.tree
    if tree is None:
        return
    for token, span in look.tokens("files"):
        if token.startswith("!") or token in tree.paths:
            continue
        if _is_ignored(tree, token):
            yield Problem("SPEC315", Severity.INFO, f"'{token}' is generated or ignored.", span, (token, IGNORED))
        made = (path for path in sorted(tree.matching(token)) if MADE.search(path) and look.scope.allows(path))
        if path := next(made, None):
            yield Problem("SPEC315", Severity.INFO, f"'{path}' is generated or ignored.", span, (path,))


def _is_said_elsewhere(token: str) -> bool:
    """Whether it takes away, or is no path of the repository."""
    return token.startswith(("!", "/", "~")) or ".." in token.split("/")


def _is_ignored(tree: Tree, token: str) -> bool:
    """Whether it names in full what is there, and not among the files that git knows or would take."""
    path = spelled(token).rstrip("/")
    is_known = path in tree.paths or path in tree.folders
    return not (is_known or WILD.search(path) or path.startswith(("/", "~", ".."))) and tree.exists(path)


def mentions(text: str) -> Iterator[tuple[int, str]]:
    """What looks like the path of a file, and where it begins."""
    for found in MENTION.finditer(text):
        path = found[0].rstrip("./-")
        if "/" in path or "." in path:
            yield found.start(), path


def command_span(criterion: Criterion, start: int = 0, end: int | None = None) -> Span:
    """Where the command of a criterion, or a part of it, stands, without its back-ticks."""
    command = criterion.check or ""
    at = criterion.written.text.rfind(command) if command else -1
    last = len(command) if end is None else end
    return criterion.written.span(at + start, at + last) if at >= 0 else criterion.span


def nearest(path: str, tree: Tree | None) -> str:
    """The tracked file or folder that a wrong path is likeliest to mean; empty where none is near."""
    if tree is None:
        return ""
    name = path.rstrip("/").rpartition("/")[2]
    folder = path.endswith("/")
    places = [f"{place}/" for place in tree.folders] if folder else tree.ordered
    named = [place for place in places if place.rstrip("/").rpartition("/")[2] == name]
    begins = [place for place in places if place[:1] == path[:1]]
    return next(iter(named if len(named) == 1 else get_close_matches(path, begins[:MOST_NEAR], 1, NEAR)), "")


def _wrong_part(tree: Tree, path: str, part: str) -> str:
    """A sentence on lines, a symbol or a heading that a file has not; empty where nobody can say."""
    text = tree.text(path) if part and path in tree.paths else None
    name = part.lstrip("#:")
    if text is None or not name:
        return ""
    if part.startswith("::"):
        last = re.split(r"::|\.", name)[-1]
        return "" if last in text else f"'{name}' does not exist in {path}."
    if lines := LINES.fullmatch(name):
        count = len(split_lines(text))
        last_line = int(lines[2] or lines[1])
        return "" if 0 < last_line <= count else f"Line {last_line} does not exist in {path}, which has {count}."
    is_heading = path.endswith((".md", ".markdown", ".mdx"))
    return f"The heading '{name}' does not exist in {path}." if is_heading and name not in anchors(text) else ""


def _lost(look: Look, command: str) -> Iterator[tuple[int, str]]:
    """What a check names that is not there, and where it begins."""
    tree, words = look.facts.tree, [(found.start(), found[0]) for found in ARGUMENT.finditer(command)]
    if tree is None or not words:
        return
    program, finds = words[0][1], look.facts.programs
    if finds and PROGRAM.fullmatch(program) and not finds(program) and not _is_there(look, tree, program):
        yield words[0]
    for at, word in words[1:]:
        path, _, name = word.partition("::")
        path = path.removeprefix("./")
        if "://" in word or word.startswith(("-", "$", "@", "/")) or WILD.search(path) or not _is_file(path):
            continue
        if not _is_there(look, tree, path) or (
            name and path in tree.paths and not _may_change(look, path) and not _has(tree, path, name)
        ):
            yield at, word


def _is_file(word: str) -> bool:
    _, slash, name = word.rpartition("/")
    return bool(SUFFIX.search(name)) and (bool(slash) or "test" in name)


def _is_there(look: Look, tree: Tree, path: str) -> bool:
    return tree.holds(path) or _may_change(look, path.removeprefix("./"))


def _may_change(look: Look, path: str) -> bool:
    return look.scope.allows(path)


def _has(tree: Tree, path: str, name: str) -> bool:
    text = tree.text(path)
    return text is None or re.split(r"::", name.partition("[")[0])[-1] in text
