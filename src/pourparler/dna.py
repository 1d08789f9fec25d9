"""Discourse Network Analyzer (DNA): stances as event lists, event lists as rows.

An event list has one statement a line, cells divided by semicolons: who (person, organization)
says yes (agreement 1) or no (0) to which concept, in which words of which document. `supports` and
`opposes` are yes and no to "negotiation", `conditional` is yes to "negotiation on conditions".
Format: DNA 3, Exporter.eventCSV (github.com/leifeld/dna)
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from pourparler.errors import InputError
from pourparler.records import Instance
from pourparler.rows import checked_instance, text_of
from pourparler.world import World, fold, load_world

CONCEPT, CONDITIONAL_CONCEPT = "negotiation", "negotiation on conditions"
CALLS = {"supports": (CONCEPT, "1"), "opposes": (CONCEPT, "0"), "conditional": (CONDITIONAL_CONCEPT, "1")}
STANCES = {call: stance for stance, call in CALLS.items()}
HEADER = {"statement_id": "statement ID", "document_id": "document ID", "document_title": "document title"}
AGREEMENT = {"1": "1", "1.0": "1", "true": "1", "0": "0", "0.0": "0", "false": "0"}
NEEDED = {"text", "person", "organization", "concept", "agreement"}
NOT_HELD = "DNA has no place for spans, contexts, tags and the words of conditions: they are left out"


@dataclass(frozen=True)
class Statement:
    """One line of an event list; `time` is YYYY-MM-DD hh:mm:ss or empty."""

    statement_id: str
    time: str
    document_id: str
    document_title: str
    author: str
    source: str
    section: str
    type: str
    text: str
    person: str
    organization: str
    concept: str
    agreement: str


def statements_of_rows(instances: Sequence[Instance]) -> list[Statement]:
    """A statement for each row with a stance: document by doc_id, section the dispute, type the split."""
    documents = {d: str(n) for n, d in enumerate(dict.fromkeys(i.doc_id for i in instances), start=1)}
    bearing = [i for i in instances if i.label in CALLS]
    return [
        _statement(
            number=n,
            time="",
            document=(documents[i.doc_id], i.doc_id),
            place=(i.dispute, i.split),
            text=i.sentence,
            actor=i.actor,
            stance=i.label,
        )
        for n, i in enumerate(bearing, start=1)
    ]


def statements_of_stances(rows: Iterable[dict[str, Any]]) -> list[Statement]:
    """A statement for each sentence that shows an actor's stance, from the rows that `classify` writes."""
    documents: dict[str, str] = {}
    statements: list[Statement] = []
    for row in rows:
        number = documents.setdefault(row["article"], str(len(documents) + 1))
        time = f"{row['date']} 00:00:00" if row.get("date") else ""
        for evidence in row.get("evidence", ()):
            if evidence["stance"] not in CALLS:
                continue
            statements.append(
                _statement(
                    number=len(statements) + 1,
                    time=time,
                    document=(number, row["article"]),
                    place=("", ""),
                    text=evidence["text"],
                    actor=row["actor_id"] if load_world().kind(row["actor_id"]) else row["actor"],
                    stance=evidence["stance"],
                )
            )
    return statements


def write_statements(statements: Iterable[Statement], path: Path) -> None:
    """Write the event list as DNA does: UTF-8, semicolons, a header."""
    names = [f.name for f in fields(Statement)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, delimiter=";")
        writer.writerow({name: HEADER.get(name, name) for name in names})
        writer.writerows(asdict(s) for s in statements)


