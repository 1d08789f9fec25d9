"""Annotations into Krippendorff's alpha: overall, per label, per tag, before adjudication."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import krippendorff
import numpy as np

from labelling import Annotation
from pourparler.labels import LETTERS

CODES = {letter: code for code, letter in enumerate(LETTERS)}
RESAMPLES = 200
SEED = 20261124


@dataclass(frozen=True)
class Agreement:
    """Alpha with a 95 % interval by document, and the pairs it rests on."""

    alpha: float
    low: float
    high: float
    pairs: int


def agreement(rows: Sequence[Annotation], raters: Sequence[str] = ("first", "second"), letter: str = "") -> Agreement:
    """Krippendorff's alpha (nominal) of the raters over the rows; with `letter`, of that label against the rest.

    The interval draws whole documents with replacement, RESAMPLES times. Alpha is 1 where all
    labels of all raters are the same.
    """
    codes = np.array([[CODES[getattr(r, rater)] for r in rows] for rater in raters], dtype=float)
    if letter:
        codes = (codes == CODES[letter]).astype(float)
    documents: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        documents.setdefault(row.doc_id, []).append(index)
    groups = [np.array(g) for g in documents.values()]
    generator = np.random.default_rng(SEED)
    replicates = [
        _alpha(codes[:, np.concatenate([groups[i] for i in generator.integers(0, len(groups), len(groups))])])
        for _ in range(RESAMPLES)
    ]
    low, high = np.percentile(replicates, [2.5, 97.5])
    return Agreement(_alpha(codes), float(low), float(high), len(rows))


def slice_agreement(rows: Sequence[Annotation], every: Sequence[Annotation]) -> float:
    """Alpha of the two blind labellers on a slice, chance taken from `every` row of the corpus.

    1 - disagreement in the slice / disagreement expected by chance over the corpus. The labellers saw no
    slices, so chance is the same in all; alpha within a slice that nearly all bears one label says
    nothing (one disagreement in 200 gives 0).
    """
    if not rows:
        return 1.0
    observed = sum(r.first != r.second for r in rows) / len(rows)
    counts = Counter(letter for r in every for letter in (r.first, r.second))
    total = counts.total()
    expected = 1 - sum(n * (n - 1) for n in counts.values()) / (total * (total - 1))
    return 1 - observed / expected


def _alpha(codes: np.ndarray) -> float:
    """Alpha of codes [raters, pairs]."""
    if len(np.unique(codes)) < 2:
        return 1.0
    return float(krippendorff.alpha(codes, level_of_measurement="nominal"))
