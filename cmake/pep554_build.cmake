# Build helpers: warnings of all targets, sanitizers, coverage, and functions that add tests.

add_library(pep554_warnings INTERFACE)
add_library(pep554::warnings ALIAS pep554_warnings)
target_compile_options(pep554_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                 -Wno-sign-conversion -Werror)
# GCC 12 takes "literal" + std::string&& for an overlapping or endless copy once it optimises (GCC bug
# 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(pep554_warnings INTERFACE -Wno-restrict
                         "$<$<CONFIG:Release>:-Wno-stringop-overflow;-Wno-array-bounds>")
endif()

add_library(pep554_options INTERFACE)
add_library(pep554::options ALIAS pep554_options)
target_include_directories(pep554_options INTERFACE ${CMAKE_SOURCE_DIR})
target_link_libraries(pep554_options INTERFACE pep554_warnings)

option(PEP554_COVERAGE "Instrument impl and harness for gcovr" OFF)
set(PEP554_SANITIZE "" CACHE STRING "Sanitizers of the build, e.g. address,undefined")
option(PEP554_FUZZ "Build the fuzz targets; needs clang" OFF)
if(PEP554_COVERAGE)
  target_compile_options(pep554_options INTERFACE --coverage -fprofile-update=atomic -Og)
  target_link_options(pep554_options INTERFACE --coverage -Wl,--wrap=fdopen)
  target_compile_definitions(pep554_options INTERFACE PEP554_COVERAGE=1)
  # In each program and module, as libgcov is.
  add_library(pep554_replace_counts OBJECT ${CMAKE_CURRENT_LIST_DIR}/coverage/replace_counts.c)
  set_target_properties(pep554_replace_counts PROPERTIES POSITION_INDEPENDENT_CODE ON
                                                         C_VISIBILITY_PRESET hidden
                                                         UNITY_BUILD OFF)
  target_link_libraries(pep554_replace_counts PRIVATE pep554_warnings)
  target_link_libraries(pep554_options INTERFACE $<TARGET_OBJECTS:pep554_replace_counts>)
endif()
if(PEP554_SANITIZE)
  # GCC's warning of uninitialised values is wrong about instrumented code: <regex> alone trips it.
  target_compile_options(pep554_options INTERFACE -fsanitize=${PEP554_SANITIZE}
                                                  -fno-omit-frame-pointer
                                                  -Wno-maybe-uninitialized)
  target_link_options(pep554_options INTERFACE -fsanitize=${PEP554_SANITIZE})
endif()

if(PEP554_SANITIZE AND NOT PEP554_FUZZ)
  # A third of the time to compile of -O2 -g, which the build type asks for; reports still have lines.
  target_compile_options(pep554_options INTERFACE -Og -g1)
endif()

# libFuzzer's counters in all code, so that it sees the path of an input; see harness/fuzz/.
if(PEP554_FUZZ)
  # A plugin's status is any number, whatever the C++ of its enumeration says.
  target_compile_options(pep554_options INTERFACE -fsanitize=fuzzer-no-link,float-cast-overflow
                                                  -fno-sanitize=enum -fno-sanitize-recover=all
                                                  -Wno-unknown-warning-option)
endif()

# Headers that cost a second and more to parse, and that most sources include, directly or not. The
# precompiled ones are made once for each kind of target and language standard: `library`, `test`.
option(PEP554_PCH "Precompile the headers of the libraries that most sources use" ON)
set(PEP554_PCH_library <algorithm> <filesystem> <functional> <map> <optional> <string> <vector>
                       <fmt/format.h> <nlohmann/json.hpp>)
set(PEP554_PCH_test ${PEP554_PCH_library} <gmock/gmock.h> <gtest/gtest.h>)

