"""The committed models: whole, small, and what their cards say."""

import json
from pathlib import Path

import pytest
from conftest import ROOT

import pourparler
from pourparler.artifact import ArtifactConfig, find_artifact, read_config, write_config
from pourparler.errors import ArtifactError

LIMITS = {"default": 75, "fast": 25}


@pytest.mark.parametrize("name", LIMITS)
def test_digests_hold_and_the_size_keeps_its_bound(name: str) -> None:
    folder = find_artifact(name)
    config = read_config(folder, verify=True)
    assert config.name == name
    assert sum(f.stat().st_size for f in folder.iterdir()) < LIMITS[name] * 1e6


@pytest.mark.parametrize("name", LIMITS)
def test_int8_calls_what_the_full_weights_call(name: str) -> None:
    """Measured at export on all dev mentions, which refuses to write less."""
    facts = json.loads((find_artifact(name) / "training.json").read_text())
    assert facts["int8_agreement"] >= 0.98


@pytest.mark.parametrize("name", LIMITS)
def test_the_card_names_this_model(name: str) -> None:
    folder = find_artifact(name)
    assert read_config(folder).digest in (folder / "README.md").read_text()


def test_models_score_given_spans_as_the_interface_promises(default_model: pourparler.Model) -> None:
    sentence = "The rebels ruled out any talks, and Norway sent an envoy to mediate."
    spans = [(sentence.index(w), sentence.index(w) + len(w)) for w in ("rebels", "Norway")]
    rebels, norway = default_model.score(sentence, spans, context="Fighting went on in the valley.")
    assert (rebels.stance, norway.stance) == ("opposes", "supports")
    assert sum(rebels.probabilities) == pytest.approx(1)


def test_an_altered_file_is_refused(tiny_artifact: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "model"
    shutil.copytree(tiny_artifact, copy)
    (copy / "tokenizer.json").write_text((copy / "tokenizer.json").read_text() + " ")
    with pytest.raises(ArtifactError, match="sha256 differs"):
        pourparler.load(copy)
    (copy / "tokenizer.json").unlink()
    with pytest.raises(ArtifactError, match="is missing"):
        pourparler.load(copy)


def test_a_config_of_other_labels_and_an_unknown_name_are_refused(tmp_path: Path) -> None:
    config = ArtifactConfig("x", "e", ("a", "b"), 1.0, 0.5, 1, "0", {})
    write_config(tmp_path, config)
    with pytest.raises(ArtifactError, match="other labels"):
        read_config(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ArtifactError, match="unreadable"):
        read_config(tmp_path)
    with pytest.raises(ArtifactError, match="Use default, fast"):
        find_artifact("nonesuch")


def test_no_pickle_and_no_giant_in_the_repository() -> None:
    import subprocess

    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert not [f for f in files if Path(f).suffix in (".pkl", ".pickle", ".pt", ".pth", ".bin", ".joblib")]
    assert not [f for f in files if (ROOT / f).is_file() and (ROOT / f).stat().st_size > 80e6]
