"""The corpus format (version 2): text with inline marks into documents and back.

A corpus file is text with inline marks, one sentence a line; data/README.md describes it. `parse`
and `render` are each other's inverse on valid documents.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from pourparler.errors import CorpusError
from pourparler.labels import LETTERS, TAGS

SPLITS = ("train", "dev", "test")
REGISTERS = (
    "wire",
    "analysis",
    "op-ed",
    "statement",
    "state-media",
    "live-blog",
    "transcript",
    "local-paper",
    "briefing",
)
DENSITIES = ("dense", "real")
BASES = ("event", "invented")
HEADER_KEYS = ("date", "dispute", "register", "author", "split", "density", "basis")
SPECIAL = "[]{}|\\"
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
LETTER_OF = {label: letter for letter, label in LETTERS.items()}
CONDITION_REACH_BEFORE, CONDITION_REACH_AFTER = 3, 1
"""A conditional mention needs its condition's words at most so many sentences away."""


@dataclass(frozen=True)
class CorpusMention:
    """The words text[start:end] name `actors` (several when joint), who share `label`."""

    start: int
    end: int
    actors: tuple[str, ...]
    label: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class CorpusCondition:
    """The words text[start:end] state a condition of `actor` ("" where the file leaves the owner out)."""

    start: int
    end: int
    actor: str


@dataclass(frozen=True)
class CorpusSentence:
    """One sentence without its marks; `line` is where it stands in the file."""

    text: str
    mentions: tuple[CorpusMention, ...] = ()
    conditions: tuple[CorpusCondition, ...] = ()
    headline: bool = False
    opens_paragraph: bool = False
    line: int = field(default=0, compare=False)

    def label_of(self, actor: str) -> str | None:
        """Label of `actor` in this sentence, None if it isn't mentioned."""
        return next((m.label for m in self.mentions if actor in m.actors), None)


@dataclass(frozen=True)
class Document:
    """A labelled article of the corpus."""

    doc_id: str
    date: str
    dispute: str
    register: str
    author: str
    split: str
    density: str
    basis: str
    sentences: tuple[CorpusSentence, ...]
    article_exceptions: tuple[tuple[str, str], ...] = ()
    path: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


def parse(text: str, path: str = "<text>") -> list[Document]:
    """Documents of one corpus file. Raises CorpusError with `path` and line."""
    return [_parse_document(block, path) for block in _blocks(text, path)]


def render(document: Document) -> str:
    """The document in corpus format, ending in a line break."""
    head = "  ".join(f"{key}: {getattr(document, key)}" for key in HEADER_KEYS)
    lines = [f"@doc {document.doc_id}  {head}"]
    for index, sentence in enumerate(document.sentences):
        if sentence.opens_paragraph and index:
            lines.append("")
        lines.append(("# " if sentence.headline else "") + _render_sentence(sentence))
    lines += [f"@article {actor}:{LETTER_OF[label]}" for actor, label in document.article_exceptions]
    return "\n".join(lines) + "\n"


def _blocks(text: str, path: str) -> Iterator[list[tuple[int, str]]]:
    """Numbered lines of each document, headers first."""
    block: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("@doc"):
            if block:
                yield block
            block = [(number, line)]
        elif block:
            block.append((number, line.rstrip()))
        elif line.strip():
            raise CorpusError(path, number, "text before the first @doc.", "Begin with an @doc line.")
    if block:
        yield block


def _parse_document(block: list[tuple[int, str]], path: str) -> Document:
    """One document from its numbered lines."""
    header_line, header = block[0]
    doc_id, values = _parse_header(header, path, header_line)
    sentences: list[CorpusSentence] = []
    exceptions: list[tuple[str, str]] = []
    opens_paragraph = True
    for number, line in block[1:]:
        if not line:
            opens_paragraph = True
        elif line.startswith("@article "):
            exceptions.append(_parse_exception(line, path, number))
        elif line.startswith("@"):
            raise CorpusError(path, number, f"unknown line {line.split()[0]}.", "Only @doc and @article exist.")
        else:
            sentences.append(_parse_sentence(line, path, number, opens_paragraph=opens_paragraph))
            opens_paragraph = False
    if not sentences:
        raise CorpusError(path, header_line, f'document "{doc_id}" has no sentence.', "Write one or drop it.")
    _check_conditions(sentences, path)
    actors = {a for s in sentences for m in s.mentions for a in m.actors}
    for actor, _ in exceptions:
        if actor not in actors:
            raise CorpusError(path, header_line, f'@article names "{actor}", who has no mention.', "Drop the line.")
    return Document(
        doc_id=doc_id,
        **values,
        sentences=tuple(sentences),
        article_exceptions=tuple(exceptions),
        path=path,
        line=header_line,
    )


