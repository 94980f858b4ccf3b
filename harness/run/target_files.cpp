#include "harness/run/target_files.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "reports/digest.h"
#include "spec/read_file.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = std::uintmax_t{64} << 20U;
constexpr size_t digits_of_files = 16;

bool is_below(const fs::path& file, const fs::path& folder) {
  const fs::path relative = file.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

// What can be imported: a folder of modules may be one of a build, with files that come and go.
bool is_module(const fs::path& file) {
  const fs::path kind = file.extension();
  return kind == ".py" || kind == ".so" || kind == ".pyd";
}

// The modules in a folder and below.
std::set<fs::path> modules_in(const fs::path& folder) {
  std::set<fs::path> files;
  std::error_code failure;
  fs::recursive_directory_iterator at(folder, failure);
  for (const fs::recursive_directory_iterator end; !failure && at != end; at.increment(failure)) {
    std::error_code gone;
    if (is_module(at->path()) && at->is_regular_file(gone))
      files.insert(at->path());
  }
  return files;
}

// A line for each file: its name and digest, or its size once `left` bytes are used up.
class Listing {
public:
  void add(const fs::path& file, const std::string& name) {
    std::error_code failure;
    const std::uintmax_t size = fs::file_size(file, failure);
    const auto text = !failure && size <= left_ ? read_file(file) : fail("too large");
    left_ -= text ? size : 0;
    lines_ += fmt::format("{}\t{}\n", name, text ? sha256(*text) : std::to_string(size));
  }

  void add_folder(const fs::path& folder) {
    for (const fs::path& file : modules_in(folder))
      add(file, file.lexically_relative(folder).string());
  }

  const std::string& lines() const { return lines_; }

private:
  std::uintmax_t left_ = most_bytes;
  std::string lines_;
};

} // namespace

std::string digest_of_files(const Target& target, const Paths& paths) {
  Listing listing;
  for (const std::string& word : target.command) {
    const fs::path path = word.substr(word.find('=') + 1); // all of it where there is none
    std::error_code failure;
    if (!path.is_absolute() || path == paths.host || path == paths.agent ||
        is_below(path, paths.plugins))
      continue;
    if (fs::is_regular_file(path, failure))
      listing.add(path, path.filename().string());
    else if (fs::is_directory(path, failure))
      listing.add_folder(path);
  }
  return listing.lines().empty() ? "" : sha256(listing.lines()).substr(0, digits_of_files);
}

} // namespace pep554
