"""The pass over sentences: same ids as training, same result alone and in a batch."""

import numpy as np
import pytest
from conftest import ROOT, SENTENCES

import pourparler
from examples import LabelledSentence, make_example
from pourparler.encoding import CONTEXT_SENTENCES, MAX_TOKENS, SentenceTooLong, encode, load_tokenizer, tokens_in
from pourparler.stance import StanceModel, batches_by_length, runs

CONTEXT = ("Seoul waits.", "Tokyo moved ships.", "Kim dismissed the offer.", "Pyongyang was asked to come.")


@pytest.fixture(scope="module")
def model(tiny_artifact) -> StanceModel:
    return StanceModel(tiny_artifact)


def test_training_and_inference_give_the_same_token_ids(model, tiny_encoder) -> None:
    """A model trained with one encoding and served with another is the classic defect."""
    sentence = LabelledSentence("Seoul offered talks.", CONTEXT, ((0, 5, "supports"),), (), complete=True)
    trained = make_example(load_tokenizer(tiny_encoder / "tokenizer.json"), sentence).encoded
    served = encode(model.tokenizer, sentence.text, CONTEXT)
    assert trained == served
    assert len(CONTEXT) > CONTEXT_SENTENCES


def test_only_the_last_three_context_sentences_count(model) -> None:
    assert encode(model.tokenizer, "Seoul.", CONTEXT) == encode(model.tokenizer, "Seoul.", CONTEXT[1:])
    assert encode(model.tokenizer, "Seoul.", CONTEXT) != encode(model.tokenizer, "Seoul.", CONTEXT[2:])


def test_context_gives_way_by_whole_sentences_and_the_sentence_never(model) -> None:
    long = "talks " * 200
    encoded = encode(model.tokenizer, "Kim " + long, (long, "Seoul waits."))
    assert len(encoded.ids) <= MAX_TOKENS
    assert sum(span is not None for span in encoded.offsets) == 201
    assert len(encoded.ids) == 201 + 3 + 3
    with pytest.raises(SentenceTooLong):
        encode(model.tokenizer, "talks " * MAX_TOKENS)


def test_a_span_covers_its_tokens_and_no_context(model) -> None:
    encoded = encode(model.tokenizer, "Seoul offered talks.", ("Seoul waits.",))
    assert [encoded.offsets[i] for i in tokens_in(encoded, 0, 5)] == [(0, 5)]


def test_one_sentence_alone_and_in_a_batch_reads_the_same(model) -> None:
    encoded = [encode(model.tokenizer, s, CONTEXT[: i % 4]) for i, s in enumerate(SENTENCES * 5)]
    together = model.token_logits(encoded)
    for one, logits in zip(encoded, together, strict=True):
        (alone,) = model.token_logits([one])
        np.testing.assert_allclose(alone, logits, atol=0.02)


def test_score_refuses_a_span_without_a_word(model) -> None:
    for span in ((5, 6), (3, 3), (-1, 4), (0, 99)):
        with pytest.raises(ValueError, match="covers no word"):
            model.score("Seoul offered talks.", [span])


def test_batches_hold_every_index_once_within_the_budget() -> None:
    lengths = [5, 90, 7, 7, 300, 1]
    batches = list(batches_by_length(lengths, 100))
    assert sorted(i for b in batches for i in b) == list(range(6))
    assert all(len(b) == 1 or max(lengths[i] for i in b) * len(b) <= 100 for b in batches)


def test_runs_are_half_open() -> None:
    assert list(runs(np.array([True, False, True, True]))) == [(0, 1), (2, 4)]
    assert list(runs(np.array([], dtype=bool))) == []


def test_an_article_with_an_endless_sentence_is_read_whole(tiny_artifact) -> None:
    text = "talks" * 120 + " " + "kim " * 1500
    rows = pourparler.load(tiny_artifact).classify(text)
    assert isinstance(rows, list)


def test_importing_the_library_loads_no_training_library() -> None:
    import subprocess
    import sys

    heavy = {"torch", "transformers", "trafilatura", "datasets", "sklearn"}
    code = f"import pourparler, sys; print(sorted({heavy} & set(sys.modules)))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert output.strip() == "[]"
