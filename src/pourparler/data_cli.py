"""`pourparler data`: labelled rows between tools, tasks to label, labels to look at again."""

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pourparler.article import find_articles
from pourparler.artifact import DEFAULT_NAME
from pourparler.dna import NOT_HELD, statements_of_stances, write_statements
from pourparler.encoding import SentenceTooLong, encode, tokens_in
from pourparler.errors import InputError, one_line_errors
from pourparler.exchange import (
    READABLE,
    WRITABLE,
    Imported,
    check_target,
    format_of,
    read_labelled,
    write_labelled,
    write_tasks,
)
from pourparler.label_errors import Suspect, rank_label_errors, write_suspects
from pourparler.label_studio import predicted_task
from pourparler.model import Model, load
from pourparler.records import Instance
from pourparler.rows import cuts_word, text_of

data_app = typer.Typer(no_args_is_help=True, help="Your own labelled rows: convert, prepare, check.")
console, errors = Console(), Console(stderr=True)
STANCE_KEYS = {"schema", "article", "actor", "actor_id", "evidence"}
MAX_SHOWN, MAX_REFUSED = 20, 50


@data_app.command()
def convert(
    source: Annotated[Path, typer.Argument(help="Labelled rows, or for --to dna the rows that classify wrote.")],
    target: Annotated[Path, typer.Argument(help="The file or data set folder to write.")],
    source_format: Annotated[str, typer.Option("--from", help=f"{', '.join(READABLE)}, or stances.")] = "",
    target_format: Annotated[str, typer.Option("--to", help=", ".join(WRITABLE))] = "",
) -> None:
    """Convert labelled rows; formats go by the endings unless named.

    Example:  pourparler data convert project.json rows.jsonl

    Rows that can't be used are named and left out. Exit: 0 done, 1 some rows left out, 2 usage or input.
    """
    with one_line_errors():
        source_format = source_format or format_of(source)
        target_format = target_format or format_of(target)
        for given, name, known in (
            (source, source_format, (*READABLE, "stances")),
            (target, target_format, WRITABLE),
        ):
            if name not in known:
                raise InputError(given, f'unknown format "{name}".', f"Use {', '.join(known)}.")
        check_target(target, source)
        if source_format == "stances":
            _convert_stances(source, target, target_format)
            return
        imported = read_labelled(source, source_format)
        notes = write_labelled(imported.instances, target, target_format)
    _print_refused(imported.refused)
    if imported.left_out:
        notes.insert(0, f"rows have no place for: {imported.left_out}")
    for note in notes:
        errors.print(note, soft_wrap=True, highlight=False, markup=False)
    _print_cut_spans(imported.instances)
    errors.print(f"{len(imported.rows)} rows read, {target} written", soft_wrap=True, highlight=False, markup=False)
    if imported.refused:
        raise typer.Exit(1)


@data_app.command()
def tasks(
    articles: Annotated[list[str], typer.Argument(help="Articles, as classify takes them.")],
    out: Annotated[Path, typer.Option(help="The Label Studio tasks to write, .json.")],
    model: Annotated[str, typer.Option(help="default, fast, or a model folder.")] = DEFAULT_NAME,
) -> None:
    """Write articles as Label Studio tasks with the model's reading as a prediction to correct.

    Example:  pourparler data tasks seeds/ --out tasks.json

    Exit: 0 done, 1 some articles failed, 2 usage or input.
    """
    failed: list[InputError] = []
    with one_line_errors():
        for source in articles:
            check_target(out, Path(source))
        made = _predicted_tasks(load(model), articles, failed)
        first = next(made, None)
        if first is None:
            raise failed[0]
        configuration = write_tasks(chain([first], made), out)
    _print_refused(failed)
    message = f"tasks in {out}, labelling configuration in {configuration}"
    errors.print(message, soft_wrap=True, highlight=False, markup=False)
    if failed:
        raise typer.Exit(1)


@data_app.command("errors")
def label_errors(
    source: Annotated[Path, typer.Argument(help="Labelled rows in any format that convert reads.")],
    out: Annotated[Path | None, typer.Option(help="Write the whole ranking here, as CSV.")] = None,
    model: Annotated[str, typer.Option(help="A model not trained on these rows.")] = DEFAULT_NAME,
    source_format: Annotated[str, typer.Option("--from", help=", ".join(READABLE))] = "",
) -> None:
    """Rank rows by how likely their label is wrong, most suspect first.

    Example:  pourparler data errors rows.jsonl --out suspects.csv

    The ranking is only as good as the model, and worthless for rows it was trained on.
    Exit: 0 done, 1 some rows left out, 2 usage or input.
    """
    with one_line_errors():
        if out is not None:
            check_target(out, source)
        imported = read_labelled(source, source_format or format_of(source))
        loaded = load(model)
        rows, refused = _readable(source, imported, loaded)
        if len({row.label for _, row in rows}) < 2:
            raise InputError(source, "rows of one label only.", "Give rows of two labels or more.")
        suspects = rank_label_errors(rows, loaded.score_rows([row for _, row in rows]))
        if out is not None:
            write_suspects(suspects, out)
    console.print(_suspect_table(suspects))
    _print_refused(refused)
    _print_cut_spans([row for _, row in rows])
    if refused:
        raise typer.Exit(1)


