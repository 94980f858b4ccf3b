# Sourced by the commands beside it: packages (ci/packages.sh), a build that shows its progress, and
# steps that are timed, logged and listed at the end. The commands set pipefail: whatever reads a pipe
# reads it to its end (no `head`, no `grep -q`), or the writer's SIGPIPE ends them with 141.
. ci/packages.sh

# Objects are kept across builds and checkouts, where ccache is installed (test_packages has it).
if command -v ccache >/dev/null; then
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
  export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
fi

# progress WORD: of lines that begin with `[3/12]` or `3/12`, one that is rewritten on a terminal, and
# one each ten seconds in a log.
progress() {
  local line last=$SECONDS
  while IFS= read -r line; do
    [[ $line =~ ^\ *\[?([0-9]+)/([0-9]+) ]] || continue
    if [ -t 1 ]; then
      printf '\r   %s %s of %s\e[K' "$1" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
    elif ((SECONDS - last >= 10)); then
      echo "   $1 ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
      last=$SECONDS
    fi
  done
  [ ! -t 1 ] || printf '\r\e[K'
}

# compile PRESET [CMAKE OPTION...]: configures and builds build/PRESET; build/PRESET/build.log has the
# compiler's output, which is printed when it fails. Options name another preset's build directory (-B).
compile() {
  local preset=$1 folder=build/$1 log
  shift
  [ "${1:-}" != -B ] || folder=$2
  log=$folder/build.log
  mkdir -p "$folder"
  cmake --preset "$preset" "$@" >"$log" 2>&1 &&
    cmake --build "$folder" 2>&1 | tee -a "$log" | progress compiled || {
    grep -A 30 -m 3 -E '^FAILED|CMake Error' "$log" >&2 || tail -n 30 "$log" >&2
    echo "the build failed; all of its output is in $log" >&2
    return 1
  }
}

# run_tests FOLDER LABELS: the tests of a build that have one of the labels (a regular expression);
# FOLDER/ctest.log has all output, which is printed of those that fail. Two more at a time than there are
# processors, since many wait for a deadline.
run_tests() {
  local log=$1/ctest.log status=0
  ctest --test-dir "$1" -L "$2" --output-on-failure --no-tests=error -j "$(($(nproc) + 2))" 2>&1 |
    tee "$log" | progress tested || status=1
  [ $status -eq 0 ] || sed -n '/\*\*\*/,/^ *Start\|^ *[0-9]*\/[0-9]* Test/p' "$log"
  return $status
}

steps=()      # name, seconds, exit code, and what was checked, of each step so far, with tabs between
failed_steps=0
checked=      # set by a step: what it checked

# step NAME COMMAND...: runs and times it; ends with its exit code.
step() {
  local name=$1 start=$SECONDS status=0
  shift
  checked=
  echo "== $name (after $start s)"
  "$@" || status=$?
  [ $status -eq 0 ] || failed_steps=$((failed_steps + 1))
  steps+=("$name"$'\t'$((SECONDS - start))$'\t'$status$'\t'"$checked")
  return $status
}

# show_steps: the table.
show_steps() {
  local row name seconds status what
  printf '\n%-12s %7s  %-4s  %s\n' step seconds exit "what it checked"
  for row in "${steps[@]}"; do
    IFS=$'\t' read -r name seconds status what <<<"$row"
    printf '%-12s %7d  %-4s  %s\n' "$name" "$seconds" "$status" "$what"
  done
  printf '%-12s %7d\n' "in all" "$SECONDS"
}

# show_slowest LOG: the ten tests of CTest's output that took longest.
show_slowest() {
  printf '\nthe ten slowest tests\n'
  sed -nE 's/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: ([^ ]+).* ([0-9.]+) sec.*$/\2 \1/p' "$1" | sort -rn |
    awk 'NR <= 10 { printf "%7.1f s  %s\n", $1, $2 }'
}

# show_summary LOG: CTest's own.
show_summary() { printf '\n'; sed -n '/% tests passed/,$p' "$1"; }
