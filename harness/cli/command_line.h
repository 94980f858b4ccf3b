// Mistakes on the command line: which values are refused, and what the message says.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pep554 {

// A number in decimal digits from `least` to `most`, whole where Number is an integer. CLI11 alone
// takes hexadecimal and octal ones too, "nan", and "-1" for the largest unsigned one.
template <class Number>
CLI::Validator number(Number least, Number most) {
  const std::string range = fmt::format("{} to {}", least, most);
  const auto check = [=](const std::string& given) {
    Number value{};
    const char* end = given.data() + given.size();
    const auto [rest, error] = std::from_chars(given.data(), end, value);
    if (error == std::errc{} && rest == end && value >= least && value <= most)
      return std::string();
    return fmt::format("\"{}\" is no {}number from {}", given,
                       std::is_integral_v<Number> ? "whole " : "", range);
  };
  return CLI::Validator(check, range);
}

// One of these words.
CLI::Validator one_of(const std::vector<std::string>& words);

// Makes an empty value a mistake for every option and argument of every command: in a script it is
// a variable that is not set, and not the wish for the default.
void refuse_empty_values(CLI::App& app);

// The first word that gives an option no value behind its "=", which CLI11 would take from the next
// word.
std::optional<std::string> option_without_value(int argc, char** argv);

// After a failure to parse: what is unknown, and what was probably meant, in one line. Empty when
// no word is unknown.
std::string unknown_word(const CLI::App& app, int argc, char** argv);

} // namespace pep554
