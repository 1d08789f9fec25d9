"""Disagreements into adjudication sheets, decisions back into annotations and corpus.

    python data/adjudication.py sheets --out adjudication/ --parts 4
    python data/adjudication.py apply adjudication/decisions/

A decision is a line "doc_id sentence actor letter | reason"; where the letter is c and the sentence
has no marked condition in reach, the reason ends in "{words}" with the condition's exact words.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from labelling import ANNOTATIONS, CORPUS, Key, read_annotations, sheet_of, write_annotations
from pourparler.corpus import read_corpus
from pourparler.corpus_format import (
    CONDITION_REACH_AFTER,
    CONDITION_REACH_BEFORE,
    CorpusCondition,
    CorpusSentence,
    Document,
    render,
)
from pourparler.errors import InputError, one_line_errors
from pourparler.labels import LETTERS

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
DECISION = re.compile(r"(\S+) (\d+) (\S+) ([scon]) \| (.*)")


@app.command()
def sheets(
    out: Annotated[Path, typer.Option(help="Folder for the sheets.")],
    parts: Annotated[int, typer.Option(help="How many sheets.")] = 4,
    corpus: Path = CORPUS,
    annotations: Path = ANNOTATIONS,
) -> None:
    """Write the undecided pairs with their sentence, the three before it and all labels given."""
    with one_line_errors():
        lines_of = {d.doc_id: sheet_of(d).splitlines() for d in read_corpus(corpus)}
        open_rows = [r for r in read_annotations(annotations) if not r.gold]
    out.mkdir(parents=True, exist_ok=True)
    for part in range(parts):
        blocks = []
        for row in open_rows[part * len(open_rows) // parts : (part + 1) * len(open_rows) // parts]:
            lines = lines_of[row.doc_id]
            votes = f"author {row.author}, first {row.first}, second {row.second}"
            context = lines[max(1, row.sentence - 3) : row.sentence + 2]
            blocks.append("\n".join([f"== {row.doc_id} {row.sentence} {row.actor}  ({votes})", lines[0], *context]))
        (out / f"part-{part + 1}.txt").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


@app.command()
def apply(decisions: Path, corpus: Path = CORPUS, annotations: Path = ANNOTATIONS) -> None:
    """Write decided golds and reasons into the annotations, and every gold label into the corpus."""
    with one_line_errors():
        decided = {k: v for path in sorted(decisions.glob("*.txt")) for k, v in read_decisions(path).items()}
        documents = read_corpus(corpus)
        rows = [
            replace(r, gold=decided[k][0], reason=decided[k][1])
            if (k := (r.doc_id, r.sentence, r.actor)) in decided
            else r
            for r in read_annotations(annotations)
        ]
        gold = {(r.doc_id, r.sentence, r.actor): r.gold for r in rows if r.gold}
        words = {k: m.group(1) for k, (_, reason) in decided.items() if (m := re.search(r"\{(.+)\}\s*$", reason))}
        mended = [with_gold(d, gold, words) for d in documents]
        for path in sorted({d.path for d in documents}):
            texts = [render(m) for m, d in zip(mended, documents, strict=True) if d.path == path]
            Path(path).write_text("\n".join(texts), encoding="utf-8")
        dispute_of = {d.doc_id: d.dispute for d in documents}
        for dispute in sorted(set(dispute_of.values())):
            write_annotations(annotations / f"{dispute}.tsv", (r for r in rows if dispute_of[r.doc_id] == dispute))
        read_corpus(corpus)


def read_decisions(path: Path) -> dict[Key, tuple[str, str]]:
    """Letter and reason by pair. Raises InputError for an unreadable line."""
    decisions: dict[Key, tuple[str, str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        match = DECISION.fullmatch(line.strip())
        if not match:
            raise InputError(path, f'unreadable decision "{line}".', "Write: doc 3 usa s | reason", number)
        doc_id, sentence, actor, letter, reason = match.groups()
        decisions[doc_id, int(sentence), actor] = (letter, " ".join(reason.split()))
    return decisions


def with_gold(document: Document, gold: dict[Key, str], words: dict[Key, str]) -> Document:
    """The document with gold labels on its mentions and conditions that fit them.

    Raises InputError if the actors of a joint mention have different golds. A condition stays only where an owner is
    conditional in reach; `words` adds conditions that no one had marked.
    """
    sentences = [_labelled(document.doc_id, n, s, gold, words) for n, s in enumerate(document.sentences, start=1)]
    kept = [
        replace(s, conditions=tuple(c for c in s.conditions if _is_owned(c, _near(sentences, i))))
        for i, s in enumerate(sentences)
    ]
    return replace(document, sentences=tuple(kept))


def _labelled(
    doc_id: str, number: int, sentence: CorpusSentence, gold: dict[Key, str], words: dict[Key, str]
) -> CorpusSentence:
    """The sentence with gold labels, and with conditions that adjudication named."""
    mentions = []
    for mention in sentence.mentions:
        letters = {gold[key] for actor in mention.actors if (key := (doc_id, number, actor)) in gold}
        if len(letters) > 1:
            joint = "&".join(mention.actors)
            problem = f"joint mention {joint} in {doc_id} sentence {number} has golds {', '.join(sorted(letters))}."
            raise InputError("decisions", problem, "Decide its actors alike.")
        mentions.append(replace(mention, label=LETTERS[letters.pop()]) if letters else mention)
    added = tuple(
        CorpusCondition(at, at + len(text), actor)
        for (doc, n, actor), text in words.items()
        if (doc, n) == (doc_id, number)
        and (at := sentence.text.find(text)) >= 0
        and not any(c.start < at + len(text) and at < c.end for c in sentence.conditions)
    )
    return replace(sentence, mentions=tuple(mentions), conditions=(*sentence.conditions, *added))


def _near(sentences: list[CorpusSentence], index: int) -> Iterable[CorpusSentence]:
    """The sentences whose conditional mentions a condition in sentence `index` can belong to."""
    return sentences[max(0, index - CONDITION_REACH_AFTER) : index + CONDITION_REACH_BEFORE + 1]


def _is_owned(condition: CorpusCondition, near: Iterable[CorpusSentence]) -> bool:
    """True if the condition's owner is conditional in one of the sentences, or anyone is where none is named."""
    conditional = {a for s in near for m in s.mentions if m.label == "conditional" for a in m.actors}
    return condition.actor in conditional or (not condition.actor and bool(conditional))


if __name__ == "__main__":
    app()