def _convert_stances(source: Path, target: Path, target_format: str) -> None:
    """Rows that classify wrote (.jsonl) into an event list."""
    if target_format != "dna":
        raise InputError(target, "rows of classify become event lists only.", "Say --to dna.")
    rows, failed = _read_stances(source)
    statements = statements_of_stances(rows)
    beside = target.with_name(target.name + ".part")
    write_statements(statements, beside)
    beside.replace(target)
    errors.print(f"{NOT_HELD}, as are probabilities and actors without a stance", soft_wrap=True)
    if failed:
        errors.print(f"{failed} rows of articles that failed are left out", soft_wrap=True)
    errors.print(f"{len(statements)} statements in {target}", soft_wrap=True, highlight=False, markup=False)


def _read_stances(path: Path) -> tuple[list[dict[str, Any]], int]:
    """The rows that classify wrote, and how many are of failed articles. Raises InputError for other rows."""
    rows, failed = [], 0
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(path, "no row of classify.", "Give the .jsonl that classify wrote.", number) from error
        if isinstance(row, dict) and {"schema", "error"} <= row.keys():
            failed += 1
        elif isinstance(row, dict) and row.keys() >= STANCE_KEYS and all(isinstance(e, dict) for e in row["evidence"]):
            rows.append(row)
        else:
            raise InputError(path, "no row of classify.", "Give the .jsonl that classify wrote.", number)
    return rows, failed


def _readable(source: Path, imported: Imported, model: Model) -> tuple[list[tuple[int, Instance]], list[InputError]]:
    """Rows that the model can score, and an error for each other: too long, or a span that covers no word.

    Raises the first error if no row is left.
    """
    rows, refused = [], list(imported.refused)
    for number, row in imported.rows:
        try:
            tokens = tokens_in(encode(model.stance_model.tokenizer, row.sentence), row.start, row.end)
        except SentenceTooLong:
            refused.append(InputError(source, "a sentence too long for the model.", "Split it.", number))
            continue
        if tokens:
            rows.append((number, row))
        else:
            refused.append(InputError(source, "a span that covers no word.", "Mark the actor's words.", number))
    if not rows:
        raise refused[0]
    return rows, refused


def _print_cut_spans(instances: Sequence[Instance]) -> None:
    """A warning where spans begin or end inside a word."""
    cut = sum(map(cuts_word, instances))
    if cut:
        errors.print(f"{cut} of {len(instances)} spans begin or end inside a word: they must count from 0")


def _predicted_tasks(model: Model, articles: list[str], failed: list[InputError]) -> Iterator[dict[str, object]]:
    """A task for each article; those that can't be read go to `failed`."""
    with errors.status("reading"):
        for article in find_articles(articles):
            if isinstance(article, InputError):
                failed.append(article)
                continue
            cut, readings, actors = model.actors(article)
            yield predicted_task(cut, readings, actors, model.digest)


def _print_refused(refused: Sequence[InputError]) -> None:
    """A line for each row that could not be used, up to MAX_REFUSED of them, and how many more there are."""
    if len(refused) > MAX_REFUSED:
        errors.print(f"{len(refused)} rows left out; the first {MAX_REFUSED}:", style="red")
    for error in refused[:MAX_REFUSED]:
        errors.print(str(error), style="red", soft_wrap=True, highlight=False, markup=False)


def _suspect_table(suspects: Sequence[Suspect]) -> Table:
    """The most suspect rows."""
    flagged = sum(s.flagged for s in suspects)
    table = Table(title=f"{flagged} of {len(suspects)} labels look wrong", title_justify="left")
    for column in ("row", "label", "quality", "suggested", "actor", "sentence"):
        table.add_column(column, no_wrap=column in ("label", "suggested"))
    for suspect in ([s for s in suspects if s.flagged] or suspects[:5])[:MAX_SHOWN]:
        cells = (str(suspect.row), suspect.label, f"{suspect.quality:.2f}", suspect.suggested)
        table.add_row(*cells, Text(suspect.actor), Text(suspect.sentence))
    if not flagged:
        table.caption = "none is flagged; these have the lowest quality"
    elif flagged > MAX_SHOWN:
        table.caption = f"the first {MAX_SHOWN}; --out writes them all"
    return table
