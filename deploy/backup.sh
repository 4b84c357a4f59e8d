#!/usr/bin/env bash
# Write one backup: database, uploads and keys, with checksums.
#
#   deploy/backup.sh DATA_FOLDER [KEY_FOLDER]
#
# Give a KEY_FOLDER on another machine or medium: whoever holds data and keys together can read
# everything, whoever loses the keys can read nothing. LIANXIN_BACKUP_KEEP (14) older ones are kept.
set -euo pipefail
umask 077

data=${1:?usage: deploy/backup.sh DATA_FOLDER [KEY_FOLDER]}
keys=${2:-}
keep=${LIANXIN_BACKUP_KEEP:-14}
mkdir -p "$data"
data=$(realpath "$data")
if [[ -n $keys ]]; then mkdir -p "$keys"; keys=$(realpath "$keys"); fi
cd "$(dirname "$0")/.."
python=${LIANXIN_PYTHON:-.venv/bin/python}

# shellcheck disable=SC1090
eval "$("$python" deploy/places.py)"   # kind, database, files, vault, masters, checkpoints

name=lianxin-$(date -u +%Y%m%dT%H%M%SZ)
draft=$data/.$name
trap 'rm -rf "$draft"' EXIT
mkdir "$draft"

# The database first: a file that comes in afterwards is only one too many, never one too few.
if [[ $kind == postgresql ]]; then
    pg_dump --format=custom --no-owner --no-privileges --file="$draft/database.dump" "$database"
else
    "$python" - "$database" "$draft/database.sqlite3" <<'PY'
import sqlite3
import sys

source = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
target = sqlite3.connect(sys.argv[2])
source.backup(target)
(sound,) = target.execute("PRAGMA integrity_check").fetchone()
target.close()
sys.exit(0 if sound == "ok" else f"the copy of the database is damaged: {sound}")
PY
fi
mkdir -p "$files"
tar --create --file="$draft/files.tar" --directory="$files" .
if [[ -d $checkpoints ]]; then
    tar --create --file="$draft/checkpoints.tar" --directory="$checkpoints" .
fi
if [[ -n $keys ]]; then
    target=$keys/$name.keys.tar
else
    echo "Warning: keys and data lie in one backup; name a second folder for the keys." >&2
    target=$draft/keys.tar
fi
mkdir -p "$vault"
tar --create --file="$target" --directory="$vault" --transform='s,^\.,keys,' .
if [[ -n $masters ]]; then
    tar --append --file="$target" --directory="$masters" --transform='s,^\.,masters,' .
fi
if [[ -n $keys ]]; then
    (cd "$keys" && sha256sum "$name.keys.tar" > "$name.keys.tar.sha256")
fi
git rev-parse HEAD > "$draft/version" 2>/dev/null || true
(cd "$draft" && sha256sum -- * > SHA256SUMS)
sync -f "$draft"
mv "$draft" "$data/$name"
trap - EXIT

# Only whole backups count, and only ours are removed.
find "$data" -mindepth 1 -maxdepth 1 -type d -name 'lianxin-*Z' | sort | head -n "-$keep" |
    while read -r old; do rm -rf "$old"; done
if [[ -n $keys ]]; then
    find "$keys" -maxdepth 1 -name 'lianxin-*Z.keys.tar*' | sort | head -n "-$((keep * 2))" |
        while read -r old; do rm -f "$old"; done
fi
echo "$data/$name"
