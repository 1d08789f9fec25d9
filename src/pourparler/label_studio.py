"""Label Studio: rows and predictions as tasks, annotated tasks as rows.

A task is one sentence with its context, or one article; a region is one mention labelled with its
stance. The actor, the condition's words and the tags of a mention stand beside it as texts under
the region's id. label_studio.xml is the labelling configuration that such tasks need.
Format: https://labelstud.io/guide/task_format and /guide/predictions
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pourparler.encoding import CONTEXT_SENTENCES
from pourparler.errors import InputError
from pourparler.labels import LABELS
from pourparler.records import Actor, Article, Instance, Reading
from pourparler.rows import checked_instance, text_of
from pourparler.sentences import split_sentences

CONFIGURATION = Path(__file__).parent / "label_studio.xml"
KEPT = ("doc_id", "dispute", "split")
"""Columns of a row that a task carries in its data."""
MEND = "Export the project as JSON, with the labelling configuration that pourparler writes."


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
    except json.JSONDecodeError as error:
        raise InputError(path, f"invalid JSON ({error.msg}).", MEND) from error
    if not isinstance(tasks, list) or not tasks:
        raise InputError(path, "no list of tasks.", MEND)
    for number, task in enumerate(tasks, start=1):
        try:
            rows = list(_rows_of(path, number, task))
        except InputError as error:
            yield number, error
            continue
        for row in rows:
            yield number, checked_instance(path, number, row)


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


def _rows_of(path: Path, number: int, task: Any) -> Iterator[dict[str, Any]]:
    """The annotated mentions of one task as unchecked rows. Raises InputError."""
    data = task.get("data") if isinstance(task, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise InputError(path, "a task without a text.", MEND, number)
    kept = {k: data.get(k, "") for k in KEPT}
    kept["doc_id"] = kept["doc_id"] or f"task-{task.get('id', number)}"
    texts: dict[tuple[str, str], list[str]] = {}
    labelled: list[tuple[str, dict[str, Any], str]] = []
    for result in _chosen_annotation(path, number, task):
        value, name, region = result.get("value", {}), result.get("from_name", ""), str(result.get("id", ""))
        if result.get("type") == "textarea":
            words = value.get("text", [])
            texts[region, name] = [words] if isinstance(words, str) else list(words)
        elif result.get("type") == "labels":
            labelled += [(region, value, label) for label in value.get("labels", []) if label in LABELS]
    if not labelled:
        raise InputError(
            path, "no mention labelled with a stance.", f"Label one, or leave the task out. {MEND}", number
        )
    for region, value, label in labelled:
        span = _span(path, number, data["text"], value)
        condition = texts.get((region, "condition"), [])
        yield {
            **kept,
            **_sentence_around(path, number, data, span),
            "label": label,
            "actor": "".join(texts.get((region, "actor"), [])),
            "condition": " … ".join(condition) or None,
            "tags": texts.get((region, "tags"), []),
        }


def _chosen_annotation(path: Path, number: int, task: dict[str, Any]) -> list[dict[str, Any]]:
    """Results of the task's only annotation, or of the one marked as ground truth. Raises InputError."""
    annotations = [a for a in task.get("annotations") or [] if not a.get("was_cancelled")]
    if len(annotations) > 1:
        annotations = [a for a in annotations if a.get("ground_truth")]
        if len(annotations) != 1:
            problem = "annotated several times and none, or more than one, is the ground truth."
            raise InputError(path, problem, "Mark one annotation as ground truth.", number)
    if not annotations:
        raise InputError(path, "not annotated.", "Annotate it or leave it out.", number)
    results: list[dict[str, Any]] = annotations[0].get("result") or []
    return results


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
            if words is None or text[slice(*span)] == words:
                return span
    problem = f"a region {start}:{end} that does not mark {words!r}."
    raise InputError(path, problem, "Keep the text as it was when it was annotated.", number)


def _sentence_around(path: Path, number: int, data: dict[str, Any], span: tuple[int, int]) -> dict[str, Any]:
    """Sentence, context and the span within the sentence. Raises InputError for a span over two sentences."""
    text, start = data["text"], data.get("sentence_start")
    if isinstance(start, int):
        context, bounds = text[: max(0, start - 1)], (start, len(text))
    else:
        sentences = split_sentences(text)
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
