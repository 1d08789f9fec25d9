"""Training, from rows to a checkpoint that stock tools load."""

import dataclasses
import json
import shutil
from pathlib import Path

import pytest
import torch
from conftest import ROOT
from safetensors.torch import load_file
from transformers import AutoModelForTokenClassification, AutoTokenizer, pipeline
from typer.testing import CliRunner

import train as train_script
from data_splits import load_splits
from examples import (
    IGNORED,
    LabelledSentence,
    make_example,
    sentences_of_rows,
    with_shorter_context,
)
from network import class_weights, loss_of, span_logits
from pourparler.encoding import load_tokenizer, tokens_in
from pourparler.errors import ArtifactError, InputError
from pourparler.labels import TOKEN_LABELS
from pourparler.records import Instance
from settings import Settings, read_settings


@pytest.fixture
def settings(tiny_encoder: Path) -> Settings:
    default = read_settings(ROOT / "training" / "default.toml")
    changes = {"encoder": str(tiny_encoder), "layers": 2, "epochs": 3, "batch_tokens": 64, "learning_rate": 0.01}
    return dataclasses.replace(default, **changes, patience=3, save_every_steps=2)


def trained(settings: Settings, corpus: Path, out: Path) -> dict[str, torch.Tensor]:
    train_script.train(settings, load_splits(corpus, []), out)
    return load_file(out / "checkpoint" / "model.safetensors")


def test_training_learns_and_the_checkpoint_loads_in_stock_tools(settings, tiny_corpus, tmp_path) -> None:
    longer = dataclasses.replace(settings, epochs=12, patience=12)
    trained(longer, tiny_corpus, tmp_path / "run")
    log = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert log[-1]["loss"] < 0.5 * log[0]["loss"]
    assert max(line["dev_macro_f1"] for line in log) > 0.9
    checkpoint = tmp_path / "run" / "checkpoint"
    model = AutoModelForTokenClassification.from_pretrained(checkpoint)
    assert tuple(model.config.id2label[i] for i in range(6)) == TOKEN_LABELS
    tagger = pipeline("token-classification", model=model, tokenizer=AutoTokenizer.from_pretrained(checkpoint))
    found = {token["word"]: token["entity"] for token in tagger("Kim dismissed the talks as theatre.")}
    assert found["kim"] == "opposes"


def test_a_killed_run_is_taken_up_and_ends_in_the_same_weights(settings, tiny_corpus, tmp_path, monkeypatch) -> None:
    whole = trained(settings, tiny_corpus, tmp_path / "whole")
    calls = {"left": 5}
    original = train_script.loss_of

    def dies_in_the_second_epoch(*arguments):
        calls["left"] -= 1
        if calls["left"] < 0:
            raise KeyboardInterrupt
        return original(*arguments)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(train_script, "loss_of", dies_in_the_second_epoch)
        trained(settings, tiny_corpus, tmp_path / "killed")
    resumed = trained(settings, tiny_corpus, tmp_path / "killed")
    assert whole.keys() == resumed.keys()
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(settings, tiny_corpus, tmp_path) -> None:
    first = trained(settings, tiny_corpus, tmp_path / "a")
    again = trained(settings, tiny_corpus, tmp_path / "b")
    other = trained(dataclasses.replace(settings, seed=2), tiny_corpus, tmp_path / "c")
    assert all(torch.equal(first[n], again[n]) for n in first)
    assert any(not torch.equal(first[n], other[n]) for n in first)


def test_a_finished_folder_is_not_trained_over_with_other_settings(settings, tiny_corpus, tmp_path) -> None:
    trained(settings, tiny_corpus, tmp_path / "run")
    with pytest.raises(InputError, match="other settings or data"):
        trained(dataclasses.replace(settings, seed=9), tiny_corpus, tmp_path / "run")


def test_no_file_of_a_run_is_a_pickle(settings, tiny_corpus, tmp_path) -> None:
    trained(settings, tiny_corpus, tmp_path / "run")
    suffixes = {p.suffix for p in (tmp_path / "run").rglob("*") if p.is_file()}
    assert suffixes == {".json", ".jsonl", ".safetensors"}


