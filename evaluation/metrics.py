"""Gold and predicted labels into figures with bootstrap intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

from pourparler.labels import LABELS

RESAMPLES = 1000
BOOTSTRAP_SEED = 20261124

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Interval:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True)
class ClassFigures:
    """Precision, recall and F1 of one label, and its rows in gold."""

    precision: float
    recall: float
    f1: Interval
    n: int


@dataclass(frozen=True)
class Scores:
    """All figures of one system on one set.

    confusion[gold][predicted] counts rows in LABELS order.
    """

    n: int
    groups: int
    macro_f1: Interval
    accuracy: Interval
    per_label: dict[str, ClassFigures]
    confusion: list[list[int]]


def macro_f1(gold: Labels, predicted: Labels) -> float:
    """Mean of the four labels' F1; a label absent from both counts 0."""
    return float(f1_score(gold, predicted, labels=range(len(LABELS)), average="macro", zero_division=0))


def score(gold: Labels, predicted: Labels, groups: Sequence[str]) -> Scores:
    """Figures over rows; gold and predicted [n] index LABELS, groups [n] names each row's document.

    Intervals resample whole documents, since rows of one document are not independent. Raises
    ValueError if n is 0 or the lengths differ.
    """
    if not len(gold) == len(predicted) == len(groups) > 0:
        raise ValueError("gold, predicted and groups must have one length of at least 1")
    draws = document_draws(groups)
    precision, recall, f1, n = precision_recall_fscore_support(
        gold, predicted, labels=range(len(LABELS)), zero_division=0
    )
    per_label = {}
    for index, label in enumerate(LABELS):
        interval = _interval(float(f1[index]), draws, lambda rows, i=index: _f1_of(gold[rows], predicted[rows], i))
        per_label[label] = ClassFigures(float(precision[index]), float(recall[index]), interval, int(n[index]))
    return Scores(
        n=len(gold),
        groups=len(set(groups)),
        macro_f1=_interval(macro_f1(gold, predicted), draws, lambda rows: _fast_macro_f1(gold[rows], predicted[rows])),
        accuracy=_interval(
            float((gold == predicted).mean()), draws, lambda rows: float((gold[rows] == predicted[rows]).mean())
        ),
        per_label=per_label,
        confusion=confusion_matrix(gold, predicted, labels=range(len(LABELS))).tolist(),
    )


def paired_difference(gold: Labels, first: Labels, second: Labels, groups: Sequence[str]) -> Interval:
    """macro-F1 of `first` minus that of `second` on the same rows, with a paired bootstrap interval."""
    value = macro_f1(gold, first) - macro_f1(gold, second)
    return _interval(
        value,
        document_draws(groups),
        lambda rows: _fast_macro_f1(gold[rows], first[rows]) - _fast_macro_f1(gold[rows], second[rows]),
    )


def document_draws(groups: Sequence[str]) -> list[npt.NDArray[np.int64]]:
    """RESAMPLES arrays of row indices, each from as many documents drawn with replacement as there are."""
    names = sorted(set(groups))
    rows_of: dict[str, list[int]] = {name: [] for name in names}
    for row, group in enumerate(groups):
        rows_of[group].append(row)
    arrays = [np.array(rows_of[name]) for name in names]
    generator = np.random.default_rng(BOOTSTRAP_SEED)
    return [
        np.concatenate([arrays[i] for i in generator.integers(0, len(arrays), len(arrays))]) for _ in range(RESAMPLES)
    ]


def expected_calibration_error(probabilities: npt.NDArray[np.float64], gold: Labels, bins: int = 10) -> float:
    """Mean gap between confidence and accuracy over equal-width bins, weighted by rows (Guo et al. 2017).

    probabilities [n, 4]; 0 is best.
    """
    confidence, hit = probabilities.max(axis=1), probabilities.argmax(axis=1) == gold
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[which == b].mean() - hit[which == b].mean()) * (which == b).mean()
        for b in range(bins)
        if (which == b).any()
    ]
    return float(sum(gaps))


def _interval(
    value: float, draws: Sequence[npt.NDArray[np.int64]], statistic: Callable[[npt.NDArray[np.int64]], float]
) -> Interval:
    """The figure with the 2.5th and 97.5th percentile of its bootstrap replicates."""
    return percentile_interval(value, [statistic(rows) for rows in draws])


def percentile_interval(value: float, replicates: Sequence[float]) -> Interval:
    """The figure with the 2.5th and 97.5th percentile of its replicates."""
    low, high = np.percentile(replicates, [2.5, 97.5])
    return Interval(value, float(low), float(high))


def _f1_of(gold: Labels, predicted: Labels, index: int) -> float:
    """F1 of one label, 0 where it is in neither."""
    hits = int(((gold == index) & (predicted == index)).sum())
    total = int((gold == index).sum() + (predicted == index).sum())
    return 2 * hits / total if total else 0.0


def _fast_macro_f1(gold: Labels, predicted: Labels) -> float:
    """macro_f1 without scikit-learn's checks, for a thousand replicates."""
    return sum(_f1_of(gold, predicted, index) for index in range(len(LABELS))) / len(LABELS)
