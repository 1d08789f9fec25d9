"""Print what the corpus holds and how well its labellers agree; fail where a promise is broken.

python data/check.py        exit 0 all promises hold, 1 one is broken, 2 the corpus can't be read
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from rich.console import Console

from agreement import agreement, slice_agreement
from counts import agreement_table, count_tables, most_frequent_actors, rows_of_slice
from disagreements import PAGE, page_of
from labelling import ANNOTATIONS, CORPUS, Annotation, Key, labels_of, read_annotations
from pourparler.corpus import read_corpus
from pourparler.corpus_format import REGISTERS, Document
from pourparler.duplicates import near_duplicates
from pourparler.errors import one_line_errors
from pourparler.labels import LABELS
from pourparler.records import Instance
from slices import SLICES, sliced_pairs

MIN_DOCUMENTS, MIN_DISPUTES, MIN_PAIRS, MIN_HELD_OUT_PAIRS, MIN_AUTHORS = 1000, 100, 20_000, 2000, 12
MIN_LABEL_SHARE, MAX_DISPUTE_SHARE, MAX_ACTOR_LABEL_SHARE = 0.12, 0.05, 0.55
MIN_LONG_DOCUMENTS, LONG, LONGEST = 150, 15, 40
MIN_EVENT_SHARE, MIN_REAL_SHARE, MIN_HELD_OUT_REAL_SHARE = 0.50, 0.30, 0.50
MIN_SLICE_TRAIN, MIN_SLICE_TEST = 80, 40
MIN_ALPHA, MIN_SLICE_ALPHA = 0.80, 0.80

Pair = tuple[Document, Instance, set[str]]
Bound = tuple[str, bool]

console = Console(width=130)


def main() -> int:
    """Print all tables; the number of broken promises decides the exit code."""
    with one_line_errors():
        documents = read_corpus(CORPUS)
        rows = read_annotations(ANNOTATIONS)
    found = [(d, number, i, slices) for d in documents for number, i, slices in sliced_pairs(d)]
    pairs: list[Pair] = [(d, i, slices) for d, _, i, slices in found]
    slices_of: dict[Key, set[str]] = {(d.doc_id, number, i.actor): slices for d, number, i, slices in found}
    labelled = [r for r in rows if r.first and r.second]
    promises = [*size(documents, pairs), *spread(documents, pairs), *hard_cases(pairs), *held_out(documents)]
    promises += [*annotated(documents, rows), *agreed(labelled, slices_of)]
    for table in count_tables(documents, pairs):
        console.print(table)
    console.print(agreement_table(labelled, slices_of, {d.doc_id: d.split for d in documents}))
    broken = [text for text, holds in promises if not holds]
    for text in broken:
        console.print(f"broken: {text}", style="red", soft_wrap=True)
    console.print(f"all {len(promises)} bounds hold" if not broken else f"{len(broken)} bounds broken")
    return 1 if broken else 0


def size(documents: list[Document], pairs: list[Pair]) -> Iterator[Bound]:
    """Documents, pairs, disputes, authors, lengths."""
    splits = Counter(d.split for d, _, _ in pairs)
    disputes, authors = {d.dispute for d in documents}, {d.author for d in documents}
    long = sum(len(d.sentences) >= LONG for d in documents)
    longest = max(len(d.sentences) for d in documents)
    yield _at_least("documents", len(documents), MIN_DOCUMENTS)
    yield _at_least("pairs", len(pairs), MIN_PAIRS)
    for split in ("dev", "test"):
        yield _at_least(f"pairs in {split}", splits[split], MIN_HELD_OUT_PAIRS)
    yield _at_least("disputes", len(disputes), MIN_DISPUTES)
    yield _at_least("authors", len(authors), MIN_AUTHORS)
    yield _at_least(f"documents of {LONG} sentences and more", long, MIN_LONG_DOCUMENTS)
    yield f"no document over {LONGEST} sentences (one has {longest})", longest <= LONGEST


def spread(documents: list[Document], pairs: list[Pair]) -> Iterator[Bound]:
    """Shares of labels, disputes, real events and real density; the most frequent actors' labels."""
    labels, disputes = Counter(i.label for _, i, _ in pairs), Counter(d.dispute for d, _, _ in pairs)
    for label in LABELS:
        yield _share_at_least(f"{label} of pairs", labels[label], len(pairs), MIN_LABEL_SHARE)
    largest, count = disputes.most_common(1)[0]
    share = count / len(pairs)
    yield f"no dispute over {MAX_DISPUTE_SHARE:.0%} of pairs ({largest} has {share:.1%})", share <= MAX_DISPUTE_SHARE
    yield _share_at_least(
        "documents told from an event", _count(documents, "basis", "event"), len(documents), MIN_EVENT_SHARE
    )
    yield _share_at_least(
        "documents at real density", _count(documents, "density", "real"), len(documents), MIN_REAL_SHARE
    )
    for split in ("dev", "test"):
        held = [d for d, _, _ in pairs if d.split == split]
        yield _share_at_least(
            f"{split} pairs at real density", _count(held, "density", "real"), len(held), MIN_HELD_OUT_REAL_SHARE
        )
    missing = sorted(set(REGISTERS) - {d.register for d in documents})
    yield f"every register occurs ({', '.join(missing)} missing)", not missing
    for actor, counts in most_frequent_actors(i for _, i, _ in pairs):
        label, count = counts.most_common(1)[0]
        share = count / counts.total()
        yield (
            f"{actor} at most {MAX_ACTOR_LABEL_SHARE:.0%} one label ({label} {share:.1%} of {counts.total()})",
            (share <= MAX_ACTOR_LABEL_SHARE),
        )


