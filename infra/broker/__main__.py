"""``python -m infra.broker up|down|fetch``: brokers on this machine for those who have none."""

import argparse
import os
import sys
from pathlib import Path

from infra.broker.errors import BrokerError
from infra.broker.jars import KAFKA, fetch
from infra.broker.java import provided_java
from infra.broker.service import down, up

_SIZES = (1, 3)


def main() -> int:
    """Do what is asked; an error is one sentence."""
    asked = _parser().parse_args()
    try:
        return _do(asked)
    except BrokerError as error:
        print(f"kafka: {error}", file=sys.stderr)
        return 1


def _do(asked: argparse.Namespace) -> int:
    match asked.action:
        case "up":
            folder = asked.folder or _default_folder(asked.nodes)
            bootstrap = up(folder.expanduser().absolute(), asked.nodes, asked.port)
            print(f"kafka: {KAFKA} runs, data in {folder}; KETTE_KAFKA={bootstrap}")
        case "down":
            folders = [asked.folder] if asked.folder else [_default_folder(one) for one in _SIZES]
            print(f"kafka: {sum(down(one.expanduser().absolute()) for one in folders)} stopped")
        case _:
            print(f"kafka: jars in {fetch()}, java {provided_java()}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.broker", description=__doc__)
    parser.add_argument("action", choices=("up", "down", "fetch"))
    parser.add_argument("--nodes", type=int, choices=_SIZES, default=1, help="three replicate")
    parser.add_argument("--port", type=int, default=9092, help="port of the first broker")
    parser.add_argument(
        "--folder", type=Path, help="where the data lies; else below KETTE_DATA_DIR"
    )
    return parser


def _default_folder(nodes: int) -> Path:
    """Return the place beside the embedded PostgreSQL, one for each size of cluster."""
    kept = os.environ.get("KETTE_DATA_DIR") or Path.home() / ".local" / "share" / "kette"
    return Path(kept) / ("kafka" if nodes == 1 else f"kafka-{nodes}")


if __name__ == "__main__":
    sys.exit(main())
