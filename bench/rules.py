"""What the rules of specs find, what they say of clean specs, and what they cost."""

from pathlib import Path
from statistics import median

from tests.spec.seeded import Sample, recall, samples, world

from bench.figures import Report
from bench.stage import say
from bench.stats import p50, sampled
from specwright.config.settings import Lint
from specwright.spec.lint import alone, check, together
from specwright.spec.model import Severity
from specwright.spec.rules.catalogue import BY_CODE
from specwright.spec.rules.look import Look

FULL = Path(__file__).parent.parent / "examples" / "specs" / "2_full.ts"
GRAVE = {Severity.ERROR, Severity.WARNING}
LEAST, LEAST_OF_WORDING, LEAST_OF_ERRORS = 95.0, 80.0, 100.0
TIMES = 200


async def rules(quick: bool) -> Report:
    """Recall on seeded defects by rule, noise on clean specs, time for one full spec."""
    report = Report()
    clean = samples()[:: 6 if quick else 1]
    say(f"{len(clean)} clean specs")
    for code, row in recall(clean).items():
        beside = f"≥ {_least(code):.0f} %; {row.found} of {row.tried} seeded defects"
        report.add(f"recall of {code}", 100 * row.share, "%", None, beside)
    _noise(report, clean)
    _speed(report, 10 if quick else TIMES)
    return report


def _least(code: str) -> float:
    if BY_CODE[code].severity is Severity.ERROR:
        return LEAST_OF_ERRORS
    return LEAST_OF_WORDING if BY_CODE[code].wording else LEAST


def _noise(report: Report, clean: list[Sample]) -> None:
    said = [sample.problems(Lint()) for sample in clean]
    grave = [sum(problem.severity in GRAVE for problem in problems) for problems in said]
    report.add("warnings and errors of a clean spec, median", median(grave), "", 1, f"{len(clean)} specs")
    report.add("findings of a clean spec, median", median(map(len, said)), "", 3, f"most {max(map(len, said))}")


def _speed(report: Report, times: int) -> None:
    text = FULL.read_text(encoding="utf-8")
    [spec] = check(text, FULL.name)[0]
    lines, facts = text.splitlines(keepends=True), world(FULL.name, text.partition("! ")[2].replace("// ", ""))
    settings = Lint()

    def once() -> None:
        look = Look(spec, lines, FULL.name, facts)
        _ = [*alone(look, settings), *together(look, settings)]

    report.add("all rules on one full spec, p50", p50(sampled(once, times)), "ms", 1, "examples/specs/2_full.ts")
