"""Results into plots, as SVG text for the page."""

import io
from collections.abc import Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from metrics import Interval
from pourparler.labels import LABELS
from results import SetResult, TagResult

mpl.use("svg")
mpl.rcParams.update(
    {"font.size": 8, "axes.spines.top": False, "axes.spines.right": False, "svg.hashsalt": "pourparler"}
)
INK, MODEL, BASELINE = "#1f2933", "#1b6ca8", "#9aa5b1"


def systems_plot(one: SetResult, models: set[str]) -> str:
    """macro-F1 of every system on a set, a point with its interval each."""
    names = sorted(one.scores, key=lambda n: one.scores[n].macro_f1.value)
    figure, axes = plt.subplots(figsize=(3.4, 0.42 * len(names) + 0.9))
    for row, name in enumerate(names):
        interval = one.scores[name].macro_f1
        colour = MODEL if name in models else BASELINE
        axes.plot([interval.low, interval.high], [row, row], color=colour, lw=3, solid_capstyle="round", alpha=0.45)
        axes.plot(interval.value, row, "o", color=colour)
        axes.annotate(f"{interval.value:.3f}", (interval.value, row), (0, 6), textcoords="offset points", ha="center")
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(-0.6, len(names) - 0.2)
    axes.set_xlim(0, 1)
    axes.set_xlabel("macro-F1, 95 % interval by document")
    return _svg(figure)


def confusion_plot(one: SetResult, system: str) -> str:
    """Rows of gold labels, shares of predicted ones, counts written in."""
    counts = np.array(one.scores[system].confusion)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    figure, axes = plt.subplots(figsize=(2.7, 2.5))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for i in range(len(LABELS)):
        for j in range(len(LABELS)):
            colour = "white" if shares[i, j] > 0.55 else INK
            axes.text(j, i, counts[i, j], ha="center", va="center", color=colour)
    axes.set_xticks(range(len(LABELS)), LABELS, rotation=30, ha="right")
    axes.set_yticks(range(len(LABELS)), LABELS)
    axes.set_xlabel("predicted")
    axes.set_ylabel("gold")
    axes.spines[:].set_visible(False)
    return _svg(figure)


def tags_plot(tags: list[TagResult]) -> str:
    """Accuracy per tag with interval, worst on top, rows in brackets."""
    ordered = tags[::-1]
    figure, axes = plt.subplots(figsize=(6.2, 0.27 * len(ordered) + 0.9))
    for row, tag in enumerate(ordered):
        axes.plot([tag.accuracy.low, tag.accuracy.high], [row, row], color=MODEL, lw=3, alpha=0.35)
        axes.plot(tag.accuracy.value, row, "o", color=MODEL, ms=4)
    axes.set_yticks(range(len(ordered)), [f"{t.tag} ({t.n})" for t in ordered])
    axes.set_ylim(-0.7, len(ordered) - 0.3)
    axes.set_xlim(0, 1)
    axes.set_xlabel("accuracy on rows that bear the tag, 95 % interval by document")
    return _svg(figure)


def curve_plot(points: list[dict[str, Interval]], shares: Sequence[int], titles: dict[str, str]) -> str:
    """macro-F1 with its interval against the share of train, a line for each set; shares on a log scale."""
    figure, axes = plt.subplots(figsize=(5.2, 3.4))
    for number, (name, title) in enumerate(titles.items()):
        intervals = [p[name] for p in points]
        nudged = [share * (1 + 0.03 * (number - len(titles) / 2)) for share in shares]
        (line,) = axes.plot(nudged, [i.value for i in intervals], "o-", ms=4, label=title)
        axes.vlines(nudged, [i.low for i in intervals], [i.high for i in intervals], line.get_color(), lw=2, alpha=0.3)
    axes.set_xscale("log")
    axes.set_xticks(shares, [f"{s} %" for s in shares])
    axes.minorticks_off()
    axes.set_ylim(0, 1)
    axes.set_xlabel("share of train")
    axes.set_ylabel("macro-F1, 95 % interval by document")
    axes.legend(loc="upper left", fontsize=7, frameon=False)
    return _svg(figure)


def reliability_plot(points: list[tuple[float, float, int]]) -> str:
    """Accuracy against confidence; the size of a point is its share of rows."""
    figure, axes = plt.subplots(figsize=(2.7, 2.5))
    total = sum(n for _, _, n in points)
    axes.plot([0, 1], [0, 1], color=BASELINE, lw=1, ls="--")
    axes.scatter(
        [c for c, _, _ in points],
        [a for _, a, _ in points],
        s=[15 + 300 * n / total for _, _, n in points],
        color=MODEL,
        alpha=0.6,
    )
    axes.set_xlim(0.2, 1.02)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("confidence")
    axes.set_ylabel("accuracy")
    return _svg(figure)


def _svg(figure: Figure) -> str:
    """The figure as an SVG element, without the XML header."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    text = buffer.getvalue()
    return text[text.index("<svg") :]
