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

TEST(Body, OfTooManyValuesIsRefused) {
  const auto list = [](size_t values) {
    std::string text = "[1";
    for (size_t i = 1; i < values; ++i)
      text += ",1";
    return text + "]";
  };
  EXPECT_EQ(parse_body(list(max_values / 2)).size(), max_values / 2);
  EXPECT_THROW(parse_body(list(max_values + 1)), json::exception);
  EXPECT_EQ(parse_body('"' + std::string(max_values + 1, ',') + '"').get<std::string>().size(),
            max_values + 1);
}

TEST(Body, LoneSurrogatesAreReplaced) {
  const std::vector<std::pair<std::string, std::string>> texts{
      {R"(\ud800)", "\uFFFD"},
      {R"(a\uDFFFb)", "a\uFFFDb"},
      {R"(\ud83d\ude00)", "\U0001F600"},
      {R"(\ud800\ud83d\ude00\udc00)", "\uFFFD\U0001F600\uFFFD"},
      {R"(\ud800\n)", "\uFFFD\n"},
      {R"(\ud800\\udc00)", "\uFFFD\\udc00"},
      {R"(\\ud800)", "\\ud800"},
      {R"(\\\ud800)", "\\\uFFFD"},
      {R"(\u00e9)", "\u00E9"}};
  for (const auto& [written, read] : texts)
    EXPECT_EQ(parse_body("[\"" + written + "\"]").at(0), read) << written;
  EXPECT_EQ(parse_body(R"({"\ud800":1})").at("\uFFFD"), 1);
  for (const char* broken : {R"(["\ud8"])", R"(["\ud8zz"])", R"(["\ud800)", R"([\ud800])",
                             "[\"\xED\xA0\x80\"]", "[\"\xff\"]"})
    EXPECT_THROW(parse_body(broken), json::exception) << broken;
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
