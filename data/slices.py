"""Slices of the corpus: its tags, and what the text itself shows (connective, joint, opposite, truce)."""

import re
from collections.abc import Iterator

from pourparler.corpus_format import CorpusSentence, Document
from pourparler.instances import condition_of, instances_of
from pourparler.labels import TAGS
from pourparler.records import Instance

CONNECTIVES = {
    "if": r"(?<!\bas )\bif\b",
    "unless": r"\bunless\b",
    "until": r"\buntil\b",
    "once": r"(?<!\bat )\bonce\b(?! more| again)",
    "in exchange or return": r"\bin (?:exchange|return)\b",
}
COMPUTED = (*(f"connective {c}" for c in CONNECTIVES), "joint actors", "opposite stances", "no context")
TRUCES = ("supports", "opposes", "none")
SLICES = (*TAGS, *COMPUTED, *(f"truce, {label}" for label in TRUCES))


def sliced_pairs(document: Document) -> Iterator[tuple[int, Instance, set[str]]]:
    """Every pair of the document with its sentence's number, counted from 1, and the slices it falls in."""
    for number, (sentence, instances) in enumerate(_pairs_by_sentence(document), start=1):
        labels = {i.label for i in instances}
        joint = {a for m in sentence.mentions if len(m.actors) > 1 for a in m.actors}
        for instance in instances:
            slices = set(instance.tags)
            if instance.actor in joint:
                slices.add("joint actors")
            if {"supports", "opposes"} <= labels and instance.label in ("supports", "opposes"):
                slices.add("opposite stances")
            if "truce" in slices and instance.label in TRUCES:
                slices.add(f"truce, {instance.label}")
            if not instance.context:
                slices.add("no context")
            if instance.label == "conditional":
                words = condition_of(document, number - 1, instance.actor) or ""
                slices |= {f"connective {c}" for c, p in CONNECTIVES.items() if re.search(p, words, re.IGNORECASE)}
            yield number, instance, slices


def _pairs_by_sentence(document: Document) -> Iterator[tuple[CorpusSentence, list[Instance]]]:
    """The document's pairs, gathered by sentence."""
    instances = instances_of(document)
    for sentence in document.sentences:
        actors = {a for m in sentence.mentions for a in m.actors}
        yield sentence, [next(instances) for _ in actors]
