"""From calls per sentence to one stance per actor."""

import numpy as np
import pytest

from pourparler.aggregate import pool, roll_up
from pourparler.article import make_article
from pourparler.labels import LABELS
from pourparler.records import Actor, Mention, Reading, StanceCall

TEXT = "Kim waits. Kim returns once drills end. Seoul agrees. Seoul smiles."
ARTICLE = make_article(TEXT)


def call(label: str, probability: float = 0.9) -> StanceCall:
    rest = (1 - probability) / 3
    return StanceCall(tuple(probability if x == label else rest for x in LABELS))


def actor(name: str, sentence_calls: dict[int, StanceCall]) -> Actor:
    mentions = tuple(
        Mention(ARTICLE.sentences[i].start, ARTICLE.sentences[i].start + len(name), name, i) for i in sentence_calls
    )
    return Actor(name.lower(), name, mentions, tuple(sentence_calls.values()))


def rolled(*actors: Actor, sides: dict[str, set[str]] | None = None) -> dict[str, object]:
    start = TEXT.index("once")
    readings = [Reading((), ((start, start + 15),) if i == 1 else ()) for i in range(4)]
    rows = roll_up(ARTICLE, actors, readings, sides or {}, "sha256:x")
    return {r.actor_id: r for r in rows}


def test_a_sentence_without_stance_takes_none_away() -> None:
    rows = rolled(actor("Kim", {0: call("opposes"), 1: call("none"), 2: call("none")}))
    assert rows["kim"].stance == "opposes"


def test_the_later_of_two_equally_sure_stances_wins() -> None:
    rows = rolled(actor("Kim", {0: call("opposes"), 3: call("supports")}))
    assert rows["kim"].stance == "supports"
    assert [e.text for e in rows["kim"].evidence] == ["Seoul smiles."]


def test_a_conditional_actor_gets_the_words_of_the_condition() -> None:
    rows = rolled(actor("Kim", {1: call("conditional")}))
    assert rows["kim"].conditions == ((TEXT.index("once"), TEXT.index("once") + 15, "once drills end"),)


def test_an_actor_with_no_stance_anywhere_has_none_and_no_evidence() -> None:
    rows = rolled(actor("Kim", {0: call("none"), 1: call("none")}))
    assert (rows["kim"].stance, rows["kim"].evidence, rows["kim"].conditions) == ("none", (), ())


def test_a_silent_state_shares_its_leaders_stance_and_says_so() -> None:
    leader, state = actor("Kim", {0: call("opposes")}), actor("Seoul", {2: call("none")})
    rows = rolled(leader, state, sides={"kim": {"seoul"}})
    assert (rows["seoul"].stance, rows["seoul"].tags) == ("opposes", ("shared",))
    assert rows["seoul"].evidence == rows["kim"].evidence


def test_what_a_leader_does_outweighs_a_weaker_sign_of_the_state_itself() -> None:
    leader, state = actor("Kim", {3: call("opposes")}), actor("Seoul", {2: call("supports", 0.5)})
    rows = rolled(leader, state, sides={"kim": {"seoul"}})
    assert (rows["seoul"].stance, rows["seoul"].tags) == ("opposes", ("shared",))


def test_a_silent_leader_takes_nothing_from_the_state_and_nothing_flows_to_the_leader() -> None:
    leader, state = actor("Kim", {0: call("none")}), actor("Seoul", {2: call("supports")})
    rows = rolled(leader, state, sides={"kim": {"seoul"}})
    assert (rows["seoul"].stance, rows["seoul"].tags) == ("supports", ())
    assert rows["kim"].stance == "none"


def test_pooled_probabilities_sum_to_one() -> None:
    probabilities = np.array([call("opposes", 0.5).probabilities, call("none", 0.7).probabilities])
    assert pool(probabilities, np.array([0.0, 1.0])).sum() == pytest.approx(1)
