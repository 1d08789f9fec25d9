"""A folder of corpus files into documents, checked as a whole."""

from pathlib import Path

from pourparler.corpus_format import Document, parse
from pourparler.duplicates import near_duplicates
from pourparler.errors import CorpusError


def read_corpus(folder: Path) -> list[Document]:
    """All documents of the `*.txt` files under `folder`, in order of file name and line.

    Raises CorpusError for the first broken line, a missing folder, a duplicate document id, or a
    sentence that is a near-duplicate of one in another split.
    """
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        raise CorpusError(folder, 0, "no corpus files (*.txt) here.", "Name the folder that holds them.")
    documents = [d for path in paths for d in parse(path.read_text(encoding="utf-8"), str(path))]
    seen: dict[str, Document] = {}
    for document in documents:
        if document.doc_id in seen:
            first = seen[document.doc_id]
            raise CorpusError(
                document.path,
                document.line,
                f'document id "{document.doc_id}" stands already at {first.path}:{first.line}.',
                "Give one of them another number.",
            )
        seen[document.doc_id] = document
    for (earlier, first_sentence), (later, second_sentence) in near_duplicates(documents):
        if earlier.split != later.split:
            raise CorpusError(
                later.path,
                second_sentence.line,
                f"near-duplicate of {earlier.path}:{first_sentence.line} in another split.",
                "Reword or drop one of them.",
            )
    return documents
