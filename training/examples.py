"""Corpus documents and labelled rows into token-labelled training examples."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from tokenizers import Tokenizer

from pourparler.corpus_format import Document
from pourparler.encoding import CONTEXT_SENTENCES, Encoded, encode, tokens_in
from pourparler.labels import LABELS, TOKEN_LABELS
from pourparler.records import Instance

IGNORED = -100
OUTSIDE, CONDITION = TOKEN_LABELS.index("outside"), TOKEN_LABELS.index("condition")


@dataclass(frozen=True)
class LabelledSentence:
    """A sentence with its labelled mentions and condition spans, all (start, end) in characters.

    `complete` is False where only some of its actors are labelled: then tokens outside of the
    labelled mentions and conditions teach nothing.
    """

    text: str
    context: tuple[str, ...]
    mentions: tuple[tuple[int, int, str], ...]
    conditions: tuple[tuple[int, int], ...]
    complete: bool


@dataclass(frozen=True)
class Example:
    """Encoded sentence; token_labels [tokens] index TOKEN_LABELS or IGNORED.

    spans: for each mention its token indices and its label's index in LABELS.
    """

    encoded: Encoded
    token_labels: list[int]
    spans: tuple[tuple[tuple[int, ...], int], ...]


def sentences_of_documents(documents: Iterable[Document]) -> list[LabelledSentence]:
    """Every sentence of the documents, also those that name no actor."""
    return [
        LabelledSentence(
            text=sentence.text,
            context=tuple(s.text for s in document.sentences[max(0, index - CONTEXT_SENTENCES) : index]),
            mentions=tuple((m.start, m.end, m.label) for m in sentence.mentions),
            conditions=tuple(sorted({(c.start, c.end) for c in sentence.conditions})),
            complete=True,
        )
        for document in documents
        for index, sentence in enumerate(document.sentences)
    ]


def sentences_of_rows(rows: Sequence[Instance]) -> list[LabelledSentence]:
    """Rows gathered by sentence and context; their sentences count as partly labelled."""
    by_sentence = sorted(rows, key=lambda r: (r.context, r.sentence))
    sentences = []
    for (context, text), group in groupby(by_sentence, key=lambda r: (r.context, r.sentence)):
        members = list(group)
        sentences.append(
            LabelledSentence(
                text=text,
                context=tuple(context.split("\n")) if context else (),
                mentions=tuple(sorted({(r.start, r.end, r.label) for r in members})),
                conditions=tuple(sorted({span for r in members for span in r.condition_spans})),
                complete=False,
            )
        )
    return sentences


def with_shorter_context(sentences: Sequence[LabelledSentence], share: float, seed: int) -> list[LabelledSentence]:
    """The sentences, a `share` of them (drawn with `seed`) with fewer context sentences, down to none.

    News that users bring often comes without context; and what a sentence says by itself must not
    hang on it.
    """
    draw = random.Random(seed)
    shortened = []
    for sentence in sentences:
        kept = draw.randrange(len(sentence.context)) if sentence.context and draw.random() < share else None
        context = sentence.context if kept is None else sentence.context[len(sentence.context) - kept :]
        shortened.append(replace(sentence, context=context))
    return shortened


def make_example(tokenizer: Tokenizer, sentence: LabelledSentence) -> Example:
    """Encode the sentence and lay its labels on the tokens. Raises SentenceTooLong."""
    encoded = encode(tokenizer, sentence.text, sentence.context)
    background = OUTSIDE if sentence.complete else IGNORED
    token_labels = [IGNORED if span is None else background for span in encoded.offsets]
    for start, end in sentence.conditions:
        for token in tokens_in(encoded, start, end):
            token_labels[token] = CONDITION
    spans = []
    for start, end, label in sentence.mentions:
        tokens = tokens_in(encoded, start, end)
        for token in tokens:
            token_labels[token] = TOKEN_LABELS.index(label)
        if tokens:
            spans.append((tuple(tokens), LABELS.index(label)))
    return Example(encoded, token_labels, tuple(spans))
