"""Every pair on which author and blind labellers were not of one mind, on one page to read.

python data/disagreements.py        writes data/disagreements.md
"""

from collections import Counter
from pathlib import Path

from labelling import ANNOTATIONS, CORPUS, Annotation, read_annotations
from pourparler.corpus import read_corpus
from pourparler.corpus_format import CorpusSentence, Document
from pourparler.errors import one_line_errors

PAGE = Path("data/disagreements.md")
MEANINGS = {"s": "supports", "c": "conditional", "o": "opposes", "n": "none", "": "no answer"}


def page_of(documents: list[Document], rows: list[Annotation]) -> str:
    """The page: how often which labels met, then each pair with its sentence, labels, decision and reason."""
    sentences = {(d.doc_id, n): s for d in documents for n, s in enumerate(d.sentences, start=1)}
    dispute_of = {d.doc_id: d.dispute for d in documents}
    disputed = [r for r in rows if len({r.author, r.first, r.second}) > 1 and (r.doc_id, r.sentence) in sentences]
    lines = [
        "# Where the labellers disagreed, and what was decided",
        "",
        f"{len(disputed)} of {len(rows)} pairs. The author labelled while writing; first and second saw no labels;",
        "the adjudicator saw all three and decided by the codebook. Written by `python data/disagreements.py`.",
        "",
        "| labels given | pairs | decided |",
        "| --- | --- | --- |",
    ]
    kinds = Counter(_labels_given(r) for r in disputed)
    for given, count in kinds.most_common():
        golds = Counter(MEANINGS[r.gold] for r in disputed if _labels_given(r) == given)
        lines.append(f"| {given} | {count} | {', '.join(f'{g} {n}' for g, n in golds.most_common())} |")
    dispute = ""
    for row in sorted(disputed, key=lambda r: dispute_of[r.doc_id]):
        if dispute_of[row.doc_id] != dispute:
            dispute = dispute_of[row.doc_id]
            lines += ["", f"## {dispute}"]
        votes = f"author {row.author or '-'}, first {row.first or '-'}, second {row.second or '-'}"
        reason = f": {row.reason}" if row.reason else ""
        text = _marked(sentences[row.doc_id, row.sentence], row.actor)
        lines += ["", f"- {row.doc_id}, sentence {row.sentence}: {text}"]
        lines.append(f"  {votes}; decided **{MEANINGS[row.gold]}**{reason}")
    return "\n".join(lines) + "\n"


def _labels_given(row: Annotation) -> str:
    """The labels that met, in a fixed order."""
    return " / ".join(sorted({MEANINGS[letter] for letter in (row.author, row.first, row.second)}))


def _marked(sentence: CorpusSentence, actor: str) -> str:
    """The sentence with the actor's mentions in bold, safe for Markdown."""
    pieces, position = [], 0
    for mention in sentence.mentions:
        if actor in mention.actors:
            pieces += [_plain(sentence.text[position : mention.start])]
            pieces += [f"**{_plain(sentence.text[mention.start : mention.end])}**"]
            position = mention.end
    return "".join((*pieces, _plain(sentence.text[position:])))


def _plain(text: str) -> str:
    """The text with Markdown's signs escaped."""
    return "".join(f"\\{c}" if c in "\\*_`[]<>|#" else c for c in text)


def main() -> None:
    """Write the page."""
    with one_line_errors():
        page = page_of(read_corpus(CORPUS), read_annotations(ANNOTATIONS))
    PAGE.write_text(page, encoding="utf-8")
    print(f"{PAGE}: {page.count('decided **')} pairs")


if __name__ == "__main__":
    main()
