"""The learning curve: the same model on growing shares of train, judged on dev and on real news.

python evaluation/learning_curve.py --config training/fast.toml --runs runs/curve --out evaluation/reports/curve

Trains and exports a model for each share (nested: a smaller one is part of a larger one); what a
stopped run has done is not done again. Writes curve.json, curve.md and curve.svg.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.console import Console

from baselines import CueWords, gold_of
from metrics import Interval, paired_difference, score
from plots import curve_plot
from pourparler.corpus import read_corpus
from pourparler.errors import one_line_errors
from pourparler.model import load
from sets import EvaluationSet, corpus_sets, real_news_sets

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
console = Console()
CORPUS, TEMPLATES = Path("data/corpus"), Path(__file__).parent / "templates"
SHARES = (6, 12, 25, 50, 100)


@dataclass(frozen=True)
class CurvePoint:
    """One share of train (per cent of its documents): macro-F1 by set, and the gain over the point before it."""

    percent: int
    training_mentions: int
    macro_f1: dict[str, Interval]
    gain: dict[str, Interval]


@app.command()
def main(
    config: Annotated[Path, typer.Option(help="Training settings.")] = Path("training/fast.toml"),
    runs: Annotated[Path, typer.Option(help="Folder for the runs.")] = Path("runs/curve"),
    out: Annotated[Path, typer.Option(help="Folder for the curve.")] = Path("evaluation/reports/curve"),
) -> None:
    """Train on growing shares and write the curve."""
    with one_line_errors():
        sets = [*corpus_sets(read_corpus(CORPUS), "dev"), *real_news_sets()]
        for percent in SHARES:
            train_and_export(config, runs, percent)
        points = judge(runs, sets)
    out.mkdir(parents=True, exist_ok=True)
    titles = {s.name: f"{s.title} ({len(s.rows)} pairs)" for s in sets}
    rules = {s.name: score(gold_of(s.rows), CueWords().predict(s.rows), s.groups).macro_f1 for s in sets}
    record = {"command": f"python {' '.join(sys.argv)}", "config": str(config), "titles": titles}
    record |= {"points": [asdict(p) for p in points], "cue_words": {k: asdict(v) for k, v in rules.items()}}
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True)
    page = environment.get_template("curve.md.j2").render(record=record, points=points, rules=rules)
    texts = {
        "curve.json": json.dumps(record, indent=1),
        "curve.svg": curve_plot([p.macro_f1 for p in points], SHARES, titles),
        "curve.md": page.rstrip(),
    }
    for name, text in texts.items():
        beside = out / f"{name}.part"
        beside.write_text(text + "\n", encoding="utf-8")
        beside.rename(out / name)
    console.print(f"{out}/curve.md, curve.svg, curve.json")


def train_and_export(config: Path, runs: Path, percent: int) -> None:
    """The model of one share, in runs/<percent>/model. Raises CalledProcessError if a step fails.

    train.py takes a stopped run up again, ends at once for a finished one, and refuses a run of other
    settings or data.
    """
    run = runs / str(percent)
    console.rule(f"{percent} % of train")
    share = ["--config", config, "--out", run, "--percent", percent]
    subprocess.run([sys.executable, "training/train.py", *map(str, share)], check=True)
    if not (run / "model" / "config.json").is_file():
        subprocess.run(
            [sys.executable, "training/export.py", "--run", str(run), "--out", str(run / "model")], check=True
        )


def judge(runs: Path, sets: Sequence[EvaluationSet]) -> list[CurvePoint]:
    """Every share's figures on every set."""
    points = []
    before = None
    for percent in SHARES:
        folder = runs / str(percent) / "model"
        model = load(folder)
        predicted = {s.name: model.score_rows(s.rows).argmax(axis=1) for s in sets}
        points.append(
            CurvePoint(
                percent=percent,
                training_mentions=json.loads((folder / "training.json").read_text())["train_mentions"],
                macro_f1={s.name: score(gold_of(s.rows), predicted[s.name], s.groups).macro_f1 for s in sets},
                gain={}
                if before is None
                else {
                    s.name: paired_difference(gold_of(s.rows), predicted[s.name], before[s.name], s.groups)
                    for s in sets
                },
            )
        )
        before = predicted
    return points


if __name__ == "__main__":
    app()
