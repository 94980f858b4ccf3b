#include "spec/readable.h"

#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace pep554 {
namespace {

using namespace std::string_literals;

TEST(ValidUtf8, KeepsWhatIsValid) {
  EXPECT_EQ(valid_utf8("plain \t\n\u00E9\u4E2D\U0001F40D\0end"s),
            "plain \t\n\u00E9\u4E2D\U0001F40D\0end"s);
}

TEST(ValidUtf8, ReplacesWhatIsNot) {
  const std::vector<std::pair<std::string, std::string>> texts{
      {"a\xFF"
       "b",
       "a\uFFFDb"},
      {"\xC3", "\uFFFD"}, // ends in the middle
      {"\xE2\x82z", "\uFFFDz"},
      {"\xC0\x80", "\uFFFD\uFFFD"},                     // overlong
      {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},           // a surrogate
      {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"}, // beyond U+10FFFF
      {"\x80\xF5", "\uFFFD\uFFFD"}};
  for (const auto& [bytes, valid] : texts)
    EXPECT_EQ(valid_utf8(bytes), valid);
}

// The library of JSON replaces as Unicode recommends: each sequence that cannot be continued.
RC_GTEST_PROP(ValidUtf8, IsWhatJsonHolds, (const std::vector<std::uint8_t>& bytes)) {
  using nlohmann::json;
  const json text = std::string(bytes.begin(), bytes.end());
  const std::string dumped = text.dump(-1, ' ', false, json::error_handler_t::replace);
  RC_ASSERT(json(valid_utf8(text.get<std::string>())).dump() == dumped);
}

TEST(Readable, ShowsControls) {
  EXPECT_EQ(readable("\x1B[0m\a\0\r\x7F"s), R"(\x1b[0m\x07\x00\x0d\x7f)");
  EXPECT_EQ(readable("tab\tline\n"), "tab\tline\n");
}

TEST(Readable, EscapesDirectionMarks) {
  EXPECT_EQ(readable("a\u202Eb\u2066\u200F\uFFFE\u0085"),
            "a<U+202E>b<U+2066><U+200F><U+FFFE><U+0085>");
}

TEST(Readable, ShowsWhatHasNoWidth) {
  EXPECT_EQ(readable("a\u200Bb\uFEFF\u2028\u00AD\U000E0041"),
            "a<U+200B>b<U+FEFF><U+2028><U+00AD><U+E0041>");
}

TEST(Readable, KeepsLetters) {
  EXPECT_EQ(readable("\u00E9\u2014\u4E2D\U0001F40D"), "\u00E9\u2014\u4E2D\U0001F40D");
}

TEST(OnOneLine, KeepsTheLine) {
  EXPECT_EQ(on_one_line("a\nb\tc\r\x1b]0;t\a"), R"(a\nb\tc\x0d\x1b]0;t\x07)");
}

TEST(OnOneLine, CutsBetweenCharacters) {
  EXPECT_EQ(on_one_line("0123456789", 10), "0123456789");
  EXPECT_EQ(on_one_line("0123456789A", 10), "0123456...");
  EXPECT_EQ(on_one_line("012345\u00E9789", 10), "012345...");
  EXPECT_EQ(on_one_line("012345\n789", 10), "012345...");
}

RC_GTEST_PROP(OnOneLine, IsOneLineWithinItsWidth, (const std::string& text)) {
  const auto width = *rc::gen::inRange<size_t>(3, 60);
  const std::string line = on_one_line(text, width);
  RC_ASSERT(line.size() <= width);
  RC_ASSERT(on_one_line(line) == line);
  for (const char letter : line)
    RC_ASSERT(static_cast<unsigned char>(letter) >= 0x20 && letter != 0x7F);
}

RC_GTEST_PROP(Readable, LeavesEveryTextFitForXml, (const std::string& text)) {
  for (const char letter : readable(text))
    RC_ASSERT(static_cast<unsigned char>(letter) >= 0x20 || letter == '\t' || letter == '\n');
  RC_ASSERT(valid_utf8(readable(text)) == readable(text));
  RC_ASSERT(readable(readable(text)) == readable(text));
}

} // namespace
} // namespace pep554
