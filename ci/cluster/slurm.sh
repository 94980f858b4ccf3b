#!/usr/bin/env bash
# Runs a suite as N shards on a Slurm cluster, waits, and merges them; the same command again runs what is missing.
#   slurm.sh N OUT [OPTION...]
# Options are those of `pep554 run`; further ones of sbatch are in its variables, such as SBATCH_PARTITION. OUT is a
# folder that all nodes share, PEP554 the program there (default: pep554 on the PATH). OUT gets the report of all,
# OUT/shards/I that of each shard, OUT/*.log what they printed. Exit codes: those of `pep554 merge`.
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: slurm.sh N OUT [OPTION...]" >&2; exit 2; }
here=$(dirname "$(readlink -f "$0")")
count=$1 out=$(realpath -m "$2")
shift 2
mkdir -p "$out"
array=$(sbatch --parsable --array="1-$count" --output="$out/shard-%a.log" "$here/shard.sh" "$count" "$out" "$@")
echo "pep554: job ${array%%;*}, shards 1 to $count; to run one again: sbatch --array=I $here/shard.sh $count $out ..."
status=0
sbatch --quiet --wait --dependency="afterany:${array%%;*}" --job-name=pep554-merge --output="$out/merge.log" \
  "$here/merge.sh" "$out" || status=$?
cat "$out/merge.log"
exit $status
