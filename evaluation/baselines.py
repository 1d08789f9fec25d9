"""What a model must beat: majority, cue words, TF-IDF with logistic regression, frozen embeddings.

Each baseline has `fit` on train rows and `predict` [n] label indices on others.
"""

import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from transformers import AutoModel

from pourparler.encoders import fetch_encoder
from pourparler.encoding import Encoded, encode, load_tokenizer, tokens_in
from pourparler.labels import LABELS
from pourparler.records import Instance
from pourparler.stance import batches_by_length

WINDOW = 160
"""Characters after the mention in which cue words count, and half as many before it."""
TALKS = re.compile(
    r"\b(talks?|negotiat\w*|dialogue|summit|mediat\w*|peace process|ceasefire|cease-fire|truce|meet(?:ing|s)?|"
    r"accord|agreement|bargain\w*|round table|deal)\b",
    re.IGNORECASE,
)
REFUSAL = re.compile(
    r"\b(refus\w*|reject\w*|rul(?:ed|es|ing) out|walk(?:ed|s)? out|boycott\w*|broke off|breaks off|no interest|"
    r"not negotiate|won't|will not|would not|never|called off|cancel\w*|dismiss\w*|pull(?:ed|s)? out|no talks)\b",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"\b(if|unless|until|once|only (?:if|after|when)|provided|as long as|on condition|in exchange for|"
    r"in return for|precondition for|before any)\b",
    re.IGNORECASE,
)
NOT_REFUSAL = re.compile(r"\b(not rul\w* out|without (?:pre)?conditions|unconditional\w*)\b", re.IGNORECASE)
SUPPORT = re.compile(
    r"\b(agree\w*|offer\w*|ready|willing|urg\w*|call(?:ed|s)? (?:for|on)|welcom\w*|host\w*|propos\w*|invit\w*|"
    r"resum\w*|mediat\w*|began|begin|held|hold|open to|accept\w*|return to)\b",
    re.IGNORECASE,
)

Labels = npt.NDArray[np.int64]


class Baseline(Protocol):
    """Fits on rows and predicts rows."""

    name: str

    def fit(self, rows: Sequence[Instance]) -> None:
        """Learn from labelled rows."""

    def predict(self, rows: Sequence[Instance]) -> Labels:
        """Label indices [n]."""


class Majority:
    """Always the most frequent label of train."""

    name = "majority"

    def fit(self, rows: Sequence[Instance]) -> None:
        """Count labels."""
        self.model = DummyClassifier(strategy="most_frequent").fit(np.zeros((len(rows), 1)), gold_of(rows))

    def predict(self, rows: Sequence[Instance]) -> Labels:
        """The majority label for every row."""
        return self.model.predict(np.zeros((len(rows), 1)))


class CueWords:
    """A dozen regular expressions for refusal, condition and talks round the mention; nothing is learned."""

    name = "cue words"

    def fit(self, rows: Sequence[Instance]) -> None:
        """Rules need no training."""

    def predict(self, rows: Sequence[Instance]) -> Labels:
        """Label indices by rule."""
        return np.array([LABELS.index(self._label(row)) for row in rows], dtype=np.int64)

    def _label(self, row: Instance) -> str:
        after = row.sentence[row.end : row.end + WINDOW]
        near = row.sentence[max(0, row.start - WINDOW // 2) : row.start] + after
        if not TALKS.search(near):
            return "none"
        if NOT_REFUSAL.search(after):
            return "supports"
        if CONDITION.search(after) and TALKS.search(after):
            return "conditional"
        if REFUSAL.search(after[: WINDOW // 2]):
            return "opposes"
        return "supports" if SUPPORT.search(after[: WINDOW // 2]) else "none"


class TfidfLogistic:
    """Word uni- and bigrams of the sentence with the mention masked, into logistic regression."""

    name = "TF-IDF + logistic regression"

    def fit(self, rows: Sequence[Instance]) -> None:
        """Fit vocabulary and weights."""
        vectors = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        classifier = LogisticRegression(C=4.0, max_iter=2000, class_weight="balanced")
        self.model = make_pipeline(vectors, classifier).fit([masked(r) for r in rows], gold_of(rows))

    def predict(self, rows: Sequence[Instance]) -> Labels:
        """Label indices."""
        return self.model.predict([masked(r) for r in rows])


class FrozenEmbeddings:
    """Mean encoder state of the mention and of the sentence, not fine-tuned, into logistic regression."""

    name = "frozen embeddings"
    encoder = "all-MiniLM-L6-v2"

    def fit(self, rows: Sequence[Instance]) -> None:
        """Fit the classifier on the embeddings."""
        classifier = LogisticRegression(C=1.0, max_iter=3000, class_weight="balanced")
        self.model = classifier.fit(self._embed(rows), gold_of(rows))

    def predict(self, rows: Sequence[Instance]) -> Labels:
        """Label indices."""
        return self.model.predict(self._embed(rows))

    def _embed(self, rows: Sequence[Instance]) -> npt.NDArray[np.float32]:
        """Features [n, 768]: mention mean and sentence mean; every distinct sentence is read once."""
        folder = fetch_encoder(self.encoder)
        tokenizer, network = load_tokenizer(folder / "tokenizer.json"), AutoModel.from_pretrained(folder).eval()
        sentences = list(dict.fromkeys(r.sentence for r in rows))
        encoded = [encode(tokenizer, s) for s in sentences]
        states: dict[str, tuple[Encoded, npt.NDArray[np.float32]]] = {}
        for batch in batches_by_length([len(e.ids) for e in encoded], 4096):
            width = max(len(encoded[i].ids) for i in batch)
            ids = torch.zeros((len(batch), width), dtype=torch.long)
            mask = torch.zeros_like(ids)
            for row, index in enumerate(batch):
                ids[row, : len(encoded[index].ids)] = torch.tensor(encoded[index].ids)
                mask[row, : len(encoded[index].ids)] = 1
            with torch.no_grad():
                hidden = network(input_ids=ids, attention_mask=mask).last_hidden_state.numpy()
            for row, index in enumerate(batch):
                states[sentences[index]] = (encoded[index], hidden[row, : len(encoded[index].ids)])
        return np.stack([self._features(row, *states[row.sentence]) for row in rows])

    @staticmethod
    def _features(row: Instance, encoded: Encoded, states: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Mean state of the mention's tokens beside that of all tokens."""
        return np.concatenate([states[tokens_in(encoded, row.start, row.end)].mean(axis=0), states.mean(axis=0)])


def masked(row: Instance) -> str:
    """The sentence with the mention replaced by a word of its own."""
    return f"{row.sentence[: row.start]} themention {row.sentence[row.end :]}"


def gold_of(rows: Sequence[Instance]) -> Labels:
    """Label indices [n] of the rows."""
    return np.array([LABELS.index(row.label) for row in rows], dtype=np.int64)


def all_baselines() -> list[Baseline]:
    """In the order of the report."""
    return [Majority(), CueWords(), TfidfLogistic(), FrozenEmbeddings()]
