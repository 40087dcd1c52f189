#!/usr/bin/env bash
# The tests speak with a real Kafka: it is fetched by Maven and runs on Java, both from the system's packages.
set -euo pipefail
cd "$(dirname "$0")/.."
if .venv/bin/python -m infra.broker fetch 2>/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! command -v mvn >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends default-jre-headless maven >/dev/null
fi
exec .venv/bin/python -m infra.broker fetch
