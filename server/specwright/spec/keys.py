"""What each key of a spec means, with an example: for hovers, completion and docs/spec-language.md alike."""

import re
from dataclasses import dataclass

from specwright.spec.grammar import ALIASES, ONCE

LINK = re.compile(r", see \[[^\]]*\]\(#[^)]*\)")


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what its value is, what it does, and a line that has one."""

    name: str
    value: str
    does: str
    example: str
    later: bool = False
    """Whether its form is checked and nothing is done with it yet."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """How else it may be written."""
        return tuple(alias for alias, name in ALIASES.items() if name == self.name)

    @property
    def meaning(self) -> str:
        """What it does, without the links of the page."""
        does = LINK.sub("", self.does)
        return f"Nothing yet: only its form is checked. It will say what {does}" if self.later else does

    @property
    def once(self) -> bool:
        """Whether a spec has at most one."""
        return self.name in ONCE


TOLD = "told to the agent: "
_ALL = (
    Key("goal", "prose", "more of the goal", "- goal: callers see one error instead of three"),
    Key(
        "files",
        "paths; `dir/` is the whole tree; `*`, `?`, `**` and `{a,b}` as in globs; `!path` excludes and always wins",
        "what the agent may change, see [below](#what-may-be-changed). "
        "Without it: in a code file that file and its test, in Markdown everything",
        "- files: src/dur.ts test/ !src/legacy/",
    ),
    Key(
        "api", "one signature", f"{TOLD}must exist afterwards, exactly so",
        "- api: export function parseDuration(s: string): number",
    ),
    Key(
        "error", "prose", f"{TOLD}behaviour on bad input or failure",
        "- error: raises ValueError with the text quoted when there is no number",
    ),
    Key("must", "prose", f"{TOLD}stays true", "- must: no new dependency"),
    Key("not", "prose", f"{TOLD}out of scope", "- not: years and months (their length is not fixed)"),
    Key(
        "see", "`path`, `path#L10-L20`, `path#heading`, `path::symbol`, URLs", f"{TOLD}where to look",
        "- see: src/scheduler.ts#L40-L88 docs/config.md#durations src/time.ts::formatDuration",
    ),
    Key(
        "after",
        "`#handle` tokens, or one exact title; `stacked` may follow each",
        "names specs that come first: the task waits until each of them is accepted, with `stacked` until its result "
        "passed, and starts with what they changed",
        "- after: #m2x9rd",
    ),
    Key(
        "budget", "comma list of `15 min`, `2 h`, `$2`, `200 changed lines`, `300k tokens`",
        "at which limits a run ends",
        "- budget: 15 min, $2, 200 changed lines", later=True,
    ),
    Key("priority", "`high`, `normal` or `low`", "which of the waiting tasks starts first", "- priority: high"),
    Key(
        "gates", "names, or `-name`",
        "only these of the project's gates, or all but these, where its settings allow that; a name that is none of "
        "them refuses the spec when it is queued",
        "- gates: -coverage",
    ),
    Key(
        "template", "the name of a file of `.specs/templates/`", "what supplies fields that the spec leaves out",
        "- template: feature", later=True,
    ),
    Key("note", "prose", f"{TOLD}background", "- note: the old parser is kept for one release"),
    Key(
        "allow", "a code and a reason", "keeps a rule that is no error silent in this spec",
        "- allow: SPEC203 the list is closed by the table below",
    ),
)  # fmt: skip
BY_NAME = {key.name: key for key in _ALL}
"""By canonical name, in the language's order."""
MARKER = "`spec!` and a title begin a spec; prose below is its goal, and each `- [ ]` line one criterion."
MARKER_EXAMPLE = "spec! Read amounts with a currency"
