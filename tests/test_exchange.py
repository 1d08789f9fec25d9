"""Labelled rows between tools: what goes out comes back, and what can't is said."""

import json
from pathlib import Path

import pytest
from conftest import ROOT
from test_cli import pourparler

from pourparler.corpus import read_corpus
from pourparler.errors import InputError
from pourparler.exchange import format_of, read_labelled, write_labelled
from pourparler.instances import as_row, instances_of
from pourparler.label_studio import read_tasks, tasks_of
from pourparler.records import Instance

ONE = Instance("Seoul offered talks.", 0, 5, "supports", "Seoul", doc_id="d")


def corpus_rows(dispute: str = "cyprus") -> list[Instance]:
    return [i for d in read_corpus(ROOT / "data" / "corpus") if d.dispute == dispute for i in instances_of(d)]


def columns(instances: list[Instance]) -> list[dict[str, object]]:
    return sorted((as_row(i) for i in instances), key=json.dumps)


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.csv", "tasks.json", "dataset"])
def test_a_whole_dispute_survives_the_way_out_and_back(tmp_path: Path, name: str) -> None:
    rows = corpus_rows()
    path = tmp_path / name
    write_labelled(rows, path, format_of(path))
    back = read_labelled(path, format_of(path))
    assert not back.refused
    assert columns(back.instances) == columns(rows)
    assert not list(tmp_path.glob("*.part*"))


def test_rows_without_a_split_survive_as_a_dataset(tmp_path: Path) -> None:
    write_labelled([ONE], tmp_path / "d", "dataset")
    assert read_labelled(tmp_path / "d", "dataset").instances == [ONE]
    with pytest.raises(InputError, match="already there"):
        write_labelled([ONE], tmp_path / "d", "dataset")


def test_a_saved_data_set_loads_in_stock_datasets(tmp_path: Path) -> None:
    import datasets

    write_labelled(corpus_rows(), tmp_path / "d", "dataset")
    (split,) = datasets.load_from_disk(str(tmp_path / "d")).values()
    row = split[0]
    assert row["sentence"][row["start"] : row["end"]]


def test_an_event_list_keeps_every_stance_that_dna_can_hold(tmp_path: Path) -> None:
    rows = corpus_rows()
    notes = write_labelled(rows, tmp_path / "events.csv", "dna")
    silent = sum(r.label == "none" for r in rows)
    assert any(f"{silent} rows without a stance" in note for note in notes)
    header, first = (tmp_path / "events.csv").read_text().splitlines()[:2]
    assert header.startswith("statement ID;time;document ID;document title;author;source;section;type;text;person")
    assert first.startswith("1;;1;cyprus-")
    back = read_labelled(tmp_path / "events.csv", "dna")
    kept = {(r.doc_id, r.dispute, r.split, r.sentence, r.actor, r.label) for r in rows if r.label != "none"}
    came = {(r.doc_id, r.dispute, r.split, r.sentence, r.actor, r.label) for r in back.instances}
    assert came <= kept
    assert len(came) + len(back.refused) == len([r for r in rows if r.label != "none"])
    assert all("is not named in the statement" in str(e) for e in back.refused)
    assert len(came) > 0.8 * len(kept)


def test_dna_persons_and_organizations_part_ways(tmp_path: Path) -> None:
    kim = Instance("Kim Jong-un refused.", 0, 11, "opposes", "kim-jong-un", doc_id="d")
    write_labelled([kim, ONE], tmp_path / "e.csv", "dna")
    first, second = (tmp_path / "e.csv").read_text().splitlines()[1:]
    assert first.endswith(";kim-jong-un;;negotiation;0")
    assert second.endswith(";;Seoul;negotiation;1")
    assert read_labelled(tmp_path / "e.csv", "dna").instances[0].start == 0


def test_a_foreign_concept_is_refused_and_the_next_row_is_not_shifted(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    lines = ["text;person;organization;concept;agreement", "A;;A;carbon tax;1", "Seoul offers.;;Seoul;negotiation;1"]
    path.write_text("\n".join(lines))
    back = read_labelled(path, "dna")
    assert [number for number, _ in back.rows] == [2]
    assert 'row 1: concept "carbon tax"' in str(back.refused[0])
    path.write_text("text,person\n")
    with pytest.raises(InputError, match="no event list: agreement, concept"):
        read_labelled(path, "dna")


def annotated(path: Path, **changes: object) -> Path:
    """A project of one task annotated over a whole article, as Label Studio exports it."""
    text = "Kim \U0001f54a spoke. Seoul offered talks on Friday."
    start = text.index("Seoul") + 1  # a browser counts the dove as two
    value = {"start": start, "end": start + 5, "text": "Seoul", "labels": ["supports"]}
    region = {"id": "x", "from_name": "stance", "to_name": "text", "type": "labels", "value": value}
    actor = {"id": "x", "from_name": "actor", "to_name": "text", "type": "textarea", "value": {"text": ["kor"]}}
    task = {"id": 7, "data": {"text": text}, "annotations": [{"result": [region, actor]}], **changes}
    path.write_text(json.dumps([task]))
    return path


def test_an_annotated_article_becomes_rows_with_context(tmp_path: Path) -> None:
    ((number, row),) = read_tasks(annotated(tmp_path / "p.json"))
    assert isinstance(row, Instance)
    assert (number, row.actor, row.label, row.doc_id) == (1, "kor", "supports", "task-7")
    assert row.sentence[row.start : row.end] == "Seoul"
    assert row.context == "Kim \U0001f54a spoke."


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"annotations": []}, "row 1: not annotated"),
        ({"annotations": [{"result": []}]}, "row 1: no mention labelled"),
        ({"annotations": [{"result": []}, {"result": []}]}, "annotated several times"),
        ({"data": {"text": "Other words."}}, "does not mark 'Seoul'"),
        ({"data": {}}, "a task without a text"),
    ],
)
def test_a_task_that_is_no_row_is_named(tmp_path: Path, changes: dict[str, object], problem: str) -> None:
    ((_, error),) = read_tasks(annotated(tmp_path / "p.json", **changes))
    assert problem in str(error)


