# find_package(pep554 1 REQUIRED), where 1 is the version of the plugin ABI, gives
#
#   pep554::plugin   to be linked with a plugin: it finds pep554_plugin.h
#   pep554::pep554   the program, where it is installed beside; for add_test() and the like
include(${CMAKE_CURRENT_LIST_DIR}/pep554Targets.cmake)
get_filename_component(pep554_program ${CMAKE_CURRENT_LIST_DIR}/../../../bin/pep554 ABSOLUTE)
if(EXISTS ${pep554_program} AND NOT TARGET pep554::pep554)
  add_executable(pep554::pep554 IMPORTED)
  set_target_properties(pep554::pep554 PROPERTIES IMPORTED_LOCATION ${pep554_program})
endif()
unset(pep554_program)
