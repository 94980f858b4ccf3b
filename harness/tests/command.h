// Runs a program to its end, for tests: its output, how it ended, and what it left behind.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace pep554::test {

struct Finished {
  int code = -1; // exit code, or -1 when a signal ended it
  std::string out;
  std::string err;
  std::vector<std::string> left; // command names of processes that outlived it; they are killed
};

// CPython's own module, of the Python that this was built for, as a target.
inline constexpr const char* own_module = "cpython:" PEP554_LIBPYTHON ",adapter=xxsubinterpreters";

// A program that goes on while the test does. The test's process gets its orphans.
class Running {
public:
  explicit Running(const std::vector<std::string>& command);
  ~Running(); // kills it, if it is still there
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void signal(int number) const;
  // Waits until the program has ended and both its streams are closed. Once.
  Finished finish();
  // Waits, for at most 30 s, until it and all that it started have ended by themselves. Instead of
  // finish().
  bool everybody_leaves();

private:
  int pid_ = -1;
  int out_ = -1;
  int err_ = -1;
};

// The measures of pep554-jail that this machine does not offer, with the reasons.
std::map<std::string, std::string> missing_isolation();

// Waits, for at most 60 s, until the file is there.
bool appears(const std::filesystem::path& file);

// The program pep554 and its words; `run` has --examples 0 where nothing is said of it.
std::vector<std::string> pep554_words(std::vector<std::string> arguments);

// Waits until the program has ended and both its streams are closed. Not for use on two threads.
Finished run(const std::vector<std::string>& command);

// The program pep554 with these arguments.
Finished pep554(std::vector<std::string> arguments);

// A fresh, empty folder for the running test.
std::filesystem::path fresh_folder();

// results.json in a folder.
nlohmann::json results(const std::filesystem::path& folder);

// The document with the keys that depend on the clock set to 0: those in _us or _ms, and "started".
nlohmann::json without_times(nlohmann::json document);

// The verdict of a case or a clause in results; "" when it is absent.
std::string verdict(const nlohmann::json& results, const char* list, const std::string& id);

std::string read_file(const std::filesystem::path& path);

} // namespace pep554::test
