"""Labelled rows in the formats of other tools: read, written, and what each can't hold.

jsonl, csv     rows of COLUMNS (rows.py)
dataset        a folder of Hugging Face `datasets`
label-studio   a JSON list of tasks (label_studio.py)
dna            an event list of the Discourse Network Analyzer (dna.py)
corpus         the project's own text with marks, a file or a folder; read only
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pourparler.corpus import read_corpus
from pourparler.corpus_format import parse
from pourparler.dna import NOT_HELD, read_statements, statements_of_rows, write_statements
from pourparler.errors import InputError, MissingExtra
from pourparler.instances import as_dataset, instances_of
from pourparler.label_studio import CONFIGURATION, read_tasks, tasks_of
from pourparler.records import Instance
from pourparler.rows import checked_instance, each_row, text_of, write_rows

READABLE = ("jsonl", "csv", "dataset", "label-studio", "dna", "corpus")
WRITABLE = ("jsonl", "csv", "dataset", "label-studio", "dna")
ENDINGS = {".jsonl": "jsonl", ".csv": "csv", ".json": "label-studio", ".txt": "corpus"}
HF_SPLITS = {"validation": "dev"}


@dataclass(frozen=True)
class Imported:
    """What a file gave: rows with their numbers in it, and the rows that can't be used."""

    rows: tuple[tuple[int, Instance], ...]
    refused: tuple[InputError, ...]

    @property
    def instances(self) -> list[Instance]:
        """The rows without their numbers."""
        return [row for _, row in self.rows]


def format_of(path: Path) -> str:
    """The format that a path's ending names; a folder holds a data set or, with .txt files, a corpus.

    Raises InputError for another ending.
    """
    if path.is_dir():
        return "corpus" if any(path.glob("*.txt")) else "dataset"
    if path.suffix.lower() in ENDINGS:
        return ENDINGS[path.suffix.lower()]
    if not path.suffix:
        return "dataset"
    raise InputError(path, "unknown format.", f"End it in {', '.join(ENDINGS)}, or name the format.")


def read_labelled(path: Path, name: str) -> Imported:
    """Rows of a file or folder in the format `name`.

    A bad row is refused and the others are read. Raises InputError for a file that can't be read at
    all, CorpusError for a fault of a corpus, MissingExtra for a data set without `datasets`.
    """
    readers = {"label-studio": read_tasks, "dna": read_statements, "dataset": _dataset_rows, "corpus": _corpus_rows}
    rows, refused = [], []
    for number, row in readers.get(name, each_row)(path):
        if isinstance(row, InputError):
            refused.append(row)
        else:
            rows.append((number, row))
    return Imported(tuple(rows), tuple(refused))


def write_labelled(instances: Sequence[Instance], path: Path, name: str) -> list[str]:
    """Write the rows in the format `name`, beside the path first; a sentence for each thing left out.

    Raises InputError for a data set's folder that exists.
    """
    if not path.absolute().parent.is_dir():
        raise InputError(path, "its folder does not exist.", "Make the folder first.")
    beside = path.with_name(path.name + ".part")
    notes: list[str] = []
    if name == "dataset":
        if path.exists():
            raise InputError(path, "is already there.", "Name a new folder.")
        shutil.rmtree(beside, ignore_errors=True)
        _write_dataset(instances, beside)
    elif name == "label-studio":
        beside.write_text(json.dumps(tasks_of(instances), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        notes.append(f"labelling configuration in {_write_configuration(path)}")
    elif name == "dna":
        write_statements(statements_of_rows(instances), beside)
        silent = sum(i.label == "none" for i in instances)
        notes += [NOT_HELD, f"DNA holds statements only: {silent} rows without a stance are left out"]
    else:
        beside = beside.with_suffix(f".part.{name}")
        write_rows(instances, beside)
    beside.replace(path)
    return notes


def write_tasks(tasks: Iterable[dict[str, object]], path: Path) -> Path:
    """Write Label Studio tasks as one JSON list, and the configuration beside; the latter's path."""
    beside = path.with_name(path.name + ".part")
    with beside.open("w", encoding="utf-8") as file:
        file.write("[")
        for number, task in enumerate(tasks):
            file.write((",\n" if number else "\n") + json.dumps(task, ensure_ascii=False))
        file.write("\n]\n")
    beside.replace(path)
    return _write_configuration(path)


def _write_configuration(tasks: Path) -> Path:
    """Copy the labelling configuration to stand beside the tasks."""
    path = tasks.with_suffix(".xml")
    shutil.copyfile(CONFIGURATION, path)
    return path


def _corpus_rows(path: Path) -> Iterator[tuple[int, Instance]]:
    """Pairs of a corpus file or folder, counted from 1."""
    documents = read_corpus(path) if path.is_dir() else parse(text_of(path), str(path))
    yield from enumerate((i for d in documents for i in instances_of(d)), start=1)


def _dataset_rows(path: Path) -> Iterator[tuple[int, Instance | InputError]]:
    """Rows of a saved Dataset or DatasetDict, whose keys are splits of rows that name none."""
    try:
        import datasets
    except ImportError as error:
        raise MissingExtra("datasets", "train") from error
    try:
        loaded = datasets.load_from_disk(str(path))
    except (FileNotFoundError, ValueError) as error:
        raise InputError(path, "no saved data set.", "Give a folder written by save_to_disk.") from error
    parts = loaded.items() if isinstance(loaded, datasets.DatasetDict) else [("", loaded)]
    number = 0
    for key, part in parts:
        for row in part:
            number += 1
            split = row.get("split") or HF_SPLITS.get(key, key)
            yield number, checked_instance(path, number, {**row, "split": split})


def _write_dataset(instances: Sequence[Instance], path: Path) -> None:
    """A DatasetDict by split where every row has one, else a Dataset."""
    splits = list(dict.fromkeys(i.split for i in instances))
    if all(splits):
        import datasets

        parts = {s: as_dataset(i for i in instances if i.split == s) for s in splits}
        datasets.DatasetDict(parts).save_to_disk(str(path))
    else:
        as_dataset(instances).save_to_disk(str(path))
