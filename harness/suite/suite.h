// Each case and property of the suite as a test of your GoogleTest program:
//
//   #include <gtest/gtest.h>
//   #include <pep554/suite.h>
//
//   int main(int argc, char** argv) {
//     testing::InitGoogleTest(&argc, argv);
//     pep554::SuiteOptions options;
//     options.target = "plugin:/path/of/mine.so";
//     pep554::register_suite(options);
//     return RUN_ALL_TESTS();
//   }
//
// Link pep554::suite, and a GoogleTest of 1.10 or later, which is yours. The test of the case
// destroy.never-used is called destroy.never_used, since a filter of GoogleTest takes "-" for a
// sign; that of the property ids-differ is property.ids_differ. Filters, shards, repetitions and
// XML work as they do with other tests. The target starts with the first test that needs it, so
// that listing the tests is fast.
//
// A test fails where the case is written: at a line of a table. A case that the target does not
// support is skipped; GOOGLETEST COUNTS A SKIPPED TEST AS NO FAILURE. Whether the target as a whole
// is conformant, `pep554 run` says.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "pep554_suite.h"

namespace pep554 {

struct SuiteOptions {
  std::string target = "reference"; // as `pep554 run --target` takes it
  std::string filter;               // as `pep554 run --filter`; empty: everything
  std::string prefix;         // of the names of test suites, e.g. "python311_"; for several targets
  double timeout_seconds = 0; // of each program; 0: the case's own
  std::uint32_t repeat = 1;   // executions of each case
  std::uint32_t examples = 500;  // of all properties together; 0: no properties
  std::uint64_t seed = 20170905; // of the examples
};

namespace detail {

using SuiteHandle = std::shared_ptr<pep554_suite_t>;

class SuiteTest : public testing::Test {
public:
  SuiteTest(SuiteHandle suite, size_t index) : suite_(std::move(suite)), index_(index) {}

  void TestBody() override {
    const pep554_suite_item_t& item = *pep554_suite_item(suite_.get(), index_);
    const pep554_suite_result_t& result = *pep554_suite_run(suite_.get(), index_);
    RecordProperty("id", item.id);
    RecordProperty("sentence", item.title);
    RecordProperty("clauses", item.clauses);
    RecordProperty("verdict", result.verdict);
    if (result.outcome == PEP554_SUITE_SKIPPED)
      GTEST_SKIP() << item.id << ": " << result.verdict << ": " << result.reason;
    if (result.outcome == PEP554_SUITE_FAILED)
      ADD_FAILURE_AT(item.file, static_cast<int>(item.line))
          << item.id << ": " << result.verdict << ": " << result.reason << "\n"
          << item.title << "\nClauses: " << item.clauses << "\n\n"
          << result.details;
  }

private:
  const SuiteHandle suite_;
  const size_t index_;
};

// No host outlives the tests.
class SuiteHosts : public testing::Environment {
public:
  explicit SuiteHosts(SuiteHandle suite) : suite_(std::move(suite)) {}
  void TearDown() override { pep554_suite_end_hosts(suite_.get()); }

private:
  const SuiteHandle suite_;
};

inline void register_item(const SuiteHandle& suite, size_t index, const std::string& prefix) {
  const pep554_suite_item_t& item = *pep554_suite_item(suite.get(), index);
  const std::string id = item.id;
  const size_t dot = id.find('.');
  std::string name = id.substr(dot + 1);
  for (char& one : name)
    one = one == '-' ? '_' : one;
  testing::RegisterTest((prefix + id.substr(0, dot)).c_str(), name.c_str(), nullptr, nullptr,
                        item.file, static_cast<int>(item.line),
                        [suite, index]() -> SuiteTest* { return new SuiteTest(suite, index); });
}

[[noreturn]] inline void refuse(const std::string& problem) {
#if defined(__cpp_exceptions) || defined(__EXCEPTIONS)
  throw std::runtime_error(problem);
#else
  std::fprintf(stderr, "%s\n", problem.c_str());
  std::abort();
#endif
}

} // namespace detail

// Call between InitGoogleTest and RUN_ALL_TESTS; for several targets once each, with a prefix.
// Throws std::runtime_error (ends the program where exceptions are disabled) if an option is wrong,
// the installation is incomplete, or the filter selects nothing.
inline void register_suite(const SuiteOptions& options = {}) {
  pep554_suite_options_t wanted = {};
  wanted.size = sizeof wanted;
  wanted.target = options.target.c_str();
  wanted.filter = options.filter.c_str();
  wanted.timeout_seconds = options.timeout_seconds;
  wanted.repeat = options.repeat;
  wanted.examples = options.examples;
  wanted.seed = options.seed;
  char error[1024] = "";
  const detail::SuiteHandle suite(pep554_suite_open(&wanted, error, sizeof error),
                                  pep554_suite_close);
  if (!suite)
    detail::refuse(std::string("pep554::register_suite: ") + error);
  testing::AddGlobalTestEnvironment(new detail::SuiteHosts(suite));
  for (size_t index = 0; index < pep554_suite_count(suite.get()); ++index)
    detail::register_item(suite, index, options.prefix);
}

} // namespace pep554
