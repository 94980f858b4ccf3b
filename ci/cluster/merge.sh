#!/usr/bin/env bash
# Merges the shards in OUT/shards into one report in OUT, with the exit code of `pep554 merge`.
#   merge.sh OUT
set -euo pipefail
out=${1:?usage: merge.sh OUT}
exec "${PEP554:-pep554}" merge "$out"/shards/* --out "$out"
