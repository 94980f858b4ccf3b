# One test of pep554_add_conformance_test: runs the case `pep554_case`. `pep554_settings` is the file of the
# call's arguments. Fails if the case did not pass. A case that is unsupported is skipped: CTest is told by a
# line of output, since a script cannot choose its exit code.
cmake_minimum_required(VERSION 3.25)
include("${pep554_settings}")
set(out "${pep554_out}/${pep554_case}")
file(REMOVE_RECURSE "${out}")
execute_process(COMMAND "${pep554_program}" run --filter "case=${pep554_case}" --jobs 1 --out "${out}"
                        ${pep554_options}
                RESULT_VARIABLE code)
set(verdict "")
if(EXISTS "${out}/results.json")
  file(READ "${out}/results.json" results)
  string(JSON verdict ERROR_VARIABLE problem GET "${results}" cases 0 verdict)
  if(problem)
    set(verdict "")
  endif()
endif()
# With a baseline, the exit code alone says whether that was to be expected.
if(verdict STREQUAL "unsupported" AND
   (code EQUAL 0 OR (code EQUAL 1 AND "${pep554_baseline}" STREQUAL "")))
  string(JSON reason ERROR_VARIABLE problem GET "${results}" cases 0 reason)
  message("pep554: skipped: ${pep554_case} is unsupported: ${reason}")
  file(REMOVE_RECURSE "${out}")
elseif(code EQUAL 0)
  file(REMOVE_RECURSE "${out}")
elseif(verdict STREQUAL "")
  message(FATAL_ERROR "no result: pep554 ended with ${code}")
else()
  message(FATAL_ERROR "${pep554_case}: ${verdict}. The page: ${out}/index.html")
endif()
