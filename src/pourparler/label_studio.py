"""Label Studio: rows and predictions as tasks, annotated tasks as rows.

A task is one sentence with its context, or one article; a region is one mention labelled with its
stance. The actor, the condition's words and the tags of a mention stand beside it as texts under
the region's id. label_studio.xml is the labelling configuration that such tasks need.
Format: https://labelstud.io/guide/task_format and /guide/predictions
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pourparler.article import make_article
from pourparler.encoding import CONTEXT_SENTENCES
from pourparler.errors import InputError
from pourparler.records import Actor, Article, Instance, Reading
from pourparler.rows import checked_instance, text_of

CONFIGURATION = Path(__file__).parent / "label_studio.xml"
KEPT = ("doc_id", "dispute", "split")
"""Columns of a row that a task carries in its data."""
MEND = "Export the project as JSON, with the labelling configuration that pourparler writes."


@dataclass(frozen=True)
class Region:
    """One annotated mention: Label Studio's value of it, and the texts beside it by their control's name."""

    value: dict[str, Any]
    texts: dict[str, list[str]]


def tasks_of(instances: Sequence[Instance]) -> list[dict[str, Any]]:
    """Annotated tasks, one for each distinct sentence with its context, in order of first row."""
    groups: dict[tuple[str, ...], list[Instance]] = {}
    for instance in instances:
        key = (instance.context, instance.sentence, *(getattr(instance, k) for k in KEPT))
        groups.setdefault(key, []).append(instance)
    return [_annotated_task(rows) for rows in groups.values()]


def predicted_task(
    article: Article, readings: Sequence[Reading], actors: Sequence[Actor], model: str
) -> dict[str, Any]:
    """A task of the whole article with the model's mentions, actors and stances as its prediction."""
    found = sorted(
        ((m, call, actor) for actor in actors for m, call in zip(actor.mentions, actor.calls, strict=True)),
        key=lambda f: (f[0].start, f[0].end),
    )
    result: list[dict[str, Any]] = []
    for number, (mention, call, actor) in enumerate(found, start=1):
        texts = {"actor": [actor.actor_id]}
        words = [article.text[a:b] for a, b in readings[mention.sentence].conditions]
        if words and call.stance == "conditional":
            texts["condition"] = [" … ".join(words)]
        region = _region(f"m{number}", article.text, (mention.start, mention.end), call.stance, texts)
        region[0]["score"] = round(call.confidence, 4)
        result += region
    score = sum(call.confidence for _, call, _ in found) / len(found) if found else 0.0
    return {
        "data": {"text": article.text, "doc_id": article.name, "date": article.date or ""},
        "predictions": [{"model_version": model, "score": round(score, 4), "result": result}],
    }


def read_tasks(path: Path) -> Iterator[tuple[int, Instance | InputError]]:
    """Rows of an exported project, each with the number of its task; what can't be a row as its error.

    A task annotated several times needs one annotation marked as ground truth. Raises InputError
    for a file that is no list of tasks.
    """
    try:
        tasks = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        problem = f"invalid JSON ({getattr(error, 'msg', type(error).__name__)})."
        raise InputError(path, problem, MEND) from error
    if not isinstance(tasks, list) or not tasks:
        raise InputError(path, "no list of tasks.", MEND)
    for number, task in enumerate(tasks, start=1):
        try:
            regions = list(_regions_of(path, number, task))
        except InputError as error:
            yield number, error
            continue
        labels: dict[tuple[Any, ...], Any] = {}
        for region in regions:
            try:
                row = _row_of(path, number, task, region)
                mention = (row["sentence"], row["start"], row["end"], row["actor"])
            except InputError as error:
                yield number, error
                continue
            if labels.setdefault(mention, row["label"]) == row["label"]:
                yield number, checked_instance(path, number, row)
            else:
                problem = f"one mention with the stances {labels[mention]} and {row['label']}."
                yield number, InputError(path, problem, "Drop one.", number)


def _annotated_task(rows: list[Instance]) -> dict[str, Any]:
    """The task of rows that share sentence and context."""
    first = rows[0]
    start = len(first.context) + 1 if first.context else 0
    text = f"{first.context}\n{first.sentence}" if first.context else first.sentence
    result: list[dict[str, Any]] = []
    for number, row in enumerate(rows, start=1):
        span = (start + row.start, start + row.end)
        texts = {"actor": [row.actor], "condition": [row.condition] if row.condition else [], "tags": list(row.tags)}
        result += _region(f"m{number}", text, span, row.label, texts)
    data = {"text": text, "sentence_start": start, **{k: getattr(first, k) for k in KEPT}}
    return {"data": data, "annotations": [{"result": result, "was_cancelled": False}]}


def _region(
    region_id: str, text: str, span: tuple[int, int], label: str, texts: dict[str, list[str]]
) -> list[dict[str, Any]]:
    """The results that make up one mention: its labelled words and, if any, the texts beside them."""
    place = {"start": span[0], "end": span[1]}
    common = {"id": region_id, "to_name": "text"}
    labelled = {**place, "text": text[slice(*span)], "labels": [label]}
    return [
        {**common, "from_name": "stance", "type": "labels", "value": labelled},
        *(
            {**common, "from_name": name, "type": "textarea", "value": {**place, "text": values}}
            for name, values in texts.items()
            if values
        ),
    ]


