#!/usr/bin/env bash
#SBATCH --job-name=pep554 --requeue --open-mode=append
# Runs one shard, or finishes it where it was killed: a task of a Slurm array, or a job of GNU parallel.
#   sbatch --array=1-N shard.sh N OUT [OPTION...]     the task's number is the shard's
#   shard.sh I/N OUT [OPTION...]                      shard I
# Options are those of `pep554 run`; PEP554 is the program (default: pep554 on the PATH). The results go to
# OUT/shards/I. Exit codes: 0 the shard was run, whatever the verdicts, which `pep554 merge` adds up; else that of
# `pep554 run`: the shard is to be run again.
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: shard.sh N|I/N OUT [OPTION...]" >&2; exit 2; }
shard=$1 folder=$2/shards
shift 2
# Not SLURM_ARRAY_TASK_COUNT: it is 1 when one task is submitted again.
[[ $shard == */* ]] || shard=${SLURM_ARRAY_TASK_ID:?not a task of an array: give I/N}/$shard
folder+=/${shard%/*}

# A store without one whole line is of a run that did not begin.
if [ -e "$folder/histories.jsonl" ] && [ "$(wc -l <"$folder/histories.jsonl")" -gt 0 ]; then
  where=(--resume "$folder")
else
  where=(--out "$folder")
fi
status=0
"${PEP554:-pep554}" run --quiet --shard "$shard" "${where[@]}" "$@" || status=$?
[ $status -ne 1 ] || status=0
exit $status
