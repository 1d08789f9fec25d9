"""Sentence splitting on what news is full of."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pourparler.sentences import MAX_CHARACTERS, split_sentences


def texts(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The U.S. and North Korea met.",
        "Gen. John Smith of the U.S. Army spoke to Sen. Lee on Feb. 29.",
        "Mr. Kim met Rep. J.D. Hayworth vs. the U.N. envoy.",
        "Talks ended at 3 p.m. Monday in St. Petersburg.",
        'He said: "We will talk. If they stop."',
    ],
)
def test_abbreviations_and_quotes_do_not_end_a_sentence(sentence: str) -> None:
    assert texts(sentence + " He left.") == [sentence, "He left."]


def test_headings_and_lines_are_sentences_of_their_own() -> None:
    assert texts("Challenges to reciprocity\n\nKim waits.\nTrump calls.") == [
        "Challenges to reciprocity",
        "Kim waits.",
        "Trump calls.",
    ]


def test_text_without_points_is_cut_at_blanks_and_nothing_is_lost() -> None:
    text = "word " * 1000
    pieces = texts(text)
    assert all(len(p) <= MAX_CHARACTERS for p in pieces)
    assert " ".join(pieces).split() == text.split()


@given(st.text(alphabet="aZ. \n\r\t\"'!?“”…é1\x0b\x85\u2028", max_size=120))
def test_spans_are_ordered_trimmed_and_cover_every_letter(text: str) -> None:
    spans = split_sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in spans)
    covered = {i for s in spans for i in range(s.start, s.end)}
    assert all(i in covered for i, c in enumerate(text) if c.isalnum())


def test_unusual_blanks_do_not_end_the_run() -> None:
    assert texts("Plan A\u00a0. Seoul agreed.")
    assert texts("Seoul\u00a0agreed. Tokyo\u2009left.") == ["Seoul\u00a0agreed.", "Tokyo\u2009left."]