def _regions_of(path: Path, number: int, task: Any) -> Iterator[Region]:
    """The annotated mentions of one task. Raises InputError for a task without a text or a mention."""
    data = task.get("data") if isinstance(task, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise InputError(path, "a task without a text.", MEND, number)
    texts: dict[tuple[str, str], list[str]] = {}
    labelled: list[tuple[str, dict[str, Any]]] = []
    for result in _chosen_annotation(path, number, task):
        value, name, region = result.get("value"), result.get("from_name"), str(result.get("id", ""))
        if not isinstance(value, dict):
            continue
        if result.get("type") == "textarea":
            words = value.get("text") or []
            texts[region, str(name)] = [words] if isinstance(words, str) else [str(w) for w in words]
        elif name == "stance":
            labelled.append((region, value))
    if not labelled:
        raise InputError(path, "no mention labelled with a stance.", "Label one, or leave the task out.", number)
    for region, value in labelled:
        yield Region(value, {name: words for (owner, name), words in texts.items() if owner == region})


def _row_of(path: Path, number: int, task: dict[str, Any], region: Region) -> dict[str, Any]:
    """One region as an unchecked row. Raises InputError for two labels or actors, or a misplaced span."""
    data = task["data"]
    labels, actors = region.value.get("labels") or [], region.texts.get("actor", [])
    if len(labels) != 1 or len(actors) > 1:
        problem = f"a mention with labels {labels} and actors {actors}."
        raise InputError(path, problem, "Give each mention one stance and one actor.", number)
    return {
        **{k: data.get(k) or "" for k in KEPT},
        "doc_id": data.get("doc_id") or f"task-{task.get('id', number)}",
        **_sentence_around(path, number, data, _span(path, number, data["text"], region.value)),
        "label": labels[0],
        "actor": actors[0] if actors else "",
        "condition": " … ".join(region.texts.get("condition", [])) or None,
        "tags": region.texts.get("tags", []),
    }


def _chosen_annotation(path: Path, number: int, task: dict[str, Any]) -> list[dict[str, Any]]:
    """Results of the task's only annotation, or of the one marked as ground truth. Raises InputError."""
    given = [a for a in task.get("annotations") or [] if isinstance(a, dict)]
    annotations = [a for a in given if not a.get("was_cancelled")]
    if len(annotations) > 1:
        annotations = [a for a in annotations if a.get("ground_truth")]
        if len(annotations) != 1:
            problem = "annotated several times and none, or more than one, is the ground truth."
            raise InputError(path, problem, "Mark one annotation as ground truth.", number)
    if not annotations:
        raise InputError(path, "not annotated.", "Annotate it or leave it out.", number)
    return [r for r in annotations[0].get("result") or [] if isinstance(r, dict)]


def _span(path: Path, number: int, text: str, value: dict[str, Any]) -> tuple[int, int]:
    """The region's characters in `text`, whether counted as characters or as UTF-16 units as browsers do.

    Raises InputError where neither gives the words that the region says it marks.
    """
    start, end, words = value.get("start"), value.get("end"), value.get("text")
    if isinstance(start, int) and isinstance(end, int):
        units = text.encode("utf-16-le")
        before, inside = units[: 2 * start], units[2 * start : 2 * end]
        at = len(before.decode("utf-16-le", "ignore"))
        for span in ((start, end), (at, at + len(inside.decode("utf-16-le", "ignore")))):
            if words is None or _folded(text[slice(*span)]) == _folded(str(words)):
                return span
    problem = f"a region {start}:{end} that does not mark {words!r}."
    raise InputError(path, problem, "Keep the text as it was when it was annotated.", number)


def _folded(words: str) -> str:
    """The words with runs of blanks as one: Label Studio squeezes them, and writes line breaks out."""
    return " ".join(words.replace("\\n", "\n").split())


def _sentence_around(path: Path, number: int, data: dict[str, Any], span: tuple[int, int]) -> dict[str, Any]:
    """Sentence, context and the span within the sentence. Raises InputError for a span over two sentences."""
    text, start = data["text"], data.get("sentence_start")
    if isinstance(start, int):
        context, bounds = text[: max(0, start - 1)], (start, len(text))
    else:
        sentences = make_article(text).sentences
        index = next((i for i, s in enumerate(sentences) if s.start <= span[0] and span[1] <= s.end), None)
        if index is None:
            problem = f"a region {span[0]}:{span[1]} that is in no one sentence."
            raise InputError(path, problem, "Mark words of one sentence.", number)
        before = sentences[max(0, index - CONTEXT_SENTENCES) : index]
        context = "\n".join(text[s.start : s.end] for s in before)
        bounds = (sentences[index].start, sentences[index].end)
    if not bounds[0] <= span[0] < span[1] <= bounds[1]:
        problem = f"a region {span[0]}:{span[1]} outside the sentence to label."
        raise InputError(path, problem, "Mark words of the last sentence.", number)
    return {
        "sentence": text[slice(*bounds)],
        "context": context,
        "start": span[0] - bounds[0],
        "end": span[1] - bounds[0],
    }
