// The published schema against what is written: generated runs satisfy it, broken ones do not.
#include <fstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "reports/results_json.h"
#include "reports/tests/generators.h"
#include "reports/tests/sample_run.h"

namespace pep554 {
namespace {

using nlohmann::json;
using valijson::adapters::NlohmannJsonAdapter;

json schema_document() {
  std::ifstream in(PEP554_SOURCE_DIR "/reports/results.schema.json");
  return json::parse(in);
}

bool satisfies_schema(const json& document) {
  static const json text = schema_document();
  static const auto schema = [] {
    auto parsed = std::make_unique<valijson::Schema>();
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(NlohmannJsonAdapter(text), *parsed);
    return parsed;
  }();
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  return validator.validate(*schema, NlohmannJsonAdapter(document), nullptr);
}

TEST(Schema, AcceptsTheSamples) {
  EXPECT_TRUE(satisfies_schema(to_json(sample_run())));
  EXPECT_TRUE(satisfies_schema(to_json(conformant_run())));
}

RC_GTEST_PROP(Schema, AcceptsEveryRun, ()) {
  RC_ASSERT(satisfies_schema(json::parse(results_text(*hostile_run()))));
}

// Every object of the document, with the path that leads to it.
void collect_objects(const json& value, const json::json_pointer& at,
                     std::vector<json::json_pointer>& found) {
  if (value.is_object())
    found.push_back(at);
  if (value.is_structured())
    for (const auto& [key, item] : value.items())
      collect_objects(item, value.is_array() ? at / std::stoul(key) : at / key, found);
}

TEST(Schema, RejectsAnUnknownKeyAnywhere) {
  const json good = to_json(sample_run());
  std::vector<json::json_pointer> objects;
  collect_objects(good, json::json_pointer(), objects);
  ASSERT_GT(objects.size(), 50U);
  for (const auto& at : objects) {
    json broken = good;
    broken[at]["unheard-of"] = 1;
    EXPECT_FALSE(satisfies_schema(broken)) << at.to_string();
  }
}

TEST(Schema, RejectsAMissingKey) {
  const json good = to_json(sample_run());
  for (const char* where : {"", "/target", "/counts", "/cases/0", "/cases/0/steps/0", "/clauses/0"})
    for (const auto& [key, value] : good[json::json_pointer(where)].items()) {
      json broken = good;
      broken[json::json_pointer(where)].erase(key);
      EXPECT_FALSE(satisfies_schema(broken)) << where << " without " << key;
    }
}

TEST(Schema, RejectsWrongValues) {
  const std::vector<std::pair<const char*, json>> changes{{"/schema", 1},
                                                          {"/conformant", "yes"},
                                                          {"/jobs", -1},
                                                          {"/started", 17},
                                                          {"/cases/0/verdict", "ok"},
                                                          {"/cases/0/steps/0/state", "passed"},
                                                          {"/cases/0/clauses", 1},
                                                          {"/clauses/0/kind", "guess"},
                                                          {"/clauses/0/verdict", nullptr},
                                                          {"/counts/cases", 17},
                                                          {"/target/facts", json::object()}};
  for (const auto& [where, value] : changes) {
    json broken = to_json(sample_run());
    broken[json::json_pointer(where)] = value;
    EXPECT_FALSE(satisfies_schema(broken)) << where;
  }
}

// Every object of the schema that lists properties is closed and describes each of them.
void expect_documented(const json& schema, const json::json_pointer& at) {
  if (schema.is_object() && schema.contains("properties") && schema["properties"].is_object()) {
    EXPECT_EQ(schema.value("additionalProperties", true), false) << at.to_string();
    for (const auto& [name, property] : schema["properties"].items())
      EXPECT_TRUE(property.contains("description")) << (at / name).to_string();
  }
  if (schema.is_structured())
    for (const auto& [key, item] : schema.items())
      expect_documented(item, at / key);
}

TEST(Schema, DescribesEveryKey) {
  expect_documented(schema_document(), json::json_pointer());
}

} // namespace
} // namespace pep554
