"""Every code, in order: what may be said of a spec, how much it matters, and who says it."""

from specwright.spec.model import Severity
from specwright.spec.rules import completeness, consistency, safety
from specwright.spec.rules.rule import Rule

ERROR, WARNING, INFO, HINT = Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.HINT
SPECS = frozenset({"specs"})

RULES = (
    Rule("SPEC001", WARNING),
    Rule("SPEC003", ERROR),
    Rule("SPEC005", ERROR),
    Rule("SPEC011", ERROR),
    Rule("SPEC012", ERROR, consistency.duplicate_handle, needs=SPECS),
    Rule("SPEC101", ERROR, completeness.no_criterion),
    Rule("SPEC108", ERROR, completeness.unresolved),
    Rule("SPEC402", ERROR, consistency.cycle, needs=SPECS),
    Rule("SPEC403", ERROR, consistency.unknown_reference, needs=SPECS),
    Rule("SPEC502", ERROR, safety.secret),
    Rule("SPEC503", ERROR, safety.invisible),
    Rule("SPEC504", ERROR, safety.shell_in_check),
)
BY_CODE = {rule.code: rule for rule in RULES}
FIXED = frozenset({"SPEC503", "SPEC504", "SPEC505"})
"""Codes whose severity no setting changes."""
WHILE_TYPING = frozenset(rule.code for rule in RULES if rule.code.startswith("SPEC1"))
"""Hints while the spec is being typed; real severity after a save or a rest."""
