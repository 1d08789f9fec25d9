"""A model in hand: articles into rows, and single calls for spans that the caller names."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pourparler.actors import link, sides_of
from pourparler.aggregate import roll_up
from pourparler.article import make_article
from pourparler.artifact import DEFAULT_NAME, find_artifact
from pourparler.encoding import CONTEXT_SENTENCES, Encoded, SentenceTooLong, encode, tokens_in
from pourparler.labels import LABELS
from pourparler.records import Actor, ActorStance, Article, Instance, Mention, Reading, Sentence, StanceCall
from pourparler.sentences import split_sentences
from pourparler.stance import FloatArray, StanceModel


class Model:
    """Says where each actor of an article stands on negotiation."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        self.stance_model = StanceModel(folder, threads)

    @property
    def digest(self) -> str:
        """Identity of the model, as every row names it."""
        return self.stance_model.config.digest

    def classify(self, article: Article | str) -> list[ActorStance]:
        """One row per actor, in order of first mention.

        A string is taken as the article's text, with a leading "date YYYY-MM-DD" as its date.
        Raises InputError for a text without a sentence.
        """
        if isinstance(article, str):
            article = make_article(article)
        article, readings, actors = self.actors(article)
        sides = {a.actor_id: sides_of(a, article) for a in actors}
        return roll_up(article, actors, readings, sides, self.digest)

    def actors(self, article: Article) -> tuple[Article, list[Reading], list[Actor]]:
        """The article with overlong sentences cut, a reading of each sentence, and the actors linked."""
        article = self._fitting(article)
        readings = self.read(article)
        return article, readings, link(article, [pair for reading in readings for pair in reading.mentions])

    def read(self, article: Article) -> list[Reading]:
        """Mentions, calls and conditions of each sentence; offsets count the article's characters."""
        sentences = [article.text[s.start : s.end] for s in article.sentences]
        encoded = [
            encode(self.stance_model.tokenizer, sentence, sentences[max(0, i - CONTEXT_SENTENCES) : i])
            for i, sentence in enumerate(sentences)
        ]
        logits = self.stance_model.token_logits(encoded)
        return [
            self._reading(article, index, one, token_logits)
            for index, (one, token_logits) in enumerate(zip(encoded, logits, strict=True))
        ]

    def score(
        self, sentence: str, spans: Sequence[tuple[int, int]], context: Sequence[str] | str = ""
    ) -> list[StanceCall]:
        """One call per (start, end) span of the sentence, `.stance` and `.probabilities` each.

        context: the sentences before it, as a list or as one text. Raises ValueError for a span
        that covers no word or a sentence too long for the model.
        """
        before = context if not isinstance(context, str) else _sentences_of(context)
        return [StanceCall(p) for p in self.stance_model.score(sentence, spans, before)]

    def score_rows(self, rows: Sequence[Instance]) -> FloatArray:
        """Probabilities [n, 4], LABELS order, of each row's mention; every distinct sentence is read once.

        Raises SentenceTooLong.
        """
        keys = list(dict.fromkeys((r.sentence, r.context) for r in rows))
        encoded = [encode(self.stance_model.tokenizer, s, c.split("\n") if c else ()) for s, c in keys]
        logits = dict(zip(keys, zip(encoded, self.stance_model.token_logits(encoded), strict=True), strict=True))
        probabilities = np.zeros((len(rows), len(LABELS)))
        for index, row in enumerate(rows):
            one, token_logits = logits[row.sentence, row.context]
            probabilities[index] = self.stance_model.call(token_logits, tokens_in(one, row.start, row.end))
        return probabilities

    def _reading(self, article: Article, index: int, encoded: Encoded, logits: FloatArray) -> Reading:
        """The reading of sentence `index` in the article's offsets."""
        offset = article.sentences[index].start
        found, conditions = self.stance_model.read(encoded, logits)
        return Reading(
            mentions=tuple(
                (
                    Mention(offset + f.start, offset + f.end, article.text[offset + f.start : offset + f.end], index),
                    StanceCall(f.probabilities),
                )
                for f in found
            ),
            conditions=tuple((offset + start, offset + end) for start, end in conditions),
        )

    def _fitting(self, article: Article) -> Article:
        """The article with sentences of too many tokens cut in halves until they fit."""
        pieces = [p for s in article.sentences for p in self._halves(article.text, s)]
        return Article(article.name, article.text, tuple(pieces), article.date, article.title)

    def _halves(self, text: str, sentence: Sentence) -> list[Sentence]:
        """The sentence, or its halves where it has more tokens than the model takes."""
        try:
            encode(self.stance_model.tokenizer, text[sentence.start : sentence.end])
        except SentenceTooLong:
            middle = (sentence.start + sentence.end) // 2
            first, second = Sentence(sentence.start, middle), Sentence(middle, sentence.end)
            return self._halves(text, first) + self._halves(text, second)
        return [sentence]


def load(model: str | Path = DEFAULT_NAME, threads: int = 0) -> Model:
    """The model named ("default", "fast") or the model folder given.

    threads: 0 leaves the choice to ONNX Runtime. Raises ArtifactError.
    """
    return Model(find_artifact(model), threads)


def _sentences_of(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[s.start : s.end] for s in split_sentences(text)]
