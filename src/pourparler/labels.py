"""The label set, the token labels and the codebook's tags: their names and order, written once."""

from typing import Final

LABELS: Final = ("supports", "conditional", "opposes", "none")
"""Stances in the order of every logit column, probability and report table."""

TOKEN_LABELS: Final = ("outside", *LABELS, "condition")
"""Labels of the token classifier, in the order of its logits."""

LETTERS: Final = {"s": "supports", "c": "conditional", "o": "opposes", "n": "none"}
"""The letter of each label in the corpus format."""

TAGS: Final = {
    "attributed": "stance known only from a rival's or third party's claim (rule 9)",
    "channel": "refuses this mediator, format or venue, accepts another (rule 11)",
    "contact": "visit, call or talks among friends or on others' conflict (rule 15)",
    "context": "only a sentence before resolves who or what is meant",
    "dated": "has a date on it and still stands (rule 3)",
    "demand": "demands that the other side talk (rule 5)",
    "enacted": "an act on talks: attends, hosts, signs, boycotts (rule 8)",
    "faction": "one of several factions of a side, labelled for itself",
    "failed": "named in talks that collapsed, nobody walked out (rule 7)",
    "harsh": "a condition so harsh that it nearly refuses (rule 4)",
    "idiom": "a condition without if, unless, until, once or in exchange (rule 4)",
    "implicit": "stance without the words talks, negotiate or refuse; irony",
    "inferred": "the writer's inference (rule 9)",
    "leader": "leader and state, or spokesman and body, in one sentence",
    "left": "party left behind by a walk-out or a meeting put off (rule 7)",
    "mediator": "named in the mediator's role (rule 16)",
    "negation": "double negation or negated refusal",
    "offtopic": "talks that are no negotiation",
    "otheract": "an if-clause about another act than talks (rule 4)",
    "past": "a stance that is over (rule 3)",
    "plan": "rejects a whole offered truce, mediation or plan (rule 6)",
    "pro": "the mention is a pronoun",
    "reporter": "reports or quotes another's stance (rule 2)",
    "round": "attended a round that ended without result or goes on (rules 7, 8)",
    "terms": "rejects terms, not talks (rule 6)",
    "threat": "threatens to leave talks or end a truce unless (rule 4)",
    "truce": "agrees, offers, refuses, holds or breaks a truce (rule 14)",
    "unconditional": "without preconditions",
    "weak": "a weak signal (rule 10)",
    "wish": "is called upon, invited or expected to talk (rules 8, 12)",
}
"""Codebook tags that a mention in the corpus may bear, each with its meaning."""
