# Sourced by services.sh. Starts MariaDB three times below $work, each on a free port of its own, as the unprivileged user:
#   TEST_MARIADB_PORT          TLS with a certificate for "localhost" that TEST_MARIADB_CA signed
#   TEST_MARIADB_EXPIRED_PORT  TLS only, with a certificate that expired, and 10 connections in all
#   TEST_MARIADB_PLAIN_PORT    no TLS; its users come from 127.0.0.1 only
# Each has a socket, TEST_MARIADB_SOCKETS/<tls|expired|plain>/mysql.sock, by which root comes in without a password.

find_mariadbd() { command -v mariadbd || ls /usr/sbin/mariadbd 2>/dev/null || true; }
mariadbd=$(find_mariadbd)
[ -n "$mariadbd" ] || { log=$work/apt.log && install_packages mariadb-server; }
mariadbd=$(find_mariadbd)
[ -x "$mariadbd" ] || die "mariadb-server was installed but mariadbd is not there"

stop_mariadb() {
  local pid
  for pid in "$work"/mariadb/*/pid; do
    if [ -f "$pid" ]; then kill -KILL "$(cat "$pid")" 2>/dev/null; fi
  done
}

seed_mariadb() {
  mkdir -p "$work/mariadb"
  if [ "$(id -u)" = 0 ]; then chown postgres "$work/mariadb"; fi
  # Temporary files of its own: the caller's $TMPDIR may be closed to the server's user.
  as_server env TMPDIR="$work/mariadb" mariadb-install-db --no-defaults --datadir="$work/mariadb/seed" --auth-root-authentication-method=normal --skip-test-db --innodb-log-file-size=16M \
    >"$work/mariadb.log" 2>&1 || { cat "$work/mariadb.log" >&2; die "mariadb-install-db failed"; }
}

# start_mariadb <name> <port> <host that users may come from> <setting>...
start_mariadb() {
  local name=$1 port=$2 from=$3 dir=$work/mariadb/$1 tries=0
  shift 3
  mkdir -p "$dir"
  cp "$work"/{good,expired}.{crt,key} "$work/ca.crt" "$dir"
  cp -r "$work/mariadb/seed" "$dir/data"
  if [ "$(id -u)" = 0 ]; then chown -R postgres "$dir"; fi
  as_server env TMPDIR="$dir" "$mariadbd" --no-defaults --datadir="$dir/data" --socket="$dir/mysql.sock" --port="$port" --bind-address=localhost \
    --pid-file="$dir/pid" --log-error="$dir/server.log" --skip-name-resolve --skip-log-bin --innodb-flush-log-at-trx-commit=0 \
    --innodb-buffer-pool-size=64M --plugin-load-add=auth_ed25519 "$@" </dev/null >/dev/null 2>&1 &
  until as_server mariadb-admin --no-defaults -u root -S "$dir/mysql.sock" ping >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { cat "$dir/server.log" >&2; die "the MariaDB server $name did not start"; }
    sleep 0.1
  done
  as_server mariadb --no-defaults -u root -S "$dir/mysql.sock" <<SQL
CREATE DATABASE assay_test CHARACTER SET utf8mb4;
CREATE DATABASE assay_closed;
CREATE USER assay_admin@'$from' IDENTIFIED BY '$password';
GRANT ALL ON *.* TO assay_admin@'$from' WITH GRANT OPTION;
CREATE USER assay_reader@'$from' IDENTIFIED BY '$password';
GRANT SELECT, SHOW VIEW ON *.* TO assay_reader@'$from';
CREATE USER assay_blind@'$from' IDENTIFIED BY '$password';
GRANT SELECT ON assay_test.* TO assay_blind@'$from';
CREATE USER assay_tls_only@'$from' IDENTIFIED BY '$password' REQUIRE SSL;
CREATE USER assay_locked@'$from' IDENTIFIED BY '$password' ACCOUNT LOCK;
CREATE USER assay_expired@'$from' IDENTIFIED BY '$password' PASSWORD EXPIRE;
CREATE USER assay_plugin@'$from' IDENTIFIED VIA ed25519 USING PASSWORD('$password');
CREATE USER assay_elsewhere@'10.255.255.1' IDENTIFIED BY '$password';
CREATE USER assay_one@'$from' IDENTIFIED BY '$password' WITH MAX_USER_CONNECTIONS 1;
SQL
}

export TEST_MARIADB_HOST=localhost TEST_MARIADB_USER=assay_admin TEST_MARIADB_PASSWORD=$password TEST_MARIADB_SOCKETS=$work/mariadb
export TEST_MARIADB_CA=$work/ca.crt TEST_MARIADB_OTHER_CA=$work/other.crt
seed_mariadb
TEST_MARIADB_PORT=$(free_port) && start_mariadb tls "$TEST_MARIADB_PORT" % --ssl-cert="$work/mariadb/tls/good.crt" --ssl-key="$work/mariadb/tls/good.key"
TEST_MARIADB_EXPIRED_PORT=$(free_port) && start_mariadb expired "$TEST_MARIADB_EXPIRED_PORT" % --ssl-cert="$work/mariadb/expired/expired.crt" \
  --ssl-key="$work/mariadb/expired/expired.key" --require-secure-transport=ON --max-connections=10
TEST_MARIADB_PLAIN_PORT=$(free_port) && start_mariadb plain "$TEST_MARIADB_PLAIN_PORT" 127.0.0.1 --skip-ssl
export TEST_MARIADB_PORT TEST_MARIADB_EXPIRED_PORT TEST_MARIADB_PLAIN_PORT
echo "services: MariaDB $("$mariadbd" --version | grep -o 'Ver [0-9.]*' | cut -c5-) with TLS on $TEST_MARIADB_PORT, expired certificate on $TEST_MARIADB_EXPIRED_PORT, without TLS on $TEST_MARIADB_PLAIN_PORT"
