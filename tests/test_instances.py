"""Labelled rows from the corpus and from users' files."""

import json
from pathlib import Path

import pytest
from conftest import HEADER, ROOT

from pourparler.corpus import read_corpus
from pourparler.corpus_format import parse
from pourparler.errors import InputError
from pourparler.instances import COLUMNS, as_dataset, instances_of
from pourparler.rows import read_rows

HEAD = HEADER.format(id="x-01", dispute="x", author="w1", split="train")
ROW = {"sentence": "Seoul offered talks.", "start": 0, "end": 5, "label": "supports"}


def test_a_pair_per_actor_and_sentence_with_context_and_condition() -> None:
    text = HEAD + "[Seoul|kor:s] waits.\n[Both|usa&prk:c] return {if it snows}@usa&prk, says [Seoul|kor:n].\n"
    first, usa, prk, kor = instances_of(parse(text)[0])
    assert first.context == ""
    assert (usa.actor, prk.actor, kor.label) == ("usa", "prk", "none")
    assert usa.condition == "if it snows"
    assert kor.condition is None
    assert kor.context == "Seoul waits."
    assert kor.sentence[kor.start : kor.end] == "Seoul"


def test_the_corpus_as_a_dataset_has_the_documented_columns() -> None:
    document = read_corpus(ROOT / "data" / "corpus")[0]
    dataset = as_dataset(instances_of(document))
    assert tuple(dataset.column_names) == COLUMNS
    row = dataset[0]
    assert row["sentence"][row["start"] : row["end"]]


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_own_rows_are_read_alike_from_both_formats(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"rows.{ending}"
    if ending == "jsonl":
        path.write_text(json.dumps({**ROW, "tags": ["wish", "truce"], "doc_id": "d"}) + "\n\n")
    else:
        path.write_text('sentence,start,end,label,tags,doc_id\n"Seoul offered talks.",0,5,supports,wish truce,d\n')
    (row,) = read_rows(path)
    assert (row.label, row.actor, row.tags, row.doc_id) == ("supports", "Seoul", ("wish", "truce"), "d")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"label": "supportive"}, 'row 2: unknown label "supportive"'),
        ({"end": 99}, "row 2: the actor's span 0:99 is outside the sentence of 20 characters"),
        ({"start": 5, "end": 5}, "row 2: the actor's span 5:5"),
        ({"start": "x"}, "row 2: start and end are not whole numbers"),
        ({"sentence": ""}, 'row 2: "sentence" is missing'),
    ],
)
def test_a_bad_row_is_named_with_its_mend(tmp_path: Path, change: dict[str, object], problem: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(ROW) + "\n" + json.dumps({**ROW, **change}) + "\n")
    with pytest.raises(InputError) as caught:
        read_rows(path)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("content", "problem"), [("", "no rows"), ("{oops", "row 1: invalid JSON"), ("[1]", "row 1: not a JSON object")]
)
def test_bad_files_are_named(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(content)
    with pytest.raises(InputError, match=problem):
        read_rows(path)


def test_a_missing_file_and_latin_1_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_rows(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes("sentence\nSäoul".encode("latin-1"))
    with pytest.raises(InputError, match="not a UTF-8 text file"):
        read_rows(tmp_path / "latin.csv")


def test_spans_survive_line_breaks_and_odd_separators_in_a_cell(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes(b'sentence,start,end,label\n"A b.\r\nSeoul spoke",6,11,none\n')
    (row,) = read_rows(tmp_path / "r.csv")
    assert row.sentence[row.start : row.end] == "Seoul"
    line = json.dumps({**ROW, "sentence": "Seoul\u2028offered."}, ensure_ascii=False)
    (tmp_path / "r.jsonl").write_text(line + "\n", encoding="utf-8")
    assert read_rows(tmp_path / "r.jsonl")[0].sentence == "Seoul\u2028offered."


def test_context_may_be_a_list_and_other_types_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps({**ROW, "context": ["A.", "B."]}))
    assert read_rows(path)[0].context == "A.\nB."
    for bad in ({"tags": 5}, {"context": 5}):
        path.write_text(json.dumps({**ROW, **bad}))
        with pytest.raises(InputError, match=r"no text|a tag"):
            read_rows(path)


def test_a_split_of_another_name_is_refused_and_rows_of_one_sentence_stay_together(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps({**ROW, "split": "validation"}))
    with pytest.raises(InputError, match='row 1: unknown split "validation"'):
        read_rows(path)
    path.write_text(json.dumps(ROW) + "\n" + json.dumps({**ROW, "start": 6, "end": 13}))
    first, second = read_rows(path)
    assert first.doc_id == second.doc_id
