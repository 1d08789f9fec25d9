"""Linking: which mentions are one actor, and which."""

import re

import pytest

from pourparler.actors import link, sides_of
from pourparler.article import make_article
from pourparler.records import Actor, Article, Mention, StanceCall

CALL = StanceCall((0.0, 0.0, 0.0, 1.0))


def linked(marked: str, day: str | None = None) -> tuple[Article, list[Actor]]:
    """Actors of a text whose mentions stand in [brackets]."""
    text = marked.replace("[", "").replace("]", "")
    article = make_article(text, day=day)
    found, removed = [], 0
    for match in re.finditer(r"\[(.*?)\]", marked):
        start = match.start() - removed
        end = start + len(match.group(1))
        sentence = next(i for i, s in enumerate(article.sentences) if s.start <= start < s.end)
        found.append((Mention(start, end, text[start:end], sentence), CALL))
        removed += 2
    return article, link(article, found)


def ids(marked: str, day: str | None = None) -> list[str]:
    """The actor id of each mention, in text order."""
    _, actors = linked(marked, day)
    by_start = {m.start: a.actor_id for a in actors for m in a.mentions}
    return [by_start[start] for start in sorted(by_start)]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[Washington] and [American officials] and the [U.S. government] and [the White House].", ["usa"] * 4),
        ("[Pyongyang], [North Korea] and the [North Koreans] met [Seoul].", ["prk", "prk", "prk", "kor"]),
        ("A [senior Iranian official] in [Tehran] spoke for [Iran].", ["irn"] * 3),
        ("The [Kremlin] and [Moscow] and [Russian negotiators] came.", ["rus"] * 3),
        ("The [US] asked him to tell [us] nothing.", ["usa", "usa"]),
    ],
)
def test_capitals_palaces_demonyms_and_officials_are_the_state(marked: str, expected: list[str]) -> None:
    assert ids(marked) == expected


def test_title_full_name_and_surname_are_one_person() -> None:
    assert set(ids("[US President Donald Trump] spoke. [Trump] and [Mr. Trump] left.")) == {"donald-trump"}
    assert set(ids("[North Korean leader Kim Jong-un] spoke. [Kim] left. [Kim Jong Un] came.")) == {"kim-jong-un"}


def test_a_person_whom_no_table_knows_is_joined_too() -> None:
    actors = ids("[Mayor Anna Kowalczyk] met [Deputy Mayor Jan Nowak]. [Kowalczyk] left and [Mr Nowak] stayed.")
    assert actors == ["anna-kowalczyk", "jan-nowak", "anna-kowalczyk", "jan-nowak"]


def test_a_bare_surname_is_the_leader_in_office_at_the_date() -> None:
    assert ids("[Biden] spoke.", "2022-05-01") == ["joe-biden"]
    assert ids("[Biden] spoke.") == ["biden"]


def test_state_and_leader_stay_two_actors() -> None:
    assert ids("[Russian President Vladimir Putin] spoke for [Russia].") == ["vladimir-putin", "rus"]


def test_the_leader_by_title_alone_is_the_one_in_office() -> None:
    assert ids("The [North Korean leader] spoke.", "2019-02-27") == ["kim-jong-un"]


def test_an_acronym_in_brackets_names_the_same_actor() -> None:
    actors = ids("The [Movement for Upper Valley Justice] (MUVJ) spoke. [MUVJ] men left. The [Movement] waits.")
    assert actors[0] == actors[1]


def test_a_shortened_name_finds_the_longer_one() -> None:
    assert len(set(ids("The [Azure Coast Liberation Front] met. The [Front] left."))) == 1


def test_pronouns_take_the_latest_actor_of_their_kind() -> None:
    marked = "[China] received [Prime Minister Anna Kowalczyk]. [She] thanked. [It] smiled."
    assert ids(marked) == ["chn", "anna-kowalczyk", "anna-kowalczyk", "chn"]


def test_a_pronoun_without_antecedent_is_left_out() -> None:
    _, actors = linked("[She] spoke.")
    assert actors == []


def test_two_koreas_two_kims() -> None:
    assert ids("[Kim Jong-un] met [Kim Yo-jong].") == ["kim-jong-un", "kim-yo-jong"]
    assert ids("[South Korea] and [North Korea].") == ["kor", "prk"]


def test_a_leader_acts_for_the_state_and_an_analyst_for_none() -> None:
    article, actors = linked("[North Korean leader Kim Jong-un] and [Chinese analyst Li Wenhao] spoke.", "2025-01-01")
    assert sides_of(actors[0], article) == {"prk"}
    assert sides_of(actors[1], article) == set()


def test_every_mention_reaches_one_actor_and_keeps_its_place() -> None:
    article, actors = linked("[Iran] met [Oman]. [Tehran] and the [Gulf states] spoke. [Hassan Rouhani] left.")
    mentions = [m for a in actors for m in a.mentions]
    assert len(mentions) == len(set(mentions)) == 5
    assert all(article.text[m.start : m.end] == m.text for m in mentions)


def test_a_person_first_named_without_title_is_found_by_surname() -> None:
    assert len(set(ids("[Wang Jiarui] came. [Mr. Wang] spoke."))) == 1
    assert len(set(ids("[Perfecto Yasay Jr.] came. [Yasay] spoke. [Foreign Secretary Perfecto Yasay] left."))) == 1


def test_the_country_in_a_title_is_not_the_person() -> None:
    assert (
        ids("The [U.S. Ambassador to South Korea] and [Japan's ambassador to the United States] met [Seoul].")[2]
        == "kor"
    )
    actors = ids("The [ambassador to South Korea] met [South Korea].")
    assert actors[0] != actors[1] == "kor"


def test_a_joint_mention_belongs_to_each_of_its_actors() -> None:
    _, actors = linked("[South Korea and Japan] met. [Trinidad and Tobago] left. [Seoul] stayed.")
    assert {a.actor_id: [m.text for m in a.mentions] for a in actors} == {
        "kor": ["South Korea and Japan", "Seoul"],
        "jpn": ["South Korea and Japan"],
        "tto": ["Trinidad and Tobago"],
    }


def test_the_us_is_no_pronoun_however_it_is_written() -> None:
    assert (
        ids("[Iran] rejected talks. The [U.S.] offered them. [U.S.] envoys and [the US] waited.")
        == ["irn"] + ["usa"] * 3
    )
    assert ids("[Iran] said talk to [us]. The [US] agreed.") == ["irn", "irn", "usa"]


def test_a_pronoun_teaches_no_name() -> None:
    marked = "[Iran] spoke. [It] left. [Russia] spoke. [It] stayed."
    assert ids(marked) == ["irn", "irn", "rus", "rus"]


def test_a_former_president_is_not_the_one_in_office() -> None:
    assert ids("The [former US president] spoke.", "2025-06-01") != ["donald-trump"]
    assert ids("The [Israeli prime minister] spoke.", "2024-06-01") == ["benjamin-netanyahu"]
