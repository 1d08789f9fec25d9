"""Tables of what the corpus holds and how well its labellers agree."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator

from rich.table import Table

from agreement import agreement, slice_agreement
from labelling import Annotation, Key
from pourparler.corpus_format import SPLITS, Document
from pourparler.labels import LABELS, LETTERS
from pourparler.records import Instance

TOP_ACTORS = 40


def count_tables(documents: list[Document], pairs: list[tuple[Document, Instance, set[str]]]) -> Iterator[Table]:
    """Pairs by label for each split, density, register, author and dispute; by split for each slice; actors."""
    views: list[tuple[str, Callable[[Document, Instance], str]]] = [
        ("split", lambda d, _: d.split),
        ("split and density", lambda d, _: f"{d.split}, {d.density}"),
        ("split and basis", lambda d, _: f"{d.split}, {d.basis}"),
        ("register", lambda d, _: d.register),
        ("author", lambda d, _: f"{d.author}, {d.split}"),
        ("dispute", lambda d, _: f"{d.dispute}, {d.split}"),
    ]
    for title, key_of in views:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        docs: dict[str, set[str]] = defaultdict(set)
        for document, instance, _ in pairs:
            counts[key_of(document, instance)][instance.label] += 1
            docs[key_of(document, instance)].add(document.doc_id)
        table = _table(f"pairs by {title}", title, "documents", "pairs", *LABELS)
        for key in sorted(counts):
            n = counts[key].total()
            shares = [f"{counts[key][label]} ({counts[key][label] / n:.0%})" for label in LABELS]
            table.add_row(key, str(len(docs[key])), str(n), *shares)
        yield table
    yield _slice_table(pairs)
    yield _actor_table(i for _, i, _ in pairs)
    yield _length_table(documents)


def most_frequent_actors(instances: Iterable[Instance]) -> list[tuple[str, Counter[str]]]:
    """The TOP_ACTORS actors with most pairs, each with its pairs by label."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for instance in instances:
        counts[instance.actor][instance.label] += 1
    return sorted(counts.items(), key=lambda c: (-c[1].total(), c[0]))[:TOP_ACTORS]


def agreement_table(rows: list[Annotation], slices_of: dict[Key, set[str]], split_of: dict[str, str]) -> Table:
    """Alpha before adjudication: overall, per label, split and slice."""
    table = _table(
        "Krippendorff's alpha before adjudication",
        "slice",
        "pairs",
        "first, second",
        "95 % interval",
        "with the author",
        "chance from all",
    )
    chosen = [("all pairs", rows, "")]
    chosen += [(label, rows, letter) for letter, label in LETTERS.items()]
    chosen += [(split, [r for r in rows if split_of.get(r.doc_id) == split], "") for split in SPLITS]
    names = sorted({s for found in slices_of.values() for s in found})
    chosen += [(name, rows_of_slice(rows, slices_of, name), "") for name in names]
    for name, some, letter in chosen:
        if not some:
            continue
        two, three = agreement(some, letter=letter), agreement(some, ("author", "first", "second"), letter)
        interval = f"{two.low:.3f} to {two.high:.3f}"
        from_all = "" if letter else f"{slice_agreement(some, rows):.3f}"
        table.add_row(name, str(two.pairs), f"{two.alpha:.3f}", interval, f"{three.alpha:.3f}", from_all)
    return table


def rows_of_slice(rows: list[Annotation], slices_of: dict[Key, set[str]], name: str) -> list[Annotation]:
    """The annotations of the pairs in a slice."""
    return [r for r in rows if name in slices_of.get((r.doc_id, r.sentence, r.actor), ())]


def _slice_table(pairs: list[tuple[Document, Instance, set[str]]]) -> Table:
    """Pairs of each slice by split, and by label over all."""
    by_split: dict[str, Counter[str]] = defaultdict(Counter)
    by_label: dict[str, Counter[str]] = defaultdict(Counter)
    for document, instance, slices in pairs:
        for name in slices:
            by_split[name][document.split] += 1
            by_label[name][instance.label] += 1
    table = _table("pairs by slice", "slice", *SPLITS, *LABELS)
    for name in sorted(by_split):
        splits = [str(by_split[name][s]) for s in SPLITS]
        table.add_row(name, *splits, *(f"{by_label[name][label] / by_label[name].total():.0%}" for label in LABELS))
    return table


def _actor_table(instances: Iterable[Instance]) -> Table:
    """The most frequent actors with the share of each label."""
    table = _table(f"labels of the {TOP_ACTORS} most frequent actors", "actor", "pairs", *LABELS)
    for actor, labels in most_frequent_actors(instances):
        table.add_row(actor, str(labels.total()), *(f"{labels[label] / labels.total():.0%}" for label in LABELS))
    return table


def _length_table(documents: list[Document]) -> Table:
    """Documents by number of sentences."""
    bands = ((1, 4), (5, 9), (10, 14), (15, 24), (25, 40), (41, 999))
    table = _table("documents by length", "sentences", "documents", "with headline")
    for low, high in bands:
        found = [d for d in documents if low <= len(d.sentences) <= high]
        headed = sum(d.sentences[0].headline for d in found)
        table.add_row(f"{low} to {high}", str(len(found)), str(headed))
    return table


def _table(title: str, first: str, *columns: str) -> Table:
    """An empty table, its first column to the left and the others to the right."""
    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table
