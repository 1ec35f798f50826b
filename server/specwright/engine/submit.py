"""From a queue request to durable tasks: parse, check, refuse on errors, store a wish. Writes no file."""

import asyncio
import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from specwright import process
from specwright.agents import registry
from specwright.agents.calls import Connection
from specwright.api import messages as m
from specwright.config.settings import DEFAULT_AGENT, Settings
from specwright.engine import trust
from specwright.engine.earlier import Earlier, Here, earlier
from specwright.engine.embedded import Embedded
from specwright.engine.facts import deciding, facts_of, known_specs
from specwright.engine.views import problem_view
from specwright.errors import WrongUse
from specwright.git import checkout as checkouts
from specwright.paths.files import read_text
from specwright.spec.after import references
from specwright.spec.digest import digest
from specwright.spec.facts import Facts, OpenTask
from specwright.spec.identity import slug
from specwright.spec.lines import split_lines
from specwright.spec.lint import check
from specwright.spec.model import Problem, Severity, Spec
from specwright.spec.printer import render
from specwright.spec.reading import Reading
from specwright.spec.scope import scope_of
from specwright.spec.tokens import tokens
from specwright.spec.unread import unread
from specwright.store.tasks import OpenSpec
from specwright.tasks.model import After, Checkout, Place, Revision, Wanted, Wish

MOST_LINES = 20
"""Specs of a file that a sentence names."""
HOW = "A spec begins with `spec! TITLE` in a comment, and has a line `- [ ] CRITERION`."
PRIORITIES = {"high": 1, "normal": 0, "low": -1}


@dataclass(frozen=True, slots=True)
class Ground:
    """What all specs of one request share."""

    checkout: Checkout
    base: str
    settings: Settings
    text: str
    agent: str
    script: str
    environment: tuple[tuple[str, str], ...]
    action: str
    not_before: datetime | None
    live: Mapping[str, str]
    """Texts that are newer than the disk, by path."""
    handles: Mapping[str, str]
    """By handle, the file that had it first, as far as an editor knows."""
    opened: Mapping[str, OpenSpec] = field(default_factory=dict)
    """The checkout's open tasks, by id."""
    tasks: Mapping[str, OpenTask] | None = None
    """The same as rules look at them; None where no rule that decides does."""

    def has_program(self, name: str) -> bool:
        """Whether a check finds this program in the checkout's environment, or on the user's `PATH`."""
        path = dict(self.environment).get("PATH", "")
        return process.which(name, f"{self.checkout.root}/.venv/bin:{path}") is not None

    @property
    def owners(self) -> dict[str, str]:
        """By handle, the file that had it first: as an editor has seen it, else where an open task's spec was."""
        return {**{spec.handle: spec.path for spec in self.opened.values() if spec.handle}, **self.handles}


