"""The records that the steps of the library hand to each other."""

from dataclasses import dataclass, field
from typing import Any

from pourparler.labels import LABELS

SCHEMA = 1
"""Version of the output row's columns."""


@dataclass(frozen=True)
class Sentence:
    """Half-open character offsets of one sentence into the article's text."""

    start: int
    end: int


@dataclass(frozen=True)
class Article:
    """A news article; every offset anywhere counts characters of `text` as it was given.

    `name` says where it came from, `date` is YYYY-MM-DD or None.
    """

    name: str
    text: str
    sentences: tuple[Sentence, ...]
    date: str | None = None
    title: str | None = None


@dataclass(frozen=True)
class Instance:
    """One (actor, sentence) pair with its label: what the corpus and users' own rows become.

    start, end: the mention in `sentence`. `condition`: the words of the actor's condition, where
    marked. `condition_spans`: offsets into `sentence` of the words of any actor's condition.
    """

    sentence: str
    start: int
    end: int
    label: str
    actor: str = ""
    context: str = ""
    condition: str | None = None
    condition_spans: tuple[tuple[int, int], ...] = ()
    tags: tuple[str, ...] = ()
    doc_id: str = ""
    dispute: str = ""
    split: str = ""
    density: str = ""


@dataclass(frozen=True)
class Mention:
    """Words of the article that name one actor; `sentence` is the index into Article.sentences."""

    start: int
    end: int
    text: str
    sentence: int


@dataclass(frozen=True)
class StanceCall:
    """Calibrated probabilities, in LABELS order, of one mention's stance in its sentence."""

    probabilities: tuple[float, float, float, float]

    @property
    def stance(self) -> str:
        """The most probable label."""
        return LABELS[max(range(len(LABELS)), key=self.probabilities.__getitem__)]

    @property
    def confidence(self) -> float:
        """The largest probability."""
        return max(self.probabilities)


@dataclass(frozen=True)
class Reading:
    """What one pass over one sentence found: mentions with their calls, and conditions' words."""

    mentions: tuple[tuple[Mention, StanceCall], ...]
    conditions: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Actor:
    """All mentions of one actor in an article, with a call for each."""

    actor_id: str
    name: str
    mentions: tuple[Mention, ...]
    calls: tuple[StanceCall, ...]


@dataclass(frozen=True)
class Evidence:
    """A sentence that shows the actor's stance."""

    start: int
    end: int
    text: str
    stance: str
    probability: float


@dataclass(frozen=True)
class ActorStance:
    """One output row: where one actor of one article stands on negotiation."""

    article: str
    date: str | None
    actor: str
    actor_id: str
    stance: str
    confidence: float
    probabilities: dict[str, float]
    mentions: tuple[Mention, ...]
    evidence: tuple[Evidence, ...]
    conditions: tuple[tuple[int, int, str], ...]
    tags: tuple[str, ...]
    model: str

    def as_row(self) -> dict[str, Any]:
        """The row of schema 1, ready for JSON; probabilities rounded to four places."""
        return {
            "schema": SCHEMA,
            "article": self.article,
            "date": self.date,
            "actor": self.actor,
            "actor_id": self.actor_id,
            "stance": self.stance,
            "confidence": round(self.confidence, 4),
            "probabilities": {label: round(p, 4) for label, p in self.probabilities.items()},
            "mentions": [{"start": m.start, "end": m.end, "text": m.text} for m in self.mentions],
            "evidence": [
                {
                    "start": e.start,
                    "end": e.end,
                    "text": e.text,
                    "stance": e.stance,
                    "probability": round(e.probability, 4),
                }
                for e in self.evidence
            ],
            "conditions": [{"start": s, "end": e, "text": t} for s, e, t in self.conditions],
            "tags": list(self.tags),
            "model": self.model,
        }


@dataclass(frozen=True)
class FailedArticle:
    """The row of an article that could not be read."""

    article: str
    error: str
    model: str = field(default="")

    def as_row(self) -> dict[str, Any]:
        """The error row of schema 1."""
        return {"schema": SCHEMA, "article": self.article, "error": self.error, "model": self.model}
