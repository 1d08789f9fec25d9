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
        ({"annotations": [{"result": [{"from_name": "stance", "value": None}]}]}, "no mention labelled"),
        ({"annotations": [5]}, "row 1: not annotated"),
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


def region(word: str, text: str, label: str, number: int) -> dict[str, object]:
    start = text.index(word)
    value = {"start": start, "end": start + len(word), "text": word, "labels": [label]}
    return {"id": f"r{number}", "from_name": "stance", "to_name": "text", "type": "labels", "value": value}


def test_one_bad_mention_leaves_the_others_of_its_task(tmp_path: Path) -> None:
    text = "Seoul offered talks and Tokyo welcomed them, Beijing said."
    marks = [
        region("Seoul", text, "supports", 1),
        region("Tokyo", text, "Supports", 2),
        region("Beijing", text, "none", 3),
    ]
    actors = {"id": "r3", "from_name": "actor", "type": "textarea", "value": {"text": ["chn", "prc"]}}
    task = {"data": {"text": text}, "annotations": [{"result": [*marks, actors]}]}
    (tmp_path / "p.json").write_text(json.dumps([task]))
    good, unknown, twice = (row for _, row in read_tasks(tmp_path / "p.json"))
    assert isinstance(good, Instance)
    assert 'unknown label "Supports"' in str(unknown)
    assert "actors ['chn', 'prc']" in str(twice)


@pytest.mark.parametrize(
    ("text", "actor", "column", "found"),
    [
        ("Canada said it can talk.", "can", "organization", "Canada"),
        ("Norway would neither host nor attend.", "nor", "organization", "Norway"),
        ("Let us talk, said the U.S. envoy.", "usa", "organization", "U.S."),
        ("The Conservative Party refused.", "labour-party", "organization", None),
        ("Mr Kerry refused to meet.", "john-kerry", "person", "Kerry"),
        ("The minister, Ms Smith, refused.", "jane-smith", "person", "Smith"),
    ],
)
def test_dna_finds_an_actor_by_name_and_not_by_a_word_that_looks_like_its_id(
    tmp_path: Path, text: str, actor: str, column: str, found: str | None
) -> None:
    other = "person" if column == "organization" else "organization"
    lines = [f"text;{column};{other};concept;agreement", f"{text};{actor};;negotiation;0"]
    (tmp_path / "e.csv").write_text("\n".join(lines))
    if found is None:
        with pytest.raises(InputError, match="is not named"):
            read_labelled(tmp_path / "e.csv", "dna")
    else:
        (row,) = read_labelled(tmp_path / "e.csv", "dna").instances
        assert row.sentence[row.start : row.end] == found


def test_a_named_format_counts_and_columns_that_rows_have_no_place_for_are_named(tmp_path: Path) -> None:
    (tmp_path / "rows.data").write_text("sentence,start,end,label,annotator\nSeoul met.,0,5,supports,me\n")
    done = pourparler("data", "convert", str(tmp_path / "rows.data"), str(tmp_path / "o.jsonl"), "--from", "csv")
    assert done.returncode == 0, done.stderr
    assert "rows have no place for: annotator" in done.stderr


def test_another_file_in_the_way_is_kept(tmp_path: Path) -> None:
    (tmp_path / "proj.xml").write_text("mine")
    with pytest.raises(InputError, match="in the way"):
        write_labelled([ONE], tmp_path / "proj.json", "label-studio")
    assert (tmp_path / "proj.xml").read_text() == "mine"
    (tmp_path / "keep.json").write_text("mine")
    (tmp_path / "empty.txt").write_text("")
    done = pourparler("data", "tasks", str(tmp_path / "empty.txt"), "--out", str(tmp_path / "keep.json"))
    assert done.returncode == 2
    assert (tmp_path / "keep.json").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("convert", "empty.csv", "o.jsonl", "--from", "dna"), "no rows"),
        (("convert", "rows.jsonl", "folder", "--to", "csv"), "is already there, a folder"),
        (("convert", "rows.jsonl", "none/o.csv"), "its folder does not exist"),
        (("convert", "rows.jsonl", "o.csv", "--from", "stances", "--to", "dna"), "no row of classify"),
        (("convert", "rows.jsonl", "none/x/o.jsonl"), "its folder does not exist"),
        (("errors", "rows.jsonl", "--out", "none/o.csv"), "its folder does not exist"),
        (("errors", "blank.jsonl"), "with blanks at its edge or no word"),
        (("errors", "long.jsonl"), "row 1: a sentence too long for the model"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], problem: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.csv").write_text("text;person;organization;concept;agreement\n")
    row = {"sentence": "Seoul  met.", "start": 0, "end": 5, "label": "supports"}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    (tmp_path / "blank.jsonl").write_text(json.dumps({**row, "start": 5, "end": 6}))
    (tmp_path / "long.jsonl").write_text(json.dumps({**row, "sentence": "Seoul met. " * 400}))
    done = pourparler("data", *arguments)
    assert done.returncode == 2, done.stderr
    assert problem in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_is_read_is_never_overwritten(tmp_path: Path) -> None:
    rows = tmp_path / "r.jsonl"
    rows.write_text(json.dumps({"sentence": "Seoul met.", "start": 0, "end": 5, "label": "supports"}) + "\n{oops\n")
    article = tmp_path / "a.json"
    article.write_text("Seoul offered talks.")
    before = rows.read_text()
    for arguments in (
        ("convert", str(rows), str(rows)),
        ("errors", str(rows), "--out", str(rows)),
        ("tasks", str(article), "--out", str(article)),
        ("convert", str(rows), str(tmp_path / "z.xml"), "--to", "label-studio"),
    ):
        done = pourparler("data", *arguments)
        assert done.returncode == 2, done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert rows.read_text() == before
    assert article.read_text() == "Seoul offered talks."


