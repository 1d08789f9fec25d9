"""Corpus documents into pairs of near-duplicate sentences.

Two sentences are near-duplicates when the sets of their runs of SHINGLE words overlap by
MAX_OVERLAP or more (Jaccard; Broder 1997). Exact over the whole corpus, no hashing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pourparler.corpus_format import CorpusSentence, Document

SHINGLE = 4
MAX_OVERLAP = 0.4
WORD = re.compile(r"\w+")

Placed = tuple[Document, CorpusSentence]


def near_duplicates(documents: Iterable[Document]) -> Iterator[tuple[Placed, Placed]]:
    """Pairs of sentences of different documents that are near-duplicates, in reading order.

    Sentences of fewer than 2 * SHINGLE words are too short to tell and are left out.
    """
    placed: list[tuple[Document, CorpusSentence, frozenset[tuple[str, ...]]]] = []
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for document in documents:
        for sentence in document.sentences:
            shingles = _shingles(sentence.text)
            if not shingles:
                continue
            shared: defaultdict[int, int] = defaultdict(int)
            for shingle in shingles:
                for holder in holders[shingle]:
                    shared[holder] += 1
                holders[shingle].append(len(placed))
            for holder, count in sorted(shared.items()):
                other, other_sentence, other_shingles = placed[holder]
                union = len(shingles) + len(other_shingles) - count
                if count / union >= MAX_OVERLAP and other.doc_id != document.doc_id:
                    yield (other, other_sentence), (document, sentence)
            placed.append((document, sentence, shingles))


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Runs of SHINGLE words, without case."""
    words = [w.casefold() for w in WORD.findall(text)]
    if len(words) < 2 * SHINGLE:
        return frozenset()
    return frozenset(tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))
