"""The corpus's tools and the corpus itself."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import HEADER, ROOT
from typer.testing import CliRunner

import adjudication
import check
import labelling
from agreement import agreement, slice_agreement
from disagreements import page_of
from labelling import Annotation, keys_of_sheet, labels_of, read_answers, sheet_of
from pourparler.corpus import read_corpus
from pourparler.corpus_format import parse
from pourparler.errors import InputError
from slices import sliced_pairs


def rows(first: str, second: str) -> list[Annotation]:
    return [Annotation(f"d{i}", 1, "a", a, a, b, a, "") for i, (a, b) in enumerate(zip(first, second, strict=True))]


def test_alpha_is_one_when_labellers_agree_and_zero_when_only_chance_does() -> None:
    assert agreement(rows("sscon", "sscon")).alpha == 1
    assert agreement(rows("ssnn" * 50, "snsn" * 50)).alpha == pytest.approx(0, abs=0.01)


def test_alpha_by_hand() -> None:
    """Four pairs, one disagreement: observed 1/4, expected 15/28 over labels s s s | n n n n n."""
    result = agreement(rows("ssnn", "snnn"))
    assert result.alpha == pytest.approx(1 - (1 / 4) / (2 * 3 * 5 / (8 * 7)))


def test_a_slice_of_one_label_is_judged_by_the_chance_of_all() -> None:
    every = rows("ssccoonn" * 20, "ssccoonn" * 20)
    one_label = rows("n" * 199 + "s", "n" * 200)
    assert agreement(one_label).alpha == pytest.approx(0, abs=0.01)
    assert slice_agreement(one_label, every) == pytest.approx(1 - 0.005 / 0.75, abs=0.01)
    mixed = rows("ssnn", "snnn")
    assert slice_agreement(mixed, mixed) == pytest.approx(agreement(mixed).alpha)


def pairs_of(text: str) -> list[check.Pair]:
    head = HEADER.format(id="x-01", dispute="x", author="w1", split="train").strip()
    return [(d, i, slices) for d in parse(f"{head}\n{text}") for _, i, slices in sliced_pairs(d)]


def test_slices_that_the_text_shows() -> None:
    """Connective, joint actors, opposite stances and kinds of truce need no tag."""
    text = "[Both|usa&prk:c] return {if it snows}@usa&prk.\n[Seoul|kor:s+truce] offers, [Kim|kim:o+truce] refuses."
    usa, prk, kor, kim = (slices for _, _, slices in pairs_of(text))
    assert usa == prk == {"connective if", "joint actors", "no context"}
    assert kor == {"truce", "truce, supports", "opposite stances"}
    assert kim == {"truce", "truce, opposes", "opposite stances"}


def test_a_lopsided_corpus_breaks_its_promises() -> None:
    pairs = pairs_of("[Kim|kim:o] refuses.\n[Kim|kim:o] laughs.\n[Seoul|kor:s] waits.")
    broken = {text for text, holds in check.spread([d for d, _, _ in pairs][:1], pairs) if not holds}
    assert "kim at most 55% one label (opposes 100.0% of 2)" in broken
    assert "at least 12% none of pairs (is 0.0%)" in broken
    assert not any(text.startswith("at least 12% opposes") for text in broken)
    assert 'at least 80 pairs of slice "wish" in train (has 0)' in {
        t for t, holds in check.hard_cases(pairs) if not holds
    }


def test_too_small_a_corpus_and_shared_disputes_break_promises() -> None:
    pairs = pairs_of("[Kim|kim:o] refuses.")
    document = pairs[0][0]
    other = replace(document, doc_id="x-02", split="test")
    broken = {text for text, holds in (*check.size([document], pairs), *check.held_out([document, other])) if not holds}
    assert "at least 1000 documents (has 1)" in broken
    assert "no dispute in two splits (x)" in broken
    assert "no author in two splits (w1)" in broken


def test_annotations_that_do_not_fit_the_corpus_break_promises() -> None:
    document = pairs_of("[Kim|kim:o] refuses, [Seoul|kor:n] heard.")[0][0]
    rows = [
        Annotation("x-01", 1, "kim", *"noos", ""),
        Annotation("x-01", 1, "kim", *"noos", ""),
        Annotation("z", 1, "a", *"nn", "", "n", ""),
    ]
    broken = " ".join(text for text, holds in check.annotated([document], rows) if not holds)
    assert "every pair is annotated (2 differ)" in broken
    assert "annotated once (1 rows too many)" in broken
    assert "with a reason (3 are not)" in broken
    assert "two blind labels (1 have not)" in broken
    assert "corpus labels are the adjudicated gold" in broken


def test_labellers_who_guess_break_promises() -> None:
    labelled = rows("ssnn" * 30, "snsn" * 30)
    slices = {(r.doc_id, r.sentence, r.actor): {"wish"} for r in labelled}
    broken = " ".join(text for text, holds in check.agreed(labelled, slices) if not holds)
    assert "alpha between the blind labellers at least 0.8" in broken
    assert 'alpha of slice "wish", chance from all' in broken


def test_the_page_of_disagreements_shows_sentence_labels_and_reason() -> None:
    document = pairs_of("[Kim|kim:o] said *no*, [Seoul|kor:n] heard.")[0][0]
    rows = [
        Annotation("x-01", 1, "kim", "n", "o", "o", "o", "rule 8: refuses"),
        Annotation("x-01", 1, "kor", *"nnnn", ""),
    ]
    page = page_of([document], rows)
    assert "1 of 2 pairs" in page
    assert "x-01, sentence 1: **Kim** said \\*no\\*, Seoul heard." in page
    assert "author n, first o, second o; decided **opposes**: rule 8: refuses" in page


def test_a_sheet_hides_labels_tags_and_condition_marks(tiny_corpus: Path) -> None:
    for document in read_corpus(tiny_corpus):
        sheet = sheet_of(document)
        assert "[Kim|kim]" in sheet
        assert not any(mark in sheet for mark in (":o", ":c", "+wish", "{", "}"))
        assert keys_of_sheet(sheet) == set(labels_of(document))


def test_answers_come_back_and_disagreement_leaves_gold_open(tiny_corpus: Path, tmp_path: Path) -> None:
    runner, folders = CliRunner(), {name: tmp_path / name for name in ("sheets", "first", "second", "annotations")}
    corpus = ["--corpus", str(tiny_corpus)]
    assert runner.invoke(labelling.app, ["sheets", "--out", str(folders["sheets"]), *corpus]).exit_code == 0
    documents = read_corpus(tiny_corpus)
    for name, wrong in (("first", None), ("second", "kim")):
        folders[name].mkdir()
        for sheet in folders["sheets"].glob("*.txt"):
            lines = []
            for document in (d for d in documents if d.dispute == sheet.stem):
                lines.append(f"@doc {document.doc_id}")
                for (_, number, actor), letter in labels_of(document).items():
                    lines.append(f"{number} {actor}={'n' if actor == wrong else letter}")
            (folders[name] / sheet.name).write_text("\n".join(lines))
    verified = runner.invoke(labelling.app, ["verify", str(folders["sheets"]), str(folders["first"])])
    assert verified.exit_code == 0, verified.output
    merged = [
        "merge",
        str(folders["first"]),
        str(folders["second"]),
        *corpus,
        "--annotations",
        str(folders["annotations"]),
    ]
    assert runner.invoke(labelling.app, merged).exit_code == 0
    annotations = labelling.read_annotations(folders["annotations"])
    assert {a.gold for a in annotations if a.actor == "kim"} == {""}
    assert all(a.gold == a.author for a in annotations if a.actor != "kim")
    for sheet in folders["first"].glob("train*"):
        sheet.unlink()
        (folders["second"] / sheet.name).unlink()
    assert runner.invoke(labelling.app, merged).exit_code == 0
    assert labelling.read_annotations(folders["annotations"]) == annotations, "unanswered pairs keep their rows"
    decisions = tmp_path / "decisions"
    decisions.mkdir()
    lines = [
        f"{a.doc_id} {a.sentence} kim {'c' if i == 0 else 's'} | walks {{as theatre}}"
        for i, a in enumerate(x for x in annotations if not x.gold)
    ]
    (decisions / "part-1.txt").write_text("\n".join(lines))
    applied = ["apply", str(decisions), *corpus, "--annotations", str(folders["annotations"])]
    result = runner.invoke(adjudication.app, applied)
    assert result.exit_code == 0, result.output
    after = {k: v for d in read_corpus(tiny_corpus) for k, v in labels_of(d).items()}
    gold = {(a.doc_id, a.sentence, a.actor): a.gold for a in labelling.read_annotations(folders["annotations"])}
    assert after == gold
    assert sorted(v for (_, _, actor), v in after.items() if actor == "kim") == ["c"] + ["s"] * 17


def test_verify_names_what_is_missing_and_too_much(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "a").mkdir()
    (tmp_path / "s" / "x.txt").write_text("@doc x-01  date: 2020-01-01\n1 [Kim|kim] met [both|usa&prk].\n")
    (tmp_path / "a" / "x.txt").write_text("@doc x-01\n1 kim=o usa=s jpn=n\n")
    result = CliRunner().invoke(labelling.app, ["verify", str(tmp_path / "s"), str(tmp_path / "a")])
    assert result.exit_code == 1
    assert "no answer for x-01 sentence 1 prk" in result.output
    assert "has no actor jpn" in result.output


def test_an_unreadable_answer_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("@doc x-01\n1 kim=q\n")
    with pytest.raises(InputError, match="row 2"):
        read_answers(tmp_path / "x.txt")


def test_the_committed_corpus_keeps_its_promises() -> None:
    done = subprocess.run(
        [sys.executable, "data/check.py"],
        cwd=ROOT,
        env={"PYTHONPATH": "data:src", "PATH": "/usr/bin:/bin", "COLUMNS": "160"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert re.search(r"all \d+ bounds hold", done.stdout)


def test_no_benchmark_sentence_stands_in_the_corpus() -> None:
    """Where the benchmark is at hand: no corpus sentence is a near-duplicate of one of its sentences."""
    import json

    from pourparler.corpus_format import CorpusSentence, Document
    from pourparler.duplicates import near_duplicates

    path = ROOT.parent / "shared" / "real-news" / "dev.jsonl"
    if not path.is_file():
        pytest.skip("the benchmark is not part of the project")
    texts = sorted({json.loads(line)["sentence"] for line in path.read_text().splitlines()})
    benchmark = Document("b", "2020-01-01", "b", "wire", "b", "dev", "real", "event", tuple(map(CorpusSentence, texts)))
    found = near_duplicates([*read_corpus(ROOT / "data" / "corpus"), benchmark])
    assert [(a[1].text, b[1].text) for a, b in found if b[0].doc_id == "b"] == []