@dataclass(frozen=True, slots=True)
class Found:
    """One spec of a request, with the problems inside it."""

    path: str
    spec: Spec
    problems: tuple[Problem, ...]
    digest: str
    occurrence: int
    """Among the specs of the file with the same digest, which have the same title."""
    namesakes: tuple[str, ...] = ()
    """Digests of the file's specs with its title."""
    after: tuple[After, ...] = ()
    earlier: Earlier = field(default_factory=Earlier)
    """Open tasks of this spec under another title, or in another file."""
    unread: str = ""
    """The name of what stands in its block and says nothing of it."""

    @property
    def line(self) -> int:
        """Of its marker, from 1."""
        return self.spec.span.start.line + 1

    @property
    def refused(self) -> bool:
        """Only errors refuse."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


class NoSpec(Exception):
    """No spec stands where one was named; as it is said."""


async def queue(engine: Embedded, request: m.Queue) -> m.Queued:
    """Queue what the request names. Raises `WrongUse` where the place, the settings or a line is wrong."""
    ground, paths = await asyncio.to_thread(_ground_and_paths, request)
    root = ground.checkout.root
    tasks = await engine.open_tasks(root) if "tasks" in deciding(ground.settings) else None
    ground = replace(ground, opened=await engine.open_specs(root, paths), tasks=tasks)
    found, without = await asyncio.to_thread(_find_all, ground, request)
    good = [entry for entry in found if not entry.refused]
    submitted = await engine.submit([_wish(ground, entry) for entry in good])
    queued = tuple(
        m.QueuedTask(task.task, entry.spec.title, entry.path, entry.line, task.new)
        for task, entry in zip(submitted, good, strict=True)
    )
    return m.Queued(queued, tuple(_refusal(entry) for entry in found if entry.refused), without)


def _ground_and_paths(request: m.Queue) -> tuple[Ground, set[str]]:
    ground = _ground(request)
    return ground, {_inside(ground.checkout.root, request.folder, item.path) for item in request.items}


def _ground(request: m.Queue) -> Ground:
    checkout = checkouts.find(Path(request.folder))
    text = trust.settings_text(checkout.root)
    settings = trust.checked_settings(checkout.root, text)
    agent = settings.agent or DEFAULT_AGENT
    return Ground(
        checkout=checkout,
        base=checkouts.head(checkout),
        settings=settings,
        text=text,
        agent=agent,
        script=_script(checkout.root, settings, agent),
        environment=tuple(sorted(request.environment.items())),
        action=uuid.uuid4().hex,
        not_before=request.not_before,
        live={_inside(checkout.root, request.folder, held.path): held.text for held in request.buffers},
        handles=request.handles,
    )


def _script(root: str, settings: Settings, agent: str) -> str:
    """What a scripted agent will play; also checks that the agent can be made at all."""
    keys = settings.agent_settings(agent)
    name = keys.get("script")
    script = read_text(Path(root) / _inside(root, root, name)) if agent == "scripted" and name else None
    registry.make(agent, registry.Needs(keys, script, Connection("not asked here")))
    return script or ""


def _find_all(ground: Ground, request: m.Queue) -> tuple[list[Found], tuple[str, ...]]:
    """Each spec once, and the files without one: they are passed over where others have some."""
    found: dict[tuple[str, int], Found] = {}
    without: dict[str, NoSpec] = {}
    for item in request.items:
        try:
            found |= {(entry.path, entry.line): entry for entry in _find(ground, request.folder, item)}
        except NoSpec as error:
            if item.line is not None:
                raise WrongUse(str(error)) from None
            without[item.path] = error
    if not found and without:
        raise WrongUse(str(next(iter(without.values()))))
    return list(found.values()), tuple(without)


def _find(ground: Ground, folder: str, item: m.QueueItem) -> Sequence[Found]:
    path = _inside(ground.checkout.root, folder, item.path)
    text = item.text if item.text is not None else read_text(Path(ground.checkout.root) / path)
    reading = Reading(ground.settings.spec)
    specs, _ = reading.parse(text, path, item.language)
    live = {**ground.live, path: text}
    known = facts_of(ground.checkout, specs, live, ground.settings)
    again = earlier(
        _here(ground, item, path, specs),
        ground.opened,
        lambda old: known_specs(ground.checkout, old.path, live, reading, old.language),
        lambda old: old.path == path or _is_renamed(ground, old, path, live, reading),
    )
    known = replace(known, owners=ground.owners, tasks=_tasks(ground, path, specs, again), programs=ground.has_program)
    specs, problems = check(text, path, known, item.language, ground.settings.lint, reading)
    chosen = [number for number, spec in enumerate(specs) if item.line is None or _covers(spec, item.line - 1)]
    if not chosen:
        where = f"{path}:{item.line}" if item.line else path
        lines = ", ".join(str(spec.span.start.line + 1) for spec in specs[:MOST_LINES])
        raise NoSpec(f"There is no spec at {where}. " + (f"Those of {path} begin at line {lines}." if specs else HOW))
    every = _every(path, specs, problems)
    rows = split_lines(text)
    return [
        replace(every[n], after=_after(specs[n], known), earlier=again[n], unread=unread(rows, specs[n]))
        for n in chosen
    ]


def _here(ground: Ground, item: m.QueueItem, path: str, specs: Sequence[Spec]) -> Here:
    lines = [spec.span.start.line + 1 for spec in specs]
    seen = [[one.task for one in item.tasks if one.line == line and one.task in ground.opened] for line in lines]
    return Here(path, specs, seen)


def _is_renamed(ground: Ground, old: OpenSpec, path: str, live: Mapping[str, str], reading: Reading) -> bool:
    """Whether a spec's file is gone, this one is new since it was queued, and no third has a spec of that title."""
    checkout = ground.checkout
    is_there = old.path in live or os.path.lexists(Path(checkout.root) / old.path)
    if is_there or not checkouts.is_new(checkout, path, old.base):
        return False
    others = {*checkouts.tracked_files(checkout), *live} - {path, old.path}
    specs = (spec for other in others for spec in known_specs(checkout, other, live, reading))
    return all(slug(spec.title) != slug(old.title) for spec in specs)


