"""Every command in the README is run here, is run by .ci/run, or is a slow one whose make target exists."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from pourparler.corpus import read_corpus
from pourparler.instances import as_row, instances_of

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    line.split("  #")[0].strip()
    for kind, block in BLOCKS
    if kind == "sh"
    for line in block.splitlines()
    if line.strip() and not line.startswith("#")
]
SLOW = ("make train", "make train-fast", "make export", "make evaluate", "make evaluate-test", "make curve")
IN_CI = ("make run", "make test", "make check", "make data-check")


def test_the_readme_has_its_commands() -> None:
    assert {"make run", "make test", "make train", "make evaluate"} <= set(COMMANDS)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make ")])
def test_make_targets_exist_and_ci_runs_the_quick_ones(command: str) -> None:
    assert subprocess.run([*shlex.split(command), "-n"], cwd=ROOT, capture_output=True, check=False).returncode == 0
    assert command in SLOW or command in (ROOT / ".ci" / "run").read_text()
    assert command in SLOW + IN_CI


@pytest.fixture(scope="module")
def user_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's parts and some own rows, where the README's commands run one after the other."""
    folder = tmp_path_factory.mktemp("user")
    for name in ("seeds", "training", "evaluation", "data"):
        (folder / name).symlink_to(ROOT / name)
    documents = [d for d in read_corpus(ROOT / "data" / "corpus") if d.split == "dev"][:8]
    rows = [json.dumps({**as_row(i), "split": ""}) for d in documents for i in instances_of(d)]
    (folder / "mine.jsonl").write_text("\n".join(rows))
    return folder


@pytest.mark.parametrize("command", [c for c in COMMANDS if not c.startswith("make ")])
def test_other_commands_run(command: str, user_folder: Path) -> None:
    """Training is cut to one layer and one epoch."""
    words = shlex.split(command)
    if words[0] == "python":
        words = [sys.executable, *words[1:]]
        words = [str(ROOT / "tests" / "tiny.toml") if w == "training/fast.toml" else w for w in words]
    elif words[0] == "pourparler":
        words = [sys.executable, "-c", "from pourparler.cli import run; run()", *words[1:]]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(words, cwd=user_folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    if "--out" in words:
        assert (user_folder / words[words.index("--out") + 1]).exists()


def test_the_python_example_runs_as_it_stands(monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = [block for kind, block in BLOCKS if kind == "python"]
    exec(compile(code, "README.md", "exec"), {})


def test_the_output_shown_is_the_output() -> None:
    """Actor, stance and confidence of every row shown, as the command prints them today."""
    import pourparler

    (shown,) = [block for kind, block in BLOCKS if kind == "text"]
    path = next((ROOT / "seeds").glob("*.txt"))
    rows = {r.actor: r for r in pourparler.load().classify(pourparler.read_article(path))}
    lines = re.findall(r"^│ (\S.*?)\s*│ (\w+)\s*│\s+(\d\.\d\d) │", shown, re.MULTILINE)
    assert lines
    for actor, stance, confidence in lines:
        assert (rows[actor].stance, round(rows[actor].confidence, 2)) == (
            stance,
            pytest.approx(float(confidence), abs=0.02),
        )
