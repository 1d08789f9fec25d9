"""The article that the project began with must come out right."""

import pytest

import pourparler

POLICY = "a declared aim of policy (denuclearisation) is read as support for talks; the corpus has few such sentences"
QUOTED = "an analyst named after a long quotation is given what he reports; the corpus has few such sentences"
KNOWN_FAILURES: dict[tuple[str, str], str] = {
    ("default", "South Korea"): POLICY,
    ("default", "Japan"): POLICY,
    ("default", "Tianran Xu"): QUOTED,
    ("fast", "South Korea"): POLICY,
    ("fast", "Japan"): POLICY,
    ("fast", "Tianran Xu"): QUOTED,
}
"""Expectation of (model, actor) to the reason why the honest model misses it."""


@pytest.fixture(scope="module", params=["default", "fast"])
def named_rows(
    request: pytest.FixtureRequest, article_text_module: str
) -> tuple[str, dict[str, pourparler.ActorStance]]:
    return request.param, {r.actor: r for r in pourparler.load(request.param).classify(article_text_module)}


@pytest.fixture(scope="module")
def article_text_module() -> str:
    from conftest import ROOT

    return next((ROOT / "seeds").glob("*.txt")).read_text(encoding="utf-8")


def known_failure(request: pytest.FixtureRequest, model: str, actor: str) -> None:
    """Mark the running test as one that must fail, if it is a known failure."""
    if reason := KNOWN_FAILURES.get((model, actor)):
        request.node.add_marker(pytest.mark.xfail(reason=reason, strict=True))


@pytest.mark.parametrize(
    ("actor", "stance", "quote"),
    [
        ("Kim Jong-un", "opposes", ("little incentive", "bargaining chip", "sidestep negotiations")),
        ("North Korea", "opposes", ("little incentive", "bargaining chip", "sidestep negotiations")),
        (
            "Donald Trump",
            "supports",
            ("re-establish personal rapport", "approval for talks", "diplomacy push", "overtures"),
        ),
    ],
)
def test_the_parties_stand_where_the_article_puts_them(request, named_rows, actor, stance, quote) -> None:
    model, rows = named_rows
    known_failure(request, model, actor)
    assert rows[actor].stance == stance
    assert any(any(q in e.text for q in quote) for e in rows[actor].evidence)


@pytest.mark.parametrize("actor", ["Tianran Xu", "South Korea", "Japan"])
def test_reporters_and_bystanders_are_given_no_stance_that_they_do_not_take(request, named_rows, actor) -> None:
    model, rows = named_rows
    known_failure(request, model, actor)
    wrong = ("supports", "opposes", "conditional") if actor == "Tianran Xu" else ("supports",)
    assert rows[actor].stance not in wrong


def test_offsets_slice_quotes_out_of_the_article(named_rows, article_text_module) -> None:
    _, rows = named_rows
    for row in rows.values():
        assert all(article_text_module[m.start : m.end] == m.text for m in row.mentions)
        assert all(article_text_module[e.start : e.end] == e.text for e in row.evidence)
        assert row.date == "2025-02-20"
