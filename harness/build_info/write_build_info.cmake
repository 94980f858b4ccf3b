# Writes build_info.cpp: the version of the project, and the commit that is built. The file is rewritten
# only when it changes, so that a build without a new commit compiles and links nothing.
#   cmake -DSOURCE=ROOT -DVERSION=1.2.3 -DOUT=FILE -P write_build_info.cmake
cmake_minimum_required(VERSION 3.25)

# git_output(VARIABLE arguments...): one line, or "" where git is missing or fails. A repository of
# another user's (a container, as root) is read too: it is the one that is being built.
function(git_output variable)
  execute_process(COMMAND git -c "safe.directory=${SOURCE}" -C "${SOURCE}" ${ARGN}
                  OUTPUT_VARIABLE line ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE
                  RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    set(line "")
  endif()
  set(${variable} "${line}" PARENT_SCOPE)
endfunction()

# Sources that lie within another repository are not of its commit.
git_output(top rev-parse --show-toplevel)
file(REAL_PATH "${SOURCE}" source)
cmake_path(COMPARE "${top}" EQUAL "${source}" own)
set(commit "")
if(own)
  git_output(commit describe --always --dirty --abbrev=7 --exclude=*)
endif()
# `git archive` puts the commit into this file (.gitattributes).
if(NOT commit)
  file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/commit.txt commit LIMIT_COUNT 1)
endif()
if(NOT commit MATCHES "^[0-9a-f]+(-dirty)?$")
  set(commit "unknown")
endif()

file(CONFIGURE OUTPUT ${OUT} @ONLY CONTENT [[
// Made by harness/build_info/write_build_info.cmake.
#include "harness/build_info/build_info.h"

std::string_view pep554::build_version() {
  return "@VERSION@";
}

std::string_view pep554::build_commit() {
  return "@commit@";
}
]])
