"""Every statistic against a closed form or a case worked by hand."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from metrics import (
    document_draws,
    expected_calibration_error,
    macro_f1,
    paired_difference,
    score,
)

GOLD = np.array([0, 0, 1, 1, 2, 2, 3, 3])


def test_macro_f1_by_hand() -> None:
    predicted = np.array([0, 0, 1, 0, 2, 2, 3, 1])
    assert macro_f1(GOLD, predicted) == pytest.approx((0.8 + 0.5 + 1 + 2 / 3) / 4)


def test_perfect_and_useless_predictions_have_the_intervals_of_certainty() -> None:
    groups = [str(i) for i in range(8)]
    perfect = score(GOLD, GOLD, groups)
    assert (perfect.accuracy.value, perfect.accuracy.low, perfect.accuracy.high) == (1, 1, 1)
    wrong = score(GOLD, (GOLD + 1) % 4, groups)
    assert (wrong.macro_f1.value, wrong.macro_f1.high) == (0, 0)
    assert wrong.confusion[0] == [0, 2, 0, 0]
    assert perfect.per_label["supports"].n == 2


def test_bootstrap_interval_of_a_coin_is_that_of_theory() -> None:
    """400 fair flips: standard error 0.025, so the interval is about 0.5 plus and minus 0.049."""
    generator = np.random.default_rng(1)
    hits = generator.permutation(np.repeat([0, 1], 200))
    result = score(np.zeros(400, dtype=int), hits, [str(i) for i in range(400)])
    assert result.accuracy.value == 0.5
    assert result.accuracy.high - result.accuracy.low == pytest.approx(2 * 1.96 * 0.025, rel=0.1)


def test_interval_widens_when_rows_hang_together_in_documents() -> None:
    hits = np.repeat([0, 1], 200)
    gold = np.zeros(400, dtype=int)
    alone = score(gold, hits, [str(i) for i in range(400)]).accuracy
    together = score(gold, hits, [str(i // 20) for i in range(400)]).accuracy
    assert together.high - together.low > 3 * (alone.high - alone.low)


def test_draws_hold_whole_documents() -> None:
    for rows in document_draws(["a", "a", "b"])[:50]:
        assert (rows == 0).sum() == (rows == 1).sum()


def test_a_system_gains_nothing_over_itself() -> None:
    predicted = np.array([0, 0, 1, 0, 2, 2, 3, 1])
    difference = paired_difference(GOLD, predicted, predicted, [str(i) for i in range(8)])
    assert (difference.value, difference.low, difference.high) == (0, 0, 0)


def test_calibration_error_by_hand() -> None:
    probabilities = np.array([[0.9, 0.1, 0, 0]] * 10 + [[0.6, 0.4, 0, 0]] * 10)
    gold = np.array([0] * 9 + [1] + [0] * 3 + [1] * 7)
    assert expected_calibration_error(probabilities, gold) == pytest.approx(0.5 * 0.0 + 0.5 * 0.3)


def test_fast_replicates_equal_scikit_learn() -> None:
    from metrics import _fast_macro_f1

    generator = np.random.default_rng(2)
    gold, predicted = generator.integers(0, 4, 60), generator.integers(0, 4, 60)
    expected = f1_score(gold, predicted, labels=range(4), average="macro", zero_division=0)
    assert _fast_macro_f1(gold, predicted) == pytest.approx(expected)


def test_no_rows_is_an_error() -> None:
    with pytest.raises(ValueError, match="one length"):
        score(np.array([]), np.array([]), [])
