# Completion of pep554 for bash; for zsh behind: autoload -U bashcompinit && bashcompinit

# _pep554_ids WORD: ids of cases and clauses.
_pep554_ids() {
  { pep554 list cases; pep554 list clauses; } 2>/dev/null | awk '{ print $1 }'
}

_pep554() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
  # A colon splits words; a target is completed as far as its kind.
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W 'run gate diff merge report list explain doctor properties replay judge script --help --version' -- "$word"))
    return
  fi
  [[ $word != -* ]] && case $command:$before in
  run:--target | properties:--target | replay:--target | doctor:doctor)
    COMPREPLY=($(compgen -W 'reference cpython: python: plugin: host:' -- "$word"))
    type compopt >/dev/null 2>&1 && compopt -o nospace
    return
    ;;
  run:--targets) COMPREPLY=($(compgen -f -X '!*.toml' -- "$word") $(compgen -d -- "$word")); return ;;
  run:--times | list:--times | merge:merge) COMPREPLY=($(compgen -d -- "$word") $(compgen -f -X '!*.json' -- "$word")); return ;;
  merge:--out | merge:--cases | report:* | judge:--out | run:--out | properties:--out | properties:--corpus | replay:--scripts | run:--cases | script:--cases | run:--resume | judge:* | replay:replay) COMPREPLY=($(compgen -d -- "$word")); return ;;
  *:--color) COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
  *:--baseline) COMPREPLY=($(compgen -f -X '!*.toml' -- "$word") $(compgen -d -- "$word")); return ;;
  diff:--format) COMPREPLY=($(compgen -W 'text markdown json' -- "$word")); return ;;
  gate:--results | diff:* | *:--readable) COMPREPLY=($(compgen -f -- "$word")); return ;;
  *:--env) COMPREPLY=($(compgen -e -- "$word")); return ;;
  run:--filter | list:--filter | explain:explain) COMPREPLY=($(compgen -W "$(_pep554_ids)" -- "$word")); return ;;
  run:--shard | list:--shard | run:--jobs | run:-j | run:--repeat | run:--startup-timeout | properties:--seed | properties:--from | properties:--examples | \
    properties:--seconds | replay:--times | properties:--shrink-seconds | properties:--jobs | properties:-j | *:--timeout) return ;;
  properties:--property)
    COMPREPLY=($(compgen -W "$(pep554 list properties 2>/dev/null | awk '{ print $1 }')" -- "$word"))
    return
    ;;
  script:script) COMPREPLY=($(compgen -W "$(pep554 list cases 2>/dev/null | awk '{ print $1 }')" -- "$word")); return ;;
  script:--history) COMPREPLY=($(compgen -f -X '!*.json' -- "$word") $(compgen -d -- "$word")); return ;;
  script:--adapter)
    COMPREPLY=($(compgen -W 'concurrent interpreters xxsubinterpreters testsupport' -- "$word"))
    return
    ;;
  list:list) COMPREPLY=($(compgen -W 'cases clauses properties targets' -- "$word")); return ;;
  esac
  case $command in
  run)
    COMPREPLY=($(compgen -W '--color --target --targets --filter --shard --times --jobs --repeat --timeout --startup-timeout --examples --seed --seconds --shrink-seconds --network --env --readable --out --resume --baseline --update --cases --quiet --help' \
      -- "$word"))
    ;;
  gate) COMPREPLY=($(compgen -W '--results --baseline --update --help' -- "$word")) ;;
  diff) COMPREPLY=($(compgen -W '--format --help' -- "$word")) ;;
  list) COMPREPLY=($(compgen -W '--toml --filter --shard --times --help' -- "$word")) ;;
  properties)
    COMPREPLY=($(compgen -W '--target --property --seed --from --examples --first --timeout --seconds --shrink-seconds --jobs --out --corpus --anew --stats --env --readable --quiet --help' \
      -- "$word"))
    ;;
  doctor) COMPREPLY=($(compgen -W '--color --json --timeout --env --readable --help' -- "$word")) ;;
  script) COMPREPLY=($(compgen -W '--adapter --cases --history --c --help' -- "$word")) ;;
  replay) COMPREPLY=($(compgen -W '--target --times --timeout --scripts --env --readable --help' -- "$word")) ;;
  judge) COMPREPLY=($(compgen -W '--color --out --help' -- "$word") $(compgen -d -- "$word")) ;;
  merge) COMPREPLY=($(compgen -W '--color --out --cases --help' -- "$word")) ;;
  explain | judge | report) COMPREPLY=($(compgen -W '--help' -- "$word")) ;;
  esac
}

complete -F _pep554 pep554
