"""The name of a revision: SHA-256 of what the agent is told and judged by, in one canonical form."""

import hashlib
import json
import unicodedata

from specwright.spec.escapes import settled
from specwright.spec.model import MARKDOWN, Criterion, Spec
from specwright.spec.scope import spelled
from specwright.spec.tokens import tokens

VERSION = 1
"""Of these rules."""
TOKENS = ("files", "see", "gates")
VALUES = ("api", "error", "must", "not")


def digest(spec: Spec) -> str:
    """64 lower-case hexadecimal digits."""
    text = json.dumps(canonical(spec), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def canonical(spec: Spec) -> dict[str, object]:
    """What goes into the digest; absent or empty parts are left out."""
    markdown = spec.carrier in MARKDOWN
    found: dict[str, object] = {
        "v": VERSION,
        "title": normal(spec.title, markdown),
        "goal": normal(spec.goal, markdown),
    }
    found["criteria"] = [_criterion(criterion, markdown) for criterion in spec.criteria]
    for key in TOKENS:
        found[key] = sorted({_path(token) if key == "files" else token for token in tokens(spec, key)})
    for key in VALUES:
        found[key] = sorted({text for value in spec.values(key) if (text := normal(value, markdown))})
    found["note"] = [text for value in spec.values("note") if (text := normal(value, markdown))]
    found["template"] = normal(" ".join(spec.values("template")), markdown)
    return {key: value for key, value in found.items() if value}


def normal(text: str, markdown: bool) -> str:
    """NFC, runs of white space as one space, trimmed; in Markdown as every formatter leaves it."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return settled(text) if markdown else text


def _criterion(criterion: Criterion, markdown: bool) -> dict[str, str]:
    text = normal(criterion.text, markdown)
    if criterion.manual:
        return {"text": text, "check": "manual"}
    if criterion.check is None:
        return {"text": text}
    return {"text": text, "check": normal(criterion.check, False)}


def _path(token: str) -> str:
    sign, path = ("!", token[1:]) if token.startswith("!") else ("", token)
    return sign + spelled(path)
