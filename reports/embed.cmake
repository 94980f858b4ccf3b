# Writes a C++ source that holds files as string constants, and its header.
# cmake -DOUT=dir/embedded -DFILES="a.css;b.js" -P embed.cmake; page.css becomes embedded::page_css.

set(header "#pragma once\n#include <string_view>\nnamespace pep554::embedded {\n")
set(source "#include \"embedded.h\"\nnamespace pep554::embedded {\n")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME)
  string(MAKE_C_IDENTIFIER ${name} name)
  file(READ ${file} text)
  string(APPEND header "extern const std::string_view ${name};\n")
  string(APPEND source "const std::string_view ${name} = R\"embed(${text})embed\";\n")
endforeach()
file(WRITE ${OUT}.h "${header}}\n")
file(WRITE ${OUT}.cpp "${source}}\n")
