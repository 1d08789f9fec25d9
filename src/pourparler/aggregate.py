"""Calls per sentence into one stance per actor of an article, by the codebook's article rule.

Later sentences outweigh earlier ones, strong evidence outweighs weak, and a sentence that gives no
stance takes none away. What a person says or does for a body (state, group) counts as the body's own.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from pourparler.labels import LABELS
from pourparler.records import Actor, ActorStance, Article, Evidence, Reading
from pourparler.stance import FloatArray

EARLIEST_WEIGHT = 0.5
"""Weight of the article's first sentence against its last, which weighs 1."""
MAX_EVIDENCE = 3
NONE = LABELS.index("none")
CONDITIONAL = LABELS.index("conditional")
CONDITION_REACH = (0, -1, 1, -2, -3)
"""Where a conditional sentence's condition may stand, nearest first."""


def roll_up(
    article: Article,
    actors: Sequence[Actor],
    readings: Sequence[Reading],
    sides: Mapping[str, set[str]],
    model_digest: str,
) -> list[ActorStance]:
    """One row per actor, in the order given.

    readings: one per sentence of the article. sides: actor id to the ids of the bodies acted for.
    """
    own = {a.actor_id: _sentence_calls(a) for a in actors}
    rows = []
    for actor in actors:
        persons = [own[p] for p, bodies in sides.items() if actor.actor_id in bodies and p in own]
        calls, shared = _with_persons(own[actor.actor_id], persons)
        rows.append(_actor_stance(article, actor, calls, shared, readings, model_digest))
    return rows


def pool(probabilities: FloatArray, positions: FloatArray) -> FloatArray:
    """Article probabilities [4] from sentence probabilities [n, 4] at positions [n] in 0..1.

    The probability of no stance is that of the sentence least likely to have none; the rest is
    shared among the stances by their sum over sentences, weighted by probability of a stance and
    by position. n is at least 1.
    """
    bearing = 1 - probabilities[:, NONE]
    weights = bearing * (EARLIEST_WEIGHT + (1 - EARLIEST_WEIGHT) * positions)
    mass = (probabilities * weights[:, None]).sum(axis=0)
    mass[NONE] = 0
    none = probabilities[:, NONE].min()
    pooled: FloatArray = mass / max(mass.sum(), 1e-12) * (1 - none)
    pooled[NONE] = none
    return pooled


def _sentence_calls(actor: Actor) -> dict[int, FloatArray]:
    """Probabilities [4] of the actor by sentence, the mean over its mentions there."""
    by_sentence: dict[int, list[tuple[float, ...]]] = {}
    for mention, call in zip(actor.mentions, actor.calls, strict=True):
        by_sentence.setdefault(mention.sentence, []).append(call.probabilities)
    return {i: np.mean(calls, axis=0) for i, calls in by_sentence.items()}


def _with_persons(
    own: Mapping[int, FloatArray], persons: Sequence[Mapping[int, FloatArray]]
) -> tuple[dict[int, FloatArray], set[int]]:
    """A body's calls by sentence, with those of the persons who act for it where they say more.

    Returns the calls and the sentences whose call is a person's.
    """
    calls, shared = dict(own), set[int]()
    for person in persons:
        for sentence, call in person.items():
            if sentence not in calls or call[NONE] < calls[sentence][NONE]:
                calls[sentence] = call
                shared.add(sentence)
    return calls, shared


def _actor_stance(  # noqa: PLR0917 - one input each
    article: Article,
    actor: Actor,
    calls: Mapping[int, FloatArray],
    shared: AbstractSet[int],
    readings: Sequence[Reading],
    model_digest: str,
) -> ActorStance:
    """The actor's row from its calls by sentence; `shared` are those of persons who act for it."""
    indices = sorted(calls)
    by_sentence = np.array([calls[i] for i in indices])
    positions = np.array(indices) / max(1, len(article.sentences) - 1)
    pooled = pool(by_sentence, positions)
    stance = LABELS[int(pooled.argmax())]
    evidence = _evidence(article, indices, by_sentence, stance)
    strongest = next((i for i in indices if evidence and article.sentences[i].start == evidence[0].start), None)
    return ActorStance(
        article=article.name,
        date=article.date,
        actor=actor.name,
        actor_id=actor.actor_id,
        stance=stance,
        confidence=float(pooled.max()),
        probabilities=dict(zip(LABELS, pooled.tolist(), strict=True)),
        mentions=actor.mentions,
        evidence=evidence,
        conditions=_conditions(article, indices, by_sentence, readings) if stance == "conditional" else (),
        tags=("shared",) if strongest in shared else (),
        model=model_digest,
    )


def _evidence(article: Article, indices: Sequence[int], by_sentence: FloatArray, stance: str) -> tuple[Evidence, ...]:
    """The sentences that speak loudest for the stance, strongest first; none for `none`."""
    if stance == "none":
        return ()
    column = by_sentence[:, LABELS.index(stance)]
    chosen = [i for i in np.argsort(-column, kind="stable").tolist() if by_sentence[i].argmax() == LABELS.index(stance)]
    chosen = chosen or [int(column.argmax())]
    spans = [(article.sentences[indices[i]], column[i]) for i in chosen[:MAX_EVIDENCE]]
    return tuple(Evidence(s.start, s.end, article.text[s.start : s.end], stance, float(p)) for s, p in spans)


def _conditions(
    article: Article, indices: Sequence[int], by_sentence: FloatArray, readings: Sequence[Reading]
) -> tuple[tuple[int, int, str], ...]:
    """The words of the conditions in reach of the actor's conditional sentences, in text order."""
    spans: set[tuple[int, int]] = set()
    for i, probabilities in zip(indices, by_sentence, strict=True):
        if probabilities.argmax() != CONDITIONAL:
            continue
        near = [i + step for step in CONDITION_REACH if 0 <= i + step < len(readings)]
        nearest = next((readings[j].conditions for j in near if readings[j].conditions), ())
        spans |= set(nearest)
    return tuple((start, end, article.text[start:end]) for start, end in sorted(spans))
