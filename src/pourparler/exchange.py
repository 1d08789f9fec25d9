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
from pourparler.rows import checked_instance, each_row, text_of, unknown_columns, write_rows

READABLE = ("jsonl", "csv", "dataset", "label-studio", "dna", "corpus")
WRITABLE = ("jsonl", "csv", "dataset", "label-studio", "dna")
ENDINGS = {".jsonl": "jsonl", ".csv": "csv", ".json": "label-studio", ".txt": "corpus"}
HF_SPLITS = {"validation": "dev"}
NOT_READ = {
    "corpus": "date, register, author, density, basis and an actor's further mentions in a sentence",
    "dna": "time, author, source, other variables, an organization beside a person",
    "label-studio": "relations, other controls than the four of the configuration, and other annotations",
}
"""What a row has no place for, by format read."""


@dataclass(frozen=True)
class Imported:
    """What a file gave: rows with their numbers in it, the rows that can't be used, what rows have no place for."""

    rows: tuple[tuple[int, Instance], ...]
    refused: tuple[InputError, ...]
    left_out: str = ""

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
    all or that has no rows, CorpusError for a fault of a corpus, MissingExtra without `datasets`.
    """
    readers = {"label-studio": read_tasks, "dna": read_statements, "dataset": _dataset_rows, "corpus": _corpus_rows}
    left_out = NOT_READ.get(name, "")
    if name in ("jsonl", "csv"):
        found, left_out = each_row(path, name), ", ".join(unknown_columns(path, name))
    else:
        found = readers[name](path)
    rows, refused = [], []
    for number, row in found:
        if isinstance(row, InputError):
            refused.append(row)
        else:
            rows.append((number, row))
    if not rows:
        raise refused[0] if refused else InputError(path, "no rows.", "Give at least one labelled sentence.")
    return Imported(tuple(rows), tuple(refused), left_out)


def write_labelled(instances: Sequence[Instance], path: Path, name: str) -> list[str]:
    """Write the rows in the format `name`, beside the path first; a sentence for each thing left out.

    Raises InputError for a folder that is missing, or in the way, or another file in the configuration's.
    """
    check_target(path)
    beside = path.with_name(path.name + ".part")
    notes: list[str] = []
    if name == "dataset":
        if path.exists():
            raise InputError(path, "is already there.", "Name a new folder.")
        shutil.rmtree(beside, ignore_errors=True)
        _write_dataset(instances, beside)
    elif name == "label-studio":
        notes.append(f"labelling configuration in {write_tasks(tasks_of(instances), path)}")
        return notes
    elif name == "dna":
        write_statements(statements_of_rows(instances), beside)
        silent = sum(i.label == "none" for i in instances)
        notes += [NOT_HELD, f"DNA holds statements only: {silent} rows without a stance are left out"]
    else:
        write_rows(instances, beside, name)
    beside.replace(path)
    return notes


def write_tasks(tasks: Iterable[dict[str, object]], path: Path) -> Path:
    """Write Label Studio tasks as one JSON list, and the configuration beside; the latter's path.

    Raises InputError for another ending than .json, or where another file has the configuration's name.
    """
    if path.suffix.lower() != ".json":
        raise InputError(path, "Label Studio takes tasks as .json.", "End it so.")
    configuration = path.with_suffix(".xml")
    if configuration.exists() and configuration.read_bytes() != CONFIGURATION.read_bytes():
        raise InputError(configuration, "is in the way of the labelling configuration.", "Name other tasks.")
    beside = path.with_name(path.name + ".part")
    with beside.open("w", encoding="utf-8") as file:
        file.write("[")
        for number, task in enumerate(tasks):
            file.write((",\n" if number else "\n") + json.dumps(task, ensure_ascii=False))
        file.write("\n]\n")
    beside.replace(path)
    shutil.copyfile(CONFIGURATION, configuration)
    return configuration


def check_target(path: Path, source: Path | None = None) -> None:
    """Raise InputError unless `path` can be written: its folder is there, it is no folder and not the source."""
    if not path.absolute().parent.is_dir():
        raise InputError(path, "its folder does not exist.", "Make the folder first.")
    if path.is_dir():
        raise InputError(path, "is already there, a folder.", "Name a new one.")
    if source is not None and path.resolve() == source.resolve():
        raise InputError(path, "is what is read.", "Name another file to write.")


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
        names = getattr(part.features.get("label"), "names", None)
        for row in part if len(part) else ():
            number += 1
            label = names[row["label"]] if names else row.get("label")
            split = row.get("split") or HF_SPLITS.get(key, key)
            yield number, checked_instance(path, number, {**row, "label": label, "split": split})


def _write_dataset(instances: Sequence[Instance], path: Path) -> None:
    """A DatasetDict by split where every row has one, else a Dataset."""
    splits = list(dict.fromkeys(i.split for i in instances))
    try:
        import datasets
    except ImportError as error:
        raise MissingExtra("datasets", "train") from error
    if all(splits):
        parts = {s: as_dataset(i for i in instances if i.split == s) for s in splits}
        datasets.DatasetDict(parts).save_to_disk(str(path))
    else:
        as_dataset(instances).save_to_disk(str(path))
