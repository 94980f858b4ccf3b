// A plugin with one fault, the fault found: exactly that, by its id. And healthy ones, in which
// nothing is found. The examination is asked as the doctor asks it.
#include <tuple>

#include "harness/doctor/plugin_examination.h"
#include "harness/doctor/protocol_connection.h"
#include "harness/doctor/testing/faults.h"
#include "harness/host/examine/checks.h"
#include "harness/host/testing/hosts.h"
#include "harness/testing/plugins/fault.h"

namespace pep554::test {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;
using namespace std::chrono_literals;

const std::string faulty_plugin = testing_plugin("pep554_faulty_plugin");
const std::string fault_variable = "PEP554_FAULT";

Diagnosis examine(const std::string& plugin, std::chrono::milliseconds deadline = 10s) {
  return examine_plugin(*examining(host_with({plugin}), deadline)).value();
}

// The thread sanitizer has threads of its own.
std::string seen(const fault& row) {
#ifdef __SANITIZE_THREAD__
  if (std::string(row.name) == "start_thread")
    return " threads";
#endif
  return row.seen;
}

// The rows of harness/testing/plugins/faults_of_the_abi.c. With a fatal fault nothing else can be
// tried, since the host would refuse the plugin.
std::vector<Fault> faults_to_find() {
  size_t count = 0;
  const fault* const* rows = faulty_plugin_faults(&count);
  std::vector<Fault> faults;
  for (size_t i = 0; i < count; ++i) {
    const fault& row = *rows[i];
    const Outcome outcome = row.severity == FATAL   ? Outcome::refused
                            : row.severity == WRONG ? Outcome::error
                                                    : Outcome::note;
    if (row.severity != NOT_EXAMINED)
      faults.push_back({row.name, row.check, seen(row), outcome, 1500ms});
  }
  return faults;
}

class PluginFault : public testing::TestWithParam<Fault> {};

TEST_P(PluginFault, is_the_only_error) {
  const WithFault fault(fault_variable, GetParam().name);
  expect_found_alone(examine(faulty_plugin, GetParam().deadline), GetParam());
}

INSTANTIATE_TEST_SUITE_P(faults, PluginFault, testing::ValuesIn(faults_to_find()), name_of);

// The advice is about what was seen, not about what the trial was for.
TEST(Examination, gives_advice_on_a_crash_and_on_a_hang) {
  const auto advice = [](const char* name, const char* check) {
    const WithFault fault(fault_variable, name);
    return finding(examine(faulty_plugin, 1500ms), check).advice;
  };
  for (const auto& [name, check] : {std::pair{"run_crashes_when_code_raises", "slot.survives"},
                                    {"start_crashes", "start.answers"},
                                    {"load_crashes", "load.opens"}})
    EXPECT_EQ(advice(name, check), host::find_check("slot.survives")->advice) << name;
  EXPECT_EQ(advice("start_hangs", "start.answers"), host::find_check("slot.returns")->advice);
  EXPECT_EQ(advice("start_fails", "start.answers"), host::find_check("start.answers")->advice);
}

TEST(Examination, finds_no_errors_in_a_healthy_plugin) {
  const Diagnosis diagnosis = examine(faulty_plugin);
  EXPECT_EQ(of_level(diagnosis, Level::ok).size(), host::checks().size());
  EXPECT_EQ(diagnosis.description, "faulty 1");
  EXPECT_TRUE(diagnosis.started);
}

TEST(Examination, finds_no_errors_in_the_fake_plugin) {
  const Diagnosis diagnosis = examine(testing_plugin("pep554_fake_plugin"));
  EXPECT_THAT(of_level(diagnosis, Level::error), IsEmpty());
  EXPECT_THAT(of_level(diagnosis, Level::note),
              UnorderedElementsAre("extension.claimed", "slot.supported", "start.output"));
}

TEST(Examination, ends_with_a_status_that_says_whether_it_started) {
  const std::vector<std::tuple<std::string, std::string, int>> statuses{
      {"", faulty_plugin, 0},
      {"id_cut", faulty_plugin, 0},
      {"start_fails", faulty_plugin, 1},
      {"", "/usr", 1}};
  for (const auto& [name, plugin, status] : statuses) {
    const WithFault fault(fault_variable, name);
    const auto host = ProtocolConnection::start(host_with({"--examine", plugin})).value();
    while (host->receive(1min)) {
    }
    EXPECT_EQ(host->state(), ProtocolConnection::State::ended);
    EXPECT_EQ(host->wait(1min), status) << name << " of " << plugin;
  }
}

// Plugins that cannot be loaded; the name is that of the file.
class UnusablePlugin : public testing::TestWithParam<Fault> {};

TEST_P(UnusablePlugin, ends_the_examination) {
  const Diagnosis diagnosis = examine(GetParam().name);
  expect_found_alone(diagnosis, GetParam());
  EXPECT_THAT(of_level(diagnosis, Level::note), IsEmpty());
  EXPECT_EQ(diagnosis.reason, finding(diagnosis, GetParam().check).seen);
}

const Fault unusable[] = {
    {"/nowhere/plugin.so", "load.file", "no such file", Outcome::refused},
    {"/usr", "load.file", "no regular file", Outcome::refused},
    {PEP554_SOURCE_DIR "/README.md", "load.opens", "no ELF file", Outcome::refused},
    {"/bin/true", "load.opens", "/bin/true", Outcome::refused},
    {testing_plugin("pep554_bad_symbol"), "load.symbol", "pep554_plugin", Outcome::refused},
    {testing_plugin("pep554_bad_version_2"), "table.version", "version is 2", Outcome::refused},
    {testing_plugin("pep554_bad_later_symbol"), "table.version", "it exports pep554_plugin_2",
     Outcome::refused},
    {testing_plugin("pep554_bad_size"), "table.size", "size is 136", Outcome::refused},
    {testing_plugin("pep554_bad_slots"), "table.slots", "null: start, stop, describe",
     Outcome::refused}};

INSTANTIATE_TEST_SUITE_P(plugins, UnusablePlugin, testing::ValuesIn(unusable));

TEST(Checks, quote_the_header_to_the_letter_and_are_listed_in_the_readme) {
  expect_documented(host::checks(), "harness/abi/pep554_plugin.h",
                    "harness/host/examine/README.md");
}

TEST(Checks, are_found_by_their_ids) {
  EXPECT_EQ(host::find_check("stop.exit")->title, "the process can exit after stop");
  EXPECT_EQ(host::find_check("stop.nothing"), nullptr);
}

} // namespace
} // namespace pep554::test
