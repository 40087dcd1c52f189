#!/usr/bin/env bash
# The AsyncAPI document is checked and drawn by AsyncAPI's own tools, which come from npm.
set -euo pipefail
cd "$(dirname "$0")/../docs/asyncapi"
if cmp -s package-lock.json node_modules/.installed; then exit 0; fi
../../.venv/bin/python - <<'PYTHON'
import subprocess, sys
from web.fetch_assets import npm
sys.exit(subprocess.call([*npm(), "ci", "--no-audit", "--no-fund", "--silent"]))
PYTHON
cp package-lock.json node_modules/.installed
