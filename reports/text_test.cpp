#include "reports/text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace pep554 {
namespace {

using namespace std::string_literals;

TEST(ValidUtf8, KeepsWhatIsValid) {
  EXPECT_EQ(valid_utf8("plain \t\n\u00E9\u4E2D\U0001F40D\0end"s),
            "plain \t\n\u00E9\u4E2D\U0001F40D\0end"s);
}

TEST(ValidUtf8, ReplacesWhatIsNot) {
  EXPECT_EQ(valid_utf8("a\xFF"
                       "b"),
            "a\uFFFDb");
  EXPECT_EQ(valid_utf8("\xC3"), "\uFFFD"); // ends in the middle
}

TEST(Readable, ShowsControls) {
  EXPECT_EQ(readable("\x1B[0m\a\0\r\x7F"s), R"(\x1B[0m\x07\x00\x0D\x7F)");
  EXPECT_EQ(readable("tab\tline\n"), "tab\tline\n");
}

TEST(Readable, EscapesDirectionMarks) {
  EXPECT_EQ(readable("a\u202Eb\u2066\u200F\uFFFE\u0085"),
            "a<U+202E>b<U+2066><U+200F><U+FFFE><U+0085>");
}

TEST(Readable, KeepsLetters) {
  EXPECT_EQ(readable("\u00E9\u2014\u4E2D\U0001F40D"), "\u00E9\u2014\u4E2D\U0001F40D");
}

RC_GTEST_PROP(Readable, LeavesEveryTextFitForXml, (const std::string& text)) {
  for (const char letter : readable(text))
    RC_ASSERT(static_cast<unsigned char>(letter) >= 0x20 || letter == '\t' || letter == '\n');
  RC_ASSERT(valid_utf8(readable(text)) == readable(text));
  RC_ASSERT(readable(readable(text)) == readable(text));
}

TEST(Anchor, KeepsIdsAndReplacesOtherCharacters) {
  EXPECT_EQ(anchor("case-", "destroy.removes-from_list"), "case-destroy.removes-from_list");
  EXPECT_EQ(anchor("case-", "a b\"<\xFF"), "case-a_b___");
}

} // namespace
} // namespace pep554
