"""The harness: baselines that can be wrong, a report that says what was measured."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from typer.testing import CliRunner

import evaluate
from baselines import CueWords, Majority, TfidfLogistic, gold_of
from pourparler.records import Instance


def row(sentence: str, mention: str, label: str = "none") -> Instance:
    start = sentence.index(mention)
    return Instance(sentence, start, start + len(mention), label, doc_id=sentence)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Seoul agreed to hold talks with the North.", "supports"),
        ("Seoul refused to hold talks with the North.", "opposes"),
        ("Seoul will return to talks once the drills end.", "conditional"),
        ("Seoul is ready to talk without preconditions, even if talks are slow.", "supports"),
        ("Seoul tested a missile.", "none"),
    ],
)
def test_cue_words_follow_their_rules(sentence: str, expected: str) -> None:
    from pourparler.labels import LABELS

    assert LABELS[CueWords().predict([row(sentence, "Seoul")])[0]] == expected


def test_learned_baselines_learn_and_majority_does_not() -> None:
    rows = [row(f"Seoul offered talks {n}.", "Seoul", "supports") for n in range(12)]
    rows += [row(f"Seoul refused everything {n}.", "Seoul", "opposes") for n in range(8)]
    for baseline, accuracy in ((Majority(), 0.6), (TfidfLogistic(), 1.0)):
        baseline.fit(rows)
        assert (baseline.predict(rows) == gold_of(rows)).mean() == accuracy


def test_own_rows_are_judged_and_the_report_holds_the_figures(tmp_path: Path, tiny_artifact: Path, monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(evaluate, "all_baselines", lambda: [Majority(), CueWords()])
    rows = tmp_path / "rows.jsonl"
    labels = ["supports", "opposes", "conditional", "none"]
    rows.write_text(
        "\n".join(
            json.dumps({"sentence": f"Seoul offered talks {n}.", "start": 0, "end": 5, "label": labels[n % 4]})
            for n in range(20)
        )
    )
    out = tmp_path / "report"
    arguments = ["--data", str(rows), "--model", str(tiny_artifact), "--out", str(out)]
    result = CliRunner().invoke(evaluate.app, arguments)
    assert result.exit_code == 0, result.output
    results = json.loads((out / "results.json").read_text())
    (judged,) = results["sets"]
    assert judged["scores"]["cue words"]["accuracy"]["value"] == 0.25
    assert judged["scores"]["cue words"]["n"] == 20
    for name in ("report.md", "report.html"):
        text = (out / name).read_text()
        assert "cue words" in text
        assert f"{judged['scores']['cue words']['macro_f1']['value']:.3f}" in text
    assert (out / "report.html").read_text().count("<svg") >= 3


def test_a_page_shows_news_text_as_text_and_never_as_markup(tmp_path: Path) -> None:
    from report import write_report
    from results import Results

    seed_row = {"actor": "<script>alert(1)</script>", "stance": "none", "confidence": 1.0, "evidence": []}
    model = {"name": "m", "encoder": "e", "digest": "sha256:0", "seed": 1, "temperature": 1.0, "megabytes": 1.0}
    from results import ModelFacts

    facts = ModelFacts(**model, pairs_per_second=1.0, peak_memory_megabytes=1.0, training_minutes=None)
    one = evaluate.judge(
        evaluate.own_set([_rows_file(tmp_path)]), {"m": np.array([[0.7, 0.1, 0.1, 0.1]]), "b": np.eye(4)[[0]]}
    )
    results = Results("c", "0", "2026-01-01", "x", [facts], [one], {"m": []}, [], [seed_row], {"own": [(0.7, 1.0, 1)]})
    write_report(results, tmp_path)
    page = (tmp_path / "report.html").read_text()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def _rows_file(folder: Path) -> Path:
    path = folder / "r.jsonl"
    path.write_text(json.dumps({"sentence": "Seoul met.", "start": 0, "end": 5, "label": "supports"}))
    return path


def test_probabilities_do_not_hang_on_which_rows_stand_together(tiny_artifact: Path) -> None:
    from pourparler import load

    model = load(tiny_artifact)
    rows = [row(f"Seoul offered talks to Kim {'again ' * n}", "Seoul") for n in range(12)]
    together = model.score_rows(rows)
    for one, probabilities in zip(rows, together, strict=True):
        np.testing.assert_allclose(model.score_rows([one])[0], probabilities, atol=0.01)


def test_peak_memory_is_the_models_own_and_not_that_of_the_caller(tiny_artifact: Path) -> None:
    from speed import measure_speed

    ballast = np.ones(80_000_000)
    pairs_per_second, peak = measure_speed(tiny_artifact, [row("Seoul offered talks.", "Seoul")])
    assert ballast.nbytes > 600e6
    assert 20 < peak < 400
    assert pairs_per_second > 1


def test_the_learning_curve_scores_each_share_and_its_gain(tiny_artifact: Path, tmp_path: Path) -> None:
    from learning_curve import SHARES, judge
    from sets import EvaluationSet

    for share in SHARES:
        (tmp_path / str(share)).mkdir()
        (tmp_path / str(share) / "model").symlink_to(tiny_artifact)
    rows = tuple(row(f"Seoul offered talks to Kim {n}", "Seoul") for n in range(6))
    points = judge(tmp_path, [EvaluationSet("dev", "dev", rows)])
    assert [p.percent for p in points] == list(SHARES)
    assert not points[0].gain
    assert all(p.gain["dev"].value == 0 for p in points[1:]), "one model has no gain over itself"
