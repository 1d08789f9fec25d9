"""pourparler: where each actor in a news article stands on negotiation.

import pourparler
model = pourparler.load()
for row in model.classify(open("article.txt").read()):
    print(row.actor, row.stance, row.confidence)
"""

from pourparler.article import find_articles, make_article, read_article
from pourparler.errors import ArtifactError, CorpusError, InputError, MissingExtra, PourparlerError
from pourparler.labels import LABELS
from pourparler.model import Model, load
from pourparler.records import ActorStance, Article, StanceCall

__version__ = "0.1.0"

__all__ = [
    "LABELS",
    "ActorStance",
    "Article",
    "ArtifactError",
    "CorpusError",
    "InputError",
    "MissingExtra",
    "Model",
    "PourparlerError",
    "StanceCall",
    "find_articles",
    "load",
    "make_article",
    "read_article",
]
