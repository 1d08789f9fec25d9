"""A training configuration file into checked settings."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from pourparler.errors import InputError


@dataclass(frozen=True)
class Settings:
    """Everything that decides a training run, apart from the data.

    encoder: name in encoders.SOURCES or a folder; layers: its first so many are kept.
    batch_tokens: tokens, padding included, in one step. token_loss: weight of the tokens' own loss
    beside the mentions'. class_weight_power: label weights are frequency to minus this power.
    context_dropout: share of train sentences that lose some or all of their context in an epoch.
    patience: epochs without a better dev macro-F1 before the run stops.
    """

    name: str
    encoder: str
    layers: int
    seed: int
    epochs: int
    patience: int
    batch_tokens: int
    learning_rate: float
    warmup: float
    weight_decay: float
    token_loss: float
    class_weight_power: float
    context_dropout: float
    save_every_steps: int


def read_settings(path: Path) -> Settings:
    """Settings of a TOML file. Raises InputError for a missing file, a wrong, missing or mistyped key."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(path, "no such file.", "Name a config, e.g. training/default.toml.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(path, f"not TOML ({error}).", "Mend that line.") from error
    known = {f.name: f.type for f in fields(Settings)}
    for key in sorted(set(values) ^ set(known)):
        problem = f'"{key}" is missing.' if key in known else f'unknown key "{key}".'
        raise InputError(path, problem, f"The keys are {', '.join(known)}.")
    for key, kind in known.items():
        if kind is float and isinstance(values[key], int):
            values[key] = float(values[key])
        if type(values[key]) is not kind:
            raise InputError(path, f'"{key}" is {values[key]!r}.', f"It must be {getattr(kind, '__name__', kind)}.")
    return Settings(**values)
