# find_package(pep554 1 REQUIRED), where 1 is the version of the plugin ABI, gives
#
#   pep554::plugin   to be linked with a plugin: it finds pep554_plugin.h
#
# and, where the program is installed beside,
#
#   pep554::pep554   the program; for add_test() and the like
#   pep554_add_conformance_test()   each case of the suite as a test of CTest; see pep554ConformanceTest.cmake
#   pep554::suite    each case as a test of your GoogleTest program; see pep554/suite.h. GoogleTest is
#                    yours: link it, too.
include(${CMAKE_CURRENT_LIST_DIR}/pep554Targets.cmake)
get_filename_component(pep554_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(EXISTS "${pep554_prefix}/bin/pep554" AND NOT TARGET pep554::pep554)
  add_executable(pep554::pep554 IMPORTED)
  set_target_properties(pep554::pep554 PROPERTIES IMPORTED_LOCATION "${pep554_prefix}/bin/pep554")
  include(${CMAKE_CURRENT_LIST_DIR}/pep554ConformanceTest.cmake)
endif()
if(EXISTS "${pep554_prefix}/lib/pep554/libpep554-suite.so" AND NOT TARGET pep554::suite)
  add_library(pep554::suite SHARED IMPORTED)
  set_target_properties(pep554::suite PROPERTIES
    IMPORTED_LOCATION "${pep554_prefix}/lib/pep554/libpep554-suite.so"
    IMPORTED_SONAME libpep554-suite.so
    INTERFACE_INCLUDE_DIRECTORIES "${pep554_prefix}/include")
endif()
unset(pep554_prefix)
