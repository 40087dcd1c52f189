#!/usr/bin/env bash
# The same tests, without browser, broker and faults, on the newest Python that is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.venv/bin/uv

newest_python() { # the path of the newest interpreter that runs, if it is newer than .venv's
  local own best="" best_minor found minor
  own=$(.venv/bin/python -c 'import sys; print(sys.version_info[1])')
  best_minor=$own
  for found in /usr/bin/python3.?? /usr/local/bin/python3.?? "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3; do
    [ -x "$found" ] || continue
    minor=$("$found" -c 'import sys; print(sys.version_info[1])' 2>/dev/null) || continue
    if [ "$minor" -gt "$best_minor" ]; then best_minor=$minor best=$found; fi
  done
  echo "$best"
}

newest=$(newest_python)
if [ -z "$newest" ]; then
  echo "newest Python: the one of .venv; nothing newer is installed"
  exit 0
fi
echo "newest Python: $("$newest" --version)"
[ -x .venv-newest/bin/python ] || "$uv" venv -q --python "$newest" .venv-newest
"$uv" pip install -q --python .venv-newest/bin/python --require-hashes -r requirements-setup.lock -r requirements-dev.lock
"$uv" pip install -q --python .venv-newest/bin/python --no-deps --no-build-isolation --offline -e .
.venv-newest/bin/python -m pytest -m "not soak and not browser and not faults and not broker"
