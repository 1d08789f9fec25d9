"""Files and standard input into articles: plain text, Markdown, HTML, JSONL.

Offsets count characters of the text that was given; for HTML, of the text taken out of the page.
"""

import glob
import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pourparler.errors import InputError
from pourparler.records import Article
from pourparler.sentences import split_sentences

MAX_BYTES = 1_000_000
"""A news article is a few kilobytes; a larger file is something else."""
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
TEXT_SUFFIXES = (".txt", ".md", ".markdown", ".text", *HTML_SUFFIXES, ".jsonl")
DATE_LINE = re.compile(r"\s*date:?\s+(\d{4}-\d{2}-\d{2})\b[ \t]*", re.IGNORECASE)
MARKDOWN_SYNTAX = re.compile(r"^(?:#{1,6}|>|[-*+])\s+", re.MULTILINE)


def find_articles(inputs: Iterable[str], leave_out: Path | None = None) -> Iterator[Article | InputError]:
    """Every article of the files, folders, globs, JSONL files and "-" named, in that order.

    An article that can't be read comes as its InputError, so that one bad file ends nothing. Raises
    InputError at once, before anything is read, for a path that does not exist or a glob or folder
    without articles. `leave_out` is a file that does not count, such as the run's own output.
    """
    paths = [p for source in inputs for p in ([Path("-")] if source == "-" else _expand(source))]
    return _articles_of([p for p in paths if leave_out is None or p.resolve() != leave_out.resolve()])


def _articles_of(paths: Iterable[Path]) -> Iterator[Article | InputError]:
    """The articles of existing files, errors in their place."""
    for path in paths:
        if path.suffix.lower() == ".jsonl":
            yield from _read_jsonl(path)
        else:
            yield _attempt(path)


def make_article(text: str, name: str = "<text>", day: str | None = None, title: str | None = None) -> Article:
    """An article of the text given; a leading "date YYYY-MM-DD" is its date and no part of a sentence.

    Raises InputError if the text holds no letter or digit, or `day` is no date.
    """
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise InputError(name, "half a character (a lone surrogate).", "Write it again as valid UTF-8.")
    offset = 0
    match = DATE_LINE.match(text)
    if match and _is_date(match.group(1)):
        day, offset = day or match.group(1), match.end()
    if day is not None and not _is_date(day):
        raise InputError(name, f'date "{day}" is not a date.', "Write YYYY-MM-DD.")
    blanked = " " * offset + text[offset:]
    blanked = MARKDOWN_SYNTAX.sub(lambda m: " " * len(m.group()), blanked)
    sentences = split_sentences(blanked)
    if not sentences:
        raise InputError(name, "no text.", "Give an article with at least one sentence.")
    return Article(name=name, text=text, sentences=sentences, date=day, title=title)


def read_article(path: Path) -> Article:
    """The article in one file, or on standard input for "-". Raises InputError."""
    data = sys.stdin.buffer.read(MAX_BYTES + 1) if str(path) == "-" else _bytes_of(path)
    name = "<stdin>" if str(path) == "-" else str(path)
    if len(data) > MAX_BYTES:
        problem = f"more than {MAX_BYTES / 1e6:.0f} MB, too long for an article."
        raise InputError(name, problem, "Split it into one file an article, or write a .jsonl.")
    if not data.strip():
        raise InputError(name, "empty.", "Give an article with text.")
    if b"\0" in data:
        raise InputError(name, "binary, not text.", "Give plain text, Markdown or HTML.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 (byte {error.start})."
        raise InputError(name, problem, "Save it as UTF-8, e.g. iconv -f latin1 -t utf8.") from error
    if path.suffix.lower() in HTML_SUFFIXES or re.match(r"\s*<(?:!doctype html|html)\b", text, re.IGNORECASE):
        return _from_html(text, name)
    return make_article(text, name)


def _attempt(path: Path) -> Article | InputError:
    """The article, or the error that reading it raised."""
    try:
        return read_article(path)
    except InputError as error:
        return error


def _expand(source: str) -> list[Path]:
    """Files that a path, folder or glob stands for. Raises InputError if there are none."""
    path = Path(source)
    if path.is_file():
        return [path]
    if path.is_dir():
        paths = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in TEXT_SUFFIXES)
        mend = f"Put files in it that end in {', '.join(TEXT_SUFFIXES)}."
        problem = "a folder without articles."
    else:
        paths = sorted(p for p in map(Path, glob.glob(source, recursive=True)) if p.is_file())
        problem = "no file matches." if glob.has_magic(source) else "no such file or folder."
        mend = "Check the path."
    if not paths:
        raise InputError(source, problem, mend)
    return paths


def _bytes_of(path: Path) -> bytes:
    """The file's bytes, at most one more than MAX_BYTES. Raises InputError."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError(path, "no such file.", "Check the path.") from error
    except OSError as error:
        raise InputError(path, f"can't be read ({error.strerror}).", "Check its permissions.") from error


def _from_html(page: str, name: str) -> Article:
    """The article in an HTML page, its boilerplate left out. Raises InputError."""
    from trafilatura import bare_extraction

    document: Any = bare_extraction(page, include_comments=False, include_tables=False, with_metadata=True)
    if document is None or not (document.text or "").strip():
        raise InputError(name, "no article text in the page.", "Save the page with its text, or give plain text.")
    day = document.date if document.date and _is_date(document.date) else None
    return make_article(document.text, name, day, document.title)


def _read_jsonl(path: Path) -> Iterator[Article | InputError]:
    """One article a line: {"text": …} with "id", "date" and "title" if there are any."""
    try:
        file = path.open("rb")
    except OSError as error:
        yield InputError(path, f"can't be read ({error.strerror}).", "Check its permissions.")
        return
    with file:
        empty = True
        for number, line in enumerate(file, start=1):
            if line.strip():
                empty = False
                yield _jsonl_article(path, number, line)
    if empty:
        yield InputError(path, "empty.", 'Write one {"text": …} a line.')


def _jsonl_article(path: Path, number: int, line: bytes) -> Article | InputError:
    """The article of one JSONL line, or its error."""
    mend = 'Write one {"text": …} a line, UTF-8.'
    try:
        row = json.loads(line)
    except ValueError as error:
        return InputError(path, f"invalid JSON ({type(error).__name__}).", mend, number)
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return InputError(path, 'no "text".', mend, number)
    name = str(row.get("id") or f"{path}#{number}")
    day = row.get("date")
    try:
        return make_article(row["text"], name, str(day) if day else None, row.get("title"))
    except InputError as error:
        return InputError(path, error.problem, error.mend, number)


def _is_date(text: str) -> bool:
    """True for a calendar date written YYYY-MM-DD."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
