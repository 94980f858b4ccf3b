// The badge says what the claim says, with nothing of the target.
#include "reports/badge.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <rapidcheck/gtest.h>

#include "reports/tests/generators.h"
#include "reports/tests/sample_run.h"

namespace pep554 {
namespace {

TEST(Badge, SaysWhatTheClaimSays) {
  EXPECT_EQ(badge_of(conformant_run()).message, "conformant");
  EXPECT_EQ(badge_of(sample_run()).message, "not conformant: 2 of 7");
  RunResult run = sample_run();
  run.shard = "1/2";
  EXPECT_EQ(badge_of(run).message, "partial: 2 of 7");
  run.target.unsupported_reason = "no subinterpreters";
  EXPECT_EQ(badge_of(run).message, "unsupported");
}

// https://shields.io/badges/endpoint-badge: these keys are required, or known.
TEST(Badge, IsAnEndpointOfShields) {
  std::ostringstream out;
  write_badge_json(conformant_run(), out);
  EXPECT_EQ(nlohmann::json::parse(out.str()), nlohmann::json({{"schemaVersion", 1},
                                                              {"label", "PEP 554"},
                                                              {"message", "conformant"},
                                                              {"color", "1a7f37"}}));
}

RC_GTEST_PROP(Badge, IsAPictureWhateverTheRunIs, ()) {
  std::ostringstream out;
  write_badge_svg(*hostile_run(), out);
  pugi::xml_document document;
  RC_ASSERT(document.load_string(out.str().c_str()).status == pugi::status_ok);
  const pugi::xml_node svg = document.child("svg");
  RC_ASSERT(std::string(svg.attribute("xmlns").value()) == "http://www.w3.org/2000/svg");
  // Both texts are inside.
  for (const pugi::xml_node text : svg.child("g").children("text"))
    RC_ASSERT(text.attribute("x").as_int() + text.attribute("textLength").as_int() <=
              svg.attribute("width").as_int() - 6);
}

} // namespace
} // namespace pep554
