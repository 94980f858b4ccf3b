#include "reports/badge.h"

#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/summary.h"

namespace pep554 {
namespace {

constexpr std::string_view badge_label = "PEP 554";

// Widths of Verdana at 11 pixels, roughly; textLength makes any font keep to them.
unsigned width_of(std::string_view text) {
  unsigned tenths = 0;
  for (const char c : text)
    tenths += std::string_view(" :.,1ijlt").find(c) != std::string_view::npos ? 46U : 70U;
  return (tenths + 5) / 10;
}

std::string part_of_badge(std::string_view text, unsigned left, unsigned width) {
  return fmt::format(R"(<text x="{}" y="14" textLength="{}">{}</text>)", left + 6, width, text);
}

} // namespace

Badge badge_of(const RunResult& run) {
  size_t gating = 0;
  size_t passed = 0;
  for (const auto& [kind, counts] : clause_counts(run)) {
    if (kind == ClauseKind::open)
      continue;
    gating += total(counts);
    const auto found = counts.find(Verdict::pass);
    passed += found == counts.end() ? 0 : found->second;
  }
  const std::string share = fmt::format(": {} of {}", passed, gating);
  // Each is legible below white text (a contrast of 4.5 or more).
  switch (claim_of(run)) {
  case Claim::conformant:
    return {"conformant", "1a7f37"};
  case Claim::not_sound:
    return {"conformant, not sound", "8a6100"};
  case Claim::not_conformant:
    return {"not conformant" + share, "c62828"};
  case Claim::unsupported:
    return {"unsupported", "57606a"};
  case Claim::partial:
    break;
  }
  return {"partial" + share, "8a6100"};
}

void write_badge_svg(const RunResult& run, std::ostream& out) {
  const Badge badge = badge_of(run);
  const unsigned label = width_of(badge_label);
  const unsigned message = width_of(badge.message);
  const unsigned left = label + 12;
  const unsigned all = left + message + 12;
  out << fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="20" role="img" aria-label="{}: {}">)"
      R"(<title>{}: {}</title><rect width="{}" height="20" rx="3" fill="#{}"/>)"
      R"(<path d="M3 0h{}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3" fill="#444d56"/>)"
      R"(<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">{}{}</g></svg>)"
      "\n",
      all, badge_label, badge.message, badge_label, badge.message, all, badge.colour, left - 3,
      part_of_badge(badge_label, 0, label), part_of_badge(badge.message, left, message));
}

void write_badge_json(const RunResult& run, std::ostream& out) {
  const Badge badge = badge_of(run);
  const nlohmann::ordered_json document = {{"schemaVersion", 1},
                                           {"label", badge_label},
                                           {"message", badge.message},
                                           {"color", badge.colour}};
  out << document.dump(2) << "\n";
}

} // namespace pep554