def test_the_ground_truth_is_taken_of_several_annotations(tmp_path: Path) -> None:
    task = json.loads(annotated(tmp_path / "p.json").read_text())[0]
    good = {**task["annotations"][0], "ground_truth": True}
    ((_, row),) = read_tasks(annotated(tmp_path / "p.json", annotations=[{"result": []}, good]))
    assert isinstance(row, Instance)


def test_joint_actors_keep_a_region_each() -> None:
    (task,) = tasks_of([Instance("Both met.", 0, 4, "supports", a) for a in ("usa", "prk")])
    regions = [r for r in task["annotations"][0]["result"] if r["type"] == "labels"]
    assert len({r["id"] for r in regions}) == 2


def test_convert_names_bad_rows_and_keeps_the_rest(tmp_path: Path) -> None:
    good = json.dumps({"sentence": "Seoul met.", "start": 0, "end": 5, "label": "supports"})
    (tmp_path / "r.jsonl").write_text(good + "\n{oops\n" + good + "\n")
    done = pourparler("data", "convert", str(tmp_path / "r.jsonl"), str(tmp_path / "r.csv"))
    assert done.returncode == 1
    assert "row 2: invalid JSON" in done.stderr
    assert len((tmp_path / "r.csv").read_text().splitlines()) == 3
    done = pourparler("data", "convert", str(tmp_path / "r.jsonl"), str(tmp_path / "r.xlsx"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    done = pourparler("data", "convert", str(tmp_path / "r.jsonl"), str(tmp_path / "r.csv"), "--to", "excel")
    assert 'unknown format "excel"' in done.stderr


def test_tasks_are_predictions_over_the_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("date 2020-01-01 Seoul offered talks. Pyongyang comes only once the drills end.")
    done = pourparler("data", "tasks", str(tmp_path / "a.txt"), "--out", str(tmp_path / "t.json"))
    assert done.returncode == 0, done.stderr
    (task,) = json.loads((tmp_path / "t.json").read_text())
    result = task["predictions"][0]["result"]
    text = task["data"]["text"]
    regions = [r["value"] for r in result if r["type"] == "labels"]
    assert all(text[v["start"] : v["end"]] == v["text"] for v in regions)
    condition = next(r["value"]["text"] for r in result if r["from_name"] == "condition")
    assert "once the drills end" in condition[0]
    configuration = (tmp_path / "t.xml").read_text()
    assert all(f'name="{r["from_name"]}"' in configuration for r in result)


def test_what_classify_wrote_becomes_an_event_list(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "date 2020-01-01 Kim Jong-un rejected talks with the South on Monday. Seoul offered talks."
    )
    pourparler("classify", str(tmp_path / "a.txt"), "--out", str(tmp_path / "rows.jsonl"))
    command = ("data", "convert", str(tmp_path / "rows.jsonl"), str(tmp_path / "e.csv"))
    done = pourparler(*command, "--from", "stances", "--to", "dna")
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "e.csv").read_text().splitlines()
    assert any("2020-01-01 00:00:00" in line and line.endswith(";kim-jong-un;;negotiation;0") for line in lines)


def test_a_wrong_label_comes_first_with_its_own_row_number(tmp_path: Path) -> None:
    sentences = {"supports": "Seoul offered talks.", "opposes": "Seoul refused to meet.", "none": "Seoul has rain."}
    rows = [{"sentence": s, "start": 0, "end": 5, "label": label} for label, s in sentences.items()] * 4
    rows[7] = {**rows[7], "label": "supports"}  # refused to meet
    lines = ["{oops", *map(json.dumps, rows)]
    (tmp_path / "r.jsonl").write_text("\n".join(lines))
    done = pourparler("data", "errors", str(tmp_path / "r.jsonl"), "--out", str(tmp_path / "s.csv"))
    assert done.returncode == 1, done.stderr
    first = (tmp_path / "s.csv").read_text().splitlines()[1]
    assert first.startswith("9,")
    assert ",True,supports,opposes," in first
