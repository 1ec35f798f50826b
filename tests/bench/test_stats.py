import pytest
from bench.stats import p50, p99, percentile, spread


@pytest.mark.parametrize(
    ("samples", "share", "expected"),
    [
        ([5.0], 0.99, 5.0),
        ([3.0, 1.0, 2.0], 0.0, 1.0),
        ([3.0, 1.0, 2.0], 1.0, 3.0),
        ([4.0, 3.0, 2.0, 1.0], 0.5, 2.0),
        ([float(n) for n in range(1, 101)], 0.99, 99.0),
        ([float(n) for n in range(1, 102)], 0.99, 100.0),
    ],
)
def test_percentile_is_a_sample_that_was_taken(samples: list[float], share: float, expected: float) -> None:
    assert percentile(samples, share) == expected


def test_no_samples_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 0.5)


def test_median_p99_and_both_as_text() -> None:
    samples = [1.0, 9.0, 2.0, 3.0]
    assert (p50(samples), p99(samples), spread(iter(samples))) == (2.5, 9.0, "2.50 / 9.00")
