// The results' reader: a document is refused in one line, or read; and what was read makes the same
// document and the reports again.
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/fuzz/fuzz.h"
#include "reports/badge.h"
#include "reports/junit.h"
#include "reports/markdown.h"
#include "reports/page.h"
#include "reports/results_json.h"
#include "reports/tap.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using namespace pep554;
  const auto read = run_result_from_text(fuzz::text_of(data, size));
  if (!read) {
    const std::string& complaint = read.error().message;
    fuzz::require(complaint.find_first_of("\n\r\x1b") == std::string::npos,
                  "a complaint is one plain line");
    static_cast<void>(nlohmann::json(complaint).dump()); // throws when it is no UTF-8
    return 0;
  }
  const RunResult& run = *read;
  const std::string text = results_text(run);
  fuzz::require(results_text(run_result_from_text(text).value()) == text,
                "results that were written read as they were written");
  std::ostringstream junit;
  write_junit(run, junit);
  fuzz::require(!junit.str().empty(), "there is a report for CI services");
  std::ostringstream page;
  write_page(run, page);
  fuzz::require(page.str().find("</html>") != std::string::npos, "there is a page");
  std::ostringstream tap;
  write_tap(run, tap);
  fuzz::require(tap.str().starts_with("TAP version 13\n"), "there is TAP");
  std::ostringstream markdown;
  write_markdown(run, {{run.claim, {run.claim}}}, markdown);
  fuzz::require(markdown.str().size() < 60'000, "the summary fits into a comment");
  std::ostringstream badge;
  write_badge_svg(run, badge);
  fuzz::require(badge.str().ends_with("</svg>\n"), "there is a badge");
  return 0;
}
