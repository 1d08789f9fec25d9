"""Labelled rows in users' JSONL and CSV files: read, checked and written.

A row has the columns of `COLUMNS`; only sentence, start, end and label are needed. The context's
sentences are separated by line breaks or given as a list; in CSV, tags are separated by blanks.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pourparler.corpus_format import SPLITS
from pourparler.errors import InputError
from pourparler.instances import COLUMNS, as_row
from pourparler.labels import LABELS
from pourparler.records import Instance

NEEDED = ("sentence", "start", "end", "label")
TEXTS = ("sentence", "label", "actor", "context", "condition", "doc_id", "dispute", "split")


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


def each_row(path: Path, name: str = "") -> Iterator[tuple[int, Instance | InputError]]:
    """Numbered instances of the file, a bad row as its error.

    name: "csv" or "jsonl"; without it the path's ending decides. Raises InputError for a bad or empty file.
    """
    empty = True
    for number, row in _raw_rows(path, name):
        empty = False
        yield number, row if isinstance(row, InputError) else checked_instance(path, number, row)
    if empty:
        raise InputError(path, "no rows.", "Give at least one labelled sentence.")


def unknown_columns(path: Path, name: str = "") -> list[str]:
    """Columns of the file that no row keeps, in order. Raises InputError for a bad file."""
    rows = (row for _, row in _raw_rows(path, name) if not isinstance(row, InputError))
    return list(dict.fromkeys(key for row in rows for key in row if key not in COLUMNS))


def write_rows(instances: Sequence[Instance], path: Path, name: str) -> None:
    """Write the rows, all of COLUMNS, as "csv" or "jsonl"."""
    with path.open("w", encoding="utf-8", newline="") as file:
        if name == "csv":
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows({**as_row(i), "tags": " ".join(i.tags)} for i in instances)
        else:
            file.writelines(json.dumps(as_row(i), ensure_ascii=False) + "\n" for i in instances)


def cuts_word(instance: Instance) -> bool:
    """True if the span begins or ends inside a run of letters, as spans do that count from 1."""
    return any(
        instance.sentence[at - 1].isalpha() and instance.sentence[at].isalpha()
        for at in (instance.start, instance.end)
        if 0 < at < len(instance.sentence)
    )


def text_of(path: Path) -> str:
    """The file's text. Raises InputError if it is missing or not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(path, "no such file.", "Check the path.") from error
    except (UnicodeDecodeError, IsADirectoryError) as error:
        raise InputError(path, "not a UTF-8 text file.", "Save it as UTF-8.") from error
    except OSError as error:
        raise InputError(path, f"can't be read ({error.strerror}).", "Check its permissions.") from error


def checked_instance(path: Path, number: int, row: dict[str, Any]) -> Instance | InputError:
    """One checked instance, or the error that names its row."""
    try:
        return _instance(path, number, row)
    except InputError as error:
        return error


def _raw_rows(path: Path, name: str) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """Numbered rows as the file has them."""
    return _csv_rows(path) if (name or path.suffix.lower().lstrip(".")) == "csv" else _jsonl_rows(path)


def _jsonl_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """Numbered rows of a JSONL file."""
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            problem = f"invalid JSON ({getattr(error, 'msg', type(error).__name__)})."
            yield number, InputError(path, problem, "Write one object a line.", number)
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            yield number, InputError(path, "not a JSON object.", "Write one object a line.", number)


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """Numbered rows of a CSV file with a header."""
    reader = csv.DictReader(io.StringIO(text_of(path), newline=""))
    columns = list(reader.fieldnames or ())
    if len(set(columns)) < len(columns):
        raise InputError(path, "a column stands twice in the header.", "Drop or rename one.")
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if None in row:
                yield number, InputError(path, "more cells than the header has columns.", "Quote commas.", number)
            else:
                yield number, {key: value for key, value in row.items() if value not in (None, "")}
    except csv.Error as error:
        raise InputError(path, f"broken CSV ({error}).", "Mend or shorten the cell.", number + 1) from error


