"""Articles out of files, and what is refused."""

import json
from pathlib import Path

import pytest

from pourparler.article import MAX_BYTES, find_articles, make_article, read_article
from pourparler.errors import InputError
from pourparler.records import Article


def test_leading_date_is_the_date_and_no_part_of_a_sentence() -> None:
    article = make_article(" date 2025-02-20 Tensions are rising. Talks failed.")
    assert article.date == "2025-02-20"
    assert [article.text[s.start : s.end] for s in article.sentences] == ["Tensions are rising.", "Talks failed."]


def test_an_impossible_date_stays_text() -> None:
    article = make_article("date 2025-02-31 was named.")
    assert article.date is None
    assert article.text[article.sentences[0].start :].startswith("date 2025")


def test_offsets_count_characters_of_the_original_whatever_stands_before() -> None:
    text = "# Überschrift 🙂\n\n> Quoted by Seoul.\n\n* An item on Iran.\n"
    article = make_article(text)
    assert [text[s.start : s.end] for s in article.sentences] == [
        "Überschrift 🙂",
        "Quoted by Seoul.",
        "An item on Iran.",
    ]


def test_html_gives_its_article_text_without_menus(tmp_path: Path) -> None:
    paragraphs = "".join(
        f"<p>Seoul said on day {n} that it was ready to meet the North for talks.</p>" for n in range(6)
    )
    page = (
        f"<html><head><title>T</title></head><body><nav>Home Login</nav><article>{paragraphs}</article></body></html>"
    )
    (tmp_path / "a.html").write_text(page)
    article = read_article(tmp_path / "a.html")
    assert "ready to meet" in article.text
    assert "Login" not in article.text


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t ", "empty"),
        ("binary.txt", b"PK\x03\x04\x00\x00", "binary"),
        ("latin.txt", "Präsident".encode("latin-1"), "not UTF-8 (byte 2)"),
        ("big.txt", b"word " * (MAX_BYTES // 5 + 1), "more than 1 MB"),
        ("dots.txt", b"... --- ...", "no text"),
        ("bare.html", b"<html><body><img src=x></body></html>", "no article text"),
    ],
)
def test_bad_files_are_one_error_that_names_them(tmp_path: Path, name: str, content: bytes, problem: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_article(tmp_path / name)
    assert name in str(caught.value)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_a_glob_and_a_jsonl_give_their_articles_in_order_and_bad_ones_in_place(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Two.")
    (tmp_path / "a.md").write_text("# One")
    (tmp_path / "c.jpg").write_text("no article")
    rows = [
        json.dumps({"text": "Three.", "id": "x3", "date": "2020-01-01"}),
        "{broken",
        json.dumps({"title": "no text"}),
    ]
    (tmp_path / "d.jsonl").write_text("\n".join(rows))
    found = list(find_articles([str(tmp_path), str(tmp_path / "*.txt")]))
    names = [f.name if isinstance(f, Article) else f"error {f.row}" for f in found]
    assert names == [
        str(tmp_path / "a.md"),
        str(tmp_path / "b.txt"),
        "x3",
        "error 2",
        "error 3",
        str(tmp_path / "b.txt"),
    ]


@pytest.mark.parametrize("source", ["missing.txt", "nothing/*.txt", ""])
def test_a_path_that_matches_nothing_ends_the_run(source: str) -> None:
    with pytest.raises(InputError):
        list(find_articles([source or "/nonexistent"]))


def test_a_mistyped_path_is_named_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    with pytest.raises(InputError, match=r"typo\.txt"):
        find_articles([str(tmp_path / "a.txt"), str(tmp_path / "typo.txt")])


def test_the_runs_own_output_is_no_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "rows.jsonl").write_text('{"schema": 1}\n')
    found = list(find_articles([str(tmp_path)], leave_out=tmp_path / "rows.jsonl"))
    assert [f.name for f in found if isinstance(f, Article)] == [str(tmp_path / "a.txt")]
    assert len(found) == 1


def test_half_a_character_is_an_error_row_and_not_the_end(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text('{"text": "Seoul \\ud83d offered talks."}\n{"text": "Two."}\n')
    first, second = find_articles([str(tmp_path / "d.jsonl")])
    assert "half a character" in str(first)
    assert isinstance(second, Article)