def test_labels_lie_on_the_tokens_of_mentions_conditions_and_nothing_else(tiny_encoder) -> None:
    tokenizer = load_tokenizer(tiny_encoder / "tokenizer.json")
    text = "Pyongyang will come back once the drills end"
    spans = {"mention": (0, 9), "condition": (25, 44)}
    sentence = LabelledSentence(
        text, ("Seoul waits.",), ((*spans["mention"], "conditional"),), (spans["condition"],), complete=True
    )
    example = make_example(tokenizer, sentence)
    named = [TOKEN_LABELS[i] if i != IGNORED else "-" for i in example.token_labels]
    for index, span in enumerate(example.encoded.offsets):
        expected = "-" if span is None else "outside"
        if index in tokens_in(example.encoded, *spans["condition"]):
            expected = "condition"
        if index in tokens_in(example.encoded, *spans["mention"]):
            expected = "conditional"
        assert named[index] == expected


def test_rows_with_one_labelled_actor_teach_nothing_about_other_words(tiny_encoder) -> None:
    (sentence,) = sentences_of_rows([Instance("Seoul and Kim met.", 0, 5, "supports")])
    example = make_example(load_tokenizer(tiny_encoder / "tokenizer.json"), sentence)
    assert sum(label != IGNORED for label in example.token_labels) == len(example.spans[0][0])


def test_rows_of_one_sentence_become_one_example() -> None:
    rows = [Instance("Seoul and Kim met.", 0, 5, "supports"), Instance("Seoul and Kim met.", 10, 13, "none")]
    (sentence,) = sentences_of_rows(rows)
    assert sentence.mentions == ((0, 5, "supports"), (10, 13, "none"))


def test_context_dropout_keeps_the_nearest_sentences() -> None:
    sentence = LabelledSentence("S.", ("A.", "B.", "C."), (), (), complete=True)
    contexts = {with_shorter_context([sentence], 1.0, seed)[0].context for seed in range(40)}
    assert contexts == {(), ("C.",), ("B.", "C.")}
    assert with_shorter_context([sentence], 0.0, 1) == [sentence]


def test_span_logits_are_the_mean_over_the_mentions_tokens(tiny_encoder) -> None:
    tokenizer = load_tokenizer(tiny_encoder / "tokenizer.json")
    example = make_example(tokenizer, LabelledSentence("Kim waits", (), ((0, 3, "opposes"),), (), complete=True))
    logits = torch.randn((1, len(example.encoded.ids), 6))
    means, labels = span_logits(logits, [example])
    tokens = list(example.spans[0][0])
    assert torch.allclose(means[0], logits[0, tokens, 1:5].mean(dim=0))
    assert labels.tolist() == [2]


def test_loss_is_the_log_of_the_choices_when_the_network_knows_nothing(tiny_encoder) -> None:
    tokenizer = load_tokenizer(tiny_encoder / "tokenizer.json")
    example = make_example(tokenizer, LabelledSentence("Kim waits", (), ((0, 3, "opposes"),), (), complete=True))
    logits = torch.zeros((1, len(example.encoded.ids), 6))
    loss = loss_of(logits, [example], torch.ones(4), token_loss=1.0)
    assert loss.item() == pytest.approx(torch.log(torch.tensor(4.0)) + torch.log(torch.tensor(6.0)))


def test_rare_labels_weigh_more_and_the_mean_weight_is_one() -> None:
    common = LabelledSentence("S.", (), tuple((0, 1, "none") for _ in range(96)), (), complete=True)
    weights = class_weights([common], 0.5)
    assert weights[0] > weights[3]
    counts = torch.tensor([1.0, 1.0, 1.0, 97.0])
    assert (weights * counts).sum() / counts.sum() == pytest.approx(1)
    assert class_weights([common], 0.0).tolist() == pytest.approx([1, 1, 1, 1])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("epochs = 8", '"epochs" is missing'),
        ("seed = 1", '"seed" is missing'),
    ],
)
def test_a_config_without_a_key_is_refused(tmp_path: Path, change: str, problem: str) -> None:
    path = tmp_path / "c.toml"
    lines = (ROOT / "training" / "default.toml").read_text().splitlines()
    path.write_text("\n".join(line for line in lines if not line.startswith(change.split(" =", maxsplit=1)[0])))
    with pytest.raises(InputError, match=problem):
        read_settings(path)


