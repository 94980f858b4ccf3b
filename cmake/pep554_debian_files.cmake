# Called by cpack before it packs: brings the staged files into the form that Debian asks for.
cmake_minimum_required(VERSION 3.25)
set(usr "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/ALL_COMPONENTS_IN_ONE${CPACK_PACKAGING_INSTALL_PREFIX}")
set(docs "${usr}/share/doc/${CPACK_PACKAGE_NAME}")

# The date of the last commit, so that two packages of one commit are alike.
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
else()
  execute_process(COMMAND git -C "${CMAKE_CURRENT_LIST_DIR}" log -1 --format=%cD OUTPUT_VARIABLE date
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT date)
  set(date "Thu, 01 Jan 1970 00:00:00 +0000")
endif()
file(WRITE "${docs}/changelog" "${CPACK_PACKAGE_NAME} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * See CHANGELOG.md.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
file(WRITE "${docs}/copyright" "The text of PEP 554 in share/pep554/spec is in the public domain, as it says.

pep554 comes without a licence: its sources name none. Ask its authors before
you distribute this package.
")
execute_process(COMMAND gzip -9n "${docs}/changelog" "${usr}/share/man/man1/pep554.1" COMMAND_ERROR_IS_FATAL ANY)
file(CHMOD "${docs}/changelog.gz" "${docs}/copyright" PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