def read_statements(path: Path) -> Iterator[tuple[int, Instance | InputError]]:
    """Numbered rows of an event list: the actor is the person or, without one, the organization.

    The actor's words are looked for in the statement's text, and the span is where they first stand; a
    statement without them or without a concept of ours comes as its error. Documents go by title, and
    by title and number where two share one. Reads what R writes, too: commas, TRUE and FALSE. Raises
    InputError for a file that is no event list.
    """
    text = text_of(path)
    delimiter = ";" if ";" in text.split("\n", 1)[0] else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    reader.fieldnames = [name.replace(".", " ") for name in reader.fieldnames or ()]
    if missing := sorted(NEEDED - set(reader.fieldnames)):
        problem = f"no event list: {', '.join(missing)} missing in the header."
        raise InputError(path, problem, "Export the event list from DNA as CSV.")
    ids_of_title: dict[str, list[str]] = {}
    for number, line in enumerate(_lines_of(path, reader), start=1):
        title, document = line.get("document title") or "", line.get("document ID") or ""
        ids = ids_of_title.setdefault(title, [document])
        doc_id = title if title and document == ids[0] else f"{title} {document}".strip()
        try:
            yield number, checked_instance(path, number, {**_row_of(path, number, line), "doc_id": doc_id})
        except InputError as error:
            yield number, error


def _lines_of(path: Path, reader: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    """The reader's lines. Raises InputError for broken CSV."""
    try:
        yield from reader
    except csv.Error as error:
        raise InputError(path, f"broken CSV ({error}).", "Mend or shorten the cell.") from error


def _statement(
    *,
    number: int,
    time: str,
    document: tuple[str, str],
    place: tuple[str, str],
    text: str,
    actor: str,
    stance: str,
) -> Statement:
    """One statement; whom the table of actors does not know as a person is an organization."""
    is_person = load_world().kind(actor) == "person"
    concept, agreement = CALLS[stance]
    return Statement(
        statement_id=str(number),
        time=time,
        document_id=document[0],
        document_title=document[1],
        author="",
        source="",
        section=place[0],
        type=place[1],
        text=text,
        person=actor if is_person else "",
        organization="" if is_person else actor,
        concept=concept,
        agreement=agreement,
    )


def _row_of(path: Path, number: int, line: dict[str, str]) -> dict[str, Any]:
    """The statement as an unchecked row. Raises InputError."""
    stance = STANCES.get((line["concept"], AGREEMENT.get((line["agreement"] or "").lower(), "")))
    if stance is None:
        problem = f'concept "{line["concept"]}" with agreement "{line["agreement"]}" is no stance.'
        mend = f'Keep the concepts "{CONCEPT}" (1 or 0) and "{CONDITIONAL_CONCEPT}" (1).'
        raise InputError(path, problem, mend, number)
    actor, text = line["person"] or line["organization"], line["text"] or ""
    is_person = bool(line["person"]) or load_world().kind(actor) == "person"
    span = _find_actor(text, actor or "", is_person=is_person, world=load_world())
    if span is None:
        problem = f'"{actor}" is not named in the statement\'s text.'
        raise InputError(path, problem, "Name the actor as the text does, or widen the statement.", number)
    return {
        "sentence": text,
        "start": span[0],
        "end": span[1],
        "label": stance,
        "actor": actor,
        "dispute": line.get("section") or "",
        "split": line.get("type") if line.get("type") in ("train", "dev", "test") else "",
    }


def _find_actor(text: str, actor: str, *, is_person: bool, world: World) -> tuple[int, int] | None:
    """Where the text first names the actor: as given, by a name that the table has for it, by a person's last name.

    An id of the table ("can", "usa") is no name. In names of up to three letters case counts: "us" is
    not the US.
    """
    actor_id = actor if actor in world.by_id else world.by_name.get(fold(actor), "")
    known = world.by_id.get(actor_id, ())
    given = [] if actor in world.by_id else [actor, actor.replace("-", " ")]
    names = sorted({*given, *(n for k in known for n in (k.name, *k.aliases))}, key=len, reverse=True)
    if is_person:
        names.append((known[0].name if known else actor.replace("-", " ")).split()[-1])
    for name in filter(None, names):
        flags = re.IGNORECASE if len(name) > 3 else re.NOFLAG
        if match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags):
            return match.span()
    return None
