#!/usr/bin/env bash
# Runs a suite as N shards by GNU parallel, two more times where one is killed, and merges them.
#   parallel.sh N OUT [OPTION...]
# Options are those of `pep554 run`; those of parallel are in PARALLEL, such as PARALLEL='--sshlogin a,b --env PEP554'
# for machines that share OUT and PEP554, the program (default: pep554 on the PATH). OUT gets the report of all,
# OUT/shards/I that of each shard, OUT/joblog what became of each. Exit codes: those of `pep554 merge`.
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: parallel.sh N OUT [OPTION...]" >&2; exit 2; }
here=$(dirname "$(readlink -f "$0")")
count=$1 out=$(realpath -m "$2")
shift 2
mkdir -p "$out"
# A shard that failed is missing, and `merge` says so.
parallel --quote --retries 3 --joblog "$out/joblog" "$here/shard.sh" "{}/$count" "$out" "$@" ::: $(seq "$count") || true
exec "$here/merge.sh" "$out"
