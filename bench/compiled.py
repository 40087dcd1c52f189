"""Programs find their modules compiled, as they do once installed, also where the environment keeps Python from it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_KEPT_FROM = "PYTHONDONTWRITEBYTECODE"
_PLACE = "PYTHONPYCACHEPREFIX"


@contextmanager
def compiled() -> Iterator[None]:
    """Keep compiled modules in a folder of their own for whatever is started within."""
    before = {name: os.environ.pop(name, None) for name in (_KEPT_FROM, _PLACE)}
    with tempfile.TemporaryDirectory(prefix="kette-bench-") as folder:
        os.environ[_PLACE] = folder
        try:
            modules = "import kette.chain_commands, kette.question_commands"
            subprocess.run([sys.executable, "-c", modules], check=True)
            yield
        finally:
            del os.environ[_PLACE]
            os.environ.update({name: value for name, value in before.items() if value is not None})
