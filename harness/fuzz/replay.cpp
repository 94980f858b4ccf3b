// Gives files to a fuzz target, each once, in order of their names, without libFuzzer: replay FILE
// or FOLDER... What does not hold ends the process, after the name of the file.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "harness/fuzz/fuzz.h"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path))
    return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path))
    files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

bool replay(const fs::path& path) {
  static_cast<void>(std::fprintf(stderr, "%s\n", path.c_str()));
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file)
    return false;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return true;
}

} // namespace

int main(int argc, char** argv) { // NOLINT(bugprone-exception-escape): it is what is looked for
  size_t count = 0;
  for (const char* word : std::span(argv, static_cast<size_t>(argc)).subspan(1)) {
    for (const fs::path& path : files_of(word)) {
      if (!replay(path)) {
        static_cast<void>(std::fprintf(stderr, "replay: %s cannot be read\n", path.c_str()));
        return 2;
      }
      ++count;
    }
  }
  static_cast<void>(std::fprintf(stderr, "%zu inputs\n", count));
  return count > 0 ? 0 : 2; // nothing was replayed
}
