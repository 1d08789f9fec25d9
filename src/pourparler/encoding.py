"""Sentence and context into token ids: the one encoding that training and inference share.

The sentence is the first segment, up to three sentences before it the second. Only the first
segment's tokens are labelled. Where both don't fit, the context loses whole sentences from its
beginning; the sentence itself is never cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Encoding, Tokenizer

CONTEXT_SENTENCES = 3
MAX_TOKENS = 320
"""Tokens of both segments and their separators together."""


class SentenceTooLong(ValueError):
    """The sentence alone has more than MAX_TOKENS tokens."""


@dataclass(frozen=True)
class Encoded:
    """Token ids of one sentence with its context.

    ids, type_ids [length]; offsets [length], characters of the sentence that a token covers, None
    for context and separators; words [length], the number of the word (of its segment) that a token
    is a piece of, None for separators.
    """

    ids: list[int]
    type_ids: list[int]
    offsets: list[tuple[int, int] | None]
    words: list[int | None]


def load_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer.json at `path`, without the padding and truncation it may bring along."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def encode(tokenizer: Tokenizer, sentence: str, context: Sequence[str] = ()) -> Encoded:
    """Encode `sentence` with the last CONTEXT_SENTENCES of `context` (oldest first).

    Raises SentenceTooLong if the sentence alone exceeds MAX_TOKENS.
    """
    kept = [c for c in context if c][-CONTEXT_SENTENCES:]
    while True:
        pair = " ".join(kept) or None
        encoding = tokenizer.encode(sentence, pair)
        if len(encoding.ids) <= MAX_TOKENS:
            return _encoded(encoding)
        if not kept:
            raise SentenceTooLong(f"sentence of {len(encoding.ids)} tokens, at most {MAX_TOKENS} fit")
        kept = kept[1:]


def _encoded(encoding: Encoding) -> Encoded:
    """The parts of an encoding that the model and the labels need."""
    offsets: list[tuple[int, int] | None] = [
        span if sequence == 0 and span[0] < span[1] else None
        for span, sequence in zip(encoding.offsets, encoding.sequence_ids, strict=True)
    ]
    return Encoded(encoding.ids, encoding.type_ids, offsets, encoding.word_ids)


def tokens_in(encoded: Encoded, start: int, end: int) -> list[int]:
    """Indices of the sentence's tokens that touch the characters start to end."""
    return [
        index for index, span in enumerate(encoded.offsets) if span is not None and span[0] < end and start < span[1]
    ]
