"""The corpus's documents as instances, and instances as rows of named columns."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pourparler.corpus_format import Document
from pourparler.encoding import CONTEXT_SENTENCES
from pourparler.errors import MissingExtra
from pourparler.records import Instance

if TYPE_CHECKING:
    import datasets

COLUMNS = (
    "sentence",
    "context",
    "actor",
    "start",
    "end",
    "label",
    "condition",
    "tags",
    "doc_id",
    "dispute",
    "split",
)


def instances_of(document: Document) -> Iterator[Instance]:
    """Every (actor, sentence) pair of the document, at the actor's first mention in the sentence.

    A joint mention gives one instance per actor.
    """
    for index, sentence in enumerate(document.sentences):
        before = document.sentences[max(0, index - CONTEXT_SENTENCES) : index]
        seen: set[str] = set()
        spans = tuple(sorted({(c.start, c.end) for c in sentence.conditions}))
        for mention in sentence.mentions:
            for actor in mention.actors:
                if actor in seen:
                    continue
                seen.add(actor)
                yield Instance(
                    sentence=sentence.text,
                    start=mention.start,
                    end=mention.end,
                    label=mention.label,
                    actor=actor,
                    context="\n".join(s.text for s in before),
                    condition=condition_of(document, index, actor) if mention.label == "conditional" else None,
                    condition_spans=spans,
                    tags=tuple(sorted({t for m in sentence.mentions if actor in m.actors for t in m.tags})),
                    doc_id=document.doc_id,
                    dispute=document.dispute,
                    split=document.split,
                    density=document.density,
                )


def condition_of(document: Document, index: int, actor: str) -> str | None:
    """Words of the actor's condition nearest to sentence `index`, several joined by " … "."""
    for step in (0, -1, 1, -2, -3):
        if 0 <= index + step < len(document.sentences):
            sentence = document.sentences[index + step]
            words = [sentence.text[c.start : c.end] for c in sentence.conditions if c.actor in (actor, "")]
            if words:
                return " … ".join(words)
    return None


def as_row(instance: Instance) -> dict[str, Any]:
    """The instance as a row of COLUMNS."""
    return {c: list(instance.tags) if c == "tags" else getattr(instance, c) for c in COLUMNS}


def as_dataset(instances: Iterable[Instance]) -> "datasets.Dataset":
    """The instances as a Hugging Face dataset with COLUMNS. Raises MissingExtra without `datasets`."""
    try:
        import datasets
    except ImportError as error:
        raise MissingExtra("datasets", "train") from error
    string, integer = datasets.Value("string"), datasets.Value("int64")
    features = datasets.Features(
        {c: integer if c in ("start", "end") else datasets.List(string) if c == "tags" else string for c in COLUMNS}
    )
    return datasets.Dataset.from_list([as_row(i) for i in instances], features=features)
