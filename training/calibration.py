"""Logits and gold into a temperature."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

BOUNDS = (0.2, 5.0)


def fit_temperature(logits: npt.NDArray[np.float64], gold: npt.NDArray[np.int64]) -> float:
    """Temperature that minimises negative log-likelihood (Guo et al. 2017).

    logits [n, 4], before softmax, columns in LABELS order; gold [n], values 0 to 3. Returns T within
    BOUNDS; probabilities are softmax(logits / T). Raises ValueError if n is 0.
    """
    if not len(gold):
        raise ValueError("no labelled mentions to fit a temperature on")

    def negative_log_likelihood(temperature: float) -> float:
        return -float(log_softmax(logits / temperature, axis=1)[np.arange(len(gold)), gold].mean())

    return float(minimize_scalar(negative_log_likelihood, bounds=BOUNDS, method="bounded").x)
