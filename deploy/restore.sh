#!/usr/bin/env bash
# Bring a backup back: checks it, restores database, uploads and keys, then verifies the audit chain.
#
#   deploy/restore.sh [--force] BACKUP [KEYS_TAR]
#
# Stop Lianxin first. Without --force it refuses to write over anything that is there.
set -euo pipefail
umask 077

force=no
if [[ ${1:-} == --force ]]; then force=yes; shift; fi
backup=$(realpath "${1:?usage: deploy/restore.sh [--force] BACKUP [KEYS_TAR]}")
keys=${2:+$(realpath "$2")}
cd "$(dirname "$0")/.."
python=${LIANXIN_PYTHON:-.venv/bin/python}

# shellcheck disable=SC1090
eval "$("$python" deploy/places.py)"   # kind, database, files, vault, masters, checkpoints

refuse() { echo "Not restored: $1" >&2; exit 1; }

(cd "$backup" && sha256sum --quiet --check SHA256SUMS) || refuse "the backup is damaged"
if [[ -z $keys && -f $backup/keys.tar ]]; then keys=$backup/keys.tar; fi
[[ -n $keys ]] || refuse "name the file with the keys (lianxin-….keys.tar)"
if [[ -f $keys.sha256 ]]; then
    (cd "$(dirname "$keys")" && sha256sum --quiet --check "$keys.sha256") || refuse "the keys are damaged"
fi
if [[ $kind == postgresql ]]; then
    [[ -f $backup/database.dump ]] || refuse "this is a backup of SQLite, LIANXIN_DATABASE_URL names PostgreSQL"
    tables=$(psql --no-psqlrc --tuples-only --no-align --dbname="$database" \
        --command="SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    [[ $tables == 0 || $force == yes ]] || refuse "the database is not empty (--force replaces it)"
else
    [[ -f $backup/database.sqlite3 ]] || refuse "this is a backup of PostgreSQL, LIANXIN_DATABASE_URL names SQLite"
    [[ ! -e $database || $force == yes ]] || refuse "$database is there (--force replaces it)"
fi
for folder in "$files" "$vault" ${masters:+"$masters"}; do
    [[ $force == yes || -z $(ls -A "$folder" 2>/dev/null || true) ]] || refuse "$folder is not empty (--force replaces it)"
done

if [[ $kind == postgresql ]]; then
    if [[ $tables != 0 ]]; then
        psql --no-psqlrc --quiet --dbname="$database" --command="DROP SCHEMA public CASCADE; CREATE SCHEMA public" 2>/dev/null
    fi
    pg_restore --no-owner --no-privileges --exit-on-error --single-transaction --dbname="$database" "$backup/database.dump"
else
    mkdir -p "$(dirname "$database")"
    rm -f "$database" "$database-wal" "$database-shm"
    cp "$backup/database.sqlite3" "$database"
fi
unpack() { # FOLDER TAR [MEMBER]
    rm -rf "$1"
    mkdir -p "$1"
    tar --extract --file="$2" --directory="$1" ${3:+--strip-components=1 "$3"}
}
unpack "$files" "$backup/files.tar"
unpack "$vault" "$keys" keys
if [[ -n $masters ]]; then unpack "$masters" "$keys" masters; fi

"$python" manage.py migrate --verbosity 0
if [[ -n $(ls -A "$checkpoints" 2>/dev/null || true) ]]; then
    # They outlived the database, as they should: say in them that rows after the backup are gone.
    "$python" manage.py audit_checkpoint --restored
elif [[ -f $backup/checkpoints.tar ]]; then
    unpack "$checkpoints" "$backup/checkpoints.tar"
fi
# Rows later than the backup are gone: the trail's checkpoints must say so in the open.
"$python" manage.py audit_checkpoint --restored
"$python" manage.py audit_verify
echo "Restored from $backup"
