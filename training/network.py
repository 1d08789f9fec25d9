"""The network: batches of examples into a loss, and mentions' logits."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForTokenClassification, PreTrainedModel

from examples import IGNORED, Example, LabelledSentence
from pourparler.labels import LABELS, TOKEN_LABELS
from pourparler.stance import STANCE_COLUMNS, batches_by_length


def build_network(folder: Path, layers: int) -> PreTrainedModel:
    """A stock token classifier over TOKEN_LABELS on the first `layers` layers of the encoder in `folder`."""
    config = AutoConfig.from_pretrained(
        folder,
        num_hidden_layers=layers,
        id2label=dict(enumerate(TOKEN_LABELS)),
        label2id={label: index for index, label in enumerate(TOKEN_LABELS)},
    )
    return AutoModelForTokenClassification.from_pretrained(folder, config=config)


def collate(batch: Sequence[Example], network: PreTrainedModel) -> dict[str, torch.Tensor]:
    """Padded input tensors [batch, width] for the network, without labels."""
    width = max(len(e.encoded.ids) for e in batch)
    ids = torch.zeros((len(batch), width), dtype=torch.long)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, example in enumerate(batch):
        length = len(example.encoded.ids)
        ids[row, :length] = torch.tensor(example.encoded.ids)
        mask[row, :length] = 1
        types[row, :length] = torch.tensor(example.encoded.type_ids)
    inputs = {"input_ids": ids, "attention_mask": mask}
    return {**inputs, "token_type_ids": types} if takes_types(network) else inputs


def takes_types(network: PreTrainedModel) -> bool:
    """True if the network tells first and second segment apart by type ids."""
    return getattr(network.config, "type_vocab_size", 1) > 1 and network.config.model_type != "mpnet"


def span_logits(logits: torch.Tensor, batch: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    """Stance logits [mentions, 4], each the mean over its tokens, and labels [mentions] of a batch."""
    rows, labels = [], []
    for index, example in enumerate(batch):
        for tokens, label in example.spans:
            rows.append(logits[index, list(tokens)][:, STANCE_COLUMNS].mean(dim=0))
            labels.append(label)
    means = torch.stack(rows) if rows else logits.new_zeros((0, len(LABELS)))
    return means, torch.tensor(labels, dtype=torch.long)


def loss_of(
    logits: torch.Tensor, batch: Sequence[Example], class_weights: torch.Tensor, token_loss: float
) -> torch.Tensor:
    """Cross-entropy of the mentions' calls, plus `token_loss` times that of the tokens' own labels."""
    means, labels = span_logits(logits, batch)
    total = logits.sum() * 0
    if len(labels):
        total = total + torch.nn.functional.cross_entropy(means, labels, weight=class_weights)
    gold = torch.full(logits.shape[:2], IGNORED)
    for row, example in enumerate(batch):
        gold[row, : len(example.token_labels)] = torch.tensor(example.token_labels)
    if (gold != IGNORED).any():
        own = torch.nn.functional.cross_entropy(logits.transpose(1, 2), gold, ignore_index=IGNORED)
        total = total + token_loss * own
    return total


def class_weights(sentences: Sequence[LabelledSentence], power: float) -> torch.Tensor:
    """Weights [4] of the labels: frequency to the power -`power`, mean 1 over mentions."""
    counts = torch.ones(len(LABELS))
    for sentence in sentences:
        for _, _, label in sentence.mentions:
            counts[LABELS.index(label)] += 1
    weights = (counts / counts.sum()) ** -power
    return weights / ((weights * counts).sum() / counts.sum())


def training_batches(examples: Sequence[Example], budget: int, seed: int) -> list[list[int]]:
    """Indices in batches of like length, the batches and ties among lengths in an order set by `seed`."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randint(0, 8, (len(examples),), generator=generator).tolist()
    lengths = [len(e.encoded.ids) for e in examples]
    batches = list(batches_by_length([a + b for a, b in zip(lengths, noise, strict=True)], budget))
    order = torch.randperm(len(batches), generator=generator).tolist()
    return [batches[i] for i in order]


def predict(
    network: PreTrainedModel, examples: Sequence[Example], budget: int, *, exact: bool = False
) -> list[torch.Tensor]:
    """Stance logits [mentions, 4] of each example, in the order given; `exact` in 32 bits throughout."""
    network.eval()
    results = [torch.zeros((0, len(LABELS)))] * len(examples)
    with torch.no_grad(), nullcontext() if exact else autocast():
        for indices in batches_by_length([len(e.encoded.ids) for e in examples], budget):
            batch = [examples[i] for i in indices]
            logits = network(**collate(batch, network)).logits.float()
            for row, index in enumerate(indices):
                results[index], _ = span_logits(logits[row : row + 1], [examples[index]])
    return results


def autocast() -> AbstractContextManager[Any]:
    """bfloat16 where the processor computes it in hardware, else full precision."""
    if torch.ops.mkldnn._is_mkldnn_bf16_supported():  # noqa: SLF001 - no public way to ask
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return nullcontext()


def parameters_for_decay(network: PreTrainedModel, decay: float) -> Iterator[dict[str, Any]]:
    """Two groups for the optimiser: matrices, which decay, and biases and norms, which don't."""
    matrices = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() <= 1]
    yield {"params": matrices, "weight_decay": decay}
    yield {"params": others, "weight_decay": 0.0}