def _instance(path: Path, number: int, row: dict[str, Any]) -> Instance:
    """One checked instance. Raises InputError with the row."""
    for column in NEEDED:
        if row.get(column) in (None, ""):
            found = ", ".join(map(str, row)) or "nothing"
            problem = f'"{column}" is missing; the row has {found}.'
            raise InputError(path, problem, f"Every row needs {', '.join(NEEDED)}.", number)
    row = {**row, "context": _joined(row.get("context"))}
    for column in TEXTS:
        if not _is_text(row.get(column) or ""):
            raise InputError(path, f'"{column}" is no text.', "Write text in valid UTF-8.", number)
    sentence, label, split = row["sentence"], row["label"], row.get("split") or ""
    if label not in LABELS:
        raise InputError(path, f'unknown label "{label}".', f"Use {', '.join(LABELS)}.", number)
    if split not in ("", *SPLITS):
        raise InputError(path, f'unknown split "{split}".', f"Use {', '.join(SPLITS)}, or leave it empty.", number)
    start, end = _checked_span(path, number, row)
    return Instance(
        sentence=sentence,
        start=start,
        end=end,
        label=label,
        actor=row.get("actor") or sentence[start:end],
        context=row["context"],
        condition=row.get("condition") or None,
        condition_spans=_condition_spans(sentence, row.get("condition")),
        tags=_checked_tags(path, number, row.get("tags") or ()),
        doc_id=row.get("doc_id") or _digest_of(row["context"], sentence),
        dispute=row.get("dispute") or "",
        split=split,
    )


def _joined(context: Any) -> Any:
    """The context's sentences as one text, where they come as a list of texts; anything else as it is."""
    if isinstance(context, list) and all(isinstance(s, str) for s in context):
        return "\n".join(context)
    return context or ""


def _is_text(value: Any) -> bool:
    """True for a string without half characters."""
    return isinstance(value, str) and not any("\ud800" <= c <= "\udfff" for c in value)


def _checked_span(path: Path, number: int, row: dict[str, Any]) -> tuple[int, int]:
    """The mention's start and end. Raises InputError unless they bound words of the sentence."""
    sentence, mend = row["sentence"], "Count characters from 0, the end not included."
    if not all(re.fullmatch(r"\d{1,9}", str(row[c])) and not isinstance(row[c], bool) for c in ("start", "end")):
        raise InputError(path, "start and end are not whole numbers.", mend, number)
    start, end = int(row["start"]), int(row["end"])
    if not 0 <= start < end <= len(sentence):
        problem = f"the actor's span {start}:{end} is outside the sentence of {len(sentence)} characters."
        raise InputError(path, problem, mend, number)
    words = sentence[start:end]
    if words != words.strip() or not re.search(r"\w", words):
        problem = f'the actor\'s span {start}:{end} marks "{words}", with blanks at its edge or no word.'
        raise InputError(path, problem, mend, number)
    return start, end


def _checked_tags(path: Path, number: int, tags: Any) -> tuple[str, ...]:
    """Tags, given as a list or separated by blanks. Raises InputError for what is no single word."""
    if isinstance(tags, str):
        tags = tags.split()
    if not isinstance(tags, list | tuple) or not all(
        _is_text(tag) and tag and not any(c.isspace() for c in tag) for tag in tags
    ):
        raise InputError(path, "a tag is empty, has blanks or is no text.", "Write tags as single words.", number)
    return tuple(tags)


def _digest_of(context: str, sentence: str) -> str:
    """A document id for a row without one: rows of one sentence share it and so stay in one split."""
    return "s-" + hashlib.sha256(f"{context}\n{sentence}".encode()).hexdigest()[:12]


def _condition_spans(sentence: str, condition: Any) -> tuple[tuple[int, int], ...]:
    """Where the condition's words stand in the sentence, if they do."""
    pieces = str(condition).split(" … ") if condition else []
    found = ((sentence.find(piece), len(piece)) for piece in pieces)
    return tuple((at, at + length) for at, length in found if at >= 0)
