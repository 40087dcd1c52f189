"""The command line; heavy rooms are imported by the command that needs them."""

import typer

from kette import chain_commands
from kette.output import use_locale

app = typer.Typer(
    name="kette",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Der Motor hinter der Integrationskette: Verläufe, Lücken, Zuständige.",
)
app.command()(chain_commands.evaluate)
app.command()(chain_commands.check)


def main() -> None:
    """Run the command line."""
    use_locale()
    app()


if __name__ == "__main__":
    main()
