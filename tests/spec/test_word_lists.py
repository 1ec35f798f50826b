"""Each word of the lists that rules judge by, and those that were left out."""

import pytest

from specwright.spec.lint import check


def words(text: str) -> list[str]:
    return text.split()


VAGUE = words(
    "appropriate appropriately adequate adequately sufficient sufficiently reasonable reasonably suitable "
    "suitably proper properly acceptable efficient efficiently effectively performant scalable robust robustly "
    "user-friendly intuitive intuitively seamless seamlessly smooth smoothly optimal optimally elegant elegantly "
    "graceful gracefully sensible sensibly meaningful meaningfully high-quality production-ready"
)
PHRASES = ["best practice", "best practices", "state of the art", "as expected", "handles orders correctly",
           "handle bad orders properly", "handles what comes gracefully",
           *(f"{verb} {how}" for verb in ("work", "works") for how in ("well", "correctly", "properly"))]  # fmt: skip
WITHOUT_NUMBER = words("fast quick quickly slow large small big minimal")
WITHOUT_THREAT = words("secure securely safe safely")
IN_CRITERION = words("clean cleanly nice simple easy easily some several various many few")
LEFT_OUT = words("relevant clear effective about consistent correct most necessary")
ESCAPES = [
    *(f"if {word}" for word in words("possible needed necessary appropriate applicable required")),
    *(f"as {word}" for word in words("needed appropriate necessary applicable")),
    *(f"where {word}" for word in words("possible appropriate applicable feasible")),
    *(f"when {word}" for word in words("possible appropriate")),
    "to the extent possible", "as far as possible", "ideally", "preferably", "try to", "best effort", "maybe",
    "perhaps", "probably",
]  # fmt: skip
STATUS = words(
    "accepts adds appears calls contains creates deletes emits equals exists exits fails gives ignores keeps "
    "leaves lists logs matches names prints raises refuses rejects removes renders reports responds returns sends "
    "shows stays stops stores throws writes yields"
)
VERBS = words(
    "add adjust allow apply avoid batch build bump cache change check clean close collect combine compute "
    "configure convert copy count create cut delete deny deprecate detect disable display document drop emit "
    "enable encode encrypt enforce ensure expire export expose extend extract fetch filter find fix format "
    "generate guard handle hide implement import improve include index inline insert introduce join keep limit "
    "link list load lock log make measure merge migrate modify move normalise normalize open optimise optimize "
    "order paginate parse patch pin port prevent print protect publish queue raise read record redirect reduce "
    "refactor register reject remove rename render reorder replace report reset resolve restore retry return "
    "reuse rewrite rotate round run save scan send serve set show simplify skip sort split start stop store "
    "stream support switch sync test throttle translate trim truncate turn update upgrade upload use validate "
    "verify warn wrap write"
)


def says(code: str, criterion: str, title: str = "A", goal: str = "Clerks look at orders.") -> bool:
    problems = check(f"# spec! {title}\n# {goal}\n# - [ ] {criterion}\n", "a.py")[1]
    return code in {problem.code for problem in problems}


@pytest.mark.parametrize("word", [*VAGUE, *PHRASES])
def test_a_vague_word(word: str) -> None:
    assert says("SPEC201", f"3 rows {word}")
    assert says("SPEC201", f"3 rows {word.upper()}")
    assert says("SPEC201", "rows", goal=f"Orders {word}.")
    assert not says("SPEC201", f'3 rows `{word}` and "{word}"')


@pytest.mark.parametrize("word", WITHOUT_NUMBER)
def test_a_vague_size_is_one_without_a_number(word: str) -> None:
    assert (says("SPEC201", f"rows {word}"), says("SPEC201", f"3 rows {word}")) == (True, False)


@pytest.mark.parametrize("word", WITHOUT_THREAT)
def test_what_is_safe_without_a_threat_is_vague(word: str) -> None:
    assert (says("SPEC201", f"rows {word}"), says("SPEC201", f"rows {word} against CSRF")) == (True, False)


@pytest.mark.parametrize("word", IN_CRITERION)
def test_a_word_that_is_vague_in_a_criterion_alone(word: str) -> None:
    assert (says("SPEC201", f"rows {word}"), says("SPEC201", "rows", goal=f"Orders {word}.")) == (True, False)


@pytest.mark.parametrize("word", LEFT_OUT)
def test_a_word_that_was_left_out_after_measuring(word: str) -> None:
    assert not says("SPEC201", f"rows {word}", goal=f"Orders {word}.")


@pytest.mark.parametrize("word", ESCAPES)
def test_words_that_let_the_agent_decide(word: str) -> None:
    assert says("SPEC202", f"3 rows {word}")
    assert says("SPEC202", "rows", goal=f"Orders {word}.")


@pytest.mark.parametrize("words", ["optionally", "attempt to", "create a file if needed", "creating one if needed"])
def test_words_that_decide_nothing(words: str) -> None:
    assert not says("SPEC202", f"3 rows {words}")


@pytest.mark.parametrize("verb", [*STATUS, "contains no", "has no", "is absent", "is empty"])
def test_a_verb_whose_result_shows(verb: str) -> None:
    assert not says("SPEC103", f"the shop {verb} rows")
    assert says("SPEC103", "the shop rows")


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_that_begins_a_task(verb: str) -> None:
    assert says("SPEC301", "rows", title=f"Add rows and {verb} columns")
    assert says("SPEC301", "rows", title=f"{verb.capitalize()} rows and add columns")
    assert not says("SPEC301", "rows", title=f"{verb.capitalize()} rows and columns")


@pytest.mark.parametrize(
    "word", [*words("parses reads fetches writes validates"), "takes an input of", "sends requests for"]
)
def test_words_that_ask_what_happens_on_failure(word: str) -> None:
    assert says("SPEC106", f"the shop {word} 3 rows")
    assert not says("SPEC106", "the shop keeps 3 rows")


@pytest.mark.parametrize(
    "said",
    [
        "else it fails",
        "else it raises",
        "bad ones are rejected",
        "invalid ones go",
        "exit code 2",
        "else 4xx",
        "or 5xx",
        "or 404",
    ],
)
def test_words_that_say_what_happens_on_failure(said: str) -> None:
    assert not says("SPEC106", f"the shop reads 3 rows, {said}")


@pytest.mark.parametrize(
    "text",
    [
        "clerks like 3 rows",
        "clerks like 'a' and \"b\"",
        "clerks like `a`",
        "clerks like at most one",
        "clerks like a > b",
    ],
)
def test_what_can_be_observed_without_a_verb(text: str) -> None:
    assert not says("SPEC103", text)
    assert says("SPEC103", "clerks like it")
