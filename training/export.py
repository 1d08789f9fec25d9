"""A checkpoint into a model folder: int8 ONNX, tokenizer, configuration, model card.

    python training/export.py --run runs/default --out models/default

The temperature is fitted on the dev documents at real density, so that probabilities fit the mix
of labels that news has. The folder's README.md is written by evaluation/card.py from a report.
"""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import numpy as np
import onnx
import torch
import typer
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from rich.console import Console
from transformers import AutoModelForTokenClassification

from calibration import fit_temperature
from examples import Example, LabelledSentence, make_example, sentences_of_documents
from network import collate, predict
from pourparler.artifact import MODEL, TOKENIZER, ArtifactConfig, file_digest, write_config
from pourparler.corpus import read_corpus
from pourparler.encoding import Encoded, load_tokenizer
from pourparler.errors import ArtifactError, InputError, one_line_errors
from pourparler.labels import TOKEN_LABELS
from pourparler.stance import STANCE_COLUMNS, StanceModel

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
console = Console()
MENTION_THRESHOLD = 0.5
BLOCK = 128
INT8_ACTIVATIONS = 4
"""ONNX Runtime's accuracy level at which matrices are multiplied in 8 bits where the processor can."""
MIN_AGREEMENT = 0.98
"""Least share of dev mentions that int8 and 32-bit weights must call alike."""
CALIBRATION_BATCH_TOKENS = 4096


@app.command()
def main(
    run: Annotated[Path, typer.Option(help="Folder of a finished training run.")] = Path("runs/default"),
    out: Annotated[Path, typer.Option(help="The model folder to write.")] = Path("models/default"),
    corpus: Annotated[Path, typer.Option(help="Corpus whose dev split fits the temperature.")] = Path("data/corpus"),
    float32: Annotated[bool, typer.Option(help="Keep 32-bit weights.")] = False,
) -> None:
    """Export a checkpoint as a model folder."""
    with one_line_errors():
        if not (run / "checkpoint" / "model.safetensors").is_file():
            raise InputError(run, "holds no checkpoint.", "Run: make train")
        export(run, out, dev_sentences(corpus, "real"), dev_sentences(corpus), float32=float32)
    console.print(f"{out}: {sum(f.stat().st_size for f in out.iterdir()) / 1e6:.1f} MB")


def dev_sentences(corpus: Path, density: str | None = None) -> list[LabelledSentence]:
    """The dev sentences, of one density where it is named."""
    documents = [d for d in read_corpus(corpus) if d.split == "dev" and density in (None, d.density)]
    return sentences_of_documents(documents)


