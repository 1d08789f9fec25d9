"""The corpus format: what it reads, what it refuses, and that nothing is lost on the way."""

import pytest
from conftest import HEADER, ROOT
from hypothesis import given
from hypothesis import strategies as st

from pourparler.corpus_format import (
    CorpusCondition,
    CorpusMention,
    CorpusSentence,
    Document,
    parse,
    render,
)
from pourparler.errors import CorpusError
from pourparler.labels import LABELS, TAGS

HEAD = HEADER.format(id="x-01", dispute="x", author="w1", split="train")


def one_sentence(line: str) -> CorpusSentence:
    return parse(HEAD + line)[0].sentences[0]


def test_marks_become_spans_into_the_text_without_marks() -> None:
    sentence = one_sentence("[Pyongyang|prk:c+threat] returns {once [the allies|usa&kor:n] stop}@prk.")
    assert sentence.text == "Pyongyang returns once the allies stop."
    first, second = sentence.mentions
    assert (sentence.text[first.start : first.end], first.actors, first.label) == ("Pyongyang", ("prk",), "conditional")
    assert first.tags == ("threat",)
    assert second.actors == ("usa", "kor")
    assert [sentence.text[c.start : c.end] for c in sentence.conditions] == ["once the allies stop"]


def test_headline_and_paragraphs_are_kept() -> None:
    document = parse(HEAD + "# Title\nOne.\n\nTwo.\n")[0]
    assert [s.headline for s in document.sentences] == [True, False, False]
    assert [s.opens_paragraph for s in document.sentences] == [True, False, True]


def test_escaped_signs_stand_for_themselves() -> None:
    assert one_sentence(r"A \[sic\] and \{x\} and a\|b.").text == "A [sic] and {x} and a|b."


def test_condition_without_owner_belongs_to_the_only_conditional_actor() -> None:
    sentence = one_sentence("[Pyongyang|prk:c] returns {once drills end}.")
    assert sentence.conditions[0].actor == ""


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("[Kim|kim:o said.", "never closed"),
        ("[Kim said.", "never closed"),
        ("{once [Kim|kim:c] stops.", "never closed"),
        ("[Kim|kim:x] said.", "unknown label"),
        ("[Kim|kim:o+nonsense] said.", "unknown tag"),
        ("[Kim|kim:c] said.", "no {condition}"),
        ("[Kim|kim:o] and [he|kim:s].", "both opposes and supports"),
        ("[Kim of [Korea|prk:n]|kim:o].", "mention inside a mention"),
        ("[Kim|kim:c] {if {x}@kim}@kim.", "condition inside a condition"),
        ("[Kim|Kim Jong:o].", "unreadable mark"),
        ("[ Kim|kim:o].", "blank at its edge"),
        ("Kim] said.", "stray"),
        ("Kim said {@kim.", "never closed"),
        ("[A|a:c] and [B|b:c] {if so}.", "without owner"),
        ("@mystery line", "unknown line"),
        ("@article kim:q\nText.", "unreadable @article"),
        ("@article kim:o\nText.", "has no mention"),
    ],
)
def test_broken_lines_are_refused_with_file_and_line(line: str, problem: str) -> None:
    with pytest.raises(CorpusError, match=r"^kim.txt:\d+: ") as caught:
        parse(HEAD + line + "\n", "kim.txt")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("split: train", "split: val", "unknown split"),
        ("2025-03-02", "2025-13-02", "is not a date"),
        ("register: wire", "register: blog", "unknown register"),
        ("author: w1", "writer: w1", "has keys"),
        ("density: dense", "density: thin", "unknown density"),
    ],
)
def test_broken_headers_are_refused(old: str, new: str, problem: str) -> None:
    with pytest.raises(CorpusError, match=problem):
        parse(HEAD.replace(old, new) + "Text.\n")


def test_condition_may_stand_three_sentences_before_but_not_four() -> None:
    condition = "[Kim|kim:c] will talk {if x}@kim.\n"
    parse(HEAD + condition + "A.\nB.\n[Kim|kim:c] waits.\n")
    with pytest.raises(CorpusError, match="in reach"):
        parse(HEAD + condition + "A.\nB.\nC.\n[Kim|kim:c] waits.\n")


def test_every_committed_file_survives_a_round_trip() -> None:
    for path in (ROOT / "data" / "corpus").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "\n".join(render(d) for d in parse(text, str(path))) == text


words = st.text(alphabet="ab[]{}|\\ é", min_size=1, max_size=8).filter(lambda w: w.strip() == w != "")


@st.composite
def sentences(draw: st.DrawFn) -> CorpusSentence:
    """Sentences with mentions, conditions round them, and every sign that needs escaping."""
    text, mentions, conditions = "x ", [], []
    for number in range(draw(st.integers(0, 3))):
        start = len(text)
        text += draw(words)
        label = draw(st.sampled_from(LABELS))
        tags = tuple(draw(st.lists(st.sampled_from(sorted(TAGS)), unique=True, max_size=2)))
        mentions.append(CorpusMention(start, len(text), (f"a{number}",), label, tags))
        if label == "conditional" or draw(st.booleans()):
            conditions.append(CorpusCondition(start, len(text), f"a{number}"))
        text += " " + draw(words) + " "
    return CorpusSentence(text.strip(), tuple(mentions), tuple(conditions), draw(st.booleans()))


@given(st.lists(sentences(), min_size=1, max_size=4))
def test_parse_undoes_render(drawn: list[CorpusSentence]) -> None:
    whole = tuple(
        CorpusSentence(s.text, s.mentions, s.conditions, s.headline, opens_paragraph=i == 0)
        for i, s in enumerate(drawn)
    )
    document = Document("d-1", "2020-01-01", "d", "wire", "w", "train", "dense", "event", whole)
    assert parse(render(document)) == [document]
