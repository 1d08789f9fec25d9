"""The sets that a model is judged on, as rows of one shape."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pourparler.corpus_format import Document
from pourparler.instances import instances_of
from pourparler.records import Instance
from pourparler.rows import read_rows

REAL_NEWS = Path("../shared/real-news")


@dataclass(frozen=True)
class EvaluationSet:
    """Named rows; `groups` are the documents that the bootstrap draws."""

    name: str
    title: str
    rows: tuple[Instance, ...]

    @property
    def groups(self) -> list[str]:
        """Each row's document."""
        return [row.doc_id for row in self.rows]


def corpus_sets(documents: Iterable[Document], split: str) -> list[EvaluationSet]:
    """The split as a whole, and its documents at real density."""
    rows = tuple(i for d in documents if d.split == split for i in instances_of(d))
    real = tuple(r for r in rows if r.density == "real")
    return [
        EvaluationSet(split, f"own {split}", rows),
        EvaluationSet(f"{split}-real", f"own {split}, real density", real),
    ]


def own_set(paths: Iterable[Path]) -> EvaluationSet:
    """A user's labelled rows. Raises InputError."""
    return EvaluationSet("own", "your rows", tuple(r for path in paths for r in read_rows(path)))


def real_news_sets(folder: Path = REAL_NEWS) -> list[EvaluationSet]:
    """Real news where the folder is there: picked by topic, by cue, both, and retold articles' sentences."""
    if not (folder / "dev.jsonl").is_file():
        return []
    rows = [json.loads(line) for line in (folder / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    by_pick = {
        pick: tuple(
            Instance(r["sentence"], r["start"], r["end"], r["label"], actor=r["mention"], doc_id=r["id"])
            for r in rows
            if r["pick"] == pick
        )
        for pick in ("topic", "cue")
    }
    return [
        EvaluationSet("real-topic", "real news, by topic", by_pick["topic"]),
        EvaluationSet("real-cue", "real news, by cue", by_pick["cue"]),
        EvaluationSet("real-both", "real news, both", by_pick["topic"] + by_pick["cue"]),
        EvaluationSet("real-articles", "real articles retold", tuple(_article_rows(folder / "dev_articles.jsonl"))),
    ]


def _article_rows(path: Path) -> Iterable[Instance]:
    """The labelled (actor, sentence) pairs of the retold articles, context before each sentence."""
    for line in path.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        texts = [article["text"][s["start"] : s["end"]] for s in article["sentences"]]
        for index, sentence in enumerate(article["sentences"]):
            seen = set()
            for mention in sentence["mentions"]:
                if mention["label"] is None or mention["actor"] in seen:
                    continue
                seen.add(mention["actor"])
                yield Instance(
                    sentence=texts[index],
                    start=mention["start"] - sentence["start"],
                    end=mention["end"] - sentence["start"],
                    label=mention["label"],
                    actor=mention["actor"],
                    context="\n".join(texts[max(0, index - 3) : index]),
                    doc_id=article["id"],
                )
