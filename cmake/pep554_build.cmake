# Build helpers: the warnings every target of ours has, sanitizers, coverage, and how a test is added.

add_library(pep554_warnings INTERFACE)
add_library(pep554::warnings ALIAS pep554_warnings)
target_compile_options(pep554_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                 -Wno-sign-conversion -Werror)
# GCC 12 takes "literal" + std::string&& for an overlapping copy once it optimises (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(pep554_warnings INTERFACE -Wno-restrict)
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

# libFuzzer's counters in everything, so that it sees where an input leads; see harness/fuzz/.
if(PEP554_FUZZ)
  # A plugin's status is any number, whatever the C++ of its enumeration says.
  target_compile_options(pep554_options INTERFACE -fsanitize=fuzzer-no-link,float-cast-overflow
                                                  -fno-sanitize=enum -fno-sanitize-recover=all
                                                  -Wno-unknown-warning-option)
endif()

# pep554_library(NAME sources...): a static library of this project, headers found from the root.
function(pep554_library name)
  add_library(${name} STATIC ${ARGN})
  target_link_libraries(${name} PUBLIC pep554::options)
endfunction()

# pep554_test(NAME SOURCES a_test.cpp ... [LIBS ...] [LABELS ...] [TIMEOUT seconds]): one GoogleTest
# program, its cases listed one by one in CTest.
function(pep554_test name)
  if(NOT PEP554_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LIBS;LABELS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE pep554::options ${arg_LIBS} GTest::gtest GTest::gmock
                                        GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE PEP554_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                             PEP554_BUILD_DIR="${CMAKE_BINARY_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  gtest_discover_tests(${name} TEST_PREFIX "${name}/" DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
endfunction()
