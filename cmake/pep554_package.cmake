# The Debian package: `cpack -G DEB` in a release build. It holds the components `program` and `plugin`
# below /usr; ci/package builds and tests it.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME pep554)
set(CPACK_PACKAGE_VENDOR "pep554 project")
set(CPACK_PACKAGE_CONTACT "pep554 project <pep554@example.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "conformance harness for the interpreters module of PEP 554")
set(CPACK_PACKAGE_DESCRIPTION "pep554 splits the first draft of PEP 554 (2017-09-05) into clauses, runs some
200 cases against an implementation, each in a process of its own, and
reports for every clause whether the implementation complies: as a page,
as JSON and as JUnit XML.
.
It judges the built-in modules of CPython 3.8 to 3.15, modules in Python
or C, and implementations that are driven by a plugin. For those who write
one, it has the header, templates, packages for CMake and pkg-config, and a
library that registers every case with GoogleTest.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                                WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL program plugin)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
# The man page compressed, the changelog and the copyright in Debian's forms.
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/pep554_debian_files.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The reference is loaded at run time, so that no program is linked with it.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libpython3.11 (>= 3.11.2)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "python3.11")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, libgtest-dev, pkgconf")
include(CPack)
