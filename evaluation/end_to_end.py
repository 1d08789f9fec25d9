"""From raw text to actors: mentions against gold spans, and each gold actor's article stance."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from metrics import document_draws, macro_f1, percentile_interval
from pourparler.article import make_article
from pourparler.corpus_format import Document
from pourparler.labels import LABELS
from pourparler.model import Model
from pourparler.records import ActorStance
from pourparler.world import fold
from results import EndToEnd
from sets import REAL_NEWS

LEADING_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)

Spans = set[tuple[int, int]]


def judge_real_articles(model: Model, folder: Path = REAL_NEWS) -> list[EndToEnd]:
    """The retold real articles, where the folder is there: mentions, and stances of their gold actors."""
    path = folder / "dev_articles.jsonl"
    if not path.is_file():
        return []
    hits = found = wanted = 0
    outcomes: list[tuple[str, int, int]] = []
    matched = actors = invented = 0
    articles = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for article in articles:
        rows = model.classify(make_article(article["text"], article["id"], article["date"]))
        gold = {
            _without_article(article["text"], m["start"], m["end"]) for s in article["sentences"] for m in s["mentions"]
        }
        predicted = _spans(rows)
        hits, found, wanted = hits + len(gold & predicted), found + len(predicted), wanted + len(gold)
        claimed: set[str] = set()
        for actor in article["actors"]:
            row = _match(actor, rows)
            claimed |= {row.actor_id} if row else set()
            if actor["label"] is None:
                continue
            actors, matched = actors + 1, matched + (row is not None)
            stance = row.stance if row else "none"
            outcomes.append((article["id"], LABELS.index(actor["label"]), LABELS.index(stance)))
        invented += sum(r.stance != "none" and r.actor_id not in claimed for r in rows)
    return [_result("real articles retold", (hits, found, wanted), len(articles), outcomes, matched / actors, invented)]


def judge_corpus(model: Model, documents: Iterable[Document], split: str) -> list[EndToEnd]:
    """Mentions of the split's documents; their article stances are not marked by hand, so not judged."""
    hits = found = wanted = count = 0
    for document in documents:
        if document.split != split:
            continue
        count += 1
        article = make_article("\n".join(s.text for s in document.sentences), document.doc_id, document.date)
        offset, gold = 0, set()
        for sentence in document.sentences:
            gold |= {(offset + m.start, offset + m.end) for m in sentence.mentions}
            offset += len(sentence.text) + 1
        predicted = {(m.start, m.end) for r in model.read(article) for m, _ in r.mentions}
        hits, found, wanted = hits + len(gold & predicted), found + len(predicted), wanted + len(gold)
    return [_result(f"own {split}", (hits, found, wanted), count, [], 0.0, 0)]


def _result(  # noqa: PLR0917 - one figure each
    name: str,
    counts: tuple[int, int, int],
    articles: int,
    outcomes: Sequence[tuple[str, int, int]],
    actors_found: float,
    invented: int,
) -> EndToEnd:
    """Figures of the counts and outcomes; counts are hits, found, wanted."""
    hits, found, wanted = counts
    precision, recall = hits / max(1, found), hits / max(1, wanted)
    groups = [g for g, _, _ in outcomes]
    gold, predicted = np.array([g for _, g, _ in outcomes]), np.array([p for _, _, p in outcomes])
    draws = document_draws(groups) if groups else []
    value = macro_f1(gold, predicted) if groups else 0.0
    replicates = [macro_f1(gold[d], predicted[d]) for d in draws] or [0.0]
    return EndToEnd(
        set_name=name,
        mention_precision=precision,
        mention_recall=recall,
        mention_f1=2 * precision * recall / max(1e-9, precision + recall),
        articles=articles,
        actors=len(outcomes),
        actor_macro_f1=percentile_interval(value, replicates),
        actors_found=actors_found,
        invented_with_stance=invented,
    )


def _match(actor: dict, rows: Sequence[ActorStance]) -> ActorStance | None:
    """The first row any of whose mentions, or whose name, equals the gold name or an alias."""
    names = {fold(n) for n in (actor["name"], *actor["aliases"])}
    return next((r for r in rows if names & {fold(r.actor), *(fold(m.text) for m in r.mentions)}), None)


def _spans(rows: Sequence[ActorStance]) -> Spans:
    """Every mention's span."""
    return {(m.start, m.end) for r in rows for m in r.mentions}


def _without_article(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without a leading article, as the corpus marks mentions."""
    match = LEADING_ARTICLE.match(text[start:end])
    return (start + match.end() if match else start, end)
