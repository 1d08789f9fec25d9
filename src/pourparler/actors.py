"""Mentions into actors: which mentions of an article name the same actor, and who it is.

A first linker by rules, over the table of known actors (world.py): full names and aliases,
metonyms and demonyms, titles before names, surnames after full names, acronyms in brackets,
pronouns by the nearest actor of their kind.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pourparler.records import Actor, Article, Mention, StanceCall
from pourparler.world import World, fold, load_world

PERSONAL_PRONOUNS = ("he", "she", "him", "her", "his", "i", "me")
UNITED_STATES = re.compile(r"(?:[Tt]he )?U\.?S\.?(?:['’]s)?")
OTHER_PRONOUNS = ("it", "they", "them", "its", "their", "we", "us", "our")
GOVERNMENT_WORDS = frozenset(
    """administration ambassador ambassadors authorities cabinet capital delegates delegation diplomat
    diplomats embassy envoy envoys government governments leaders leadership mission negotiator
    negotiators officer officials official regime representative representatives representation side
    spokesman spokesperson spokeswoman team state foreign ministry mediators mediator minister ministers
    senior top chief two three several some special unnamed military defence defense foreign-ministry
    federal central national republic's republic western and of""".split()
)
"""Words that, beside a state's name, still mean that state's government."""
LEADER_WORDS = frozenset("leader president premier chancellor ruler king emir sultan strongman".split())
TITLE_WORDS = frozenset(
    """president prime minister premier chancellor king queen prince emir sultan leader foreign defence
    defense interior finance trade secretary state of the general gen lt col colonel major maj admiral
    adm commodore brigadier captain capt marshal sir lord dame mr mrs ms dr senator sen rep congressman
    congresswoman representative
    ambassador envoy special chief commissioner commander spokesman spokeswoman spokesperson deputy
    vice former acting supreme ayatollah sheikh speaker chairman chairwoman chair governor mayor
    mediator negotiator rebel party union national security adviser advisor and for us uk eu un
    north south east west then outgoing professor prof archbishop bishop cardinal pope analyst""".split()
)
GENERATION = frozenset(("jr", "sr", "ii", "iii"))
PREPOSITIONS = frozenset(("to", "of", "for", "in", "at", "with", "from", "on"))
"""Before a name they show that it is no person's: "ambassador to South Korea"."""
SURNAME_PARTICLES = frozenset("al el de da di du van von bin ben abu ul ibn la le".split())


@dataclass
class _Draft:
    """An actor being gathered; `person` is None while unknown."""

    actor_id: str
    name: str
    person: bool | None
    sides: set[str] = field(default_factory=set)
    mentions: list[int] = field(default_factory=list)


def link(
    article: Article,
    found: Sequence[tuple[Mention, StanceCall]],
    world: World | None = None,
) -> list[Actor]:
    """Actors of the article in order of first mention, each with its mentions and calls.

    found: mentions in text order with their calls. Every mention reaches one actor, a joint one each of
    its actors; pronouns without an antecedent are left out.
    """
    linker = _Linker(article, world or load_world())
    for index, (mention, _) in enumerate(found):
        linker.add(index, mention)
    return [
        Actor(
            actor_id=draft.actor_id,
            name=draft.name,
            mentions=tuple(found[i][0] for i in draft.mentions),
            calls=tuple(found[i][1] for i in draft.mentions),
        )
        for draft in linker.drafts.values()
        if draft.mentions
    ]


def sides_of(actor: Actor, article: Article, world: World | None = None) -> set[str]:
    """Ids of the states or groups that a person speaks or acts for, by the table or by title.

    A title is a state's name before the person's own ("North Korean leader Kim Jong-un"). Empty for
    anything but a person.
    """
    world = world or load_world()
    offices = world.offices(actor.actor_id, article.date)
    sides = {o.side for o in offices if o.side and o.role != "mediator"}
    if world.kind(actor.actor_id) in (None, "person"):
        for mention in actor.mentions:
            sides |= _sides_in_title(mention.text, world)
    return sides - {actor.actor_id}


def _sides_in_title(text: str, world: World) -> set[str]:
    """States named at the beginning of a person's mention that bears an office's title."""
    words = fold(text).split()
    if len(words) < 3 or not (set(words) & (TITLE_WORDS - {"of", "the", "and", "north", "south", "us", "uk"})):
        return set()
    if "analyst" in words or "former" in words or "professor" in words:
        return set()
    for length in (3, 2, 1):
        actor_id = world.by_name.get(" ".join(words[:length]))
        if actor_id and world.kind(actor_id) != "person" and len(words) > length:
            return {actor_id}
    return set()


