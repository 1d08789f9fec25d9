"""Sentences into readings: mentions, a calibrated stance for each, and conditions' words.

One pass of the token classifier over a sentence gives every token one of six labels. A mention is
a run of tokens that bear any stance; its call is the softmax over the four stance logits averaged
over its tokens. A condition runs on across a mention inside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pourparler.artifact import MODEL, TOKENIZER, ArtifactConfig, read_config
from pourparler.encoding import Encoded, encode, load_tokenizer, tokens_in
from pourparler.labels import LABELS, TOKEN_LABELS

FloatArray = npt.NDArray[np.floating[Any]]

BATCH_TOKENS = 2048
"""Tokens, padding included, that go through the model at once."""
STANCE_COLUMNS = [TOKEN_LABELS.index(label) for label in LABELS]
CONDITION_COLUMN = TOKEN_LABELS.index("condition")
MIN_CONDITION_TOKENS = 2
MAX_CONDITION_GAP = 2
"""Tokens between two runs of condition words that still belong to one condition."""


@dataclass(frozen=True)
class Found:
    """A mention found in a sentence: character offsets into it, probabilities in LABELS order."""

    start: int
    end: int
    probabilities: tuple[float, float, float, float]


class StanceModel:
    """A loaded artifact: token logits, calls for given spans, and mentions found."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Load the model folder; `threads` 0 leaves the choice to ONNX Runtime. Raises ArtifactError."""
        import onnxruntime

        self.config: ArtifactConfig = read_config(folder)
        self.tokenizer = load_tokenizer(folder / TOKENIZER)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
        self.input_names = [i.name for i in self.session.get_inputs()]

    def token_logits(self, encoded: Sequence[Encoded]) -> list[FloatArray]:
        """Logits [tokens, 6] of each encoded sentence, in the order given.

        Runs in batches of like length, at most BATCH_TOKENS each.
        """
        logits: list[FloatArray] = [np.zeros((0, len(TOKEN_LABELS)))] * len(encoded)
        for batch in batches_by_length([len(e.ids) for e in encoded], BATCH_TOKENS):
            width = max(len(encoded[i].ids) for i in batch)
            ids = np.zeros((len(batch), width), dtype=np.int64)
            mask, types = np.zeros_like(ids), np.zeros_like(ids)
            for row, index in enumerate(batch):
                length = len(encoded[index].ids)
                ids[row, :length] = encoded[index].ids
                types[row, :length] = encoded[index].type_ids
                mask[row, :length] = 1
            feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
            (output,) = self.session.run(None, {name: feeds[name] for name in self.input_names})
            for row, index in enumerate(batch):
                logits[index] = output[row, : len(encoded[index].ids)]
        return logits

    def score(
        self, sentence: str, spans: Sequence[tuple[int, int]], context: Sequence[str] = ()
    ) -> list[tuple[float, float, float, float]]:
        """Probabilities, in LABELS order, of each (start, end) span of the sentence.

        Raises ValueError for a span that covers no token, SentenceTooLong for an overlong sentence.
        """
        encoded = encode(self.tokenizer, sentence, context)
        (logits,) = self.token_logits([encoded])
        calls = []
        for start, end in spans:
            tokens = tokens_in(encoded, start, end) if 0 <= start < end <= len(sentence) else []
            if not tokens:
                raise ValueError(f"span {start}:{end} covers no word of the sentence")
            calls.append(self.call(logits, tokens))
        return calls

    def read(self, encoded: Encoded, logits: FloatArray) -> tuple[list[Found], list[tuple[int, int]]]:
        """Mentions and condition spans (character offsets) of one encoded sentence."""
        probabilities = softmax(logits)
        bears_stance = probabilities[:, STANCE_COLUMNS].sum(axis=1) >= self.config.mention_threshold
        in_sentence = np.array([span is not None for span in encoded.offsets])
        is_mention = by_word(bears_stance, encoded.words) & in_sentence
        mentions = []
        for first, last in runs(is_mention):
            start, end = _characters(encoded, first, last)
            mentions.append(Found(start, end, self.call(logits, list(range(first, last)))))
        states = probabilities.argmax(axis=1) == CONDITION_COLUMN
        return mentions, _conditions(encoded, states & in_sentence & ~is_mention, is_mention)

    def call(self, logits: FloatArray, tokens: list[int]) -> tuple[float, float, float, float]:
        """Calibrated probabilities of a mention from the mean of its tokens' stance logits."""
        mean = logits[tokens][:, STANCE_COLUMNS].mean(axis=0)
        a, b, c, d = softmax(mean / self.config.temperature).tolist()
        return a, b, c, d


def softmax(logits: FloatArray) -> FloatArray:
    """Softmax over the last axis."""
    exponents = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: FloatArray = exponents / exponents.sum(axis=-1, keepdims=True)
    return result


def batches_by_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Indices in batches of like length whose padded size stays within `budget` tokens.

    A single longer item is a batch of its own.
    """
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if batch and lengths[index] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def by_word(flags: npt.NDArray[np.bool_], words: Sequence[int | None]) -> npt.NDArray[np.bool_]:
    """Each token gets the flag of its word's first token."""
    first: dict[int | None, bool] = {}
    for flag, word in zip(flags.tolist(), words, strict=True):
        first.setdefault(word, flag)
    return np.array([first[w] for w in words], dtype=bool)


def runs(flags: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Half-open index ranges where the flags are true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _characters(encoded: Encoded, first: int, last: int) -> tuple[int, int]:
    """Characters that the tokens first to last (excluded) cover."""
    spans = [span for span in encoded.offsets[first:last] if span is not None]
    return spans[0][0], spans[-1][1]


def _conditions(
    encoded: Encoded, states: npt.NDArray[np.bool_], is_mention: npt.NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Condition spans: runs of condition tokens, joined across mentions and small gaps."""
    joined: list[tuple[int, int]] = []
    for first, last in runs(states):
        between = is_mention[joined[-1][1] : first] if joined else is_mention[:0]
        if joined and (~between).sum() <= MAX_CONDITION_GAP:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return [_characters(encoded, a, b) for a, b in joined if b - a >= MIN_CONDITION_TOKENS]
