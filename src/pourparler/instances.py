"""Labelled rows: the corpus's documents, and users' JSONL and CSV files, as instances.

A row has the columns of `COLUMNS`; only sentence, start, end and label are needed. The context's
sentences are separated by line breaks or given as a list; in CSV, tags are separated by blanks.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pourparler.corpus_format import SPLITS, Document
from pourparler.encoding import CONTEXT_SENTENCES
from pourparler.errors import InputError, MissingExtra
from pourparler.labels import LABELS
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
NEEDED = ("sentence", "start", "end", "label")


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


def read_rows(path: Path) -> list[Instance]:
    """Instances of a labelled JSONL or CSV file.

    Raises InputError, with the row, for a missing file or column, an unknown label, or a span
    outside the sentence. Rows count from 1; a CSV's header is not counted.
    """
    rows = _read_csv(path) if path.suffix.lower() == ".csv" else _read_jsonl(path)
    instances = [_instance(path, number, row) for number, row in rows]
    if not instances:
        raise InputError(path, "no rows.", "Give at least one labelled sentence.")
    return instances


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


def _read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Numbered rows of a JSONL file."""
    for number, line in enumerate(_text_of(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(path, f"invalid JSON ({error.msg}).", "Write one object a line.", number) from error
        if not isinstance(row, dict):
            raise InputError(path, "not a JSON object.", "Write one object a line.", number)
        yield number, row


def _read_csv(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Numbered rows of a CSV file with a header."""
    reader = csv.DictReader(io.StringIO(_text_of(path), newline=""))
    for number, row in enumerate(reader, start=1):
        if None in row:
            raise InputError(path, "more cells than the header has columns.", "Quote commas.", number)
        yield number, {key: value for key, value in row.items() if value not in (None, "")}


def _text_of(path: Path) -> str:
    """The file's text. Raises InputError if it is missing or not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(path, "no such file.", "Check the path.") from error
    except (UnicodeDecodeError, IsADirectoryError) as error:
        raise InputError(path, "not a UTF-8 text file.", "Save it as UTF-8 JSONL or CSV.") from error


def _instance(path: Path, number: int, row: dict[str, Any]) -> Instance:
    """One checked instance. Raises InputError with the row."""
    for column in NEEDED:
        if row.get(column) in (None, ""):
            raise InputError(path, f'"{column}" is missing.', f"Every row needs {', '.join(NEEDED)}.", number)
    sentence, label = str(row["sentence"]), str(row["label"])
    if label not in LABELS:
        raise InputError(path, f'unknown label "{label}".', f"Use {', '.join(LABELS)}.", number)
    try:
        start, end = int(row["start"]), int(row["end"])
    except (TypeError, ValueError) as error:
        raise InputError(path, "start and end are not whole numbers.", "Count characters.", number) from error
    if not 0 <= start < end <= len(sentence):
        problem = f"the actor's span {start}:{end} is outside the sentence of {len(sentence)} characters."
        raise InputError(path, problem, "Count characters from 0, the end not included.", number)
    tags, context, split = row.get("tags") or (), row.get("context") or "", str(row.get("split") or "")
    if isinstance(context, list):
        context = "\n".join(map(str, context))
    if not isinstance(context, str) or not isinstance(tags, str | list | tuple):
        raise InputError(path, "context or tags are no text.", "Write text, or a list of texts.", number)
    if split not in ("", *SPLITS):
        raise InputError(path, f'unknown split "{split}".', f"Use {', '.join(SPLITS)}, or leave it empty.", number)
    return Instance(
        sentence=sentence,
        start=start,
        end=end,
        label=label,
        actor=str(row.get("actor") or sentence[start:end]),
        context=context,
        condition=row.get("condition") or None,
        condition_spans=_condition_spans(sentence, row.get("condition")),
        tags=tuple(tags.split()) if isinstance(tags, str) else tuple(tags),
        doc_id=str(row.get("doc_id") or _digest_of(context, sentence)),
        dispute=str(row.get("dispute") or ""),
        split=split,
    )


def _digest_of(context: str, sentence: str) -> str:
    """A document id for a row without one: rows of one sentence share it and so stay in one split."""
    return "s-" + hashlib.sha256(f"{context}\n{sentence}".encode()).hexdigest()[:12]


def _condition_spans(sentence: str, condition: Any) -> tuple[tuple[int, int], ...]:
    """Where the condition's words stand in the sentence, if they do."""
    pieces = str(condition).split(" … ") if condition else []
    found = ((sentence.find(piece), len(piece)) for piece in pieces)
    return tuple((at, at + length) for at, length in found if at >= 0)