def _tasks(ground: Ground, path: str, specs: Sequence[Spec], again: Sequence[Earlier]) -> tuple[OpenTask, ...] | None:
    """The open tasks as rules look at them; a spec's earlier ones as its own."""
    if ground.tasks is None:
        return None
    own = {
        task: replace(ground.tasks[task], path=path, slug=slug(spec.title), handle=spec.handle)
        for spec, earlier in zip(specs, again, strict=True)
        for task in earlier.all
        if task in ground.tasks
    }
    return tuple({**ground.tasks, **own}.values())


def _every(path: str, specs: Sequence[Spec], problems: Sequence[Problem]) -> list[Found]:
    """The specs of a file, each knowing those that it could be taken for."""
    found: list[Found] = []
    digests: dict[str, list[str]] = {}
    for spec in specs:
        own, same = digest(spec), digests.setdefault(slug(spec.title), [])
        inside = tuple(problem for problem in problems if _covers(spec, problem.span.start.line))
        found.append(Found(path, spec, inside, own, same.count(own)))
        same.append(own)
    return [replace(entry, namesakes=tuple(digests[slug(entry.spec.title)])) for entry in found]


def _after(spec: Spec, known: Facts) -> tuple[After, ...]:
    """With the title of each, since a handle may be given when its task is queued already."""
    named = [reference for value in spec.values("after") for reference in references(value)]
    found = [(reference, known.named(reference.name)) for reference in named]
    return tuple(After(one.name, of[0].title if of else one.name, one.stacked) for one, of in found)


def _inside(root: str, folder: str, path: str) -> str:
    """The path relative to the checkout's root. Raises `WrongUse` for one that lies outside, or can't be shown."""
    real, top = (Path(os.path.realpath(place)) for place in (Path(folder) / path, root))
    if not real.is_relative_to(top):
        raise WrongUse(f"{path} lies outside the repository {root}; name one inside it.")
    found = real.relative_to(top).as_posix()
    if not checkouts.is_utf8(found):
        raise WrongUse(f"The path {path} is not UTF-8; rename it, then queue again.")
    return found


def _covers(spec: Spec, line: int) -> bool:
    return spec.span.start.line <= line <= spec.span.end.line


def _refusal(entry: Found) -> m.RefusedSpec:
    return m.RefusedSpec(entry.path, entry.line, tuple(problem_view(entry.path, p) for p in entry.problems))


def _wish(ground: Ground, entry: Found) -> Wish:
    spec = entry.spec
    revision = Revision(
        digest=entry.digest,
        title=spec.title,
        text=render(spec),
        criteria=tuple(
            Wanted(n, c.text, None if c.manual else c.check, c.manual) for n, c in enumerate(spec.criteria, 1)
        ),
        scope=tuple(scope_of(spec, entry.path, ground.settings.spec.tests).patterns),
        handle=spec.handle,
        gates=tuple(tokens(spec, "gates")),
        priority=PRIORITIES.get(" ".join(spec.values("priority")), 0),
        goal=spec.goal,
        unread=entry.unread,
    )
    place = Place(entry.path, entry.line, spec.span.end.line + 1, spec.language)
    return Wish(
        checkout=ground.checkout,
        place=place,
        revision=revision,
        base=ground.base,
        agent=ground.agent,
        settings=ground.text,
        environment=ground.environment,
        script=ground.script,
        action=ground.action,
        occurrence=entry.occurrence,
        namesakes=entry.namesakes,
        earlier=entry.earlier.sure,
        guessed=entry.earlier.guessed,
        after=entry.after,
        not_before=ground.not_before,
    )
