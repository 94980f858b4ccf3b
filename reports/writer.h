// The reports of a run as files in a folder.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "harness/engine/result.h"
#include "reports/markdown.h"
#include "spec/result.h"

namespace pep554 {

// Writes results.json and everything that is made from it (README.md has the list) into `dir`,
// which is created if need be. Each file is written under a temporary name beside its own and then
// renamed, so a reader never meets half a report and a failure leaves the former file alone.
// The error names the first that could not be written, and the reason. `changes` go into
// summary.md.
Result<> write_reports(const RunResult& run, const std::filesystem::path& dir,
                       const std::vector<MarkdownSection>& changes = {});

// The same without results.json, which was there before.
Result<> write_formats(const RunResult& run, const std::filesystem::path& dir,
                       const std::vector<MarkdownSection>& changes = {});

// Writes one file in the same way; `write` fills it.
Result<> write_file(const std::filesystem::path& path,
                    const std::function<void(std::ostream&)>& write);

// Whether write_reports could write there, as far as can be checked before: creates the folder,
// and a file in it that it takes away again. `other`: a file that is to be written beside the
// reports.
Result<> check_folder(const std::filesystem::path& dir, const char* other);

// Creates the folder, if need be.
Result<> make_folder(const std::filesystem::path& dir);

} // namespace pep554
