// Runs a program to its end, for tests: its output, how it ended, and what it left behind.
#pragma once

#include <filesystem>
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

// Waits until the program has ended and both its streams are closed. Not for use on two threads.
Finished run(const std::vector<std::string>& command);

// The program pep554 with these arguments.
Finished pep554(std::vector<std::string> arguments);

// A fresh, empty folder for the running test.
std::filesystem::path fresh_folder();

// results.json in a folder.
nlohmann::json results(const std::filesystem::path& folder);

// The verdict of a case or a clause in results; "" when it is not there.
std::string verdict(const nlohmann::json& results, const char* list, const std::string& id);

std::string read_file(const std::filesystem::path& path);

} // namespace pep554::test
