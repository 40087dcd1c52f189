"""`kette config`: what the program is set to."""

from kette.options import AsJson
from kette.output import console, print_json, table, told_plainly
from kette.settings import Settings


@told_plainly
def config(as_json: AsJson = False) -> None:
    """Show every setting, its environment variable and its value; secrets are masked."""
    settings = Settings()
    rows = [
        {
            "variable": f"KETTE_{name.upper()}",
            "value": _masked(name, str(getattr(settings, name) or "")),
            "meaning": info.description,
        }
        for name, info in Settings.model_fields.items()
    ]
    if as_json:
        print_json(rows)
        return
    shown = table("Variable", "Value", "Meaning")
    for row in rows:
        shown.add_row(str(row["variable"]), str(row["value"]), str(row["meaning"]))
    console().print(shown)


def _masked(name: str, value: str) -> str:
    """Hide what must not be read over a shoulder: a DSN may hold a password."""
    return "(set)" if name in {"dsn", "keys_dsn"} and value else value
