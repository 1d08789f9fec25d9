"""Small things that tests share: a corpus of a few lines, an encoder of a few weights."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

import pourparler

ROOT = Path(__file__).parents[1]

HEADER = (
    "@doc {id}  date: 2025-03-02  dispute: {dispute}  register: wire  author: {author}  split: {split}  "
    "density: dense  basis: event\n"
)

SENTENCES = [
    "[Kim|kim:o] dismissed the talks as theatre.",
    "[Seoul|kor:s] offered talks, [Pyongyang|prk:n+wish] was asked.",
    "[Pyongyang|prk:c] returns {once drills end}@prk, [China|chn:n+reporter] said.",
    "[Tokyo|jpn:n] moved ships.",
]


@pytest.fixture
def tiny_corpus(tmp_path: Path) -> Path:
    """Twelve documents for training and six for dev, of few words."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for split, author, count in (("train", "w1", 12), ("dev", "w2", 6)):
        texts = []
        for number in range(count):
            lines = SENTENCES[number % 3 :] + SENTENCES[: number % 3]
            head = HEADER.format(id=f"{split}-{number}", dispute=split, author=author, split=split)
            texts.append(head + "\n".join(lines) + "\n")
        (folder / f"{split}.txt").write_text("\n".join(texts))
    return folder


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two layers and 32 dimensions with a vocabulary of the tiny corpus's words."""
    folder = tmp_path_factory.mktemp("encoder")
    words = sorted({w for s in SENTENCES for w in pre_tokenizers_words(s)})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words]
    tokenizer = Tokenizer(models.WordPiece({w: i for i, w in enumerate(vocabulary)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "BertTokenizerFast", "pad_token": "[PAD]", "unk_token": "[UNK]"})
    )
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=512,
    )
    BertModel(config).save_pretrained(folder)
    return folder


def pre_tokenizers_words(sentence: str) -> list[str]:
    """Words as the tiny tokenizer cuts them."""
    plain = sentence.casefold()
    return [w for w, _ in pre_tokenizers.BertPreTokenizer().pre_tokenize_str(plain)]


@pytest.fixture(scope="session")
def default_model() -> pourparler.Model:
    """The committed default model."""
    return pourparler.load()


@pytest.fixture
def article_text() -> str:
    """The article that the project began with."""
    return next((ROOT / "seeds").glob("*.txt")).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def tiny_artifact(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder exported from the untrained tiny encoder: cheap, and wrong about everything."""
    from export import export
    from network import build_network

    run = tmp_path_factory.mktemp("tiny") / "run"
    torch.manual_seed(0)
    build_network(tiny_encoder, 2).save_pretrained(run / "checkpoint")
    shutil.copyfile(tiny_encoder / "tokenizer.json", run / "checkpoint" / "tokenizer.json")
    settings = {"name": "tiny", "encoder": "tiny", "layers": 2, "seed": 0}
    (run / "run.json").write_text(json.dumps({"settings": settings, "data_sha256": "0", "train_mentions": 0}))
    log = {"epoch": 1, "loss": 1.0, "dev_macro_f1": 0.1, "training_seconds": 1}
    (run / "log.jsonl").write_text(json.dumps(log) + "\n")
    export(run, run.parent / "model", [], [])
    return run.parent / "model"
