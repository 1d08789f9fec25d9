"""Blind labelling: sheets without labels, answers back in, agreement, and open adjudication.

    python data/labelling.py sheets --out sheets/          one sheet per dispute, labels hidden
    python data/labelling.py verify sheets/ answers/       what an answer file lacks or has too much
    python data/labelling.py merge answers-1/ answers-2/   into data/annotations/, one table per dispute

A sheet shows every sentence with [words|actor] and no label or tag. An answer file holds "@doc id"
lines and, for each sentence with mentions, its number and actor=letter for every actor.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pourparler.corpus import read_corpus
from pourparler.corpus_format import Document
from pourparler.errors import InputError, one_line_errors
from pourparler.labels import LETTERS

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
CORPUS, ANNOTATIONS = Path("data/corpus"), Path("data/annotations")
COLUMNS = ("doc_id", "sentence", "actor", "author", "first", "second", "gold", "reason")
LETTER_OF = {label: letter for letter, label in LETTERS.items()}

Key = tuple[str, int, str]
"""Document id, sentence number from 1, actor."""


@dataclass(frozen=True)
class Annotation:
    """One (actor, sentence) pair's labels, as letters: the author's, two blind ones, and the gold."""

    doc_id: str
    sentence: int
    actor: str
    author: str
    first: str
    second: str
    gold: str
    reason: str


@app.command()
def sheets(out: Annotated[Path, typer.Option(help="Folder for the sheets.")], corpus: Path = CORPUS) -> None:
    """Write one sheet per dispute, without labels."""
    with one_line_errors():
        out.mkdir(parents=True, exist_ok=True)
        by_dispute: dict[str, list[str]] = {}
        for document in read_corpus(corpus):
            by_dispute.setdefault(document.dispute, []).append(sheet_of(document))
        for dispute, texts in by_dispute.items():
            (out / f"{dispute}.txt").write_text("\n".join(texts), encoding="utf-8")


def sheet_of(document: Document) -> str:
    """The document with numbered sentences, mentions as [words|actor]."""
    lines = [f"@doc {document.doc_id}  date: {document.date}"]
    for number, sentence in enumerate(document.sentences, start=1):
        pieces, position = [], 0
        for mention in sentence.mentions:
            words = sentence.text[mention.start : mention.end]
            pieces += [sentence.text[position : mention.start], f"[{words}|{'&'.join(mention.actors)}]"]
            position = mention.end
        pieces.append(sentence.text[position:])
        lines.append(f"{number}{' #' if sentence.headline else ''} {''.join(pieces)}")
    return "\n".join(lines) + "\n"


@app.command()
def verify(sheet_folder: Path, answer_folder: Path) -> None:
    """Print what the answers of each answered sheet lack; exit 1 if anything is amiss."""
    amiss = 0
    for path in sorted(answer_folder.glob("*.txt")):
        wanted = keys_of_sheet((sheet_folder / path.name).read_text(encoding="utf-8"))
        answers = read_answers(path)
        for key in sorted(wanted - set(answers)):
            print(f"{path}: no answer for {key[0]} sentence {key[1]} {key[2]}")
        for key in sorted(set(answers) - wanted):
            print(f"{path}: {key[0]} sentence {key[1]} has no actor {key[2]}")
        amiss += len(wanted ^ set(answers))
    if amiss:
        raise typer.Exit(1)


def keys_of_sheet(sheet: str) -> set[Key]:
    """Every pair that a sheet asks for."""
    keys, doc_id = set(), ""
    for line in sheet.splitlines():
        if line.startswith("@doc "):
            doc_id = line.split()[1]
        elif line:
            number = int(line.split()[0])
            for actors in re.findall(r"\|([a-z0-9&-]+)\]", line):
                keys |= {(doc_id, number, actor) for actor in actors.split("&")}
    return keys


def read_answers(path: Path) -> dict[Key, str]:
    """Letters by pair. Raises InputError for an unreadable line."""
    answers: dict[Key, str] = {}
    doc_id = ""
    for row, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("@doc "):
            doc_id = line.split()[1]
            continue
        number, *cells = line.split() or [""]
        for cell in cells:
            actor, _, letter = cell.partition("=")
            if letter not in LETTERS or not number.isdigit():
                raise InputError(path, f'unreadable answer "{cell}".', "Write: 3 usa=s prk=n", row)
            answers[doc_id, int(number), actor] = letter
    return answers


@app.command()
def merge(first: Path, second: Path, corpus: Path = CORPUS, annotations: Path = ANNOTATIONS) -> None:
    """Write the author's labels and two blind passes into data/annotations/.

    Gold is the label all three agree on; pairs with any disagreement get an empty gold, to be filled
    by adjudication together with a reason. Pairs that neither pass answers keep the row they have.
    """
    with one_line_errors():
        blind = [
            {k: v for path in sorted(folder.glob("*.txt")) for k, v in read_answers(path).items()}
            for folder in (first, second)
        ]
        kept = {(r.doc_id, r.sentence, r.actor): r for r in read_annotations(annotations)}
        by_dispute: dict[str, list[Annotation]] = {}
        for document in read_corpus(corpus):
            rows = by_dispute.setdefault(document.dispute, [])
            for key, letter in labels_of(document).items():
                if key in kept and not any(key in answers for answers in blind):
                    rows.append(kept[key])
                    continue
                votes = [letter, *(answers.get(key, "") for answers in blind)]
                rows.append(Annotation(*key, *votes, letter if len(set(votes)) == 1 else "", ""))
        for dispute, rows in by_dispute.items():
            write_annotations(annotations / f"{dispute}.tsv", rows)


def labels_of(document: Document) -> dict[Key, str]:
    """The corpus's own letters by pair, in text order."""
    return {
        (document.doc_id, number, actor): LETTER_OF[mention.label]
        for number, sentence in enumerate(document.sentences, start=1)
        for mention in sentence.mentions
        for actor in mention.actors
    }


def read_annotations(folder: Path) -> list[Annotation]:
    """All rows of the tables in `folder`."""
    rows: list[Annotation] = []
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            table = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            rows += [Annotation(**{**row, "sentence": int(row["sentence"])}) for row in table]
    return rows


def write_annotations(path: Path, rows: Iterable[Annotation]) -> None:
    """One tab-separated table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(COLUMNS)]
    lines += ["\t".join(str(getattr(row, c)) for c in COLUMNS) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    app()
