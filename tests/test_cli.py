"""The command line as users meet it: output, one-line errors, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def pourparler(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from pourparler.cli import run; run()", *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "good.txt"
    path.write_text("date 2020-01-01 Seoul offered talks. Kim dismissed the offer.")
    return path


def test_a_good_article_gives_rows_and_exit_0(article: Path, tmp_path: Path) -> None:
    done = pourparler("classify", str(article), "--out", str(tmp_path / "rows.jsonl"))
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert {r["schema"] for r in rows} == {1}
    assert {r["date"] for r in rows} == {"2020-01-01"}
    text = article.read_text()
    for row in rows:
        assert all(text[m["start"] : m["end"]] == m["text"] for m in row["mentions"])
        assert all(text[e["start"] : e["end"]] == e["text"] for e in row["evidence"])
        assert sum(row["probabilities"].values()) == pytest.approx(1, abs=0.001)
        assert row["model"].startswith("sha256:")


def test_standard_input_is_an_article() -> None:
    done = pourparler("classify", "-", stdin=b"Seoul offered talks to Pyongyang on Friday.")
    assert done.returncode == 0, done.stderr
    assert "Seoul" in done.stdout or "Korea" in done.stdout


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("missing.txt", None, "no such file"),
        ("empty.txt", b"", "empty"),
        ("binary.txt", b"\x00\x01", "binary"),
        ("latin.txt", b"Pr\xe4sident", "not UTF-8"),
        ("big.txt", b"word " * 1_000_000, "more than 1 MB"),
        ("bare.html", b"<html><body></body></html>", "no article text"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(tmp_path: Path, name: str, content: bytes | None, word: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = pourparler("classify", str(path))
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 2
    assert len(lines) == 1, done.stderr
    assert name in lines[0]
    assert word in lines[0]


def test_a_bad_article_among_several_is_a_row_and_exit_1(article: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    out = tmp_path / "rows.jsonl"
    done = pourparler("classify", str(tmp_path / "empty.txt"), str(article), "--out", str(out))
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert done.returncode == 1
    assert "error" in rows[0]
    assert "actor" not in rows[0]
    assert all("error" not in r for r in rows[1:])
    assert len(rows) > 1


@pytest.mark.parametrize(
    "arguments",
    [("classify", "seeds", "--model", "nonesuch"), ("classify", "seeds", "--out", "rows.xlsx"), ("classify",)],
)
def test_wrong_usage_is_exit_2_without_a_traceback(arguments: tuple[str, ...]) -> None:
    done = pourparler(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_version_and_help_are_there() -> None:
    assert pourparler("--version").stdout.startswith("pourparler 0.")
    assert "Example:" in pourparler("classify", "--help").stdout


def test_an_article_that_names_no_actor_is_no_failure(tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    done = pourparler("classify", "-", "--out", str(out), stdin=b"It rained all day and the roads were wet.")
    assert done.returncode == 0, done.stderr
    assert out.exists()


def test_names_with_brackets_are_shown_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "archive[old]").mkdir()
    (tmp_path / "archive[old]" / "a.txt").write_text("Seoul offered talks to Pyongyang.")
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": "id[/x]", "text": "Seoul offered talks."}) + "\n{\n")
    done = pourparler("classify", str(tmp_path / "archive[old]"), str(tmp_path / "b.jsonl"))
    assert done.returncode == 1, done.stderr
    assert "id[/x]" in done.stdout
    assert "invalid JSON" in done.stderr
