// Errors as people read them, and as functions return them.
#include "spec/result.h"

#include <gtest/gtest.h>

namespace pep554 {
namespace {

std::string text(const Source& where, const std::string& message) {
  Error error;
  error.where = where;
  error.message = message;
  return to_string(error);
}

TEST(Error, BeginsWithItsPosition) {
  EXPECT_EQ(text({"run.toml", 12, 3}, "no key"), "run.toml:12:3: no key");
  EXPECT_EQ(text({"run.toml", 12}, "no key"), "run.toml:12: no key");
  EXPECT_EQ(text({"run.toml"}, "no key"), "run.toml: no key");
  EXPECT_EQ(text({"", 2}, "no record"), "2: no record");
  EXPECT_EQ(text({}, "no target"), "no target");
}

TEST(Error, IsReturnedAsAResult) {
  const auto positive = [](int number) -> Result<int> {
    return number > 0 ? Result<int>(number) : fail("not positive", {"numbers", 1});
  };
  EXPECT_EQ(positive(1).and_then(positive), 1);
  EXPECT_EQ(to_string(positive(0).error()), "numbers:1: not positive");
}

} // namespace
} // namespace pep554
