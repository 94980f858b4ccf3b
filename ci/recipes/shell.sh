#!/usr/bin/env bash
# For any CI service that runs a shell: builds pep554, judges a target, and prints the summary.
#   shell.sh TARGET [OUT] [OPTION...]
# Options are those of `pep554 run`. Keep the folder OUT (default: pep554-report) as an artifact, and show its
# junit.xml. PEP554 names an installed pep554, so that none is built. Exit codes: those of `pep554 run`.
set -euo pipefail
target=${1:?usage: shell.sh TARGET [OUT] [OPTION...]} out=${2:-pep554-report}
shift $(($# < 2 ? $# : 2))
root=$(readlink -f "$(dirname "$(readlink -f "$0")")/../..")
[ -n "${PEP554:-}" ] || "$root/ci/conform" --build
rm -f "$out/summary.md"
status=0
"${PEP554:-$root/build/release/bin/pep554}" run --quiet --target "$target" --out "$out" "$@" || status=$?
[ ! -e "$out/summary.md" ] || cat "$out/summary.md"
exit $status