class _Linker:
    """Links the mentions of one article, first to last."""

    def __init__(self, article: Article, world: World) -> None:
        self.article, self.world = article, world
        self.drafts: dict[str, _Draft] = {}
        self.aliases: dict[str, str] = {}
        self.recent: list[str] = []

    def add(self, index: int, mention: Mention) -> None:
        """Link one mention; remembers what it teaches about names."""
        joint = self._joint(mention.text)
        for each in joint:
            self.drafts[each].mentions.append(index)
            self.recent.append(each)
        actor_id = None if joint else self._resolve(mention)
        if actor_id is None:
            return
        self.drafts[actor_id].mentions.append(index)
        self.recent.append(actor_id)
        if _is_pronoun(mention.text):
            return
        self.aliases.setdefault(fold(mention.text), actor_id)
        self.aliases.setdefault(" ".join(_without_generation(fold(mention.text))), actor_id)
        acronym = re.match(r"[,\s]*\(([A-Z][A-Za-z\-]{1,9})\)", self.article.text[mention.end : mention.end + 16])
        if acronym:
            self.aliases.setdefault(fold(acronym.group(1)), actor_id)

    def _joint(self, text: str) -> list[str]:
        """The actors of a joint mention ("South Korea and Japan"), where each is a known name; else none."""
        parts = [fold(part) for part in re.split(r",? and |, | & ", text)]
        known = [self.aliases.get(p) or self.world.by_name.get(p) for p in parts]
        if len(parts) < 2 or fold(text) in self.world.by_name or not all(known):
            return []
        return [self._known_or_draft(actor_id) for actor_id in known if actor_id]

    def _resolve(self, mention: Mention) -> str | None:
        """Id of the mention's actor, its draft made where it is new."""
        key = fold(mention.text)
        if _is_pronoun(mention.text):
            return self._antecedent(person=key in PERSONAL_PRONOUNS)
        if key in self.aliases:
            return self.aliases[key]
        known = self.world.by_name.get(key)
        if known is not None:
            return self._known(known)
        return (
            self._titled_person(mention.text, key)
            or self._surname(key)
            or self._government(key)
            or self._shortened(key)
            or self._new(mention.text, key)
        )

    def _known(self, actor_id: str) -> str:
        """The draft of an actor of the table."""
        if actor_id not in self.drafts:
            row = self.world.by_id[actor_id][0]
            self.drafts[actor_id] = _Draft(actor_id, row.name, row.kind == "person")
        return actor_id

    def _new(self, text: str, key: str) -> str:
        """The draft of an actor that the table does not know."""
        actor_id = re.sub(r"[^a-z0-9]+", "-", key).strip("-") or "actor"
        if actor_id not in self.drafts:
            name = re.sub(r"^(?:the|a|an)\s+", "", text, flags=re.IGNORECASE)
            person_name = _personal_name(text)
            self.drafts[actor_id] = _Draft(actor_id, person_name or name, True if person_name else None)
        return actor_id

    def _antecedent(self, *, person: bool) -> str | None:
        """The latest actor that a pronoun can stand for."""
        for actor_id in reversed(self.recent):
            is_person = self.drafts[actor_id].person
            if is_person is None or is_person == person:
                return actor_id
        return None

    def _titled_person(self, text: str, key: str) -> str | None:
        """A person whose name ends the mention: known in full, or met before in the article."""
        words = key.split()
        for length in range(min(4, len(words) - 1), 0, -1):
            tail = " ".join(words[-length:])
            known = self.world.by_name.get(tail) if length > 1 else None
            if known and self.world.kind(known) == "person":
                return self._known(known)
            met = self.aliases.get(tail)
            if met and self.drafts[met].person:
                return met
        name = _personal_name(text)
        if name is None or self.world.kind(self.world.by_name.get(fold(name), "")) not in (None, "person"):
            return None
        if len(name.split()) == 1:
            return self._surname(fold(name)) or self._new(text, fold(name))
        if fold(name) in self.aliases:
            return self.aliases[fold(name)]
        actor_id = self._new(text, fold(name))
        self.aliases.setdefault(fold(name), actor_id)
        return actor_id

    def _surname(self, key: str) -> str | None:
        """A person met before, or in office at the article's date, by the last or only word."""
        words = [w for w in key.split() if w not in TITLE_WORDS]
        if len(words) != 1 and not (len(words) == 2 and words[0] in SURNAME_PARTICLES):
            return None
        surname = " ".join(words)
        for actor_id in reversed(self.recent):
            draft = self.drafts[actor_id]
            parts = _without_generation(fold(draft.name))
            if draft.person is False or (draft.person is None and not _looks_like_full_name(draft.name)):
                continue
            is_last = surname in (parts[-1], " ".join(parts[-2:]))
            is_first = len(parts) in (2, 3) and surname == parts[0] and self._surname_first(actor_id)
            if is_last or is_first:
                return actor_id
        candidates = [a for a in self.world.by_surname.get(surname, ()) if self.article.date and self._leads_now(a)]
        return self._known(candidates[0]) if len(candidates) == 1 else None

    def _surname_first(self, actor_id: str) -> bool:
        """True for names of East Asia, where the family name comes first."""
        sides = {o.side for o in self.world.offices(actor_id, None)}
        return not sides or bool(sides & {"prk", "kor", "chn", "twn", "vnm", "jpn", "hkg", "khm"})

    def _leads_now(self, actor_id: str) -> bool:
        """True for leaders and ministers in office at the article's date."""
        return any(o.role in ("leader", "minister") for o in self.world.offices(actor_id, self.article.date))

    def _government(self, key: str) -> str | None:
        """A state named together with words that still mean its government, or its leader by title."""
        words = key.split()
        for length in range(min(4, len(words) - 1), 0, -1):
            for named, rest in (
                (words[:length], words[length:]),
                (words[-length:], words[:-length]),
                (words[1 : 1 + length], [words[0], *words[1 + length :]]),
            ):
                name = " ".join(named)
                name = name.removesuffix("'s").removesuffix("'")
                actor_id = self.world.by_name.get(name) or self.aliases.get(name)
                if not actor_id or not rest or self.world.kind(actor_id) == "person":
                    continue
                leads = set(rest) & LEADER_WORDS or {"prime", "minister"} <= set(rest)
                if leads and set(rest) <= LEADER_WORDS | GOVERNMENT_WORDS | {"supreme", "prime"}:
                    return self._leader(actor_id) or self._known_or_draft(actor_id)
                if set(rest) <= GOVERNMENT_WORDS:
                    return self._known_or_draft(actor_id)
        return None

    def _known_or_draft(self, actor_id: str) -> str:
        """The draft of an id from the table or from this article."""
        return actor_id if actor_id in self.drafts else self._known(actor_id)

    def _leader(self, side: str) -> str | None:
        """The leader of `side` whom the article names, or the only one in office at its date."""
        leaders = self.world.leader_of(side, self.article.date)
        met = [a for a in reversed(self.recent) if a in leaders]
        if met:
            return met[0]
        return self._known(leaders[0]) if len(leaders) == 1 else None

    def _shortened(self, key: str) -> str | None:
        """An actor met before whose longer name ends in these words ("the Front")."""
        words = key.split()
        for actor_id in reversed(self.recent):
            draft = self.drafts[actor_id]
            longer = fold(draft.name).split()
            if not draft.person and len(words) < len(longer) and longer[-len(words) :] == words:
                return actor_id
        return None


