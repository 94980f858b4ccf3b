#include "harness/engine/wire.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace pep554 {
namespace {

using nlohmann::json;

TEST(Frame, HasItsLengthInFront) {
  EXPECT_EQ(encode_frame(json::array()), std::string("\0\0\0\2[]", 6));
}

TEST(Frame, RefusesWhatIsNotUtf8) {
  EXPECT_THROW(encode_frame(json("\xff")), json::type_error);
}

TEST(FrameReader, RejectsAHugeLength) {
  FrameReader reader;
  reader.feed("HTTP/1.1 400 Bad Request");
  EXPECT_EQ(reader.next(), std::nullopt);
  EXPECT_TRUE(reader.broken());
  reader.feed(encode_frame(json::object()));
  EXPECT_EQ(reader.next(), std::nullopt) << "a broken stream stays broken";
}

TEST(Body, NestedTooDeepIsRefused) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + R"("]]]\"[[[")" + std::string(depth, ']');
  };
  EXPECT_EQ(nesting_of(nested(7)), 7U);
  EXPECT_NO_THROW(parse_body(nested(max_nesting)));
  EXPECT_THROW(parse_body(nested(max_nesting + 1)), json::exception);
  EXPECT_THROW(parse_body(R"({"a":)" + std::string(1'000'000, '[')), json::exception);
}

RC_GTEST_PROP(FrameReader, PutsFramesTogetherFromAnyPortions,
              (const std::vector<std::vector<int>>& documents)) {
  std::string stream;
  for (const auto& document : documents)
    stream += encode_frame(json(document));
  FrameReader reader;
  std::vector<std::vector<int>> read;
  for (size_t at = 0; at < stream.size();) {
    const auto size = *rc::gen::inRange<size_t>(1, 40);
    reader.feed(std::string_view(stream).substr(at, size));
    at += size;
    while (const auto body = reader.next())
      read.push_back(json::parse(*body).get<std::vector<int>>());
  }
  RC_ASSERT(read == documents);
  RC_ASSERT(!reader.broken());
}

TEST(FrameReader, ReadsALongStreamInLinearTime) {
  FrameReader reader;
  const std::string frame = encode_frame(json(std::string(1000, 'x')));
  size_t frames = 0;
  for (int i = 0; i < 1000; ++i) {
    reader.feed(frame);
    reader.feed(frame.substr(0, 10));
    frames += reader.next() ? 1U : 0U;
    reader.feed(frame.substr(10));
    frames += reader.next() ? 1U : 0U;
  }
  EXPECT_EQ(frames, 2000U);
}

} // namespace
} // namespace pep554
