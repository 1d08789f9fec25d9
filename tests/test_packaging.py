"""The wheel: what it carries, and what it leaves out."""

import subprocess
import sys
import zipfile
from pathlib import Path

from conftest import ROOT


def test_the_wheel_carries_the_default_model_and_the_table_and_nothing_of_the_workshop(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("pourparler-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    inside = {n.removeprefix("pourparler/") for n in names if n.startswith("pourparler/")}
    modules = {p.name for p in (ROOT / "src" / "pourparler").glob("*.py")}
    assert modules <= inside
    model = {f"models/default/{n}" for n in ("model.onnx", "tokenizer.json", "config.json", "README.md")}
    assert model <= inside
    assert {"world/actors.csv", "label_studio.xml", "py.typed"} <= inside
    assert not [n for n in names if n.startswith(("tests/", "data/", "training/", "evaluation/"))]
    assert wheel.stat().st_size < 80e6


def test_the_public_names_are_those_that_exist() -> None:
    import pourparler

    assert all(hasattr(pourparler, name) for name in pourparler.__all__)
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert f"## {pourparler.__version__}" in changelog
