# Read by ctest, for a call of pep554_add_conformance_test: adds a test for each case. `pep554_settings`
# is the file of the call's arguments.

function(_pep554_discover_cases)
  include("${pep554_settings}")
  set(filter "")
  if(NOT "${pep554_filter}" STREQUAL "")
    string(REPLACE ";" "\\;" pattern "${pep554_filter}")
    set(filter --filter "${pattern}")
  endif()
  execute_process(COMMAND "${pep554_program}" list cases ${filter} OUTPUT_VARIABLE listed ERROR_QUIET
                  RESULT_VARIABLE code)
  if(NOT code EQUAL 0) # a test that fails, and says why
    add_test("${pep554_name}" "${pep554_program}" list cases ${filter})
    return()
  endif()
  # The id is the first word of each line.
  string(REGEX REPLACE " [^\n]*" "" ids "${listed}")
  string(REGEX REPLACE "\n" ";" ids "${ids}")
  foreach(id ${ids})
    set(test "${pep554_name}/${id}")
    add_test("${test}" "${pep554_cmake}" "-Dpep554_settings=${pep554_settings}" "-Dpep554_case=${id}"
             -P "${pep554_run_case}")
    set_tests_properties("${test}" PROPERTIES SKIP_REGULAR_EXPRESSION "(^|\n)pep554: skipped: "
                         ${pep554_properties})
  endforeach()
endfunction()

_pep554_discover_cases()
