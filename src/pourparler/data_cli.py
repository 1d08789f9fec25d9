"""`pourparler data`: labelled rows between tools, tasks to label, labels to look at again."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pourparler.article import find_articles
from pourparler.artifact import DEFAULT_NAME
from pourparler.dna import NOT_HELD, statements_of_stances, write_statements
from pourparler.errors import InputError, one_line_errors
from pourparler.exchange import READABLE, WRITABLE, format_of, read_labelled, write_labelled, write_tasks
from pourparler.label_errors import Suspect, rank_label_errors, write_suspects
from pourparler.label_studio import predicted_task
from pourparler.model import Model, load
from pourparler.rows import text_of

data_app = typer.Typer(no_args_is_help=True, help="Your own labelled rows: convert, prepare, check.")
console, errors = Console(), Console(stderr=True)
MAX_SHOWN = 20


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
        if source_format == "stances":
            _convert_stances(source, target, target_format)
            return
        imported = read_labelled(source, source_format)
        if not imported.rows:
            raise imported.refused[0]
        notes = write_labelled(imported.instances, target, target_format)
    _print_refused(imported.refused)
    for note in notes:
        errors.print(note, soft_wrap=True, highlight=False, markup=False)
    errors.print(f"{len(imported.rows)} rows in {target}", soft_wrap=True, highlight=False, markup=False)
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
        if not out.absolute().parent.is_dir():
            raise InputError(out, "its folder does not exist.", "Make the folder first.")
        configuration = write_tasks(_predicted_tasks(load(model), articles, failed), out)
    _print_refused(failed)
    errors.print(f"tasks in {out}, labelling configuration in {configuration}", soft_wrap=True, highlight=False)
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
        imported = read_labelled(source, source_format or format_of(source))
        if not imported.rows:
            raise imported.refused[0]
        suspects = rank_label_errors(imported.rows, load(model).score_rows(imported.instances))
        if out is not None:
            write_suspects(suspects, out)
    console.print(_suspect_table(suspects))
    _print_refused(imported.refused)
    if imported.refused:
        raise typer.Exit(1)


def _convert_stances(source: Path, target: Path, target_format: str) -> None:
    """Rows that classify wrote (.jsonl) into an event list."""
    if target_format != "dna":
        raise InputError(target, "rows of classify become event lists only.", "Say --to dna.")
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(text_of(source).splitlines(), start=1):
        try:
            row = json.loads(line)
            rows += [row] if "actor" in row and isinstance(row["evidence"], list) else []
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(source, "no row of classify.", "Give the .jsonl that classify wrote.", number) from error
    statements = statements_of_stances(rows)
    beside = target.with_name(target.name + ".part")
    write_statements(statements, beside)
    beside.replace(target)
    errors.print(f"{NOT_HELD}, as are probabilities and actors without a stance", soft_wrap=True)
    errors.print(f"{len(statements)} statements in {target}", soft_wrap=True, highlight=False, markup=False)


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
    """A line for each row that could not be used."""
    for error in refused:
        errors.print(str(error), style="red", soft_wrap=True, highlight=False, markup=False)


def _suspect_table(suspects: Sequence[Suspect]) -> Table:
    """The most suspect rows."""
    flagged = sum(s.flagged for s in suspects)
    table = Table(title=f"{flagged} of {len(suspects)} labels look wrong", title_justify="left")
    for column in ("row", "label", "quality", "suggested", "actor", "sentence"):
        table.add_column(column, no_wrap=column in ("label", "suggested"))
    for suspect in [s for s in suspects if s.flagged][:MAX_SHOWN]:
        cells = (str(suspect.row), suspect.label, f"{suspect.quality:.2f}", suspect.suggested)
        table.add_row(*cells, Text(suspect.actor), Text(suspect.sentence))
    if flagged > MAX_SHOWN:
        table.caption = f"the first {MAX_SHOWN}; --out writes them all"
    return table
