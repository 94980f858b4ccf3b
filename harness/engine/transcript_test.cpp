#include "harness/engine/transcript.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace pep554 {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// A program of one step, requested as 7, with little room for output.
Program program() {
  Program made;
  made.lanes = {{{Op::enumerate, "", "", ""}}};
  made.limits.output_bytes = 100;
  return made;
}

json message(const std::string& kind, json more) {
  json made{{"msg", kind}, {"id", 7}};
  made.update(more);
  return made;
}

const json called = message("event", {{"e", "called"}, {"lane", 0}, {"step", 0}, {"us", 1}});

// Why the last message is refused; "" when it is not.
std::string objection(Transcript& transcript, const json& last, size_t bytes = 60) {
  try {
    transcript.add(last, bytes);
    return "";
  } catch (const json::exception& problem) {
    return message_of(problem);
  }
}

std::string objection(const json& last) {
  const Program borrowed = program();
  Transcript transcript(borrowed, 7);
  return objection(transcript, last);
}

TEST(Transcript, PutsAHistoryTogether) {
  const Program borrowed = program();
  Transcript transcript(borrowed, 7);
  EXPECT_FALSE(transcript.add(message("begin", {{"pid", 4711}}), 30));
  EXPECT_FALSE(transcript.add(called, 60));
  EXPECT_FALSE(transcript.add(message("output", {{"fd", 1}, {"text", "o"}}), 30));
  EXPECT_FALSE(transcript.add(message("output", {{"fd", 2}, {"text", "e"}}), 30));
  EXPECT_FALSE(transcript.add(message("trace", {{"text", "t"}}), 30));
  EXPECT_FALSE(transcript.add(message("of a later version", json::object()), 30));
  EXPECT_TRUE(transcript.add(message("end", {{"how", "exited"}, {"us", 5}}), 30));
  EXPECT_FALSE(transcript.host_leaves());
  const History& history = transcript.history();
  EXPECT_EQ(history.events.size(), 1U);
  EXPECT_EQ(history.out + history.err + history.trace, "oet");
  EXPECT_EQ(history.microseconds, 5);
}

TEST(Transcript, RefusesMessagesOfAnotherProgram) {
  json other = called;
  for (const json& id : {json(1007), json("7"), json(nullptr)}) {
    other["id"] = id;
    EXPECT_EQ(objection(other), "a message \"event\" has the id " + id.dump() + " instead of 7");
  }
  other.erase("id");
  EXPECT_THAT(objection(other), HasSubstr("'id' not found"));
}

TEST(Transcript, RefusesStepsThatTheProgramLacks) {
  json other = called;
  other["step"] = 1;
  EXPECT_EQ(objection(other), "an event of step 1 of lane 0: the program has 1 there");
}

TEST(Transcript, RefusesEndingsThatOnlyTheEngineSees) {
  for (const char* how : {"lost", "host_fault"})
    EXPECT_THAT(objection(message("end", {{"how", how}})), HasSubstr("for the engine alone"));
}

TEST(Transcript, BoundsWhatIsKept) {
  const Program borrowed = program();
  Transcript transcript(borrowed, 7);
  EXPECT_EQ(objection(transcript, called, Transcript::max_event_bytes), "");
  EXPECT_THAT(objection(transcript, called), HasSubstr("more than"));
  const auto text = [](size_t size) { return json{{"fd", 2}, {"text", std::string(size, 'x')}}; };
  EXPECT_EQ(objection(message("output", text(300))), "");
  EXPECT_THAT(objection(message("output", text(300'000))), HasSubstr("bytes of output"));
  EXPECT_THAT(objection(message("trace", text(300'000))), HasSubstr("bytes of trace"));
}

} // namespace
} // namespace pep554
