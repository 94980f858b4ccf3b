// The event channel is open to any code of a program: only records of the expected shape are
// accepted.
#include "harness/host/records.h"

#include <gtest/gtest.h>

namespace pep554::host {
namespace {

Program two_lanes() {
  Program program;
  program.lanes = {{Step{}, Step{}}, {}};
  return program;
}

bool is_malformed(std::string_view bytes) {
  return std::holds_alternative<Malformed>(read_record(bytes, two_lanes()));
}

nlohmann::json event(std::string_view bytes) {
  return std::get<EventRecord>(read_record(bytes, two_lanes())).event;
}

TEST(records, events_are_copied_without_extras) {
  EXPECT_EQ(event(R"({"e":"called","lane":0,"step":1,"us":5,"msg":"end","id":3})"),
            nlohmann::json::parse(R"({"e":"called","lane":0,"step":1,"us":5})"));
  EXPECT_EQ(event(R"({"e":"lane","lane":1,"step":0,"us":5,"text":"77"})")["text"], "77");
}

TEST(records, emitted_text_is_decoded) {
  EXPECT_EQ(event(R"({"e":"emitted","lane":0,"step":0,"hex":"61c3a9"})")["text"], "a\u00e9");
  EXPECT_EQ(event(R"({"e":"emitted","lane":0,"step":0,"hex":""})")["text"], "");
}

TEST(records, malformed_records_are_rejected) {
  for (const char* bytes :
       {"", "\xff", "{", "[]", "1", "{}", R"({"e":1})", R"({"e":"other"})",
        R"({"e":"called","lane":2,"step":0,"us":1})", R"({"e":"called","lane":0,"step":2,"us":1})",
        R"({"e":"called","lane":-1,"step":0,"us":1})", R"({"e":"called","lane":0,"step":0})",
        R"({"e":"called","lane":0,"step":0,"us":9223372036854775808})",
        R"({"e":"emitted","lane":0,"step":0,"hex":"6"})",
        R"({"e":"emitted","lane":0,"step":0,"hex":"zz"})",
        R"({"e":"returned","lane":0,"step":0,"us":1,"answer":{"status":"fine"}})",
        R"({"e":"returned","lane":0,"step":0,"us":1})"})
    EXPECT_TRUE(is_malformed(bytes)) << bytes;
}

TEST(records, answers_of_wrong_types_are_rejected) {
  const auto returned = [](const std::string& answer) {
    return R"({"e":"returned","lane":0,"step":0,"us":1,"answer":)" + answer + "}";
  };
  EXPECT_EQ(
      event(returned(R"({"status":"ok","ids":["1"],"text":"t","truth":true,"x":[]})"))["answer"],
      nlohmann::json::parse(R"({"status":"ok","ids":["1"],"text":"t","truth":true})"));
  EXPECT_EQ(event(returned(R"({"status":"raised","raised":{"type":"E","x":1}})"))["answer"],
            nlohmann::json::parse(R"({"status":"raised","raised":{"type":"E"}})"));
  const std::string deep = std::string(50'000, '[') + std::string(50'000, ']');
  for (const std::string& answer :
       {std::string(R"({"status":"ok","ids":"1"})"), std::string(R"({"status":"ok","ids":[1]})"),
        std::string(R"({"status":"ok","ids":{"a":"1"}})"),
        std::string(R"({"status":"ok","text":1})"), std::string(R"({"status":"ok","truth":"yes"})"),
        R"({"status":"ok","ids":)" + deep + "}", std::string(R"({"status":"raised","raised":"E"})"),
        std::string(R"({"status":"raised","raised":{"message":null}})")})
    EXPECT_TRUE(is_malformed(returned(answer))) << answer.substr(0, 80);
}

} // namespace
} // namespace pep554::host
