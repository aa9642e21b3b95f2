#!/usr/bin/env bash
# Runs a command with real servers beside it:  bash scripts/services.sh <command> [arguments]
#
# Starts PostgreSQL 15 three times, each on a free port of its own, as an unprivileged user, below a temporary folder:
#   TEST_POSTGRES_*           TLS with a certificate for "localhost" that TEST_POSTGRES_CA signed
#   TEST_POSTGRES_EXPIRED_PORT  TLS with a certificate that expired, and 5 connections in all
#   TEST_POSTGRES_PLAIN_PORT  no TLS
#   ASSAY_TEST_DATABASE_URL   the one without TLS, for the tests that need a database of the catalog's own
# and MariaDB likewise (services-mariadb.sh), unless SERVICES=postgres.
# All three have the superuser TEST_POSTGRES_USER with TEST_POSTGRES_PASSWORD, and the roles of the fixture below.
# A server that does not come up is a failure, never a skip. Ends with the exit code of the command.
set -euo pipefail

die() { echo "services: $*" >&2; exit 1; }
[ $# -gt 0 ] || die "give the command to run"

work=
stop_all() {
  local code=$?
  trap - EXIT
  set +e
  if [ -n "$work" ]; then
    for data in "$work"/*/data; do
      [ -f "$data/postmaster.pid" ] && as_server "$bin/pg_ctl" -D "$data" -m immediate -w stop >/dev/null
    done
    if declare -F stop_mariadb >/dev/null; then stop_mariadb; fi
    rm -rf "$work"
  fi
  exit "$code"
}
trap stop_all EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

install_packages() {
  [ "$(id -u)" = 0 ] || die "$* not found, and only root can install it: apt-get install $*"
  command -v apt-get >/dev/null || die "$* not found, and this is not a Debian: install it by hand"
  # Debian starts a server as soon as it is installed, on the port it likes. Ours are started below instead.
  local policy=/usr/sbin/policy-rc.d made=
  if [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' >$policy; chmod +x $policy; made=yes; fi
  local code=0
  {
    apt-get update -qq &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
  } </dev/null >"$log" 2>&1 || code=$?
  if [ -n "$made" ]; then rm -f $policy; fi
  [ $code = 0 ] || { cat "$log" >&2; die "apt-get install $* failed"; }
}

log=$(mktemp)
find_postgres() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true; }
command -v openssl >/dev/null || install_packages openssl
bin=$(find_postgres)
[ -n "$bin" ] || install_packages postgresql
bin=$(find_postgres)
rm -f "$log"
[ -x "$bin/initdb" ] || die "PostgreSQL was installed but /usr/lib/postgresql/*/bin/initdb is not there"

if [ "$(id -u)" = 0 ]; then
  as_server() { (cd / && exec runuser -u postgres -- "$@"); }
else
  as_server() { (cd / && exec "$@"); }
fi

# Not $TMPDIR: the server's user must be able to enter it, and a socket path holds 107 bytes.
work=$(mktemp -d /tmp/assay-services-XXXXXX)
chmod 755 "$work"
password=$(openssl rand -hex 16)

make_certificates() {
  local dir=$1
  cd "$dir"
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Assay test authority' -keyout ca.key -out ca.crt
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Some other authority' -keyout other.key -out other.crt
  printf 'subjectAltName=DNS:localhost\n' >san
  local name
  for name in good expired; do
    openssl req -newkey rsa:2048 -nodes -subj '/CN=localhost' -keyout $name.key -out $name.csr
  done
  openssl x509 -req -in good.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile san -out good.crt
  # "ca" can date a certificate back, "x509" of OpenSSL 3.0 cannot.
  : >index; echo 01 >serial
  printf '[ca]\ndefault_ca=c\n[c]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' >ca.conf
  openssl ca -batch -config ca.conf -in expired.csr -cert ca.crt -keyfile ca.key -extfile san \
    -startdate 20200101000000Z -enddate 20200102000000Z -out expired.crt
}
(make_certificates "$work") >"$work/openssl.log" 2>&1 || { cat "$work/openssl.log" >&2; die "the certificates could not be made"; }

free_port() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }

# start_postgres <name> <port> <setting>...
start_postgres() {
  local name=$1 port=$2 dir=$work/$1
  shift 2
  mkdir -p "$dir/socket"
  cp "$work"/{good,expired}.{crt,key} "$dir"
  printf '%s' "$password" >"$dir/password"
  chmod 600 "$dir"/*.key "$dir/password"
  if [ "$(id -u)" = 0 ]; then chown -R postgres "$dir"; fi
  as_server "$bin/initdb" -D "$dir/data" -U assay_admin --pwfile="$dir/password" -A scram-sha-256 -E UTF8 --locale=C.UTF-8 -N >"$dir.log" 2>&1 ||
    { cat "$dir.log" >&2; die "initdb of $name failed"; }
  cat >"$dir/hba" <<HBA
local     all all                        trust
hostnossl all assay_tls_only 127.0.0.1/32 reject
hostnossl all assay_tls_only ::1/128      reject
host      all all            127.0.0.1/32 scram-sha-256
host      all all            ::1/128      scram-sha-256
HBA
  {
    echo "port = $port"
    echo "listen_addresses = 'localhost'"
    echo "unix_socket_directories = '$dir/socket'"
    echo "hba_file = '$dir/hba'"
    echo "fsync = off"
    printf '%s\n' "$@"
  } >"$dir/extra.conf"
  chmod 644 "$dir/hba" "$dir/extra.conf"
  as_server sh -c "cat '$dir/extra.conf' >>'$dir/data/postgresql.conf'"
  as_server "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 start >"$dir.log" 2>&1 ||
    { cat "$dir.log" "$dir/server.log" >&2; die "the $name server did not start"; }
  as_server "$bin/psql" -X -q -v ON_ERROR_STOP=1 -h "$dir/socket" -p "$port" -U assay_admin -d postgres <<SQL
CREATE DATABASE assay_test;
CREATE DATABASE assay_closed;
REVOKE CONNECT ON DATABASE assay_closed FROM PUBLIC;
CREATE ROLE assay_reader LOGIN PASSWORD '$password';
CREATE ROLE assay_blind LOGIN PASSWORD '$password';
CREATE ROLE assay_tls_only LOGIN PASSWORD '$password';
CREATE ROLE assay_no_login NOLOGIN PASSWORD '$password';
CREATE ROLE assay_expired LOGIN PASSWORD '$password' VALID UNTIL '2020-01-01';
CREATE ROLE assay_one_connection LOGIN PASSWORD '$password' CONNECTION LIMIT 1;
GRANT pg_read_all_data TO assay_reader, assay_tls_only;
SQL
}

export TEST_POSTGRES_HOST=localhost
export TEST_POSTGRES_USER=assay_admin TEST_POSTGRES_PASSWORD=$password TEST_POSTGRES_DATABASE=assay_test
export TEST_POSTGRES_CA=$work/ca.crt TEST_POSTGRES_OTHER_CA=$work/other.crt
TEST_POSTGRES_PORT=$(free_port) && start_postgres tls "$TEST_POSTGRES_PORT" "ssl = on" "ssl_cert_file = '$work/tls/good.crt'" "ssl_key_file = '$work/tls/good.key'"
TEST_POSTGRES_EXPIRED_PORT=$(free_port) && start_postgres expired "$TEST_POSTGRES_EXPIRED_PORT" "ssl = on" "ssl_cert_file = '$work/expired/expired.crt'" \
  "ssl_key_file = '$work/expired/expired.key'" "max_connections = 5" "superuser_reserved_connections = 1"
TEST_POSTGRES_PLAIN_PORT=$(free_port) && start_postgres plain "$TEST_POSTGRES_PLAIN_PORT" "ssl = off"
export TEST_POSTGRES_PORT TEST_POSTGRES_EXPIRED_PORT TEST_POSTGRES_PLAIN_PORT
# The catalog's own database too: the tests that need one use this server instead of the embedded one.
# By its socket, as the embedded one is reached.
export ASSAY_TEST_DATABASE_URL="postgresql://assay_admin:$password@/postgres?host=$work/plain/socket&port=$TEST_POSTGRES_PLAIN_PORT"
echo "services: PostgreSQL $("$bin/postgres" --version | grep -o '[0-9.]*' | head -1) with TLS on $TEST_POSTGRES_PORT, expired certificate on $TEST_POSTGRES_EXPIRED_PORT, without TLS on $TEST_POSTGRES_PLAIN_PORT"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ "${SERVICES:-all}" = all ]; then
  # shellcheck source=scripts/services-mariadb.sh
  . "$here/services-mariadb.sh"
fi

# In the background and waited for, so that a signal reaches the trap while the command runs.
"$@" </dev/null &
child=$!
trap 'kill -TERM $child 2>/dev/null; wait $child; exit 143' TERM INT HUP
wait $child