@pytest.mark.parametrize(
    "change",
    [
        {"end": float("inf")},
        {"start": 0.7},
        {"start": True},
        {"end": 6},
        {"condition": ["if", "unless"]},
        {"actor": ["Mali"]},
        {"context": [1, None]},
        {"sentence": "Seoul \ud800 met."},
    ],
)
def test_a_row_of_odd_values_is_named_and_the_next_is_read(tmp_path: Path, change: dict[str, object]) -> None:
    good = {"sentence": "Seoul met.", "start": 0, "end": 5, "label": "supports"}
    (tmp_path / "r.jsonl").write_text(json.dumps({**good, **change}) + "\n" + json.dumps(good))
    back = read_labelled(tmp_path / "r.jsonl", "jsonl")
    assert [number for number, _ in back.rows] == [2]
    assert "row 1:" in str(back.refused[0])


def test_spans_that_count_from_1_are_pointed_out(tmp_path: Path) -> None:
    row = {"sentence": "In Mali talks began.", "start": 4, "end": 7, "label": "none"}
    (tmp_path / "r.jsonl").write_text(json.dumps(row))
    done = pourparler("data", "convert", str(tmp_path / "r.jsonl"), str(tmp_path / "o.csv"))
    assert "1 of 1 spans begin or end inside a word" in done.stderr


def test_an_event_list_that_r_saved_is_read(tmp_path: Path) -> None:
    lines = [
        "document.ID,document.title,text,person,organization,concept,agreement",
        '1,Letters,"Seoul met, at last.",,Seoul,negotiation,TRUE',
        "2,Letters,IRAN refused.,,Iran,negotiation,FALSE",
    ]
    (tmp_path / "r.csv").write_text("\n".join(lines))
    first, second = read_labelled(tmp_path / "r.csv", "dna").instances
    assert (first.label, second.label) == ("supports", "opposes")
    assert first.doc_id != second.doc_id, "two documents may share a title"


def test_a_cell_too_long_for_csv_is_one_line_in_either_format(tmp_path: Path) -> None:
    long = "x" * 200_000
    (tmp_path / "e.csv").write_text(f"text;person;organization;concept;agreement\n{long};;x;negotiation;1\n")
    (tmp_path / "r.csv").write_text(f"sentence,start,end,label\n{long},0,1,none\n")
    for name, path in (("dna", "e.csv"), ("csv", "r.csv")):
        with pytest.raises(InputError, match="broken CSV"):
            read_labelled(tmp_path / path, name)


def test_a_class_label_column_is_read_by_its_names(tmp_path: Path) -> None:
    import datasets

    features = datasets.Features(
        {"sentence": datasets.Value("string"), "start": datasets.Value("int64"), "end": datasets.Value("int64")}
        | {"label": datasets.ClassLabel(names=["none", "supports"])}
    )
    rows = [{"sentence": "Seoul met.", "start": 0, "end": 5, "label": 1}]
    parts = {"validation": datasets.Dataset.from_list(rows, features=features)}
    datasets.DatasetDict(parts).save_to_disk(str(tmp_path / "d"))
    (row,) = read_labelled(tmp_path / "d", "dataset").instances
    assert (row.label, row.split) == ("supports", "dev")


def test_rows_of_one_label_and_folders_in_the_way_are_refused(tmp_path: Path) -> None:
    row = json.dumps({"sentence": "Seoul met.", "start": 0, "end": 5, "label": "supports"})
    (tmp_path / "r.jsonl").write_text(f"{row}\n{row}\n")
    assert "one label only" in pourparler("data", "errors", str(tmp_path / "r.jsonl")).stderr
    done = pourparler("data", "errors", str(tmp_path / "r.jsonl"), "--out", str(tmp_path))
    assert "is already there, a folder" in done.stderr


def test_a_tag_with_blanks_is_refused(tmp_path: Path) -> None:
    row = {"sentence": "Seoul met.", "start": 0, "end": 5, "label": "supports", "tags": ["double negation"]}
    (tmp_path / "r.jsonl").write_text(json.dumps(row))
    with pytest.raises(InputError, match="a tag is empty, has blanks"):
        read_labelled(tmp_path / "r.jsonl", "jsonl")
