"""Every code, in order: what may be said of a spec, how much it matters, and who says it."""

from specwright.config.settings import FIXED_RULES
from specwright.spec.model import Problem, Severity
from specwright.spec.rules import (
    agreement,
    clarity,
    completeness,
    fields,
    life,
    mend_others,
    mend_parts,
    mend_scope,
    mend_syntax,
    mend_words,
    paths,
    references,
    safety,
    size,
)
from specwright.spec.rules.rule import Rule
from specwright.spec.syntax import OPEN_SPAN

ERROR, WARNING, INFO, HINT = Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.HINT
SPECS = frozenset({"specs"})
TREE = frozenset({"tree"})

RULES = (
    Rule("SPEC001", WARNING, None, mend_syntax.title),
    Rule("SPEC002", INFO, fields.long_title, mend_syntax.shorter_title),
    Rule("SPEC003", ERROR, None, mend_syntax.close),
    Rule("SPEC004", WARNING, fields.unknown_key, mend_syntax.rename_key),
    Rule("SPEC005", ERROR, life.unknown_gate, mend_syntax.bad_value, needs=frozenset({"gates"})),
    Rule("SPEC006", WARNING, fields.bare_bullet, mend_syntax.bullet),
    Rule("SPEC007", INFO, fields.fenced, mend_syntax.blank_above),
    Rule("SPEC011", ERROR, fields.emphasised, mend_syntax.whole_tree),
    Rule("SPEC012", ERROR, references.duplicate_handle, mend_syntax.other_handle, needs=SPECS),
    Rule("SPEC101", ERROR, completeness.no_criterion, mend_parts.add_criterion),
    Rule("SPEC102", WARNING, completeness.no_goal, mend_parts.add_goal),
    Rule("SPEC103", INFO, completeness.unverifiable, mend_parts.add_check, wording=True),
    Rule("SPEC104", WARNING, completeness.no_command, mend_parts.pick_command),
    Rule("SPEC105", WARNING, completeness.no_scope, mend_parts.add_files, needs=TREE),
    Rule("SPEC106", INFO, completeness.no_failure, mend_parts.add_error, wording=True),
    Rule("SPEC107", HINT, completeness.no_limit, mend_parts.add_non_goal),
    Rule("SPEC108", ERROR, completeness.unresolved, mend_parts.decide),
    Rule("SPEC109", WARNING, completeness.question, mend_parts.to_note),
    Rule("SPEC110", HINT, completeness.no_signature),
    Rule("SPEC201", INFO, clarity.vague, mend_words.exact, wording=True),
    Rule("SPEC202", INFO, clarity.escape, mend_words.condition, wording=True),
    Rule("SPEC203", INFO, clarity.open_list, mend_words.close_list, wording=True),
    Rule("SPEC204", INFO, clarity.weak, mend_words.fact, wording=True),
    Rule("SPEC205", HINT, clarity.pointing, wording=True),
    Rule("SPEC206", HINT, clarity.unitless, mend_words.unit, wording=True),
    Rule("SPEC207", INFO, clarity.comparative, wording=True, on=False),
    Rule("SPEC208", INFO, clarity.passive, wording=True, on=False),
    Rule("SPEC209", HINT, clarity.undefined, mend_words.define, wording=True, needs=TREE),
    Rule("SPEC301", INFO, size.compound, wording=True),
    Rule("SPEC302", WARNING, size.large),
    Rule("SPEC303", WARNING, size.wide, mend_scope.narrow, needs=TREE),
    Rule("SPEC311", ERROR, paths.missing_context, mend_scope.nearest_context, needs=TREE),
    Rule("SPEC312", WARNING, paths.missing_scope, mend_scope.nearest_scope, needs=TREE),
    Rule("SPEC313", WARNING, paths.out_of_scope, mend_scope.take_in, needs=TREE),
    Rule("SPEC314", WARNING, paths.lost_check, mend_scope.other_check, needs=TREE),
    Rule("SPEC315", INFO, paths.made_by_tools, mend_scope.deny, needs=TREE),
    Rule("SPEC401", WARNING, agreement.same_title, mend_others.other_title, needs=SPECS),
    Rule("SPEC402", ERROR, references.cycle, mend_others.remove_edge, needs=SPECS),
    Rule("SPEC403", ERROR, references.unknown_reference, mend_others.nearest_spec, needs=SPECS),
    Rule("SPEC404", WARNING, agreement.overlap, mend_others.wait, needs=frozenset({"specs", "tree", "tasks"})),
    Rule("SPEC405", WARNING, agreement.contradiction),
    Rule("SPEC406", INFO, agreement.numbers, wording=True),
    Rule("SPEC407", INFO, agreement.repeated, mend_others.remove_criterion),
    Rule("SPEC501", WARNING, life.outdated, needs=frozenset({"specs", "tasks"})),
    Rule("SPEC502", ERROR, safety.secret, mend_others.name_variable),
    Rule("SPEC503", ERROR, safety.invisible, mend_others.strip),
    Rule("SPEC504", ERROR, safety.shell_in_check, mend_others.project_task),
    Rule("SPEC505", ERROR, life.kept_gate, mend_others.keep_gate, needs=frozenset({"gates"})),
    Rule("SPEC506", ERROR, life.budget, mend_others.clamp, needs=frozenset({"caps"})),
)
BY_CODE = {rule.code: rule for rule in RULES}
FIXED = FIXED_RULES
"""Codes whose severity no setting changes."""


def is_unfinished(problem: Problem) -> bool:
    """Whether it is only a hint while the spec is being typed: what is missing may be typed next."""
    return problem.code.startswith("SPEC1") or OPEN_SPAN in problem.data
