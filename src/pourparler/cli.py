"""The command line: parses, calls the library, prints tables."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import pourparler
from pourparler.article import find_articles
from pourparler.artifact import DEFAULT_NAME
from pourparler.batch import classify_all, open_writer
from pourparler.data_cli import data_app
from pourparler.errors import one_line_errors
from pourparler.model import load
from pourparler.records import ActorStance, FailedArticle
from pourparler.table import stance_table

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_show_locals=False)
app.add_typer(data_app, name="data")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"pourparler {pourparler.__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Reads news articles and says where each actor stands on negotiation."""


@app.command()
def classify(
    articles: Annotated[
        list[str],
        typer.Argument(
            help="Files (text, Markdown, HTML, JSONL of articles), folders, globs, or - for standard input."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Write the rows here: .jsonl, .csv or .parquet, one row per article and actor.")
    ] = None,
    model: Annotated[str, typer.Option(help="default, fast, or a model folder.")] = DEFAULT_NAME,
    threads: Annotated[int, typer.Option(min=0, help="Processor threads; 0 takes all cores.")] = 0,
    table: Annotated[bool, typer.Option(help="Print a table per article.")] = True,
) -> None:
    """Say where each actor stands on negotiation, one row per article and actor.

    Example:  pourparler classify seeds/ --out rows.jsonl

    A bad article becomes an error row and the run goes on. Exit: 0 done, 1 some articles failed,
    2 usage or input.
    """
    console, errors = Console(), Console(stderr=True)
    done = failed = 0
    with one_line_errors():
        loaded = load(model, threads)
        with open_writer(out) if out else nullcontext() as writer, errors.status("reading") as status:
            for rows in classify_all(loaded, find_articles(articles, leave_out=out)):
                done += 1
                for row in rows:
                    if isinstance(row, FailedArticle):
                        failed += 1
                        errors.print(
                            f"{row.article}: {row.error}", style="red", soft_wrap=True, highlight=False, markup=False
                        )
                    if writer is not None:
                        writer.write(row)
                stances = [r for r in rows if isinstance(r, ActorStance)]
                if table and stances:
                    console.print(stance_table(stances))
                status.update(f"{done} articles, {failed} failed")
    if failed:
        raise typer.Exit(2 if failed == done == 1 else 1)


def run() -> None:
    """Entry point of the `pourparler` command."""
    app()
