"""Rows out of many articles."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import pourparler
from pourparler.batch import COLUMNS, classify_all, open_writer
from pourparler.errors import InputError
from pourparler.records import FailedArticle

GOOD = pourparler.make_article("Kim dismissed the offer. Seoul offered talks.", "a1", "2020-01-01")
BAD = InputError("b.txt", "empty.", "Give an article with text.")


@pytest.fixture(scope="module")
def model(tiny_artifact: Path) -> pourparler.Model:
    return pourparler.load(tiny_artifact)


def test_a_bad_article_is_an_error_row_between_the_rows_of_its_neighbours(model) -> None:
    results = list(classify_all(model, [GOOD, BAD, GOOD]))
    assert results[1] == [FailedArticle("b.txt", "empty. Give an article with text.", model.digest)]
    assert results[0] == results[2]


def test_all_three_formats_hold_the_same_rows(model, tmp_path: Path) -> None:
    rows = [r for rows in classify_all(model, [GOOD, BAD]) for r in rows]
    for ending in ("jsonl", "csv", "parquet"):
        with open_writer(tmp_path / f"rows.{ending}") as writer:
            for row in rows:
                writer.write(row)
    expected = [r.as_row() for r in rows]
    assert [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()] == expected
    with (tmp_path / "rows.csv").open(newline="") as file:
        cells = list(csv.DictReader(file))
    assert [c["actor_id"] for c in cells] == [r.get("actor_id", "") for r in expected]
    assert [json.loads(c["probabilities"]) for c in cells if c["actor"]] == [r["probabilities"] for r in expected[:-1]]
    table = pq.read_table(tmp_path / "rows.parquet").to_pylist()
    assert [{k: v for k, v in row.items() if v is not None} for row in table] == [
        {k: v for k, v in row.items() if v is not None} for row in expected
    ]
    assert tuple(cells[0]) == COLUMNS


def test_an_interrupted_run_leaves_the_older_result_whole(tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    out.write_text("older\n")
    with pytest.raises(KeyboardInterrupt), open_writer(out) as writer:
        writer.write(FailedArticle("a", "b"))
        raise KeyboardInterrupt
    assert out.read_text() == "older\n"
    assert json.loads((tmp_path / "rows.jsonl.part").read_text())["article"] == "a"


def test_rows_reach_the_disk_as_they_come(tmp_path: Path) -> None:
    with open_writer(tmp_path / "rows.jsonl") as writer:
        writer.write(FailedArticle("a", "b"))
        assert json.loads((tmp_path / "rows.jsonl.part").read_text())["error"] == "b"


@pytest.mark.parametrize("name", ["rows.xlsx", "no/folder/rows.csv"])
def test_an_output_that_cannot_be_is_refused_before_any_work(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        open_writer(tmp_path / name)
