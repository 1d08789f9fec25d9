"""Results into the model cards: models/<name>/README.md, every figure taken from the report.

python evaluation/card.py --results evaluation/reports/test/results.json
"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pourparler.artifact import find_artifact, read_config
from pourparler.errors import ArtifactError, one_line_errors
from pourparler.labels import LABELS, TAGS

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
TEMPLATES = Path(__file__).parent / "templates"
WORST_TAGS = 5


@app.command()
def main(results: Annotated[Path, typer.Option(help="results.json of an evaluation.")]) -> None:
    """Write the card of every model that the results judge."""
    with one_line_errors():
        judged = json.loads(results.read_text(encoding="utf-8"))
        for facts in judged["models"]:
            folder = find_artifact(facts["name"])
            if read_config(folder).digest != facts["digest"]:
                raise ArtifactError(folder, "is not the model that the results judge.", "Run: make evaluate-test")
            (folder / "README.md").write_text(card_of(facts["name"], judged), encoding="utf-8")
            print(folder / "README.md")


def card_of(name: str, results: dict[str, Any]) -> str:
    """The card's Markdown. Raises KeyError if the results lack the model."""
    facts = next(m for m in results["models"] if m["name"] == name)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("card.md.j2").render(
        name=name,
        facts=facts,
        results=results,
        labels=LABELS,
        tags=TAGS,
        worst=results["tags"][name][:WORST_TAGS],
        interval=lambda i: f"{i['value']:.3f} [{i['low']:.3f}, {i['high']:.3f}]",
    )


if __name__ == "__main__":
    app()
