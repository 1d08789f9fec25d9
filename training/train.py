"""Fine-tune the stance model on labelled sentences.

    python training/train.py --config training/default.toml --out runs/default
    python training/train.py --config training/fast.toml --out runs/mine --data mine.jsonl

A run that was stopped goes on where it was when the same command is given again, and ends in the
same weights. The checkpoint in OUT/checkpoint loads with transformers; training/export.py makes the
artifact of it.
"""

import json
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sklearn.metrics import f1_score
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from data_splits import Splits, load_splits
from examples import Example, LabelledSentence, make_example, with_shorter_context
from network import (
    autocast,
    build_network,
    class_weights,
    collate,
    loss_of,
    parameters_for_decay,
    predict,
    training_batches,
)
from pourparler.encoders import fetch_encoder
from pourparler.encoding import load_tokenizer
from pourparler.errors import InputError, one_line_errors
from pourparler.labels import LABELS
from settings import Settings, read_settings
from state import Progressed, restore, save

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
console = Console()
CORPUS = Path("data/corpus")


@dataclass
class Run:
    """A run's folder, settings, and how far it has come."""

    out: Path
    settings: Settings
    progressed: Progressed


@app.command()
def main(
    config: Annotated[Path, typer.Option(help="Settings, a TOML file.")] = Path("training/default.toml"),
    out: Annotated[Path, typer.Option(help="Folder for state, checkpoint and log.")] = Path("runs/default"),
    data: Annotated[
        list[Path] | None, typer.Option(help="Own rows, JSONL or CSV, in place of the corpus; may be given again.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="In place of the config's seed.")] = None,
    percent: Annotated[int, typer.Option(min=1, max=100, help="Train on so many of a hundred documents.")] = 100,
) -> None:
    """Fine-tune the stance model; a stopped run is taken up again."""
    with one_line_errors():
        settings = read_settings(config)
        if seed is not None:
            settings = Settings(**{**asdict(settings), "seed": seed})
        splits = load_splits(CORPUS, data or [], percent)
        train(settings, splits, out)


def train(settings: Settings, splits: Splits, out: Path) -> Path:
    """Train to the end of the run and return the checkpoint folder."""
    console.print(splits.summary())
    folder = fetch_encoder(settings.encoder)
    tokenizer = load_tokenizer(folder / "tokenizer.json")
    dev_examples = [make_example(tokenizer, s) for s in splits.dev]
    torch.manual_seed(settings.seed)
    network = build_network(folder, settings.layers)
    run = open_run(out, settings, splits)
    fit(network, tokenizer, splits.train, dev_examples, run)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(folder / name, run.out / "checkpoint" / name)
    console.print(f"dev macro-F1 {run.progressed.best:.3f}; checkpoint in {run.out / 'checkpoint'}")
    return run.out / "checkpoint"


def open_run(out: Path, settings: Settings, splits: Splits) -> Run:
    """The run in `out`; a folder of another configuration or other data is refused."""
    out.mkdir(parents=True, exist_ok=True)
    mentions = sum(len(s.mentions) for s in splits.train)
    identity = {"settings": asdict(settings), "data_sha256": splits.digest, "train_mentions": mentions}
    record = out / "run.json"
    if record.exists() and json.loads(record.read_text()) != identity:
        raise InputError(out, "holds a run with other settings or data.", "Name another --out or delete it.")
    record.write_text(json.dumps(identity, indent=2) + "\n")
    return Run(out, settings, Progressed())


def fit(
    network: PreTrainedModel,
    tokenizer: Tokenizer,
    sentences: list[LabelledSentence],
    dev_set: list[Example],
    run: Run,
) -> None:
    """Train `network`, keeping in run.out/checkpoint the weights with the best dev macro-F1."""
    settings = run.settings
    optimiser = torch.optim.AdamW(list(parameters_for_decay(network, settings.weight_decay)))
    weights = class_weights(sentences, settings.class_weight_power)
    run.progressed = restore(run.out, network, optimiser)
    if run.progressed.epoch or run.progressed.step:
        console.print(f"taken up again in epoch {run.progressed.epoch + 1} after step {run.progressed.step}")
    while run.progressed.epoch < settings.epochs and run.progressed.stale < settings.patience:
        epoch_seed = settings.seed * 1000 + run.progressed.epoch
        shorter = with_shorter_context(sentences, settings.context_dropout, epoch_seed)
        examples = [make_example(tokenizer, s) for s in shorter]
        order = training_batches(examples, settings.batch_tokens, epoch_seed)
        batches = [[examples[i] for i in indices] for indices in order]
        loss = train_epoch(network, batches, optimiser, weights, run)
        finish_epoch(network, dev_set, optimiser, run, loss)


def train_epoch(
    network: PreTrainedModel,
    batches: list[list[Example]],
    optimiser: torch.optim.Optimizer,
    weights: torch.Tensor,
    run: Run,
) -> float:
    """The rest of the current epoch; returns its mean loss. Saves the run's state on the way."""
    settings, progressed = run.settings, run.progressed
    network.train()
    losses: list[float] = []
    with _progress() as bar:
        task = bar.add_task(f"epoch {progressed.epoch + 1}", total=len(batches), completed=progressed.step, loss="")
        for batch in batches[progressed.step :]:
            started = time.monotonic()
            share_done = (progressed.epoch + progressed.step / len(batches)) / settings.epochs
            for group in optimiser.param_groups:
                group["lr"] = settings.learning_rate * warm_up_then_decay(share_done, settings.warmup)
            with autocast():
                logits = network(**collate(batch, network)).logits
            loss = loss_of(logits.float(), batch, weights, settings.token_loss)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            losses.append(loss.item())
            progressed.step += 1
            progressed.seconds += time.monotonic() - started
            bar.update(task, advance=1, loss=f"loss {sum(losses[-50:]) / len(losses[-50:]):.3f}")
            if progressed.step % settings.save_every_steps == 0:
                save(run.out, network, optimiser, progressed)
    return sum(losses) / max(1, len(losses))


def warm_up_then_decay(share_done: float, warmup: float) -> float:
    """Factor of the learning rate: linearly up over the first `warmup` of the run, then linearly to 0."""
    return share_done / warmup if share_done < warmup else (1 - share_done) / (1 - warmup)


def finish_epoch(
    network: PreTrainedModel, dev_set: list[Example], optimiser: torch.optim.Optimizer, run: Run, loss: float
) -> None:
    """Evaluate on dev, keep the best weights, log the epoch, save the state."""
    progressed = run.progressed
    score = dev_macro_f1(network, dev_set, run.settings.batch_tokens)
    progressed.epoch, progressed.step = progressed.epoch + 1, 0
    progressed.stale += 1
    if score > progressed.best:
        progressed.best, progressed.stale = score, 0
        network.save_pretrained(run.out / "checkpoint.part")
        shutil.rmtree(run.out / "checkpoint", ignore_errors=True)
        (run.out / "checkpoint.part").rename(run.out / "checkpoint")
    line = {
        "epoch": progressed.epoch,
        "loss": round(loss, 4),
        "dev_macro_f1": round(score, 4),
        "training_seconds": round(progressed.seconds),
    }
    with (run.out / "log.jsonl").open("a") as log:
        log.write(json.dumps(line) + "\n")
    console.print(line)
    save(run.out, network, optimiser, progressed)


def dev_macro_f1(network: PreTrainedModel, examples: list[Example], budget: int) -> float:
    """Macro-F1 over the four labels of all mentions in `examples`."""
    predicted = torch.cat(predict(network, examples, budget)).argmax(dim=1).tolist()
    gold = [label for example in examples for _, label in example.spans]
    return float(f1_score(gold, predicted, labels=range(len(LABELS)), average="macro", zero_division=0))


def _progress() -> Progress:
    """A bar with step, loss and time left."""
    columns = ("{task.description}", "{task.fields[loss]}")
    return Progress(
        TextColumn(columns[0]),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(columns[1]),
        TimeRemainingColumn(),
        console=console,
    )


if __name__ == "__main__":
    app()