def hard_cases(pairs: list[Pair]) -> Iterator[Bound]:
    """Each slice often enough in train and test."""
    counts = Counter((name, d.split) for d, _, slices in pairs for name in slices)
    for name in SLICES:
        for split, wanted in (("train", MIN_SLICE_TRAIN), ("test", MIN_SLICE_TEST)):
            yield _at_least(f'pairs of slice "{name}" in {split}', counts[name, split], wanted)


def held_out(documents: list[Document]) -> Iterator[Bound]:
    """No dispute or author in two splits; no sentence of eight words or more in two documents, nor nearly so."""
    for what, key in (("dispute", lambda d: d.dispute), ("author", lambda d: d.author)):
        shared = shared_between_splits(documents, key)
        yield f"no {what} in two splits ({', '.join(shared)})", not shared
    doubles = [f"{a.path}:{s.line} and {b.path}:{t.line}" for (a, s), (b, t) in near_duplicates(documents)]
    yield f"no near-duplicate sentences ({'; '.join(doubles[:5])})", not doubles


def annotated(documents: list[Document], rows: list[Annotation]) -> Iterator[Bound]:
    """Every pair labelled twice blind, decided, and decided as the corpus says; the page of disagreements current."""
    gold = {key: letter for d in documents for key, letter in labels_of(d).items()}
    decided = {(r.doc_id, r.sentence, r.actor): r.gold for r in rows}
    yield f"every pair is annotated ({len(set(gold) ^ set(decided))} differ)", set(gold) == set(decided)
    yield f"every pair is annotated once ({len(rows) - len(decided)} rows too many)", len(rows) == len(decided)
    unlike = [r for r in rows if len({r.author, r.first, r.second}) > 1]
    silent = [r for r in unlike if not r.reason]
    yield f"every disagreement is decided with a reason ({len(silent)} are not)", not silent
    overruled = sum(len({r.author, r.first, r.second, r.gold}) > 1 for r in rows) - len(unlike)
    yield f"what all agree on stands ({overruled} do not)", not overruled
    unlabelled = sum(not (r.first and r.second) for r in rows)
    yield f"every pair has two blind labels ({unlabelled} have not)", not unlabelled
    differing = [k for k in gold.keys() & decided.keys() if gold[k] != decided[k]]
    yield f"corpus labels are the adjudicated gold (not {differing[:3]})", not differing
    current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page_of(documents, rows)
    yield f"{PAGE} is current (run data/disagreements.py)", current


def agreed(labelled: list[Annotation], slices_of: dict[Key, set[str]]) -> Iterator[Bound]:
    """Alpha between the blind labellers, overall and for each slice."""
    alpha = agreement(labelled).alpha
    yield f"alpha between the blind labellers at least {MIN_ALPHA} (is {alpha:.3f})", alpha >= MIN_ALPHA
    for name in SLICES:
        alpha = slice_agreement(rows_of_slice(labelled, slices_of, name), labelled)
        text = f'alpha of slice "{name}", chance from all, at least {MIN_SLICE_ALPHA} (is {alpha:.3f})'
        yield text, alpha >= MIN_SLICE_ALPHA


def shared_between_splits(documents: list[Document], key: Callable[[Document], str]) -> list[str]:
    """Values of `key` that stand in more than one split."""
    splits = defaultdict(set)
    for document in documents:
        splits[key(document)].add(document.split)
    return sorted(value for value, names in splits.items() if len(names) > 1)


def _count(documents: list[Document], field: str, value: str) -> int:
    """Documents whose `field` is `value`."""
    return sum(getattr(d, field) == value for d in documents)


def _at_least(what: str, count: int, wanted: int) -> Bound:
    """A bound from below on a count."""
    return f"at least {wanted} {what} (has {count})", count >= wanted


def _share_at_least(what: str, count: int, total: int, wanted: float) -> Bound:
    """A bound from below on a share."""
    return f"at least {wanted:.0%} {what} (is {count / max(1, total):.1%})", count >= wanted * total


if __name__ == "__main__":
    sys.exit(main())
