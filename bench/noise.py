"""How much the rules say of specs that people wrote: findings per spec, and the loudest rules."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.figures import Report
from bench.stage import say
from bench.stats import percentile
from bench.texts import drafts
from specwright.spec.facts import Facts, Tree
from specwright.spec.lint import check
from specwright.spec.model import Problem, Severity

GRAVE = {Severity.ERROR, Severity.WARNING}
LOUDEST = 10
NEEDED = "give `--corpus DIR`, a folder with one folder per repository that has specs of OpenSpec, Kiro or spec-kit"


async def noise(quick: bool, corpus: Path | None = None) -> Report:
    """Findings and warnings of each spec, with the settings as they come: with no facts, then with the files there."""
    report = Report()
    specs = list(drafts(corpus))[:: 6 if quick else 1] if corpus else []
    if not corpus or not specs:
        say(f"noise needs texts: {NEEDED}")
        return report
    where = Counter(spec.repository for spec in specs)
    beside = ", ".join(f"{count} of {name}" for name, count in where.most_common())
    report.add("specs of others' texts", len(specs), "", None, beside)
    said = [check(spec.text, "plan.md")[1] for spec in specs]
    _spread(report, "of a spec", said)
    facts = {name: Facts(tree=Tree(_files(corpus / name))) for name in where}
    _spread(report, "with the files known", [check(s.text, "plan.md", facts[s.repository])[1] for s in specs])
    _loudest(report, said)
    return report


def _files(repository: Path) -> frozenset[str]:
    return frozenset(str(path.relative_to(repository)) for path in repository.rglob("*") if path.is_file())


def _spread(report: Report, which: str, said: Sequence[Sequence[Problem]]) -> None:
    counts = [len(problems) for problems in said]
    grave = [sum(problem.severity in GRAVE for problem in problems) for problems in said]
    report.add(f"findings {which}, median", median(counts), "", 3)
    report.add(f"findings {which}, p95", percentile(counts, 0.95), "", 8, f"most {max(counts)}")
    report.add(f"warnings and errors {which}, median", median(grave), "", 1, f"most {max(grave)}")
    report.raw |= {f"findings {which}": [*map(float, counts)], f"warnings {which}": [*map(float, grave)]}


def _loudest(report: Report, said: Sequence[Sequence[Problem]]) -> None:
    hits = Counter(problem.code for problems in said for problem in problems)
    having = Counter(code for problems in said for code in {problem.code for problem in problems})
    for code, count in hits.most_common(LOUDEST):
        report.add(f"hits of {code} per spec", count / len(said), "", None, f"{count} hits in {having[code]} specs")
