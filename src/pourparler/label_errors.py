"""Rows whose label is likely wrong, most suspect first, by confident learning.

Source: Northcutt, Jiang and Chuang 2021, "Confident Learning", as cleanlab implements it.
"""

import csv
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from pourparler.errors import MissingExtra
from pourparler.labels import LABELS
from pourparler.records import Instance
from pourparler.stance import FloatArray


@dataclass(frozen=True)
class Suspect:
    """One row's place in the ranking.

    row: its number in the file. quality: the probability of the label given, 0 to 1, low is suspect.
    flagged: cleanlab holds the label for an error. suggested: the model's most probable label.
    """

    row: int
    quality: float
    flagged: bool
    label: str
    suggested: str
    probability: float
    actor: str
    sentence: str


def rank_label_errors(rows: Sequence[tuple[int, Instance]], probabilities: FloatArray) -> list[Suspect]:
    """Every numbered row: those that cleanlab flags first, within both groups the least credible label first.

    probabilities: [n, 4] in LABELS order, of a model that was not trained on these rows. Raises
    MissingExtra without cleanlab; cleanlab raises ValueError for rows of a single label.
    """
    try:
        from cleanlab.filter import find_label_issues
        from cleanlab.rank import get_label_quality_scores
    except ImportError as error:
        raise MissingExtra("cleanlab", "train") from error
    labels = np.array([LABELS.index(row.label) for _, row in rows])
    quality = get_label_quality_scores(labels, probabilities, method="self_confidence")
    flagged = find_label_issues(labels, probabilities, n_jobs=1)
    suspects = [
        Suspect(
            row=number,
            quality=round(float(quality[index]), 4),
            flagged=bool(flagged[index]),
            label=row.label,
            suggested=LABELS[int(probabilities[index].argmax())],
            probability=round(float(probabilities[index].max()), 4),
            actor=row.sentence[row.start : row.end],
            sentence=row.sentence,
        )
        for index, (number, row) in enumerate(rows)
    ]
    return sorted(suspects, key=lambda s: (not s.flagged, s.quality))


def write_suspects(suspects: Sequence[Suspect], path: Path) -> None:
    """The ranking as CSV, written beside and renamed."""
    beside = path.with_name(path.name + ".part")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [f.name for f in fields(Suspect)])
        writer.writeheader()
        writer.writerows(asdict(s) for s in suspects)
    beside.replace(path)