def export(
    run: Path,
    out: Path,
    calibration: list[LabelledSentence],
    dev: list[LabelledSentence],
    *,
    float32: bool = False,
) -> None:
    """Write `out` from the checkpoint in `run`: made beside, then renamed.

    calibration: labelled sentences that fit the temperature; with none it is 1. dev: sentences on
    whose mentions the exported weights must agree with the checkpoint. Raises ArtifactError if they
    agree on less than MIN_AGREEMENT.
    """
    checkpoint = run / "checkpoint"
    record = json.loads((run / "run.json").read_text())
    network = AutoModelForTokenClassification.from_pretrained(checkpoint).eval()
    tokenizer = load_tokenizer(checkpoint / TOKENIZER)
    examples = [make_example(tokenizer, s) for s in dev]
    beside = out.with_name(out.name + ".part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    write_onnx(network, beside / MODEL, float32=float32)
    shutil.copyfile(checkpoint / TOKENIZER, beside / TOKENIZER)
    config = ArtifactConfig(
        name=record["settings"]["name"],
        encoder=f"{record['settings']['encoder']}, first {record['settings']['layers']} layers",
        token_labels=TOKEN_LABELS,
        temperature=_temperature(network, [make_example(tokenizer, s) for s in calibration]),
        mention_threshold=MENTION_THRESHOLD,
        seed=record["settings"]["seed"],
        corpus_sha256=record["data_sha256"],
        sha256={name: file_digest(beside / name) for name in (MODEL, TOKENIZER)},
    )
    write_config(beside, config)
    agreement = _agreement(network, examples, beside)
    if agreement < MIN_AGREEMENT:
        shutil.rmtree(beside)
        problem = f"int8 and 32-bit weights agree on {agreement:.1%} of mentions, under {MIN_AGREEMENT:.0%}."
        raise ArtifactError(out, problem, "Export with --float32, or train again.")
    figures = figures_of(run)
    facts = {
        "dev_macro_f1": figures["dev_macro_f1"],
        "epochs": figures["epoch"],
        "train_mentions": record["train_mentions"],
        "minutes": round(figures["training_seconds"] / 60, 1),
        "int8_agreement": round(agreement, 4),
    }
    (beside / "training.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    if (out / "README.md").is_file():
        shutil.copyfile(out / "README.md", beside / "README.md")
    shutil.rmtree(out, ignore_errors=True)
    beside.rename(out)


def figures_of(run: Path) -> dict[str, float]:
    """Figures of the run's best epoch, and the seconds of the whole run."""
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    best = max(lines, key=lambda line: line["dev_macro_f1"])
    return {**best, "training_seconds": lines[-1]["training_seconds"]}


def _agreement(network: torch.nn.Module, examples: list[Example], folder: Path) -> float:
    """Share of mentions to which checkpoint and exported model give the same label, 1 without any."""
    exported = StanceModel(folder).token_logits([e.encoded for e in examples])
    full = predict(network, examples, CALIBRATION_BATCH_TOKENS, exact=True)
    same = [
        int(logits[list(tokens)][:, STANCE_COLUMNS].mean(axis=0).argmax() == call.argmax())
        for example, logits, calls in zip(examples, exported, full, strict=True)
        for (tokens, _), call in zip(example.spans, calls, strict=True)
    ]
    return float(np.mean(same)) if same else 1.0


def write_onnx(network: torch.nn.Module, path: Path, *, float32: bool = False) -> None:
    """The network as ONNX with dynamic batch and length; weights int8 unless `float32`.

    Embeddings are quantised per tensor, matrices in blocks of BLOCK with a scale each: one scale per
    channel changes more calls than MIN_AGREEMENT allows.
    """
    example = Example(_dummy(), [], ())
    inputs = collate([example, example], network)
    names = list(inputs)
    with tempfile.TemporaryDirectory() as scratch:
        full, gathered = Path(scratch) / "full.onnx", Path(scratch) / "gathered.onnx"
        torch.onnx.export(
            network,
            kwargs=inputs,
            f=str(full),
            input_names=names,
            output_names=["logits"],
            dynamic_shapes={n: {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC} for n in names},
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        if float32:
            shutil.copyfile(full, path)
            return
        quantize_dynamic(full, gathered, weight_type=QuantType.QInt8, op_types_to_quantize=["Gather"])
        quantizer = MatMulNBitsQuantizer(
            onnx.load(gathered), bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=INT8_ACTIVATIONS
        )
        quantizer.process()
        quantizer.model.save_model_to_file(str(path))


def _dummy() -> Encoded:
    """An input of eight tokens, to trace the network with."""
    return Encoded(list(range(5, 13)), [0] * 8, [None] * 8, [None] * 8)


def _temperature(network: torch.nn.Module, examples: list[Example]) -> float:
    """The temperature fitted on the examples' mentions, 1 without any."""
    logits = (
        torch.cat(predict(network, examples, CALIBRATION_BATCH_TOKENS, exact=True)) if examples else torch.zeros((0, 4))
    )
    if not len(logits):
        return 1.0
    gold = np.array([label for e in examples for _, label in e.spans])
    return round(fit_temperature(logits.numpy().astype(np.float64), gold), 4)


if __name__ == "__main__":
    app()
