// The C interface of a session. No exception leaves it, and no signal of a pipe reaches the caller.
#include "harness/suite/pep554_suite.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <ctime>
#include <deque>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/engine/child_process.h"
#include "harness/engine/surroundings.h"
#include "harness/run/isolation.h"
#include "harness/suite/session.h"
#include "reports/details.h"
#include "spec/readable.h"

#define PEP554_EXPORT __attribute__((visibility("default")))

using pep554::Result;
using pep554::Session;
using pep554::Verdict;

struct pep554_suite {
  std::unique_ptr<Session> session;
  std::deque<std::string> texts; // of the items
  std::vector<pep554_suite_item_t> items;
  std::string verdict, reason, details; // of the last result
  pep554_suite_result_t result{};

  const char* keep(std::string text) { return texts.emplace_back(std::move(text)).c_str(); }
};

namespace {

namespace fs = std::filesystem;

// A host that has gone is seen by the write to its pipe, whose signal this takes away.
class WithoutSigpipe {
public:
  WithoutSigpipe() {
    ::sigemptyset(&signal_);
    ::sigaddset(&signal_, SIGPIPE);
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  ~WithoutSigpipe() {
    const timespec at_once{};
    while (!was_pending_ && ::sigtimedwait(&signal_, nullptr, &at_once) == SIGPIPE) {
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

private:
  sigset_t signal_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

// This library is PREFIX/lib/pep554/libpep554-suite.so.
Result<pep554::Paths> find_paths() {
  Dl_info here{};
  if (::dladdr(reinterpret_cast<const void*>(&pep554_suite_open), &here) == 0)
    return pep554::fail("the file of libpep554-suite.so is not to be found");
  const fs::path library = fs::canonical(here.dli_fname);
  return pep554::paths_below(library.parent_path().parent_path().parent_path(), library);
}

// The caller's options, of which an older caller has fewer.
Result<pep554_suite_options_t> all_of(const pep554_suite_options_t* given) {
  if (given == nullptr || given->size < sizeof(size_t))
    return pep554::fail("pep554_suite_options_t without its size");
  pep554_suite_options_t all{};
  std::memcpy(&all, given, std::min(given->size, sizeof all));
  return all;
}

std::string text_of(const char* maybe) {
  return maybe == nullptr ? "" : maybe;
}

pep554::RunSettings settings_of(const pep554_suite_options_t& given) {
  pep554::RunSettings settings;
  settings.filter = text_of(given.filter);
  settings.repeat = std::max(1U, given.repeat);
  settings.timeout_seconds = given.timeout_seconds;
  settings.seed = given.seed;
  settings.examples = given.examples;
  return settings;
}

void add_items(pep554_suite& suite) {
  for (const pep554::SessionItem& one : suite.session->items())
    suite.items.push_back({suite.keep(one.id), suite.keep(one.title),
                           suite.keep(fmt::format("{}", fmt::join(one.clauses, ", "))),
                           suite.keep(one.where.file), static_cast<uint32_t>(one.where.line)});
}

pep554_suite_outcome_t outcome_of(Verdict verdict) {
  if (verdict == Verdict::pass || verdict == Verdict::observed)
    return PEP554_SUITE_PASSED;
  return verdict == Verdict::unsupported ? PEP554_SUITE_SKIPPED : PEP554_SUITE_FAILED;
}

void set_result(pep554_suite& suite, const pep554::CaseResult& result) {
  suite.verdict = to_string(result.verdict);
  suite.reason = pep554::on_one_line(result.reason);
  suite.details = pep554::readable(details_of(result));
  suite.result = {outcome_of(result.verdict), suite.verdict.c_str(), suite.reason.c_str(),
                  suite.details.c_str(), result.microseconds};
}

Result<std::unique_ptr<pep554_suite>> make_suite(const pep554_suite_options_t* options) {
  const auto paths = find_paths();
  if (!paths)
    return tl::unexpected(paths.error());
  const auto given = all_of(options);
  if (!given)
    return tl::unexpected(given.error());
  auto session = Session::open(text_of(given->target), settings_of(*given), *paths);
  if (!session)
    return tl::unexpected(session.error());
  auto suite = std::make_unique<pep554_suite>();
  suite->session = std::move(*session);
  add_items(*suite);
  if (pep554::is_jailed())
    pep554::start_through(paths->jail.native());
  pep554::raise_soft_limits();
  return suite;
}

} // namespace

PEP554_EXPORT pep554_suite_t* pep554_suite_open(const pep554_suite_options_t* options, char* error,
                                                size_t error_size) {
  std::string problem;
  try {
    auto suite = make_suite(options);
    if (suite)
      return suite->release();
    problem = to_string(suite.error());
  } catch (const std::exception& failure) {
    problem = failure.what();
  }
  if (error_size > 0)
    fmt::format_to_n(error, error_size - 1, "{}", pep554::on_one_line(problem)).out[0] = '\0';
  return nullptr;
}

PEP554_EXPORT void pep554_suite_close(pep554_suite_t* suite) {
  const WithoutSigpipe guard;
  delete suite;
}

PEP554_EXPORT size_t pep554_suite_count(const pep554_suite_t* suite) {
  return suite->items.size();
}

PEP554_EXPORT const pep554_suite_item_t* pep554_suite_item(const pep554_suite_t* suite,
                                                           size_t index) {
  return &suite->items[index];
}

PEP554_EXPORT const pep554_suite_result_t* pep554_suite_run(pep554_suite_t* suite, size_t index) {
  const WithoutSigpipe guard;
  pep554::CaseResult result;
  try {
    result = suite->session->run(index);
  } catch (const std::exception& failure) {
    result.reason = fmt::format("internal error: {}", failure.what());
  }
  set_result(*suite, result);
  return &suite->result;
}

PEP554_EXPORT void pep554_suite_end_hosts(pep554_suite_t* suite) {
  const WithoutSigpipe guard;
  suite->session->end_hosts();
}