# pep554_precompile(TARGET library|test): the target is compiled with the precompiled headers.
function(pep554_precompile target kind)
  if(NOT PEP554_PCH)
    return()
  endif()
  set(holder pep554_pch_${kind})
  if(NOT TARGET ${holder})
    file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/pch/${kind}.cpp CONTENT "")
    add_library(${holder} OBJECT ${CMAKE_BINARY_DIR}/pch/${kind}.cpp)
    target_link_libraries(${holder} PRIVATE pep554::options nlohmann_json::nlohmann_json fmt::fmt)
    if(kind STREQUAL "test")
      target_link_libraries(${holder} PRIVATE GTest::gtest GTest::gmock)
    endif()
    target_precompile_headers(${holder} PRIVATE ${PEP554_PCH_${kind}})
  endif()
  target_link_libraries(${target} PRIVATE nlohmann_json::nlohmann_json fmt::fmt)
  target_precompile_headers(${target} REUSE_FROM ${holder})
endfunction()

# pep554_library(NAME sources...): a static library of this project, headers found from the root.
function(pep554_library name)
  add_library(${name} STATIC ${ARGN})
  target_link_libraries(${name} PUBLIC pep554::options)
  pep554_precompile(${name} library)
endfunction()

# pep554_test(NAME SOURCES a_test.cpp ... [PROGRAM program] [LIBS ...] [DEPENDS targets...]): GoogleTest
# cases, linked into tests/PROGRAM (`unit` without one) with those of all other calls that name it.
# They are objects first, so that each keeps its own libraries and definitions.
function(pep554_test name)
  if(NOT PEP554_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "PROGRAM" "SOURCES;LIBS;DEPENDS" ${ARGN})
  if(NOT arg_PROGRAM)
    set(arg_PROGRAM unit)
  endif()
  add_library(${name} OBJECT ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE pep554::options ${arg_LIBS} GTest::gtest GTest::gmock)
  target_compile_definitions(${name} PRIVATE PEP554_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                             PEP554_BUILD_DIR="${CMAKE_BINARY_DIR}")
  pep554_precompile(${name} test)
  set_property(GLOBAL APPEND PROPERTY pep554_tests_${arg_PROGRAM} ${name})
  set_property(GLOBAL APPEND PROPERTY pep554_test_libs_${arg_PROGRAM} ${arg_LIBS})
  set_property(GLOBAL APPEND PROPERTY pep554_test_depends_${arg_PROGRAM} ${arg_DEPENDS})
endfunction()

# pep554_test_program(PROGRAM LABEL): tests/PROGRAM of all that pep554_test has added to it, its cases
# listed one by one in CTest, as PROGRAM/Suite.Case, with the label; but `campaign` is the label of the
# instantiations and suites named Campaign*, which take minutes. The global property
# pep554_test_tables_PROGRAM has the files whose rows are tests: they are listed again when one changes.
function(pep554_test_program program label)
  get_property(parts GLOBAL PROPERTY pep554_tests_${program})
  get_property(libs GLOBAL PROPERTY pep554_test_libs_${program})
  get_property(depends GLOBAL PROPERTY pep554_test_depends_${program})
  get_property(tables GLOBAL PROPERTY pep554_test_tables_${program})
  list(REMOVE_DUPLICATES libs)
  list(TRANSFORM parts REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>" OUTPUT_VARIABLE objects)
  set(name pep554_${program}_tests)
  add_executable(${name} ${objects})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX OUTPUT_NAME ${program}
                                           LINK_DEPENDS "${tables}"
                                           RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE pep554::options ${libs} GTest::gtest GTest::gmock
                                        GTest::gtest_main)
  if(depends)
    add_dependencies(${name} ${depends})
  endif()
  set(options TEST_PREFIX "${program}/" DISCOVERY_TIMEOUT 60)
  gtest_discover_tests(${name} TEST_FILTER "-Campaign*" TEST_LIST ${program}_tests ${options}
                       PROPERTIES TIMEOUT 300 LABELS ${label})
  gtest_discover_tests(${name} TEST_FILTER "Campaign*" TEST_LIST ${program}_campaigns ${options}
                       PROPERTIES TIMEOUT 600 LABELS campaign)
endfunction()
