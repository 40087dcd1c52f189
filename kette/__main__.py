"""The command line; each command imports the rooms that it needs only when it is called."""

import gc
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typing_extensions import override

from kette.memory import keep_what_is_there
from kette.output import use_locale

_COMMANDS = {
    "demo": "kette.serving_commands:demo",
    "serve": "kette.serving_commands:serve",
    "import": "kette.list_commands:import_list",
    "template": "kette.list_commands:template",
    "generate": "kette.list_commands:generate",
    "record": "kette.recording_commands:record",
    "evaluate": "kette.chain_commands:evaluate",
    "check": "kette.chain_commands:check",
    "gaps": "kette.reading_commands:gaps",
    "timeline": "kette.reading_commands:timeline",
    "why": "kette.reading_commands:why",
    "what-if": "kette.question_commands:what_if",
    "simulate": "kette.question_commands:simulate",
    "events": "kette.reading_commands:events",
    "consume": "kette.consume_commands:consume",
    "subscribe": "kette.consume_commands:subscribe",
    "rebuild": "kette.store_commands:rebuild",
    "export": "kette.store_commands:export",
    "backup": "kette.store_commands:backup",
    "restore": "kette.store_commands:restore",
    "keys": "kette.key_commands:keys",
    "topics": "kette.topic_commands:topics",
    "clock": "kette.clock_commands:clock",
    "notary": "kette.notary_commands:notary",
    "witness": "kette.notary_commands:witness",
    "relay": "kette.relay_commands:relay",
    "republish": "kette.relay_commands:republish",
    "rules": "kette.law_commands:rules",
    "organisations": "kette.organisation_commands:organisations",
    "config": "kette.reference_commands:config",
}


class _Commands(TyperGroup):
    """The commands by name, imported when they are called; the types of its context are private to Typer."""

    @override
    def list_commands(self, ctx: Any) -> list[str]:
        return list(_COMMANDS)

    @override
    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, function = place.partition(":")
        found = getattr(import_module(module), function)
        if not gc.isenabled():  # main is about to run the command
            keep_what_is_there()
        if isinstance(found, typer.Typer):  # a group of commands
            return typer.main.get_command(found)
        one = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        one.command(cmd_name)(found)
        return typer.main.get_command(one)


app = typer.Typer(
    name="kette",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def kette() -> None:
    """Kette: journeys, gaps and who has to act. Exit codes: docs/reference/commands.md."""


def main() -> None:
    """Run the command line; nothing is collected until the command's modules are imported."""
    gc.disable()
    use_locale()
    app()


if __name__ == "__main__":
    main()
