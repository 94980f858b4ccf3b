# Settings for a build of this folder alone, as for a wheel; in the project it has them from there.
#
# PEP554_PYTHON names the CPython to build for; PEP554_TESTS adds the tests that need nothing but it.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

set(PEP554_PYTHON "" CACHE FILEPATH "The CPython, 3.11 to 3.15, to build for")
if(PEP554_PYTHON)
  set(Python3_EXECUTABLE ${PEP554_PYTHON})
endif()
find_package(Python3 3.11...<3.16 REQUIRED COMPONENTS Interpreter Development.Module)
message(STATUS "Python: ${Python3_EXECUTABLE} ${Python3_VERSION}")

# Headers are included as impl/..., whatever the folder is called.
set(include ${CMAKE_BINARY_DIR}/include)
file(MAKE_DIRECTORY ${include})
file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${include}/impl SYMBOLIC)
add_library(pep554_options INTERFACE)
add_library(pep554::options ALIAS pep554_options)
target_include_directories(pep554_options INTERFACE ${include})
target_compile_options(pep554_options INTERFACE -Wall -Wextra)

option(PEP554_TESTS "Add the modules' own tests" OFF)
if(PEP554_TESTS)
  enable_testing()
endif()
