"""Labelled rows in users' JSONL and CSV files: read, checked and written.

A row has the columns of `COLUMNS`; only sentence, start, end and label are needed. The context's
sentences are separated by line breaks or given as a list; in CSV, tags are separated by blanks.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pourparler.corpus_format import SPLITS
from pourparler.errors import InputError
from pourparler.instances import COLUMNS, as_row
from pourparler.labels import LABELS
from pourparler.records import Instance

NEEDED = ("sentence", "start", "end", "label")


def read_rows(path: Path) -> list[Instance]:
    """Instances of a labelled JSONL or CSV file.

    Raises InputError, with the row, for a missing file or column, an unknown label, or a span
    outside the sentence. Rows count from 1; a CSV's header is not counted.
    """
    instances = []
    for _, row in each_row(path):
        if isinstance(row, InputError):
            raise row
        instances.append(row)
    return instances


def each_row(path: Path) -> Iterator[tuple[int, Instance | InputError]]:
    """Numbered instances of the file, a bad row as its error. Raises InputError for a bad or empty file."""
    rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _jsonl_rows(path)
    empty = True
    for number, row in rows:
        empty = False
        yield number, row if isinstance(row, InputError) else checked_instance(path, number, row)
    if empty:
        raise InputError(path, "no rows.", "Give at least one labelled sentence.")


def write_rows(instances: Sequence[Instance], path: Path) -> None:
    """Write the rows as JSONL or, where `path` ends in .csv, as CSV; every column survives either."""
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix.lower() == ".csv":
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows({**as_row(i), "tags": " ".join(i.tags)} for i in instances)
        else:
            file.writelines(json.dumps(as_row(i), ensure_ascii=False) + "\n" for i in instances)


def text_of(path: Path) -> str:
    """The file's text. Raises InputError if it is missing or not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(path, "no such file.", "Check the path.") from error
    except (UnicodeDecodeError, IsADirectoryError) as error:
        raise InputError(path, "not a UTF-8 text file.", "Save it as UTF-8.") from error


def checked_instance(path: Path, number: int, row: dict[str, Any]) -> Instance | InputError:
    """One checked instance, or the error that names its row."""
    try:
        return _instance(path, number, row)
    except InputError as error:
        return error


def _jsonl_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """Numbered rows of a JSONL file."""
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            yield number, InputError(path, f"invalid JSON ({error.msg}).", "Write one object a line.", number)
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            yield number, InputError(path, "not a JSON object.", "Write one object a line.", number)


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """Numbered rows of a CSV file with a header."""
    reader = csv.DictReader(io.StringIO(text_of(path), newline=""))
    for number, row in enumerate(reader, start=1):
        if None in row:
            yield number, InputError(path, "more cells than the header has columns.", "Quote commas.", number)
        else:
            yield number, {key: value for key, value in row.items() if value not in (None, "")}


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
