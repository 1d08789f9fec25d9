"""Results into report.md and a self-contained report.html."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from plots import confusion_plot, reliability_plot, systems_plot, tags_plot
from pourparler.labels import LABELS
from results import Results

TEMPLATES = Path(__file__).parent / "templates"


def write_report(results: Results, out: Path) -> None:
    """Write both reports into `out`, each beside its name and then renamed."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("report.md", "report.html"):
        text = environment.get_template(f"{name}.j2").render(
            results=results, labels=LABELS, plots=_plots(results) if name.endswith("html") else {}
        )
        beside = out / (name + ".part")
        beside.write_text(text.rstrip() + "\n", encoding="utf-8")
        beside.rename(out / name)


def _plots(results: Results) -> dict[str, dict[str, Markup]]:
    """Plots by set, and per-tag plots by model."""
    models = {m.name for m in results.models}
    first = results.models[0].name
    return {
        "systems": {s.name: Markup(systems_plot(s, models)) for s in results.sets},
        "confusion": {s.name: Markup(confusion_plot(s, first)) for s in results.sets},
        "reliability": {n: Markup(reliability_plot(p)) for n, p in results.reliability.items()},
        "tags": {m: Markup(tags_plot(t)) for m, t in results.tags.items() if t},
    }
