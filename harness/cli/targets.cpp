#include "harness/cli/targets.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/launcher.h"
#include "harness/cli/shell.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

// The adapters that are shipped, in order of name.
Words adapters(const Paths& paths) {
  Words names;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(paths.adapters, failure))
    if (entry.is_directory())
      names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

Words split(std::string_view text, char by) {
  Words parts;
  size_t from = 0;
  for (size_t at = text.find(by); at != std::string_view::npos; at = text.find(by, from)) {
    parts.emplace_back(text.substr(from, at - from));
    from = at + 1;
  }
  parts.emplace_back(text.substr(from));
  return parts;
}

struct Option {
  std::string key;
  std::string value; // empty where there is no "=VALUE"
};

Option option_from(const std::string& text) {
  const size_t equals = text.find('=');
  return {text.substr(0, equals), equals == std::string::npos ? "" : text.substr(equals + 1)};
}

// A word with a slash is a file, seen from `base`; one without is looked for where the system does.
std::string located(const std::string& word, const fs::path& base) {
  if (word.find('/') == std::string::npos)
    return word;
  return fs::absolute(base / word).lexically_normal().string();
}

// One target being read.
class Parser {
public:
  Parser(std::string_view given, const Paths& paths, const fs::path& base, std::string& error)
      : given_(given), paths_(paths), base_(base), error_(error) {}

  std::optional<Target> parse() {
    if (given_ == "reference")
      return reference();
    const size_t colon = given_.find(':');
    const std::string_view kind = given_.substr(0, colon);
    words_ = split(colon == std::string_view::npos ? "" : given_.substr(colon + 1), ',');
    if (!words_.front().empty()) {
      if (kind == "cpython")
        return cpython();
      if (kind == "python")
        return python();
      if (kind == "plugin")
        return plugin();
      if (kind == "host")
        return host();
    }
    error_ = fmt::format("unknown target \"{}\": expected reference, cpython:LIBPYTHON, "
                         "python:EXECUTABLE, plugin:FILE or host:EXECUTABLE; see pep554 list "
                         "targets",
                         given_);
    return std::nullopt;
  }

private:
  static constexpr std::array<std::string_view, 5> for_cpython{"adapter", "path", "site", "home",
                                                               "launcher"};
  static constexpr std::array<std::string_view, 4> for_python{"adapter", "path", "site",
                                                              "launcher"};

  Target reference() const {
    return {std::string(given_),
            {paths_.host.string(), cpython_plugin(), "libpython=" PEP554_REFERENCE_LIBPYTHON,
             "path=" + paths_.reference.string()}};
  }

  std::optional<Target> cpython() {
    const std::string library = located(words_.front(), base_);
    launcher_ = launcher_beside(library);
    if (!read_options(for_cpython))
      return std::nullopt;
    return target({paths_.host.string(), cpython_plugin(), "libpython=" + library});
  }

  // -I and -S: nothing of the machine or the user before the agent has put things in order.
  std::optional<Target> python() {
    if (!read_options(for_python))
      return std::nullopt;
    return target({located(words_.front(), base_), "-I", "-S", paths_.agent.string()});
  }

  // A bare name is a file here, too: a plugin is not looked for along the library path.
  std::optional<Target> plugin() {
    for (size_t i = 1; i < words_.size(); ++i) {
      const Option option = option_from(words_[i]);
      if (option.key.empty() || words_[i].find('=') == std::string::npos)
        return print_error(fmt::format("target option \"{}\": expected KEY=VALUE", words_[i]));
      if (option.key == "launcher")
        launcher_ = split(option.value, ' ');
      else
        options_.push_back(words_[i]);
    }
    return target(
        {paths_.host.string(), fs::absolute(base_ / words_.front()).lexically_normal().string()});
  }

  std::optional<Target> host() {
    options_.assign(words_.begin() + 1, words_.end());
    return target({located(words_.front(), base_)});
  }

  std::string cpython_plugin() const { return (paths_.plugins / "pep554-cpython.so").string(); }

  std::nullopt_t print_error(std::string line) {
    error_ = std::move(line);
    return std::nullopt;
  }

  Target target(Words program) const {
    Words command = launcher_;
    std::ranges::move(program, std::back_inserter(command));
    std::ranges::copy(options_, std::back_inserter(command));
    return {std::string(given_), command};
  }

  // The options of a CPython, embedded or as a process. Without path=, the target is the Python's
  // built-in module, through the adapter that fits.
  bool read_options(std::span<const std::string_view> known) {
    options_.push_back("adapters=" + paths_.adapters.string());
    bool own = true;
    for (size_t i = 1; i < words_.size(); ++i) {
      const Option option = option_from(words_[i]);
      if (std::ranges::find(known, option.key) == known.end() || option.value.empty()) {
        error_ = fmt::format("target option \"{}\": expected one of {}=VALUE", words_[i],
                             fmt::join(known, "=VALUE, "));
        return false;
      }
      if (!add_option(option))
        return false;
      own = own && option.key != "adapter" && option.key != "path";
    }
    if (own)
      options_.emplace_back("adapter=auto");
    return true;
  }

  bool add_option(const Option& option) {
    const bool is_path = option.key == "path" || option.key == "home";
    const auto shipped = adapters(paths_);
    if (option.key == "adapter" && option.value != "auto" &&
        std::ranges::find(shipped, option.value) == shipped.end())
      error_ = fmt::format("unknown adapter \"{}\": expected one of auto, {}", option.value,
                           fmt::join(shipped, ", "));
    else if (option.key == "site" && option.value != "on" && option.value != "off")
      error_ = fmt::format("target option \"site={}\": expected site=on or site=off", option.value);
    else if (option.key == "launcher")
      launcher_ = split(option.value, ' ');
    else
      options_.push_back(option.key + '=' +
                         (is_path ? fs::absolute(base_ / option.value).lexically_normal().string()
                                  : option.value));
    return error_.empty();
  }

  std::string_view given_;
  const Paths& paths_;
  const fs::path& base_;
  std::string& error_;
  Words words_; // after the colon, between commas
  Words launcher_;
  Words options_;
};

} // namespace

std::optional<Target> parse_target(std::string_view given, const Paths& paths, std::string& error,
                                   const fs::path& base) {
  error.clear();
  return Parser(given, paths, base, error).parse();
}

std::string on_plugin(const Target& target, const Paths& paths, const std::string& program) {
  const auto host = std::ranges::find(target.command, paths.host.string());
  if (host == target.command.end())
    return "";
  std::string words;
  for (auto word = target.command.begin(); word != target.command.end(); ++word)
    words += (words.empty() ? "" : " ") + quoted(word == host ? program : *word);
  return words;
}

std::vector<TargetForm> target_forms(const Paths& paths) {
  std::vector<TargetForm> forms{
      {"reference", fmt::format("the reference implementation, on {}", PEP554_REFERENCE_LIBPYTHON)},
      {"cpython:LIBPYTHON", "the built-in module of this CPython (3.8 or later), embedded"},
      {"python:EXECUTABLE", "the built-in module of any Python, started as a process"},
      {"...,path=DIR", "the module interpreters in DIR, with either of these"}};
  for (const std::string& name : adapters(paths))
    forms.push_back(
        {"...,adapter=" + name, "this one of its built-in modules, through an adapter"});
  forms.push_back({"plugin:FILE[,KEY=VALUE]", "an implementation driven by your plugin"});
  forms.push_back({"host:EXECUTABLE[,WORD]", "a program that implements the host protocol"});
  return forms;
}

} // namespace pep554
