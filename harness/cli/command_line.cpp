#include "harness/cli/command_line.h"

#include <algorithm>
#include <span>
#include <vector>

#include <fmt/ranges.h>

#include "harness/run/shell.h"
#include "harness/run/target_advice.h"
#include "spec/nearest.h"

namespace pep554 {
namespace {

using Words = std::vector<std::string>;

Words names_of_commands(const CLI::App& app) {
  Words names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

Words names_of_options(const CLI::App& command) {
  Words names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames())
      names.push_back("--" + name);
  return names;
}

bool has_option(const CLI::App& command, const char* name) {
  return command.get_option_no_throw(name) != nullptr;
}

// A word where the command takes none: the value of the option that was probably left out.
std::string unexpected(const CLI::App& command, const std::string& word) {
  const std::string target = parses_as_target(word) ? word : probable_target(word);
  std::string begin = fmt::format("{} takes no argument \"{}\"", command.get_name(), word);
  if (!target.empty() && has_option(command, "--target"))
    return fmt::format("{} (did you mean --target {}?)", begin, quoted(target));
  for (const char* option : {"--filter", "--property"})
    if (has_option(command, option))
      return fmt::format("{} (did you mean {} {}?)", begin, option, quoted(word));
  return begin;
}

} // namespace

CLI::Validator one_of(const Words& words) {
  const auto check = [=](const std::string& given) {
    return std::ranges::find(words, given) != words.end()
               ? std::string()
               : fmt::format("\"{}\" is unknown{}: expected one of {}", given,
                             did_you_mean(given, words), fmt::join(words, ", "));
  };
  return CLI::Validator(check, fmt::format("{{{}}}", fmt::join(words, ",")));
}

void refuse_empty_values(CLI::App& app) {
  const auto not_empty = [](const std::string& given) {
    return given.empty()
               ? "an empty value: leave the option out, or check the variable that it comes from"
               : "";
  };
  for (CLI::Option* option : app.get_options())
    if (option->get_expected_max() > 0)
      option->check(CLI::Validator(not_empty, ""));
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    refuse_empty_values(*command);
}

std::optional<std::string> option_without_value(int argc, char** argv) {
  for (const std::string_view word : std::span(argv, static_cast<size_t>(argc)).subspan(1)) {
    if (word == "--")
      break;
    if (word.starts_with("--") && word.find('=') == word.size() - 1)
      return std::string(word.substr(0, word.size() - 1));
  }
  return std::nullopt;
}

std::string unknown_word(const CLI::App& app, int argc, char** argv) {
  const Words unknown = app.remaining(true);
  Words words; // the same, in their order
  for (const char* word : std::span(argv, static_cast<size_t>(argc)).subspan(1))
    if (std::ranges::find(unknown, word) != unknown.end())
      words.emplace_back(word);
  if (words.empty())
    return {};
  const auto parsed = app.get_subcommands();
  if (parsed.empty())
    return fmt::format("unknown {} \"{}\"{}; see pep554 --help",
                       words.front().starts_with('-') ? "option" : "command", words.front(),
                       did_you_mean(words.front(), names_of_commands(app)));
  const CLI::App& command = *parsed.front();
  // An option that is not known leaves its value as a word of its own.
  const auto option = std::ranges::find_if(
      words, [](const std::string& word) { return word.size() > 1 && word.front() == '-'; });
  if (option == words.end())
    return fmt::format("{}; see pep554 {} --help", unexpected(command, words.front()),
                       command.get_name());
  const std::string name = option->substr(0, option->find('='));
  const Words known = names_of_options(command);
  if (std::ranges::find(known, name) != known.end())
    return fmt::format("{} stands before the command: write it behind {}", name,
                       command.get_name());
  return fmt::format("unknown option {} of {}{}; see pep554 {} --help", name, command.get_name(),
                     did_you_mean(name, known), command.get_name());
}

} // namespace pep554
