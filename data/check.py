"""Print what the corpus holds and how well its labellers agree; fail where a bound is broken.

python data/check.py        exit 0 all bounds hold, 1 one is broken, 2 the corpus can't be read
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from rich.console import Console
from rich.table import Table

from agreement import agreement
from labelling import ANNOTATIONS, CORPUS, Annotation, labels_of, read_annotations
from pourparler.corpus import read_corpus
from pourparler.corpus_format import Document
from pourparler.duplicates import near_duplicates
from pourparler.errors import one_line_errors
from pourparler.instances import instances_of
from pourparler.labels import LABELS, LETTERS
from pourparler.records import Instance

MIN_DOCUMENTS, MIN_DISPUTES, MIN_PAIRS = 120, 25, 2400
MIN_LABEL_SHARE = 0.15
MIN_REAL_DENSITY_SHARE = 0.25
MIN_ALPHA = 0.80
TOP_ACTORS = 40

console = Console()


def main() -> int:
    """Print all tables; the number of broken bounds decides the exit code."""
    with one_line_errors():
        documents = read_corpus(CORPUS)
        rows = read_annotations(ANNOTATIONS)
    labelled = [r for r in rows if r.first and r.second]
    instances = [i for d in documents for i in instances_of(d)]
    print_counts(documents, instances)
    print_actors(instances)
    print_agreement(documents, labelled)
    broken = [text for text, holds in bounds(documents, instances, rows) if not holds]
    for text in broken:
        console.print(f"broken: {text}", style="red")
    console.print("all bounds hold" if not broken else f"{len(broken)} bounds broken")
    return 1 if broken else 0


def bounds(documents: list[Document], instances: list[Instance], rows: list[Annotation]) -> Iterable[tuple[str, bool]]:
    """Each promise about the corpus with whether it holds."""
    labels = Counter(i.label for i in instances)
    disputes = {d.dispute for d in documents}
    yield f"at least {MIN_DOCUMENTS} documents (has {len(documents)})", len(documents) >= MIN_DOCUMENTS
    yield f"at least {MIN_DISPUTES} disputes (has {len(disputes)})", len(disputes) >= MIN_DISPUTES
    yield f"at least {MIN_PAIRS} pairs (has {len(instances)})", len(instances) >= MIN_PAIRS
    for label in LABELS:
        share = labels[label] / len(instances)
        yield f"{label} at least {MIN_LABEL_SHARE:.0%} of pairs (is {share:.1%})", share >= MIN_LABEL_SHARE
    real = sum(d.density == "real" for d in documents) / len(documents)
    yield (
        f"documents at real density at least {MIN_REAL_DENSITY_SHARE:.0%} (are {real:.1%})",
        real >= MIN_REAL_DENSITY_SHARE,
    )
    for what, key in (("dispute", lambda d: d.dispute), ("author", lambda d: d.author)):
        shared = shared_between_splits(documents, key)
        yield f"no {what} in two splits ({', '.join(shared)})", not shared
    for (first, a), (second, b) in near_duplicates(documents):
        yield f"near-duplicate {first.path}:{a.line} and {second.path}:{b.line}", False
    gold = {key: letter for d in documents for key, letter in labels_of(d).items()}
    annotated = {(r.doc_id, r.sentence, r.actor): r.gold for r in rows}
    yield f"every pair is annotated ({len(set(gold) ^ set(annotated))} differ)", set(gold) == set(annotated)
    unlabelled = sum(not (r.first and r.second) for r in rows)
    yield f"every pair has two blind labels ({unlabelled} have not)", not unlabelled
    differing = [k for k in gold.keys() & annotated.keys() if gold[k] != annotated[k]]
    yield f"corpus labels are the adjudicated gold (not {differing[:3]})", not differing
    alpha = agreement([r for r in rows if r.first and r.second]).alpha
    yield f"alpha between the blind labellers at least {MIN_ALPHA} (is {alpha:.3f})", alpha >= MIN_ALPHA


def shared_between_splits(documents: list[Document], key: Callable[[Document], str]) -> list[str]:
    """Values of `key` that stand in more than one split."""
    splits = defaultdict(set)
    for document in documents:
        splits[key(document)].add(document.split)
    return sorted(value for value, names in splits.items() if len(names) > 1)


def print_counts(documents: list[Document], instances: list[Instance]) -> None:
    """Pairs by label for each split, density, register, author and dispute, and for each tag."""
    of = {d.doc_id: d for d in documents}
    views: list[tuple[str, Callable[[Instance], list[str]]]] = [
        ("split", lambda i: [i.split]),
        ("split and density", lambda i: [f"{i.split}, {i.density}"]),
        ("register", lambda i: [of[i.doc_id].register]),
        ("author", lambda i: [of[i.doc_id].author]),
        ("dispute", lambda i: [i.dispute]),
        ("tag", lambda i: list(i.tags)),
    ]
    for title, keys in views:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        docs: dict[str, set[str]] = defaultdict(set)
        for instance in instances:
            for key in keys(instance):
                counts[key][instance.label] += 1
                docs[key].add(instance.doc_id)
        table = Table(title=f"pairs by {title}", title_justify="left")
        table.add_column(title)
        for column in ("documents", "pairs", *LABELS):
            table.add_column(column, justify="right")
        for key in sorted(counts):
            n = sum(counts[key].values())
            shares = [f"{counts[key][label]} ({counts[key][label] / n:.0%})" for label in LABELS]
            table.add_row(key, str(len(docs[key])), str(n), *shares)
        console.print(table)


def print_actors(instances: list[Instance]) -> None:
    """The most frequent actors with the share of their most frequent label."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for instance in instances:
        counts[instance.actor][instance.label] += 1
    table = Table(title=f"labels of the {TOP_ACTORS} most frequent actors", title_justify="left")
    for column in ("actor", "pairs", *LABELS):
        table.add_column(column, justify="left" if column == "actor" else "right")
    for actor, labels in sorted(counts.items(), key=lambda c: -c[1].total())[:TOP_ACTORS]:
        table.add_row(actor, str(labels.total()), *(f"{labels[label] / labels.total():.0%}" for label in LABELS))
    console.print(table)


def print_agreement(documents: list[Document], rows: list[Annotation]) -> None:
    """Alpha before adjudication: overall, per label and per tag."""
    table = Table(title="Krippendorff's alpha before adjudication", title_justify="left")
    for column in ("slice", "pairs", "first, second", "95 % interval", "with the author"):
        table.add_column(column, justify="left" if column == "slice" else "right")
    three = ("author", "first", "second")

    def add(name: str, chosen: list[Annotation], letter: str = "") -> None:
        two = agreement(chosen, letter=letter)
        every = agreement(chosen, three, letter)
        table.add_row(
            name, str(two.pairs), f"{two.alpha:.3f}", f"{two.low:.3f} to {two.high:.3f}", f"{every.alpha:.3f}"
        )

    add("all pairs", rows)
    for letter, label in LETTERS.items():
        add(label, rows, letter)
    split_of = {d.doc_id: d.split for d in documents}
    for split in ("train", "dev", "test"):
        add(split, [r for r in rows if split_of[r.doc_id] == split])
    by_key: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    for document in documents:
        for number, sentence in enumerate(document.sentences, start=1):
            for mention in sentence.mentions:
                for actor in mention.actors:
                    by_key[document.doc_id, number, actor] |= set(mention.tags)
    for tag in sorted({t for found in by_key.values() for t in found}):
        add(f"tag {tag}", [r for r in rows if tag in by_key[r.doc_id, r.sentence, r.actor]])
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
