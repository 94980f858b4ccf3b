# pep554_sanitizer_runtimes(VARIABLE): what a program that is not of this build has to load before
# anything else (LD_PRELOAD), to load a module of it; empty when the build has no sanitizers.
# libstdc++ comes along because the runtimes look for its functions when they start.
function(pep554_sanitizer_runtimes variable)
  set(libraries)
  if(PEP554_SANITIZE MATCHES address)
    set(libraries libasan.so libubsan.so libstdc++.so.6)
  elseif(PEP554_SANITIZE MATCHES thread)
    set(libraries libtsan.so libstdc++.so.6)
  endif()
  set(paths)
  foreach(library ${libraries})
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=${library}
                    OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE)
    list(APPEND paths ${path})
  endforeach()
  list(JOIN paths ":" joined)
  set(${variable} "${joined}" PARENT_SCOPE)
endfunction()
