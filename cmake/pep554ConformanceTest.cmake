# pep554_add_conformance_test(TARGET target
#                             [NAME name] [FILTER pattern] [BASELINE file] [ALL_IN_ONE]
#                             [RUN_OPTIONS option...] [PROPERTIES property value...])
#
# Adds each case of the suite as a test of CTest, called NAME/CASE: `ctest -R`, `-j` and `--rerun-failed`
# work as they do with other tests. The cases are listed when ctest starts, so neither CMake nor a build
# has to run again when the suite changes.
#
# TARGET       as `pep554 run --target` takes it, e.g. plugin:$<TARGET_FILE:mine>. Relative files are
#              looked for from the build directory of the calling CMakeLists.txt.
# NAME         of the tests; default: pep554. Two calls need two names.
# FILTER       only the cases that `pep554 run --filter` would run.
# BASELINE     the file of accepted deviations, as `pep554 run --baseline` takes it.
# ALL_IN_ONE   one test, called NAME, that runs all cases and properties. It passes if the target is
#              conformant and sound (with FILTER: if all that is selected passed; with BASELINE: if it
#              deviates exactly so). Reports: pep554/NAME in the build directory.
# RUN_OPTIONS  further options of `pep554 run`, e.g. --timeout 5.
# PROPERTIES   of the tests, as for set_tests_properties.
#
# A case whose verdict is `unsupported` is shown as skipped. CTEST COUNTS A SKIPPED TEST AS NO FAILURE;
# use ALL_IN_ONE where the conformance of the whole has to decide. With BASELINE a case is skipped only
# if the baseline expects it to be unsupported. The report of a case that did not pass stays in
# pep554/NAME/CASE of the build directory.
include_guard(GLOBAL)
cmake_policy(PUSH)
cmake_policy(VERSION 3.25)
set_property(GLOBAL PROPERTY pep554_package "${CMAKE_CURRENT_LIST_DIR}")

# _pep554_setting(VARIABLE NAME words...): a line of a script that sets NAME to these words, whatever is in
# them. A semicolon is escaped only if there are several, which make a list.
function(_pep554_setting variable name)
  set(line "set(${name}")
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "")
  foreach(word IN LISTS arg_UNPARSED_ARGUMENTS)
    if(word MATCHES "]=====]")
      message(FATAL_ERROR "pep554_add_conformance_test: \"]=====]\" cannot be in \"${word}\"")
    endif()
    if(ARGC GREATER 3)
      string(REPLACE ";" "\\;" word "${word}")
    endif()
    string(APPEND line " [=====[${word}]=====]")
  endforeach()
  set(${variable} "${${variable}}${line})\n" PARENT_SCOPE)
endfunction()

# _pep554_claim_name(NAME): an error if a call had it before.
function(_pep554_claim_name name)
  string(SHA256 key "${name}")
  get_property(taken GLOBAL PROPERTY pep554_conformance_${key})
  if(taken)
    message(FATAL_ERROR "pep554_add_conformance_test: ${taken} has tests called \"${name}\": give "
                        "these another NAME")
  endif()
  set_property(GLOBAL PROPERTY pep554_conformance_${key} "${CMAKE_CURRENT_LIST_FILE}")
endfunction()

# _pep554_add_all_in_one(NAME OUT words...): the words behind `pep554 run`; arg_PROPERTIES as given.
function(_pep554_add_all_in_one name out)
  cmake_parse_arguments(PARSE_ARGV 2 run "" "" "")
  add_test(NAME "${name}" COMMAND pep554::pep554 run --quiet --out "${out}" ${run_UNPARSED_ARGUMENTS})
  if(arg_PROPERTIES)
    set_tests_properties("${name}" PROPERTIES ${arg_PROPERTIES})
  endif()
endfunction()

