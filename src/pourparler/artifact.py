"""A model folder: the files that export writes and inference loads, with their digests.

models/<name>/ holds model.onnx (token logits float32 [batch, tokens, 6], columns in TOKEN_LABELS
order), tokenizer.json, config.json and README.md (the model card).
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pourparler.errors import ArtifactError
from pourparler.labels import TOKEN_LABELS

CONFIG, MODEL, TOKENIZER = "config.json", "model.onnx", "tokenizer.json"
DEFAULT_NAME = "default"


@dataclass(frozen=True)
class ArtifactConfig:
    """What config.json says of the model.

    temperature: divides stance logits before softmax. mention_threshold: a token belongs to a
    mention when its probability of bearing any stance label reaches it. sha256: file name to digest.
    """

    name: str
    encoder: str
    token_labels: tuple[str, ...]
    temperature: float
    mention_threshold: float
    seed: int
    corpus_sha256: str
    sha256: dict[str, str]

    @property
    def digest(self) -> str:
        """Identity of the model as rows name it."""
        return "sha256:" + self.sha256[MODEL]


def find_artifact(name_or_path: str | Path) -> Path:
    """Folder of a model named or given by path.

    Looks in the installed package, then in the checkout's models/. Raises ArtifactError, with the
    names that exist.
    """
    given = Path(name_or_path)
    if given.is_dir():
        return given
    homes = [Path(__file__).parent / "models", Path(__file__).parents[2] / "models"]
    for home in homes:
        if (home / name_or_path / CONFIG).is_file():
            return home / name_or_path
    names = sorted({p.parent.name for home in homes for p in home.glob(f"*/{CONFIG}")})
    raise ArtifactError(given, "no such model.", f"Use {', '.join(names) or 'make train'} or a model folder.")


def read_config(folder: Path, *, verify: bool = True) -> ArtifactConfig:
    """The folder's config.json; with `verify`, the files' digests are checked against it.

    Raises ArtifactError for a missing, unreadable or altered file.
    """
    try:
        values = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        config = ArtifactConfig(**{**values, "token_labels": tuple(values["token_labels"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ArtifactError(folder / CONFIG, f"unreadable ({error}).", "Run: make export") from error
    if config.token_labels != TOKEN_LABELS:
        raise ArtifactError(folder / CONFIG, "made for other labels.", "Run: make export")
    for name, digest in config.sha256.items() if verify else ():
        path = folder / name
        if not path.is_file():
            raise ArtifactError(path, "is missing.", "Run: make export")
        if file_digest(path) != digest:
            raise ArtifactError(path, "sha256 differs from config.json.", "Run: make export")
    return config


def write_config(folder: Path, config: ArtifactConfig) -> None:
    """Write config.json beside its final place, then rename."""
    beside = folder / (CONFIG + ".part")
    beside.write_text(json.dumps(asdict(config), indent=2) + "\n", encoding="utf-8")
    beside.rename(folder / CONFIG)


def file_digest(path: Path) -> str:
    """sha256 of the file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
