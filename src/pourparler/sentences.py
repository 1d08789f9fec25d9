"""Article text into sentences with character offsets."""

import re
from functools import cache
from typing import Any

from pourparler.records import Sentence

MAX_CHARACTERS = 700
"""Longer runs without a sentence end (tables, lists, text without points) are cut at a blank."""

ABBREVIATED_END = re.compile(r"(?:\b[ap]\.m|\b[A-Z]\.[A-Z]|\bvs|\bv)\.\s*$")
CONTINUES = re.compile(r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b|[a-z]")
BLANK = re.compile(r"\s")
"""The segmenter stumbles over blanks other than the plain one; each is one character."""
LETTER_OR_DIGIT = re.compile(r"\w")


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Sentences of `text`; every line is a paragraph or heading of its own.

    Offsets count characters of `text`; blanks at the edges and runs without any letter or digit
    are left out.
    """
    sentences: list[Sentence] = []
    position = 0
    for line in text.splitlines(keepends=True):
        for start, end in _split_line(line.rstrip("\r\n")):
            for first, last in _bounded(text, position + start, position + end):
                if LETTER_OR_DIGIT.search(text, first, last):
                    sentences.append(Sentence(first, last))
        position += len(line)
    return tuple(sentences)


def _split_line(line: str) -> list[tuple[int, int]]:
    """Trimmed sentence spans of one line."""
    plain = BLANK.sub(" ", line)
    spans: list[tuple[int, int]] = []
    position = 0
    for piece in _segments(plain):
        start = plain.index(piece, position)
        position = start + len(piece)
        joined = bool(spans) and _is_broken(line[spans[-1][0] : spans[-1][1]], piece)
        if joined:
            spans[-1] = (spans[-1][0], position)
        else:
            spans.append((start, position))
    return [_trim(line, start, end) for start, end in spans]


def _is_broken(before: str, after: str) -> bool:
    """True where the segmenter cut after an abbreviation although the sentence goes on."""
    return bool(ABBREVIATED_END.search(before) and CONTINUES.match(after.lstrip()))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks at its edges."""
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), end - (len(inner) - len(inner.rstrip()))


def _bounded(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The span in pieces of at most MAX_CHARACTERS, cut at a blank where there is one."""
    pieces: list[tuple[int, int]] = []
    while end - start > MAX_CHARACTERS:
        cut = text.rfind(" ", start + 1, start + MAX_CHARACTERS)
        cut = cut if cut > 0 else start + MAX_CHARACTERS
        pieces.append(_trim(text, start, cut))
        start = cut
    pieces.append(_trim(text, start, end))
    return [(first, last) for first, last in pieces if first < last]


def _segments(line: str) -> list[str]:
    """The segmenter's pieces; the whole line where it fails, which it does by a panic."""
    try:
        return list(_segmenter().segment("en", line))
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return [line]


@cache
def _segmenter() -> Any:
    """The sentencex module, imported at first use."""
    import sentencex

    return sentencex
