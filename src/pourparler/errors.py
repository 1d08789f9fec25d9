"""The errors that users can meet, each with the place and the mend.

PourparlerError             exit code 2 at the command line
  InputError                a file or row that can't be read; in a batch it becomes an error row
  CorpusError               a line of the corpus that breaks the format
  ArtifactError             a model folder that is incomplete or altered
  MissingExtra              an optional dependency that is not installed
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PourparlerError(Exception):
    """Base of all errors that name what the user can mend."""


class InputError(PourparlerError):
    """An input file or row can't be used."""

    def __init__(self, path: str | Path, problem: str, mend: str, row: int | None = None) -> None:
        place = str(path) if row is None else f"{path} row {row}"
        super().__init__(f"{place}: {problem} {mend}")
        self.path, self.row, self.problem, self.mend = str(path), row, problem, mend


class CorpusError(PourparlerError):
    """A line of a corpus file breaks the format."""

    def __init__(self, path: str | Path, line: int, problem: str, mend: str) -> None:
        super().__init__(f"{path}:{line}: {problem} {mend}")
        self.path, self.line, self.problem, self.mend = str(path), line, problem, mend


class ArtifactError(PourparlerError):
    """A model folder is incomplete, altered or of another version."""

    def __init__(self, path: str | Path, problem: str, mend: str) -> None:
        super().__init__(f"{path}: {problem} {mend}")
        self.path, self.problem, self.mend = str(path), problem, mend


class MissingExtra(PourparlerError):
    """An optional dependency is missing."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed. Run: pip install 'pourparler[{extra}]'")
        self.package, self.extra = package, extra


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Print a PourparlerError as one line and exit with 2: the edge of every command and script.

    So too a file that the system refuses to open, write or rename.
    """
    try:
        yield
    except PourparlerError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from error
    except OSError as error:
        if error.filename is None:
            raise
        print(f"{error.filename}: {error.strerror}. Check the path and its permissions.", file=sys.stderr)
        raise SystemExit(2) from error