def _parse_header(header: str, path: str, line: int) -> tuple[str, dict[str, str]]:
    """Document id and the values of HEADER_KEYS."""
    match = re.fullmatch(r"@doc (\S+)((?:\s+[a-z]+: \S+)*)\s*", header)
    if not match:
        raise CorpusError(path, line, "unreadable @doc line.", 'Write "@doc id  key: value  key: value".')
    values = dict(re.findall(r"([a-z]+): (\S+)", match.group(2)))
    if set(values) != set(HEADER_KEYS):
        raise CorpusError(path, line, f"@doc has keys {sorted(values)}.", f"Write {', '.join(HEADER_KEYS)}.")
    for key, allowed in (("split", SPLITS), ("register", REGISTERS), ("density", DENSITIES), ("basis", BASES)):
        if values[key] not in allowed:
            raise CorpusError(path, line, f'unknown {key} "{values[key]}".', f"Use {', '.join(allowed)}.")
    try:
        date.fromisoformat(values["date"])
    except ValueError as error:
        raise CorpusError(path, line, f'date "{values["date"]}" is not a date.', "Write YYYY-MM-DD.") from error
    return match.group(1), values


def _parse_exception(line: str, path: str, number: int) -> tuple[str, str]:
    """Actor and label of an @article line."""
    match = re.fullmatch(r"@article (\S+):(\S+)", line)
    if not match or match.group(2) not in LETTERS:
        raise CorpusError(path, number, "unreadable @article line.", 'Write "@article actor:s", with s, c, o or n.')
    return match.group(1), LETTERS[match.group(2)]


def _parse_sentence(line: str, path: str, number: int, *, opens_paragraph: bool) -> CorpusSentence:
    """One sentence line into text and marks."""
    headline = line.startswith("# ")
    scanner = _Scanner(line[2:] if headline else line, path, number)
    scanner.run()
    sentence = CorpusSentence(
        text="".join(scanner.text),
        mentions=tuple(scanner.mentions),
        conditions=tuple(scanner.conditions),
        headline=headline,
        opens_paragraph=opens_paragraph,
        line=number,
    )
    labels: dict[str, str] = {}
    for mention in sentence.mentions:
        for actor in mention.actors:
            if labels.setdefault(actor, mention.label) != mention.label:
                raise CorpusError(
                    path,
                    number,
                    f'"{actor}" is both {labels[actor]} and {mention.label} in one sentence.',
                    "Every mention of one actor in one sentence bears one label.",
                )
    return sentence