def _is_pronoun(text: str) -> bool:
    """True for "he", "it", "us"; not for "US" and "the U.S.", which fold alike."""
    return fold(text) in PERSONAL_PRONOUNS + OTHER_PRONOUNS and not UNITED_STATES.fullmatch(text)


def _without_generation(key: str) -> list[str]:
    """The folded name's words without a final Jr or Sr."""
    return [w for w in key.split() if w not in GENERATION]


def _looks_like_full_name(name: str) -> bool:
    """True for two to four capitalised words, as persons without a title are first named."""
    words = name.split()
    return 2 <= len(words) <= 4 and all(w[:1].isupper() or fold(w) in SURNAME_PARTICLES for w in words)


def _personal_name(text: str) -> str | None:
    """The personal name that ends a mention after titles: "U.S. envoy Stephen Biegun" → the last two words.

    None where the mention does not look like a person.
    """
    head = text.split(",", maxsplit=1)[0] if re.search(r",\s+[a-z]", text) else text.replace(",", " ")
    words = head.split()
    name: list[str] = []
    if words and fold(words[-1]) in GENERATION:
        words.pop()
    while words and (words[-1][:1].isupper() or fold(words[-1]) in SURNAME_PARTICLES):
        if fold(words[-1]) in TITLE_WORDS and words[-1][:1].isupper() and name:
            break
        name.insert(0, words.pop())
    titled = any(fold(w) in TITLE_WORDS for w in words)
    beside = words[-2:-1] if words[-1:] == ["the"] else words[-1:]
    if beside and beside[0] in PREPOSITIONS:
        return None
    if not name or not titled or len(name) > 4 or fold(name[-1]) in TITLE_WORDS:
        return None
    return " ".join(name)
