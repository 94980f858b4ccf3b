# The CPython that everything here is built for and judged on: Debian 12's, named by its path, since
# another python3 on the PATH brings headers and a library that do not fit.
#
# Sets PEP554_LIBPYTHON, the shared library, and finds Python3 for the interpreter and its headers.
set(PEP554_PYTHON /usr/bin/python3.11 CACHE FILEPATH "The CPython 3.11 to build for")
set(Python3_EXECUTABLE ${PEP554_PYTHON})
set(Python3_FIND_VIRTUALENV STANDARD)
find_package(Python3 3.11 EXACT REQUIRED COMPONENTS Interpreter Development.Module
                                                    Development.Embed)
list(GET Python3_LIBRARIES 0 PEP554_LIBPYTHON)
get_filename_component(PEP554_LIBPYTHON ${PEP554_LIBPYTHON} REALPATH)
message(STATUS "Python: ${Python3_EXECUTABLE} ${Python3_VERSION}, ${PEP554_LIBPYTHON}")