class _Scanner:
    """Reads one marked-up line from left to right."""

    def __init__(self, source: str, path: str, number: int) -> None:
        self.source, self.path, self.number = source, path, number
        self.at = 0
        self.text: list[str] = []
        self.mentions: list[CorpusMention] = []
        self.conditions: list[CorpusCondition] = []
        self.mention_start: int | None = None
        self.condition_start: int | None = None

    def run(self) -> None:
        """Fill text, mentions and conditions. Raises CorpusError."""
        while self.at < len(self.source):
            char = self.source[self.at]
            self.at += 1
            if char == "\\" and self.source[self.at : self.at + 1] in SPECIAL and self.at < len(self.source):
                self.text.append(self.source[self.at])
                self.at += 1
            elif char == "[":
                self._open_mention()
            elif char == "|" and self.mention_start is not None:
                self._close_mention()
            elif char == "{":
                self._open_condition()
            elif char == "}":
                self._close_condition()
            elif char in "]|":
                raise self._error(f'stray "{char}".', f"Write \\{char} for the sign itself.")
            else:
                self.text.append(char)
        if self.mention_start is not None:
            raise self._error('"[" is never closed.', "Write [mention|actor:label].")
        if self.condition_start is not None:
            raise self._error('"{" is never closed.', "Write {words}@actor.")

    def _open_mention(self) -> None:
        if self.mention_start is not None:
            raise self._error("a mention inside a mention.", "Mark the longer name only.")
        self.mention_start = len(self.text)

    def _close_mention(self) -> None:
        end = self.source.find("]", self.at)
        if end < 0:
            raise self._error('"[" is never closed.', "Write [mention|actor:label].")
        start, self.mention_start = self.mention_start, None
        assert start is not None
        if start == len(self.text) or "".join(self.text[start:]).strip() != "".join(self.text[start:]):
            raise self._error("a mention is empty or has a blank at its edge.", "Move the bracket.")
        if self.condition_start is not None and start < self.condition_start:
            raise self._error("a condition begins inside a mention.", "Move the brace outside.")
        self.mentions.append(self._mention(start, self.source[self.at : end]))
        self.at = end + 1

    def _mention(self, start: int, mark: str) -> CorpusMention:
        actors, colon, rest = mark.partition(":")
        letter, *tags = rest.split("+")
        names = tuple(actors.split("&"))
        if not colon or not all(NAME.fullmatch(name) for name in names):
            raise self._error(f'unreadable mark "{mark}".', "Write [mention|actor:label], ids in a-z, 0-9 and -.")
        if letter not in LETTERS:
            raise self._error(f'unknown label "{letter}".', "Use s, c, o or n.")
        for tag in tags:
            if tag not in TAGS:
                raise self._error(f'unknown tag "{tag}".', f"Use {', '.join(TAGS)}.")
        return CorpusMention(start, len(self.text), names, LETTERS[letter], tuple(tags))

    def _open_condition(self) -> None:
        if self.condition_start is not None:
            raise self._error("a condition inside a condition.", "Close the first brace before.")
        if self.mention_start is not None:
            raise self._error("a brace inside a mention.", "Move the brace outside.")
        self.condition_start = len(self.text)

    def _close_condition(self) -> None:
        if self.condition_start is None:
            raise self._error('stray "}".', "Write \\} for the sign itself.")
        if self.mention_start is not None:
            raise self._error("a brace inside a mention.", "Move the brace outside.")
        owner = re.match(r"@([a-z0-9][a-z0-9-]*(?:&[a-z0-9][a-z0-9-]*)*)", self.source[self.at :])
        self.at += owner.end() if owner else 0
        start, self.condition_start = self.condition_start, None
        if start == len(self.text):
            raise self._error("an empty condition.", "Mark its words.")
        owners = owner.group(1).split("&") if owner else [""]
        self.conditions += [CorpusCondition(start, len(self.text), actor) for actor in owners]

    def _error(self, problem: str, mend: str) -> CorpusError:
        return CorpusError(self.path, self.number, problem, mend)


def _check_conditions(sentences: list[CorpusSentence], path: str) -> None:
    """Every conditional actor has a condition in reach, every condition an owner. Raises CorpusError."""
    for index, sentence in enumerate(sentences):
        before, after = CONDITION_REACH_BEFORE, CONDITION_REACH_AFTER
        near = sentences[max(0, index - before) : index + after + 1]
        for mention in sentence.mentions:
            if mention.label == "conditional" and not any(s.conditions for s in near):
                actor = mention.actors[0]
                raise CorpusError(
                    path,
                    sentence.line,
                    f'"{actor}" is c with no {{condition}}@{actor} in reach.',
                    "Mark the words or change the label.",
                )
        if any(not c.actor for c in sentence.conditions):
            reached = sentences[max(0, index - after) : index + before + 1]
            owners = {a for s in reached for m in s.mentions if m.label == "conditional" for a in m.actors}
            if len(owners) != 1:
                raise CorpusError(
                    path,
                    sentence.line,
                    f"a condition without owner, and {len(owners)} actors are c near it.",
                    "Write {words}@actor.",
                )


def _render_sentence(sentence: CorpusSentence) -> str:
    """Text with its marks put back."""
    opens: dict[int, str] = {}
    closes: dict[int, str] = {}
    for span in sorted({(c.start, c.end) for c in sentence.conditions}):
        owners = "&".join(c.actor for c in sentence.conditions if (c.start, c.end) == span)
        opens[span[0]] = "{"
        closes[span[1]] = "}" + ("@" + owners if owners else "")
    for mention in sentence.mentions:
        tags = "".join("+" + tag for tag in mention.tags)
        mark = f"|{'&'.join(mention.actors)}:{LETTER_OF[mention.label]}{tags}]"
        opens[mention.start] = opens.get(mention.start, "") + "["
        closes[mention.end] = mark + closes.get(mention.end, "")
    pieces = []
    for position in range(len(sentence.text) + 1):
        pieces += [closes.get(position, ""), opens.get(position, "")]
        char = sentence.text[position : position + 1]
        pieces.append("\\" + char if char and char in SPECIAL else char)
    return "".join(pieces)
