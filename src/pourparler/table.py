"""Rows of one article into a table for the terminal."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from pourparler.records import ActorStance

COLOURS = {"supports": "green", "conditional": "yellow", "opposes": "red", "none": "dim"}
MAX_QUOTE = 110


def stance_table(rows: Sequence[ActorStance]) -> Table:
    """Actors with a stance first, the most certain on top; those with none in one line below."""
    title = f"{rows[0].article}" + (f"  ({rows[0].date})" if rows[0].date else "")
    table = Table(title=Text(title), title_justify="left", caption_justify="left", show_lines=False, expand=False)
    table.add_column("actor", no_wrap=True, max_width=30)
    table.add_column("stance", no_wrap=True)
    table.add_column("conf.", justify="right", no_wrap=True)
    table.add_column("strongest quote")
    bearing = [r for r in rows if r.stance != "none"]
    for row in sorted(bearing, key=lambda r: -r.confidence):
        stance = Text(row.stance, style=COLOURS[row.stance])
        table.add_row(Text(row.actor), stance, f"{row.confidence:.2f}", Text(_quote(row)))
    others = [r.actor for r in rows if r.stance == "none"]
    if others:
        table.caption = Text("no stance: " + ", ".join(others))
    return table


def _quote(row: ActorStance) -> str:
    """The strongest evidence, shortened with a sign that it was."""
    text = " ".join(row.evidence[0].text.split()) if row.evidence else ""
    return text if len(text) <= MAX_QUOTE else text[: MAX_QUOTE - 1].rsplit(" ", 1)[0] + " …"
