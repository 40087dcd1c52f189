"""`kette import`, `template` and `generate`: lists in and out."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID

from consumers.views import catch_up
from domain.journal import Actor
from infra.importing.report import ImportReport
from infra.importing.run import run_import
from infra.municipalities import municipality as read_municipality
from infra.population.generation import DEMO_DAY, fitting
from infra.population.generation import generate as generate_population
from infra.population.vignette import peopled
from infra.population.writing import write_population
from infra.spreadsheets.errors import UnreadableFileError
from infra.spreadsheets.template import write_template
from kette.compose import opened_store
from kette.options import AsJson, Lang, language
from kette.output import UNREADABLE, fail, print_json, progress_bar, read_day, say, told_plainly
from kette.settings import Settings
from projections.catalogue import KEPT


class Stages:
    """One bar for each stage of an import."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Move a stage's bar."""
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)


@told_plainly
def import_list(
    file: Annotated[Path, typer.Argument(help="An XLSX or CSV file: a fact list or a case list.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen and write nothing.")
    ] = False,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="How a case list is read (TOML).")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="The lasting name of the list.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Import a list; the same file again changes nothing, a changed cell becomes a correction."""
    settings = Settings()
    actor = Actor(settings.actor or "import", "case_manager", settings.unit)
    try:
        with opened_store(settings) as store, progress_bar() as bar:
            report = run_import(
                file,
                store.journal,
                actor=actor,
                dry_run=dry_run,
                mapping=mapping,
                source=source,
                progress=Stages(bar),
            )
            catch_up(store.journal, store.views, KEPT)
    except UnreadableFileError as error:
        fail(error.notice.in_language(language(lang)), UNREADABLE)
    if as_json:
        print_json([_report_row(report)])
    else:
        for line in report.lines(language(lang)):
            typer.echo(line)
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def _report_row(report: ImportReport) -> dict[str, object]:
    return {
        "file": report.file,
        "source": report.source,
        "dry_run": report.dry_run,
        "history": report.history,
        "rows": report.rows,
        "appended": report.appended,
        "corrections": report.corrections,
        "unchanged": report.unchanged,
        "journeys_started": report.journeys_started,
        "refused_rows": report.refused_rows,
        "refused": [one.in_language("en") for one in report.refused],
        "vanished_facts": report.vanished_facts,
        "vanished": [one.in_language("en") for one in report.vanished],
        "warnings": [one.in_language("en") for one in report.warnings],
        "by_type": dict(report.by_type),
    }


@told_plainly
def template(
    out: Annotated[Path, typer.Option("--out", help="The XLSX file to write.")] = Path(
        "kette-ereignisliste.xlsx"
    ),
) -> None:
    """Write the fact list to fill in: drop-downs, German headers, an example, every fact explained."""
    if out.suffix.lower() != ".xlsx":
        fail(
            f"{out.name}: the template is a spreadsheet; name a file that ends in .xlsx", UNREADABLE
        )
    _refuse_unwritable(out)
    write_template(out)
    typer.echo(f"written: {out}")


@told_plainly
def generate(
    out: Annotated[Path, typer.Option("--out", help="An .xlsx or .jsonl file.")],
    municipality: Annotated[
        str, typer.Option("--municipality", help="AGS or name of a municipality.")
    ] = "herne",
    people: Annotated[
        int | None,
        typer.Option("--people", min=1, max=100_000, help="Else as many as its posts can lead."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed")] = 1,
    today: Annotated[
        str | None, typer.Option("--today", help="The day on which the truth holds, YYYY-MM-DD.")
    ] = None,
    vignettes: Annotated[
        bool,
        typer.Option("--vignettes", help="Besides, small lives with the truth about every rule."),
    ] = False,
) -> None:
    """Write an invented population, and beside it the truth about its gaps; same seed, same bytes."""
    _refuse_unwritable(out)
    day: date = read_day(today, "--today") or DEMO_DAY
    try:
        place = read_municipality(municipality)
        count = people or fitting(place, day)
        population = generate_population(place, count, seed, day)
        if vignettes:
            population = population.with_people(peopled(place, seed, day))
        truth = write_population(population, out)
    except ValueError as error:
        fail(str(error), UNREADABLE)
    say(f"{count} people, {len(population.rows)} facts, truth as of {day} in {truth.name}")
    typer.echo(f"written: {out}")


def _refuse_unwritable(out: Path) -> None:
    """Find out before the work is done whether its result can be written."""
    if not out.parent.is_dir():
        fail(f"{out.parent} is no folder; make it first", UNREADABLE)
    existed = out.exists()
    try:
        out.open("ab").close()
    except OSError as error:
        fail(f"{out} cannot be written ({error.strerror}); name another file", UNREADABLE)
    if not existed:
        out.unlink()
