"""A folder of corpus files as a whole."""

from pathlib import Path

import pytest
from conftest import HEADER

from pourparler.corpus import read_corpus
from pourparler.errors import CorpusError

LONG = (
    "[Seoul|kor:s] offered to send its unification minister to Kaesong for talks on the joint factory park next week."
)


def write(folder: Path, name: str, doc_id: str, split: str, line: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(HEADER.format(id=doc_id, dispute=name, author="w", split=split) + line + "\n")


def test_two_documents_of_one_id_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "x-01", "train", "A.")
    write(tmp_path, "b.txt", "x-01", "train", "B.")
    with pytest.raises(CorpusError, match=r"b.txt:1: .*stands already at .*a.txt:1"):
        read_corpus(tmp_path)


def test_a_sentence_reworded_by_a_word_may_not_stand_in_two_splits(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "x-01", "train", LONG)
    write(tmp_path, "b.txt", "x-02", "test", LONG.replace("next week", "next month"))
    with pytest.raises(CorpusError, match=r"near-duplicate of .*a\.txt:2 in another split"):
        read_corpus(tmp_path)


def test_other_words_on_the_same_event_are_no_duplicate(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "x-01", "train", LONG)
    write(tmp_path, "b.txt", "x-02", "test", "A minister from [Seoul|kor:s] will go to Kaesong about the factories.")
    assert len(read_corpus(tmp_path)) == 2


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no corpus files"):
        read_corpus(tmp_path)
