// Suggestions for mistyped names.
#include "spec/nearest.h"

#include <gtest/gtest.h>

namespace pep554 {
namespace {

TEST(Nearest, CountsEdits) {
  EXPECT_EQ(distance("", ""), 0U);
  EXPECT_EQ(distance("run", ""), 3U);
  EXPECT_EQ(distance("", "run"), 3U);
  EXPECT_EQ(distance("run", "run"), 0U);
  EXPECT_EQ(distance("rnu", "run"), 1U); // swapped
  EXPECT_EQ(distance("--tagret", "--target"), 1U);
  EXPECT_EQ(distance("destroy.remove", "destroy.removes"), 1U);
  EXPECT_EQ(distance("kitten", "sitting"), 3U);
}

TEST(Nearest, IsTheOneWithTheFewest) {
  const std::vector<std::string> names{"list", "run", "replay", "script"};
  EXPECT_EQ(nearest("rnu", names), "run");
  EXPECT_EQ(nearest("relpay", names), "replay");
  EXPECT_EQ(nearest("lits", names), "list");
  EXPECT_EQ(nearest("judge", names), "");
  EXPECT_EQ(nearest("", names), "");
  EXPECT_EQ(nearest("x", {"y"}), ""); // nothing in common
  EXPECT_EQ(nearest(std::string(100'000, 'x'), names), "");
  EXPECT_EQ(nearest("run", {}), "");
}

TEST(Nearest, IsAskedFor) {
  EXPECT_EQ(did_you_mean("rnu", {"run"}), " (did you mean run?)");
  EXPECT_EQ(did_you_mean("xyz", {"run"}), "");
}

} // namespace
} // namespace pep554
