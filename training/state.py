"""A run's state to disk and back: weights, optimiser and random numbers, without pickle."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import PreTrainedModel


@dataclass
class Progressed:
    """How far a run has come.

    Finished epochs, steps within the current one, best dev macro-F1, epochs since that best, and
    seconds spent in training steps.
    """

    epoch: int = 0
    step: int = 0
    best: float = -1.0
    stale: int = 0
    seconds: float = 0.0


def save(out: Path, network: PreTrainedModel, optimiser: torch.optim.Optimizer, progressed: Progressed) -> None:
    """Write the state beside `out`/state, then put it in its place."""
    beside, final = out / "state.part", out / "state"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    tensors = {f"weight.{name}": p.detach().contiguous() for name, p in network.named_parameters()}
    moments = optimiser.state_dict()["state"]
    for index, entry in moments.items():
        tensors |= {f"moment.{index}.{key}": value for key, value in entry.items()}
    tensors["random"] = torch.get_rng_state()
    save_file(tensors, beside / "tensors.safetensors")
    (beside / "progress.json").write_text(json.dumps(asdict(progressed)))
    shutil.rmtree(final, ignore_errors=True)
    beside.rename(final)


def restore(out: Path, network: PreTrainedModel, optimiser: torch.optim.Optimizer) -> Progressed:
    """Put a saved state back into network and optimiser; a fresh Progressed if there is none.

    A state that was written but not yet put in its place counts too.
    """
    folder = next((f for f in (out / "state", out / "state.part") if (f / "progress.json").is_file()), None)
    if folder is None:
        return Progressed()
    tensors = load_file(folder / "tensors.safetensors")
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(tensors[f"weight.{name}"])
    moments: dict[int, dict[str, torch.Tensor]] = {}
    for name, tensor in tensors.items():
        kind, _, rest = name.partition(".")
        if kind == "moment":
            index, _, key = rest.partition(".")
            moments.setdefault(int(index), {})[key] = tensor
    optimiser.load_state_dict({**optimiser.state_dict(), "state": moments})
    torch.set_rng_state(tensors["random"])
    return Progressed(**json.loads((folder / "progress.json").read_text()))
