#include "reports/text.h"

#include <gtest/gtest.h>

namespace pep554 {
namespace {

TEST(Anchor, KeepsIdsAndReplacesOtherCharacters) {
  EXPECT_EQ(anchor("case-", "destroy.removes-from_list"), "case-destroy.removes-from_list");
  EXPECT_EQ(anchor("case-", "a b\"<\xFF"), "case-a_b___");
}

} // namespace
} // namespace pep554
