// The SHA-256 of bytes.
#pragma once

#include <string>
#include <string_view>

namespace pep554 {

std::string sha256(std::string_view bytes); // in hexadecimal, 64 digits

} // namespace pep554
