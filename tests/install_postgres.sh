#!/usr/bin/env bash
# The journal's tests also run on the system's PostgreSQL 15, in clusters of their own: only its programs are needed.
set -euo pipefail
programs=${KETTE_TEST_POSTGRES_15:-/usr/lib/postgresql/15/bin}
if [ -x "$programs/initdb" ] && [ -x "$programs/postgres" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  mkdir -p /etc/postgresql-common/createcluster.d
  echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/none.conf
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15 >/dev/null
  exit 0
fi
echo "PostgreSQL 15 is missing in $programs; install it (Debian: apt-get install postgresql-15) or name" \
  "the folder of its programs in KETTE_TEST_POSTGRES_15, and call make again" >&2
exit 1
