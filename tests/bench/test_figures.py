import pytest
from bench.figures import Figure, markdown, shown


@pytest.mark.parametrize(
    ("value", "target", "verdict"), [(2.0, 2.0, "ok"), (2.01, 2.0, "MISSED"), (9.0, None, ""), (0.0, 0.1, "ok")]
)
def test_a_target_is_met_or_missed(value: float, target: float | None, verdict: str) -> None:
    assert Figure("x", value, "ms", target).verdict == verdict


@pytest.mark.parametrize(
    ("value", "text"), [(0.123, "0.12 ms"), (12.34, "12.3 ms"), (123.4, "123 ms"), (1234.5, "1,234 ms")]
)
def test_values_have_the_digits_they_deserve(value: float, text: str) -> None:
    assert shown(value, "ms") == text


def test_markdown_has_a_row_per_figure() -> None:
    rows = markdown([Figure("start", 1.5, "s", 1.0, "bare 0.5")]).splitlines()
    assert rows[2:] == ["| start | 1.50 s | ≤ 1 s | MISSED | bare 0.5 |"]
