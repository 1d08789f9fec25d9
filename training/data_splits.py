"""Training data into train and dev sentences: the corpus, or a user's own rows."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from examples import LabelledSentence, sentences_of_documents, sentences_of_rows
from pourparler.corpus import read_corpus
from pourparler.errors import InputError
from pourparler.labels import LABELS
from pourparler.records import Instance
from pourparler.rows import read_rows

DEV_SHARE = 5
"""Of own rows without a split, one document in so many becomes dev."""


@dataclass(frozen=True)
class Splits:
    """Sentences of train and dev; `digest` is the sha256 of both."""

    train: list[LabelledSentence]
    dev: list[LabelledSentence]

    @property
    def digest(self) -> str:
        """Identity of the data."""
        return hashlib.sha256(repr((self.train, self.dev)).encode()).hexdigest()

    def summary(self) -> str:
        """Sentences and labelled mentions per split and label, a line each."""
        lines = []
        for name, sentences in (("train", self.train), ("dev", self.dev)):
            counts = Counter(label for s in sentences for _, _, label in s.mentions)
            labels = ", ".join(f"{label} {counts[label]}" for label in LABELS)
            lines.append(f"{name}: {len(sentences)} sentences, {sum(counts.values())} mentions ({labels})")
        return "\n".join(lines)


def load_splits(corpus: Path, own: Sequence[Path], percent: int = 100) -> Splits:
    """Train and dev of the corpus, or of the rows in `own` where any are given.

    Rows of split "test" are left out; those without a split go to dev, one document in DEV_SHARE,
    by the digest of their doc_id. `percent` of train's documents are taken, drawn by digest, so that
    a smaller share is part of a larger one; dev stays whole. Raises CorpusError or InputError.
    """
    if not own:
        documents = read_corpus(corpus)
        return Splits(
            sentences_of_documents(d for d in documents if d.split == "train" and _is_taken(d.doc_id, percent)),
            sentences_of_documents(d for d in documents if d.split == "dev"),
        )
    rows = [row for path in own for row in read_rows(path)]
    parts: dict[str, list[Instance]] = {"train": [], "dev": [], "test": []}
    for row in rows:
        parts[row.split or _split_of(row.doc_id)].append(row)
    parts["train"] = [r for r in parts["train"] if _is_taken(r.doc_id, percent)]
    for name in ("train", "dev"):
        if not parts[name]:
            mend = 'Give more documents or a larger --percent, or say "train" and "dev" in a column "split".'
            raise InputError(own[0], f"no row falls to {name}.", mend)
    return Splits(sentences_of_rows(parts["train"]), sentences_of_rows(parts["dev"]))


def _split_of(doc_id: str) -> str:
    """The split of a document, the same on every machine."""
    return "dev" if _number_of(doc_id) % DEV_SHARE == 0 else "train"


def _is_taken(doc_id: str, percent: int) -> bool:
    """True for `percent` of a hundred documents, the same on every machine."""
    return _number_of(f"share {doc_id}") % 100 < percent


def _number_of(text: str) -> int:
    """A number that the text decides."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