@pytest.mark.parametrize(
    ("line", "problem"),
    [("epoch = 3", 'unknown key "epoch"'), ('seed = "one"', "\"seed\" is 'one'"), ("seed = ", "not TOML")],
)
def test_a_wrong_config_is_refused_before_any_work(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "c.toml"
    kept = [
        x
        for x in (ROOT / "training" / "default.toml").read_text().splitlines()
        if x.split(" =")[0] != line.split(" =", maxsplit=1)[0]
    ]
    path.write_text("\n".join([*kept, line]))
    with pytest.raises(InputError) as caught:
        read_settings(path)
    assert problem in str(caught.value)


def test_a_bad_row_stops_the_script_with_one_line_and_exit_2(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"sentence": "Kim waits.", "start": 0, "end": 3, "label": "against"}) + "\n")
    config = str(ROOT / "training" / "default.toml")
    result = CliRunner().invoke(
        train_script.app, ["--config", config, "--data", str(rows), "--out", str(tmp_path / "r")]
    )
    assert result.exit_code == 2
    assert 'rows.jsonl row 1: unknown label "against"' in result.stderr


def test_own_rows_are_split_by_document_and_alike_everywhere(tmp_path: Path) -> None:
    rows = [
        {"sentence": f"Kim waits {n}.", "start": 0, "end": 3, "label": "none", "doc_id": f"d{n // 2}"}
        for n in range(80)
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(r) for r in rows))
    splits = load_splits(tmp_path, [path])
    assert len(splits.train) + len(splits.dev) == 80
    assert 4 <= len(splits.dev) <= 28
    assert len(splits.dev) % 2 == 0
    assert load_splits(tmp_path, [path]) == splits


def test_export_refuses_weights_that_int8_has_changed(settings, tiny_corpus, tmp_path, monkeypatch) -> None:
    import export

    trained(settings, tiny_corpus, tmp_path / "run")
    splits = load_splits(tiny_corpus, [])
    export.export(tmp_path / "run", tmp_path / "model", splits.dev, splits.dev)
    assert json.loads((tmp_path / "model" / "training.json").read_text())["int8_agreement"] >= 0.98
    monkeypatch.setattr(export, "MIN_AGREEMENT", 1.01)
    shutil.copytree(tmp_path / "model", tmp_path / "before")
    with pytest.raises(ArtifactError, match="int8 and 32-bit"):
        export.export(tmp_path / "run", tmp_path / "model", splits.dev, splits.dev)
    assert (tmp_path / "model" / "config.json").read_text() == (tmp_path / "before" / "config.json").read_text()


def test_float32_export_gives_the_checkpoints_logits(settings, tiny_corpus, tmp_path) -> None:
    import export
    from network import predict
    from pourparler.stance import STANCE_COLUMNS, StanceModel

    trained(settings, tiny_corpus, tmp_path / "run")
    splits = load_splits(tiny_corpus, [])
    export.export(tmp_path / "run", tmp_path / "model", [], splits.dev, float32=True)
    model = StanceModel(tmp_path / "model")
    examples = [make_example(model.tokenizer, s) for s in splits.dev]
    network = AutoModelForTokenClassification.from_pretrained(tmp_path / "run" / "checkpoint")
    for example, served, calls in zip(
        examples,
        model.token_logits([e.encoded for e in examples]),
        predict(network, examples, 512, exact=True),
        strict=True,
    ):
        for (tokens, _), call in zip(example.spans, calls, strict=True):
            mean = served[list(tokens)][:, STANCE_COLUMNS].mean(axis=0)
            assert mean.tolist() == pytest.approx(call.tolist(), abs=1e-3)


def test_temperature_finds_the_factor_that_was_hidden() -> None:
    import numpy as np

    from calibration import fit_temperature

    generator = np.random.default_rng(0)
    logits = generator.normal(size=(20000, 4)) * 2
    exponents = np.exp(logits)
    gold = np.array([generator.choice(4, p=p) for p in exponents / exponents.sum(axis=1, keepdims=True)])
    assert fit_temperature(logits * 1.7, gold) == pytest.approx(1.7, abs=0.05)
    with pytest.raises(ValueError, match="no labelled"):
        fit_temperature(np.zeros((0, 4)), np.array([], dtype=int))


def test_a_smaller_share_of_train_is_part_of_a_larger_one_and_dev_stays_whole() -> None:
    shares = [load_splits(ROOT / "data" / "corpus", [], percent) for percent in (6, 25, 100)]
    texts = [{s.text for s in splits.train} for splits in shares]
    assert texts[0] < texts[1] < texts[2]
    assert 0.15 < len(texts[1]) / len(texts[2]) < 0.35
    assert all(splits.dev == shares[0].dev for splits in shares)
