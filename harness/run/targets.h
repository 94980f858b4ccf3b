// Targets as --target takes them, and the commands that start their hosts.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/paths.h"
#include "spec/result.h"

namespace pep554 {

struct Target {
  std::string name;                 // as given
  std::string absolute_name;        // the same target, as any directory may name it
  std::vector<std::string> command; // a launcher's words, if any, the host, its plugin, its options
};

struct TargetForm {
  std::string form; // as --target takes it
  std::string what; // in one sentence
};

// Understands
//   reference
//   cpython:LIBPYTHON[,adapter=NAME][,path=DIR]...[,site=on|off][,home=DIR][,launcher=WORDS]
//   python:EXECUTABLE[,adapter=NAME][,path=DIR]...[,site=on|off][,launcher=WORDS]
//   plugin:FILE[,KEY=VALUE]...[,launcher=WORDS]     a plugin, with options of its own
//   host:EXECUTABLE[,WORD]...                       implements the host protocol, with its
//   arguments
// Two commas stand for one comma inside of a word. No word may be empty.
// Relative files are looked for from `base`. A libpython that has a C library of its own beside it
// is started through that one's loader, unless launcher= says otherwise. The error of any other
// text says what was expected, in one line.
Result<Target> parse_target(std::string_view given, const Paths& paths,
                            const std::filesystem::path& base = ".");

// A file's name as a word of a target: its commas are doubled.
std::string target_word(std::string_view file);

// The words that give the target's plugin to a program of its own instead of the host, as a person
// types them: "LAUNCHER PROGRAM PLUGIN KEY=VALUE..."; empty where there is no plugin.
std::string on_plugin(const Target& target, const Paths& paths, const std::string& program);

// The forms of a target, for people.
std::vector<TargetForm> target_forms(const Paths& paths);

} // namespace pep554
