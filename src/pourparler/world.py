"""The table of known actors: states, organisations, groups and persons, looked up by name.

world/actors.csv is the table: one row an actor, persons with one row an office. Names compare
without case, accents, points and leading articles.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "world" / "actors.csv"
ARTICLES = ("the ", "a ", "an ")


@dataclass(frozen=True)
class KnownActor:
    """One row: `side` is the id of the state or group acted for; `first`, `last` bound the office."""

    actor_id: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    side: str
    role: str
    first: str
    last: str
    wikidata: str

    def holds_office(self, day: str) -> bool:
        """True if the office's term includes `day` (YYYY-MM-DD), counting unknown bounds as open."""
        return (not self.first or day[: len(self.first)] >= self.first) and (
            not self.last or day[: len(self.last)] <= self.last
        )


@dataclass(frozen=True)
class World:
    """Indexes over the table.

    by_name: folded name or alias to id; by_id: id to its rows; by_surname: folded last word of a
    person's name to ids.
    """

    by_name: dict[str, str]
    by_id: dict[str, tuple[KnownActor, ...]]
    by_surname: dict[str, tuple[str, ...]]

    def kind(self, actor_id: str) -> str | None:
        """Kind of the actor, None if it is not in the table."""
        return self.by_id[actor_id][0].kind if actor_id in self.by_id else None

    def offices(self, actor_id: str, day: str | None) -> list[KnownActor]:
        """The person's offices at `day`; all of them where the day is not known."""
        rows = self.by_id.get(actor_id, ())
        return [r for r in rows if r.kind == "person" and (day is None or r.holds_office(day))]

    def leader_of(self, side: str, day: str | None) -> list[str]:
        """Ids of the persons who lead `side` at `day`."""
        if day is None:
            return []
        people = {r.actor_id: None for rows in self.by_id.values() for r in rows if _leads(r, side, day)}
        return list(people)


def _leads(row: KnownActor, side: str, day: str) -> bool:
    """True if the row is a leader's office of `side` at `day`."""
    return row.kind == "person" and row.side == side and row.role == "leader" and row.holds_office(day)


def fold(name: str) -> str:
    """The name without case, accents, points, quotes, possessive and leading article."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    plain = re.sub(r"'s?$", "", plain.strip())
    plain = re.sub(r"[.\"“”]", "", plain)
    plain = re.sub(r"[\s\-–]+", " ", plain).strip()
    for article in ARTICLES:
        plain = plain.removeprefix(article)
    return plain


@cache
def load_world(table: Path = TABLE) -> World:
    """The table, indexed."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = [
            KnownActor(
                actor_id=row["id"],
                name=row["name"],
                kind=row["kind"],
                aliases=tuple(a for a in row["aliases"].split("|") if a),
                side=row["side"],
                role=row["role"],
                first=row["from"],
                last=row["to"],
                wikidata=row["wikidata"],
            )
            for row in csv.DictReader(file)
        ]
    by_name: dict[str, str] = {}
    by_id: dict[str, tuple[KnownActor, ...]] = {}
    by_surname: dict[str, tuple[str, ...]] = {}
    for row in rows:
        by_id[row.actor_id] = (*by_id.get(row.actor_id, ()), row)
        for name in (row.name, *row.aliases):
            by_name.setdefault(fold(name), row.actor_id)
            surname = fold(name).split()[-1] if row.kind == "person" else ""
            if surname and row.actor_id not in by_surname.get(surname, ()):
                by_surname[surname] = (*by_surname.get(surname, ()), row.actor_id)
    return World(by_name, by_id, by_surname)