# _pep554_add_cases(OUT SETTINGS): a test for each case, listed when ctest reads the script.
function(_pep554_add_cases out settings)
  get_property(package GLOBAL PROPERTY pep554_package)
  get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  set(config "")
  set(ctest_config "")
  if(multi_config)
    set(config "-$<CONFIG>")
    set(ctest_config "-\${CTEST_CONFIGURATION_TYPE}")
  endif()
  file(GENERATE OUTPUT "${out}/settings${config}.cmake" CONTENT "${settings}")
  file(WRITE "${out}/tests.cmake" "set(pep554_settings \"${out}/settings${ctest_config}.cmake\")\n"
                                  "include(\"${package}/pep554DiscoverCases.cmake\")\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${out}/tests.cmake")
endfunction()

function(pep554_add_conformance_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "ALL_IN_ONE" "TARGET;NAME;FILTER;BASELINE"
                        "RUN_OPTIONS;PROPERTIES")
  if(DEFINED arg_UNPARSED_ARGUMENTS OR DEFINED arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "pep554_add_conformance_test: unknown arguments \"${arg_UNPARSED_ARGUMENTS}\", or "
                        "no value behind \"${arg_KEYWORDS_MISSING_VALUES}\"")
  endif()
  if("${arg_TARGET}" STREQUAL "")
    message(FATAL_ERROR "pep554_add_conformance_test: no TARGET: expected one as pep554 run --target "
                        "takes it")
  endif()
  if("${arg_NAME}" STREQUAL "")
    set(arg_NAME pep554)
  endif()
  _pep554_claim_name("${arg_NAME}")
  if(NOT "${arg_BASELINE}" STREQUAL "" AND NOT "${arg_BASELINE}" MATCHES "^\\$<")
    cmake_path(ABSOLUTE_PATH arg_BASELINE BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  endif()

  # The folder is called like the tests, but for what no folder should have in its name.
  string(REGEX REPLACE "[^A-Za-z0-9_.-]|^[.]" "_" folder "${arg_NAME}")
  if(NOT "${folder}" STREQUAL "${arg_NAME}")
    string(SHA256 key "${arg_NAME}")
    string(SUBSTRING "${key}" 0 8 key)
    string(APPEND folder "-${key}")
  endif()
  set(out "${CMAKE_CURRENT_BINARY_DIR}/pep554/${folder}")

  # As list elements: a semicolon in them does not separate.
  foreach(argument TARGET FILTER BASELINE)
    string(REPLACE ";" "\\;" element_${argument} "${arg_${argument}}")
  endforeach()
  set(options --target "${element_TARGET}")
  if(NOT "${arg_BASELINE}" STREQUAL "")
    list(APPEND options --baseline "${element_BASELINE}")
  endif()
  if(arg_RUN_OPTIONS)
    string(APPEND options ";${arg_RUN_OPTIONS}") # as it is: list(APPEND) would take the escapes away
  endif()
  if(arg_ALL_IN_ONE)
    if(NOT "${arg_FILTER}" STREQUAL "")
      list(APPEND options --filter "${element_FILTER}")
    endif()
    _pep554_add_all_in_one("${arg_NAME}" "${out}" ${options})
    return()
  endif()
  get_property(package GLOBAL PROPERTY pep554_package)
  set(settings "")
  _pep554_setting(settings pep554_program "$<TARGET_FILE:pep554::pep554>")
  _pep554_setting(settings pep554_cmake "${CMAKE_COMMAND}")
  _pep554_setting(settings pep554_run_case "${package}/pep554RunCase.cmake")
  _pep554_setting(settings pep554_name "${arg_NAME}")
  _pep554_setting(settings pep554_out "${out}")
  _pep554_setting(settings pep554_filter "${arg_FILTER}")
  _pep554_setting(settings pep554_baseline "${arg_BASELINE}")
  _pep554_setting(settings pep554_options ${options})
  _pep554_setting(settings pep554_properties ${arg_PROPERTIES})
  _pep554_add_cases("${out}" "${settings}")
endfunction()

cmake_policy(POP)
