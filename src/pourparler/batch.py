"""Many articles into rows, written as they come; a bad article becomes an error row."""

import csv
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol

from pourparler.errors import InputError, MissingExtra
from pourparler.model import Model
from pourparler.records import SCHEMA, ActorStance, Article, FailedArticle

COLUMNS = (
    "schema",
    "article",
    "date",
    "actor",
    "actor_id",
    "stance",
    "confidence",
    "probabilities",
    "mentions",
    "evidence",
    "conditions",
    "tags",
    "model",
    "error",
)
FORMATS = (".jsonl", ".csv", ".parquet")

Row = ActorStance | FailedArticle


def classify_all(model: Model, articles: Iterable[Article | InputError]) -> Iterator[list[Row]]:
    """The rows of each article, in order; of one that can't be read, its error row alone."""
    for article in articles:
        if isinstance(article, InputError):
            yield [FailedArticle(_name_of(article), f"{article.problem} {article.mend}", model.digest)]
        else:
            yield list(model.classify(article))


def _name_of(error: InputError) -> str:
    """The article's name as error rows bear it: path, and row where there is one."""
    return error.path if error.row is None else f"{error.path}#{error.row}"


class Writer(Protocol):
    """Takes rows as they come."""

    def write(self, row: Row) -> None:
        """Append one row."""


def open_writer(path: Path) -> AbstractContextManager[Writer]:
    """A writer for the format that `path` ends in, for use in a with statement.

    Rows go to a file beside `path` that takes its name when the block ends without an exception;
    so an interrupted run leaves an older result whole and its own rows in `path`.part. Raises
    InputError for another ending or a folder that is missing, MissingExtra for Parquet without pyarrow.
    """
    if path.suffix.lower() not in FORMATS:
        raise InputError(path, "unknown output format.", f"End it in {', '.join(FORMATS)}.")
    if not path.absolute().parent.is_dir():
        raise InputError(path, "its folder does not exist.", "Make the folder first.")
    kinds: dict[str, type[_FileWriter]] = {".jsonl": _JsonlWriter, ".csv": _CsvWriter, ".parquet": _ParquetWriter}
    return kinds[path.suffix.lower()](path)


class _FileWriter(ABC):
    """Writes beside the final path and renames at the end."""

    def __init__(self, path: Path) -> None:
        self.path, self.beside = path, path.with_name(path.name + ".part")

    def __enter__(self) -> Writer:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if kind is None:
            self.beside.replace(self.path)

    @abstractmethod
    def open(self) -> None:
        """Open the file beside."""

    @abstractmethod
    def write(self, row: Row) -> None:
        """Append one row."""

    @abstractmethod
    def close(self) -> None:
        """Write what is held back and close the file."""


class _JsonlWriter(_FileWriter):
    """One JSON object a line."""

    file: IO[str]

    def open(self) -> None:
        self.file = self.beside.open("w", encoding="utf-8")

    def write(self, row: Row) -> None:
        self.file.write(json.dumps(row.as_row(), ensure_ascii=False) + "\n")
        self.file.flush()

    def close(self) -> None:
        self.file.close()


class _CsvWriter(_FileWriter):
    """COLUMNS, nested values as JSON."""

    file: IO[str]

    def open(self) -> None:
        self.file = self.beside.open("w", encoding="utf-8", newline="")
        self.csv = csv.DictWriter(self.file, COLUMNS)
        self.csv.writeheader()

    def write(self, row: Row) -> None:
        values = row.as_row()
        self.csv.writerow({k: _cell(v) for k, v in values.items()})
        self.file.flush()

    def close(self) -> None:
        self.file.close()


def _cell(value: Any) -> Any:
    """A nested value as JSON, others as they are."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


class _ParquetWriter(_FileWriter):
    """COLUMNS, typed and nested; a row group per thousand rows."""

    ROWS_PER_GROUP = 1000

    def open(self) -> None:
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError as error:
            raise MissingExtra("pyarrow", "parquet") from error
        self.pa, self.schema, self.rows = pa, parquet_schema(), list[dict[str, Any]]()
        self.parquet = pq.ParquetWriter(self.beside, self.schema)

    def write(self, row: Row) -> None:
        self.rows.append(row.as_row())
        if len(self.rows) >= self.ROWS_PER_GROUP:
            self._flush()

    def close(self) -> None:
        if self.rows:
            self._flush()
        self.parquet.close()

    def _flush(self) -> None:
        self.parquet.write_table(self.pa.Table.from_pylist(self.rows, self.schema))
        self.rows = []


def parquet_schema() -> Any:
    """The pyarrow schema of COLUMNS."""
    import pyarrow as pa

    string, real, whole = pa.string(), pa.float64(), pa.int64()
    labels = ("supports", "conditional", "opposes", "none")
    span = [("start", whole), ("end", whole), ("text", string)]
    types = {
        "schema": pa.int64(),
        "confidence": real,
        "probabilities": pa.struct([(label, real) for label in labels]),
        "mentions": pa.list_(pa.struct(span)),
        "evidence": pa.list_(pa.struct([*span, ("stance", string), ("probability", real)])),
        "conditions": pa.list_(pa.struct(span)),
        "tags": pa.list_(string),
    }
    metadata = {"pourparler_schema": str(SCHEMA)}
    return pa.schema([(column, types.get(column, string)) for column in COLUMNS], metadata)
