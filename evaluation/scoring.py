"""A model's probabilities for labelled rows."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pourparler.encoding import encode, tokens_in
from pourparler.model import Model
from pourparler.records import Instance


def probabilities_of(model: Model, rows: Sequence[Instance]) -> npt.NDArray[np.float64]:
    """Probabilities [n, 4], LABELS order, of each row's mention; every distinct sentence is read once.

    Raises SentenceTooLong.
    """
    stance_model = model.stance_model
    keys = list(dict.fromkeys((r.sentence, r.context) for r in rows))
    encoded = [encode(stance_model.tokenizer, s, c.split("\n") if c else ()) for s, c in keys]
    logits = dict(zip(keys, zip(encoded, stance_model.token_logits(encoded), strict=True), strict=True))
    probabilities = np.zeros((len(rows), 4))
    for index, row in enumerate(rows):
        one, token_logits = logits[row.sentence, row.context]
        probabilities[index] = stance_model.call(token_logits, tokens_in(one, row.start, row.end))
    return probabilities
