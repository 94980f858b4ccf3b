#include "spec/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pep554 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(NormativePart, RunsFromAbstractToCopyright) {
  const std::string text =
      "PEP: 1 Abstract ======== One. Proposal ======== Two. Copyright ===== X.";
  EXPECT_EQ(normative_part(text), "Abstract ======== One. Proposal ======== Two. ");
}

TEST(NormativePart, IsEmptyWithoutItsHeadings) {
  EXPECT_THAT(normative_part("nothing of the kind"), IsEmpty());
  EXPECT_THAT(normative_part("Copyright ===== Abstract ===== turned around"), IsEmpty());
}

TEST(Sentences, SplitAtFullStopsAndColons) {
  EXPECT_THAT(sentences("One thing. Another: ``f()``:: A third."),
              ElementsAre("One thing.", "Another:", "``f()``::", "A third."));
}

TEST(Sentences, LeaveHeadingsOut) {
  EXPECT_THAT(sentences("Abstract ======== One. Long Heading ===== Two."),
              ElementsAre("One.", "Two."));
}

TEST(Sentences, KeepDotsInsideWords) {
  EXPECT_THAT(sentences("since version 1.5. The C-API."),
              ElementsAre("since version 1.5.", "The C-API."));
}

TEST(Sentences, KeepAnUnfinishedLastOne) {
  EXPECT_THAT(sentences("One. and then"), ElementsAre("One.", "and then"));
}

TEST(Sentences, OfAnEmptyTextAreNone) {
  EXPECT_THAT(sentences(""), IsEmpty());
  EXPECT_THAT(sentences("  \n "), IsEmpty());
}

} // namespace
} // namespace pep554
