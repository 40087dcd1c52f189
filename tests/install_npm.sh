#!/usr/bin/env bash
# What only tests and documents take from npm, into the folder that is given: AsyncAPI's tools, a Zstandard reader.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root/$1"
if cmp -s package-lock.json node_modules/.installed; then exit 0; fi
PYTHONPATH="$root" "$root/.venv/bin/python" - <<'PYTHON'
import subprocess, sys
from web.fetch_assets import npm
sys.exit(subprocess.call([*npm(), "ci", "--no-audit", "--no-fund", "--silent"]))
PYTHON
cp package-lock.json node_modules/.installed
