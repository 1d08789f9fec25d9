"""Judge models beside baselines and write one report: JSON, Markdown and a self-contained page.

python evaluation/evaluate.py --split dev  --out evaluation/reports/dev
python evaluation/evaluate.py --split test --out evaluation/reports/test     once per release
python evaluation/evaluate.py --data mine.jsonl --out my-report              on your own rows
"""

import json
import platform
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track

from baselines import all_baselines, gold_of
from end_to_end import judge_corpus, judge_real_articles
from metrics import Labels, document_draws, expected_calibration_error, paired_difference, percentile_interval, score
from pourparler.article import read_article
from pourparler.artifact import find_artifact
from pourparler.corpus import read_corpus
from pourparler.errors import one_line_errors
from pourparler.instances import instances_of
from pourparler.labels import LABELS, TAGS
from pourparler.model import Model
from report import write_report
from results import ModelFacts, Results, SetResult, TagResult, write_json
from sets import EvaluationSet, corpus_sets, own_set, real_news_sets
from speed import measure_speed

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
console = Console()
CORPUS, SEEDS = Path("data/corpus"), Path("seeds")
MIN_TAG_ROWS = 10
RELIABILITY_BINS = 10


@app.command()
def main(
    out: Annotated[Path, typer.Option(help="Folder for results.json, report.md and report.html.")],
    split: Annotated[str, typer.Option(help="dev or test; look at test once per release.")] = "dev",
    model: Annotated[list[str], typer.Option(help="Model names or folders; the first is the one judged.")] = [  # noqa: B006
        "default",
        "fast",
    ],
    data: Annotated[list[Path] | None, typer.Option(help="Judge on these labelled rows instead.")] = None,
) -> None:
    """Judge models beside baselines and write one report."""
    with one_line_errors():
        folders = {name: find_artifact(name) for name in model}
        documents = read_corpus(CORPUS)
        sets = [own_set(data)] if data else [*corpus_sets(documents, split), *real_news_sets()]
        models = {name: Model(folder) for name, folder in folders.items()}
    train_rows = [i for d in documents if d.split == "train" for i in instances_of(d)]
    predictions = predict_all(models, train_rows, sets)
    first = next(iter(models.values()))
    results = Results(
        command=f"python {' '.join(sys.argv)}",
        commit=_git("rev-parse", "--short", "HEAD"),
        date=datetime.now(UTC).date().isoformat(),
        machine=f"{platform.machine()}, {_cores()} cores, Python {platform.python_version()}",
        models=[facts_of(name, m, folders[name], sets[0]) for name, m in models.items()],
        sets=[judge(s, predictions[s.name]) for s in sets],
        tags={name: tags_of(sets[0], predictions[sets[0].name][name].argmax(axis=1)) for name in models},
        end_to_end=[] if data else [*judge_corpus(first, documents, split), *judge_real_articles(first)],
        seed_rows=[r.as_row() for p in sorted(SEEDS.glob("*.txt")) for r in first.classify(read_article(p))],
        reliability={s.name: reliability(predictions[s.name][next(iter(models))], gold_of(s.rows)) for s in sets},
    )
    out.mkdir(parents=True, exist_ok=True)
    write_json(results, out / "results.json")
    write_report(results, out)
    console.print(f"{out}/report.html, report.md, results.json")


def predict_all(
    models: dict[str, Model], train_rows: list, sets: list[EvaluationSet]
) -> dict[str, dict[str, np.ndarray]]:
    """Probabilities [n, 4] by set and system; baselines give certainty to their label."""
    predictions: dict[str, dict[str, np.ndarray]] = {s.name: {} for s in sets}
    for name, loaded in track(models.items(), "models", console=console):
        for one in sets:
            predictions[one.name][name] = loaded.score_rows(one.rows)
    for baseline in track(all_baselines(), "baselines", console=console):
        baseline.fit(train_rows)
        for one in sets:
            predictions[one.name][baseline.name] = np.eye(len(LABELS))[baseline.predict(one.rows)]
    return predictions


def judge(one: EvaluationSet, predictions: dict[str, np.ndarray]) -> SetResult:
    """Scores of every system on a set, and the first system's paired gain over each other."""
    gold, groups = gold_of(one.rows), one.groups
    labels = {name: p.argmax(axis=1) for name, p in predictions.items()}
    first, *others = labels
    return SetResult(
        name=one.name,
        title=one.title,
        scores={name: score(gold, predicted, groups) for name, predicted in labels.items()},
        gains={name: paired_difference(gold, labels[first], labels[name], groups) for name in others},
        calibration_error={
            name: expected_calibration_error(p, gold) for name, p in predictions.items() if (p.max(axis=1) < 1).any()
        },
    )


def tags_of(one: EvaluationSet, predicted: Labels) -> list[TagResult]:
    """Accuracy per codebook tag with at least MIN_TAG_ROWS rows, worst first."""
    gold = gold_of(one.rows)
    results = []
    for tag, meaning in TAGS.items():
        rows = np.array([i for i, r in enumerate(one.rows) if tag in r.tags], dtype=int)
        if len(rows) < MIN_TAG_ROWS:
            continue
        hits = gold[rows] == predicted[rows]
        draws = document_draws([one.groups[i] for i in rows])
        interval = percentile_interval(float(hits.mean()), [float(hits[d].mean()) for d in draws])
        labels = Counter(one.rows[i].label for i in rows)
        results.append(TagResult(tag, meaning, len(rows), interval, dict(labels)))
    return sorted(results, key=lambda r: r.accuracy.value)


def reliability(probabilities: np.ndarray, gold: Labels) -> list[tuple[float, float, int]]:
    """Mean confidence, accuracy and rows of each tenth of confidence that has any."""
    confidence, hit = probabilities.max(axis=1), probabilities.argmax(axis=1) == gold
    which = np.minimum((confidence * RELIABILITY_BINS).astype(int), RELIABILITY_BINS - 1)
    return [
        (float(confidence[which == b].mean()), float(hit[which == b].mean()), int((which == b).sum()))
        for b in range(RELIABILITY_BINS)
        if (which == b).any()
    ]


def facts_of(name: str, model: Model, folder: Path, one: EvaluationSet) -> ModelFacts:
    """Identity and cost of a model."""
    config = model.stance_model.config
    pairs_per_second, peak = measure_speed(folder, one.rows)
    record = folder / "training.json"
    return ModelFacts(
        name=name,
        encoder=config.encoder,
        digest=config.digest,
        seed=config.seed,
        temperature=config.temperature,
        megabytes=sum(f.stat().st_size for f in folder.iterdir()) / 1e6,
        pairs_per_second=pairs_per_second,
        peak_memory_megabytes=peak,
        training_minutes=json.loads(record.read_text())["minutes"] if record.is_file() else None,
    )


def _git(*arguments: str) -> str:
    """What git answers, empty outside of a checkout."""
    return subprocess.run(["git", *arguments], check=False, capture_output=True, text=True).stdout.strip()


def _cores() -> int:
    """Processor cores that this process may use."""
    import os

    return len(os.sched_getaffinity(0))


if __name__ == "__main__":
    app()
