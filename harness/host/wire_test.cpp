// Frames survive any division of the stream; text survives any bytes.
#include "harness/host/wire.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace pep554::host {
namespace {

using namespace std::string_literals;

TEST(wire, frame_is_big_endian_length_and_payload) {
  EXPECT_EQ(frame("{}"), "\0\0\0\2{}"s);
  EXPECT_EQ(frame(std::string(258, 'x')).substr(0, 4), "\0\0\1\2"s);
}

TEST(wire, reader_accepts_any_split) {
  const std::string stream = frame("one") + frame("") + frame(std::string(70'000, 'x'));
  for (const size_t piece : {1UL, 3UL, 5UL, 4096UL, stream.size()}) {
    FrameReader reader;
    std::vector<std::string> got;
    for (size_t at = 0; at < stream.size(); at += piece) {
      reader.feed(std::string_view(stream).substr(at, piece));
      while (auto payload = reader.next())
        got.push_back(*payload);
    }
    EXPECT_EQ(got, (std::vector<std::string>{"one", "", std::string(70'000, 'x')})) << piece;
  }
}

TEST(wire, oversized_frame_is_refused) {
  FrameReader reader;
  reader.feed("\xff\xff\xff\xff");
  EXPECT_EQ(reader.next(), std::nullopt);
  EXPECT_EQ(reader.state(), FrameReader::State::oversized);
}

TEST(wire, a_document_nested_too_deep_is_no_document) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + R"("]\"[")" + std::string(depth, ']');
  };
  EXPECT_TRUE(decode(nested(max_nesting)).is_array());
  EXPECT_TRUE(decode(nested(max_nesting + 1)).is_discarded());
  EXPECT_TRUE(decode("[").is_discarded());
}

TEST(wire, invalid_text_is_replaced) {
  EXPECT_EQ(encode("a\xff"
                   "b"),
            "\"a\xef\xbf\xbd"
            "b\"");
  EXPECT_EQ(encode("nul\0"s), R"("nul\u0000")");
}

TEST(wire, whole_characters_holds_back_only_what_may_become_whole) {
  EXPECT_EQ(whole_characters(""), 0U);
  EXPECT_EQ(whole_characters("abc"), 3U);
  EXPECT_EQ(whole_characters("a\xc3\xa9"), 3U);
  EXPECT_EQ(whole_characters("a\xc3"), 1U);
  EXPECT_EQ(whole_characters("a\xe2\x82"), 1U);
  EXPECT_EQ(whole_characters("a\xf0\x9f\x98"), 1U);
  EXPECT_EQ(whole_characters("a\xf0\x9f\x98\x80"), 5U);
  EXPECT_EQ(whole_characters("a\xff"), 2U);
  EXPECT_EQ(whole_characters("\x80\x80\x80\x80"), 4U);
}

} // namespace
} // namespace pep554::host
