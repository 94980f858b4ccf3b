#include "reports/writer.h"

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "reports/badge.h"
#include "reports/junit.h"
#include "reports/page.h"
#include "reports/results_file.h"
#include "reports/results_json.h"
#include "reports/tap.h"

namespace pep554 {
namespace {

struct ReportFile {
  const char* name;
  void (*write)(const RunResult&, const std::vector<MarkdownSection>&, std::ostream&);
};

template <void (*Write)(const RunResult&, std::ostream&)>
void write_run(const RunResult& run, const std::vector<MarkdownSection>& /*changes*/,
               std::ostream& out) {
  Write(run, out);
}

// Everything that is made from results.json. The page last: when it exists, the other files exist
// as well.
constexpr std::array made_files{ReportFile{"junit.xml", write_run<write_junit>},
                                ReportFile{"results.tap", write_run<write_tap>},
                                ReportFile{"summary.md", write_markdown},
                                ReportFile{"badge.svg", write_run<write_badge_svg>},
                                ReportFile{"badge.json", write_run<write_badge_json>},
                                ReportFile{"index.html", write_run<write_page>}};

Result<> cannot(const std::filesystem::path& path, const std::error_code& why) {
  return fail(fmt::format("cannot write {}: {}", path.string(), why.message()));
}

// The error of the stream operation that just failed; EIO when the stream set none.
std::error_code last_error() {
  return {errno != 0 ? errno : EIO, std::generic_category()};
}

Result<> fill(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write) {
  errno = 0;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (out)
    write(out);
  if (out)
    out.flush();
  return out ? Result<>() : cannot(path, last_error());
}

} // namespace

Result<> write_file(const std::filesystem::path& path,
                    const std::function<void(std::ostream&)>& write) {
  const std::filesystem::path temporary = fmt::format("{}.{}.tmp", path.string(), getpid());
  auto written = fill(temporary, write).and_then([&] {
    std::error_code why;
    std::filesystem::rename(temporary, path, why);
    return why ? cannot(path, why) : Result<>();
  });
  std::error_code ignored;
  if (!written)
    std::filesystem::remove(temporary, ignored);
  return written;
}

Result<> make_folder(const std::filesystem::path& dir) {
  std::error_code why;
  std::filesystem::create_directories(dir, why);
  return why ? cannot(dir, why) : Result<>();
}

Result<> check_folder(const std::filesystem::path& dir, const char* other) {
  if (auto made = make_folder(dir); !made)
    return made;
  std::error_code why;
  std::vector<const char*> names{other, results_name};
  for (const ReportFile& file : made_files)
    names.push_back(file.name);
  for (const char* name : names)
    if (const auto there = std::filesystem::status(dir / name, why);
        std::filesystem::exists(there) && !std::filesystem::is_regular_file(there))
      return fail(
          fmt::format("cannot write {}: it is there and is no file", (dir / name).string()));
  const std::filesystem::path trial = dir / fmt::format("trial.{}.tmp", getpid());
  auto filled = fill(trial, [](std::ostream& out) { out << "can be written\n"; });
  std::filesystem::remove(trial, why);
  return filled;
}

Result<> write_reports(const RunResult& run, const std::filesystem::path& dir,
                       const std::vector<MarkdownSection>& changes) {
  const auto results = [&](std::ostream& out) { out << results_text(run); };
  return make_folder(dir)
      .and_then([&] { return write_file(dir / results_name, results); })
      .and_then([&] { return write_formats(run, dir, changes); });
}

Result<> write_formats(const RunResult& run, const std::filesystem::path& dir,
                       const std::vector<MarkdownSection>& changes) {
  Result<> written;
  for (const ReportFile& file : made_files)
    written = written.and_then([&] {
      return write_file(dir / file.name, [&](std::ostream& out) { file.write(run, changes, out); });
    });
  return written;
}

} // namespace pep554
