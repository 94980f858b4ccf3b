# The installed files and their places below the prefix. The places are fixed, so that the prefix can be
# moved: the program finds its companions from its own place (harness/cli/paths.cpp), the packages
# find the header from theirs.
#
#   bin/                   pep554, pep554-host, pep554-jail
#   lib/pep554/            the plugins; libpep554-suite.so; reference/: the reference modules
#   share/pep554/          spec/, cases/, adapters/, agent/, template/
#   share/doc/pep554/      the pages (README.md, ...) and schemas, in the folders of the source tree
#   include/pep554/        pep554_plugin.h; suite.h and pep554_suite.h
#   share/cmake/pep554/    find_package(pep554 1): see pep554Config.cmake
#   share/pkgconfig/       pep554-plugin.pc
#   share/man, share/bash-completion: of pep554
#
# Components: `plugin`, all that a plugin's author needs to build; `program`, the rest. The component
# `interpreters` is of impl/: the reference on the module path of a Python, for users who want to
# use it.
include(CMakePackageConfigHelpers)

# Both packages have the version of the ABI, since that is what they promise.
file(STRINGS ${CMAKE_SOURCE_DIR}/harness/abi/pep554_plugin.h abi REGEX "define PEP554_ABI_VERSION")
string(REGEX REPLACE ".* ([0-9]+)$" "\\1" abi "${abi}")
set(PEP554_ABI ${abi}.0.0)
set(generated ${CMAKE_BINARY_DIR}/install)
configure_file(${CMAKE_SOURCE_DIR}/cmake/pep554-plugin.pc.in ${generated}/pep554-plugin.pc @ONLY)
write_basic_package_version_file(${generated}/pep554ConfigVersion.cmake VERSION ${PEP554_ABI}
                                 COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)

install(FILES harness/abi/pep554_plugin.h DESTINATION include/pep554 COMPONENT plugin)
install(TARGETS pep554_plugin EXPORT pep554)
install(EXPORT pep554 NAMESPACE pep554:: FILE pep554Targets.cmake DESTINATION share/cmake/pep554
        COMPONENT plugin)
install(FILES ${generated}/pep554ConfigVersion.cmake cmake/pep554Config.cmake
              cmake/pep554ConformanceTest.cmake cmake/pep554DiscoverCases.cmake cmake/pep554RunCase.cmake
        DESTINATION share/cmake/pep554 COMPONENT plugin)
install(FILES ${generated}/pep554-plugin.pc DESTINATION share/pkgconfig COMPONENT plugin)
install(DIRECTORY harness/abi/template DESTINATION share/pep554 COMPONENT plugin)
install(FILES harness/abi/rust/plugin.rs DESTINATION share/pep554/template RENAME plugin_template.rs
        COMPONENT plugin)

install(TARGETS pep554 pep554-host pep554-jail RUNTIME DESTINATION bin COMPONENT program)
install(TARGETS pep554-cpython LIBRARY DESTINATION lib/pep554 COMPONENT program)
install(TARGETS pep554_impl_low pep554_impl_high LIBRARY DESTINATION lib/pep554/reference
        COMPONENT program)
install(DIRECTORY spec cases DESTINATION share/pep554 COMPONENT program
        FILES_MATCHING PATTERN "*.toml" PATTERN "pep-*.txt" PATTERN "deviations" EXCLUDE PATTERN "released" EXCLUDE)
install(FILES harness/cli/share/pep554.1 DESTINATION share/man/man1 COMPONENT program)
install(FILES harness/cli/share/pep554.bash DESTINATION share/bash-completion/completions
        RENAME pep554 COMPONENT program)
install(TARGETS pep554_suite LIBRARY DESTINATION lib/pep554 COMPONENT program)
install(FILES harness/suite/suite.h harness/suite/pep554_suite.h DESTINATION include/pep554 COMPONENT program)
install(DIRECTORY harness/suite/example/ DESTINATION share/pep554/examples/googletest COMPONENT program)
install(DIRECTORY harness/plugins/cpython/adapters harness/agent DESTINATION share/pep554
        COMPONENT program PATTERN "__pycache__" EXCLUDE PATTERN "tests" EXCLUDE
        PATTERN "CMakeLists.txt" EXCLUDE)

# The pages, with what they show, where a link from one leads to another.
file(GLOB pages CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
     *.md cases/*.md cases/*/*.md harness/*/*.md harness/*/*/*.md harness/plugins/*/*/*.md impl/*.md
     ci/*/*.md reports/*.md reports/picture/*.png reports/*.schema.json reports/*.xsd harness/*/*.schema.json)
foreach(page ${pages})
  cmake_path(GET page PARENT_PATH folder)
  install(FILES ${page} DESTINATION share/doc/pep554/${folder} COMPONENT program)
endforeach()
