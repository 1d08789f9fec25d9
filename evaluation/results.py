"""The record of one evaluation: everything that the report shows, as plain data."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from metrics import Interval, Scores


@dataclass(frozen=True)
class SetResult:
    """One set: scores by system, and what the first model gains over each other system there."""

    name: str
    title: str
    scores: dict[str, Scores]
    gains: dict[str, Interval]
    calibration_error: dict[str, float]


@dataclass(frozen=True)
class TagResult:
    """Accuracy of one system on the rows that bear a codebook tag."""

    tag: str
    meaning: str
    n: int
    accuracy: Interval
    labels: dict[str, int]


@dataclass(frozen=True)
class ModelFacts:
    """A model folder's identity and cost; times and memory of this machine."""

    name: str
    encoder: str
    digest: str
    seed: int
    temperature: float
    megabytes: float
    pairs_per_second: float
    peak_memory_megabytes: float
    training_minutes: float | None


@dataclass(frozen=True)
class EndToEnd:
    """From raw text: mention spans, and the article stance of each gold actor.

    A gold actor never found counts as none; an invented actor with a stance is counted apart.
    """

    set_name: str
    mention_precision: float
    mention_recall: float
    mention_f1: float
    articles: int
    actors: int
    actor_macro_f1: Interval
    actors_found: float
    invented_with_stance: int


@dataclass(frozen=True)
class Results:
    """One evaluation run. `commit` and `command` say how to have it again."""

    command: str
    commit: str
    date: str
    machine: str
    models: list[ModelFacts]
    sets: list[SetResult]
    tags: dict[str, list[TagResult]]
    end_to_end: list[EndToEnd]
    seed_rows: list[dict[str, Any]]
    reliability: dict[str, list[tuple[float, float, int]]]


def write_json(results: Results, path: Path) -> None:
    """The results as JSON, written beside and renamed."""
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(asdict(results), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.rename(path)
