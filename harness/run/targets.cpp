#include "harness/run/targets.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/run/launcher.h"
#include "harness/run/shell.h"
#include "harness/run/target_advice.h"
#include "spec/nearest.h"

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

// Between separators; two of them are one of the word's characters.
Words split(std::string_view text, char by) {
  Words parts(1);
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] != by)
      parts.back() += text[i];
    else if (i + 1 < text.size() && text[i + 1] == by)
      parts.back() += text[i++];
    else
      parts.emplace_back();
  return parts;
}

constexpr const char* comma_in_a_word = "; write a comma inside of a word as two: \",,\"";

struct Option {
  std::string key;
  std::string value; // empty where there is no "=VALUE"
};

Option option_from(const std::string& text) {
  const size_t equals = text.find('=');
  return {text.substr(0, equals), equals == std::string::npos ? "" : text.substr(equals + 1)};
}

std::string located_file(const std::string& word, const fs::path& base) {
  return fs::absolute(base / word).lexically_normal().string();
}

// A word with a slash is a file, seen from `base`; one without is looked for where the system does.
std::string located(const std::string& word, const fs::path& base) {
  return word.find('/') == std::string::npos ? word : located_file(word, base);
}

// One target being read.
class Parser {
public:
  Parser(std::string_view given, const Paths& paths, const fs::path& base)
      : given_(given), paths_(paths), base_(base) {}

  Result<Target> parse() {
    if (given_ == "reference")
      return reference();
    const size_t colon = given_.find(':');
    kind_ = given_.substr(0, colon);
    words_ = split(colon == std::string_view::npos ? "" : given_.substr(colon + 1), ',');
    const bool known = std::ranges::find(target_kinds, kind_) != target_kinds.end();
    if (!known || words_.front().empty())
      return fail(fmt::format("unknown target \"{}\"{}: expected reference, cpython:LIBPYTHON, "
                              "python:EXECUTABLE, plugin:FILE or host:EXECUTABLE; see pep554 "
                              "list targets",
                              given_, meant(given_)));
    if (std::ranges::find(words_, "") != words_.end())
      return fail(fmt::format("target \"{}\" has an empty word{}", given_, comma_in_a_word));
    return kind_ == "cpython"  ? cpython()
           : kind_ == "python" ? python()
           : kind_ == "plugin" ? plugin()
                               : host();
  }

private:
  static constexpr std::array<std::string_view, 5> for_cpython{"adapter", "path", "site", "home",
                                                               "launcher"};
  static constexpr std::array<std::string_view, 4> for_python{"adapter", "path", "site",
                                                              "launcher"};

  Target reference() const {
    return {std::string(given_),
            std::string(given_),
            {paths_.host.string(), cpython_plugin(), "libpython=" PEP554_REFERENCE_LIBPYTHON,
             "path=" + paths_.reference.string()}};
  }

  Result<Target> cpython() {
    const std::string library = words_.front() = located(words_.front(), base_);
    launcher_ = launcher_beside(library);
    return read_options(for_cpython).map([&] {
      return target({paths_.host.string(), cpython_plugin(), "libpython=" + library});
    });
  }

  // -I and -S: nothing of the machine or the user before the agent has put things in order. -B:
  // judging writes nothing beside the files of a Python or of this project.
  Result<Target> python() {
    words_.front() = located(words_.front(), base_);
    return read_options(for_python).map([&] {
      return target({words_.front(), "-I", "-S", "-B", paths_.agent.string()});
    });
  }

  // A bare name is a file here, too: a plugin is not looked for along the library path.
  Result<Target> plugin() {
    for (size_t i = 1; i < words_.size(); ++i) {
      const Option option = option_from(words_[i]);
      if (option.key.empty() || option.value.empty())
        return fail(
            fmt::format("target option \"{}\": expected KEY=VALUE{}", words_[i], comma_in_a_word));
      if (option.key == "launcher")
        launcher_ = split(option.value, ' ');
      else
        options_.push_back(words_[i]);
    }
    words_.front() = located_file(words_.front(), base_);
    return target({paths_.host.string(), words_.front()});
  }

  Result<Target> host() {
    options_.assign(words_.begin() + 1, words_.end());
    words_.front() = located(words_.front(), base_);
    return target({words_.front()});
  }

  std::string cpython_plugin() const { return (paths_.plugins / "pep554-cpython.so").string(); }

  Target target(Words program) const {
    Words command = launcher_;
    std::ranges::move(program, std::back_inserter(command));
    std::ranges::copy(options_, std::back_inserter(command));
    std::string name = std::string(kind_) + ':';
    for (const std::string& word : words_)
      name += (name.ends_with(':') && &word == &words_.front() ? "" : ",") + target_word(word);
    return {std::string(given_), name, command};
  }

  // The options of a CPython, embedded or as a process. Without path=, the target is the Python's
  // built-in module, through the adapter that fits.
  Result<> read_options(std::span<const std::string_view> known) {
    options_.push_back("adapters=" + paths_.adapters.string());
    bool own = true;
    for (size_t i = 1; i < words_.size(); ++i) {
      const Option option = option_from(words_[i]);
      if (std::ranges::find(known, option.key) == known.end() || option.value.empty())
        return fail(fmt::format("target option \"{}\"{}: expected one of {}=VALUE{}", words_[i],
                                did_you_mean(option.key, {known.begin(), known.end()}),
                                fmt::join(known, "=VALUE, "), comma_in_a_word));
      if (auto added = add_option(option, words_[i]); !added)
        return added;
      own = own && option.key != "adapter" && option.key != "path";
    }
    if (own)
      options_.emplace_back("adapter=auto");
    return {};
  }

  // `word`: of the option; becomes absolute.
  Result<> add_option(const Option& option, std::string& word) {
    if (option.key == "path" || option.key == "home")
      word = option.key + '=' + located_file(option.value, base_);
    const auto shipped = adapters(paths_);
    if (option.key == "adapter" && option.value != "auto" &&
        std::ranges::find(shipped, option.value) == shipped.end())
      return fail(fmt::format("unknown adapter \"{}\"{}: expected one of auto, {}", option.value,
                              did_you_mean(option.value, shipped), fmt::join(shipped, ", ")));
    if (option.key == "path" && option.value.find(':') != std::string::npos)
      return fail(fmt::format("target option \"{}\": Python separates the folders of its path by "
                              "colons, so a folder with one in its name cannot be on it",
                              word));
    if (option.key == "site" && option.value != "on" && option.value != "off")
      return fail(
          fmt::format("target option \"site={}\": expected site=on or site=off", option.value));
    if (option.key == "launcher")
      launcher_ = split(option.value, ' ');
    else
      options_.push_back(word);
    return {};
  }

  std::string_view given_;
  std::string_view kind_;
  const Paths& paths_;
  const fs::path& base_;
  Words words_; // after the colon, between commas
  Words launcher_;
  Words options_;
};

} // namespace

Result<Target> parse_target(std::string_view given, const Paths& paths, const fs::path& base) {
  return Parser(given, paths, base).parse();
}

std::string target_word(std::string_view file) {
  std::string word;
  for (const char c : file)
    word += c == ',' ? ",," : std::string(1, c);
  return word;
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
