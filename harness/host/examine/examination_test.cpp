// A plugin with one fault, the fault found: exactly that, by its id. And healthy ones, in which
// nothing is found.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/host/examine/checks.h"
#include "harness/host/testing/host_process.h"
#include "harness/testing/plugins/fault.h"

namespace pep554::host {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Report {
  std::map<std::string, json> checks;
  json examined;
  int code = -1;

  std::vector<std::string> of_level(const std::string& level) const {
    std::vector<std::string> ids;
    for (const auto& [id, check] : checks)
      if (check["level"] == level)
        ids.push_back(id);
    return ids;
  }
};

Report examine(std::vector<std::string> arguments, const std::string& mode = "--examine") {
  arguments.insert(arguments.begin(), mode);
  HostProcess host(arguments);
  Report report;
  for (json message = host.hello(); !message.is_null(); message = host.receive())
    message["msg"] == "check" ? report.checks[message["check"]] = message
                              : report.examined = message;
  report.code = host.wait();
  return report;
}

const std::string faulty_plugin = testing_plugin("pep554_faulty_plugin");

// Its rows in harness/testing/plugins/faults_of_the_abi.c.
std::vector<const fault*> faults_that_are(severity what) {
  size_t count = 0;
  const fault* const* all = faulty_plugin_faults(&count);
  std::vector<const fault*> rows;
  std::copy_if(all, all + count, std::back_inserter(rows),
               [what](const fault* row) { return row->severity == what; });
  return rows;
}

// The thread sanitizer has threads of its own.
std::string seen(const fault& row) {
#ifdef __SANITIZE_THREAD__
  if (std::string(row.name) == "start_thread")
    return " threads";
#endif
  return row.seen;
}

class OfAFault : public testing::TestWithParam<const fault*> {
protected:
  // The host inherits the fault.
  void SetUp() override { ::setenv("PEP554_FAULT", GetParam()->name, 1); }
  void TearDown() override { ::unsetenv("PEP554_FAULT"); }
};

std::string name_of(const testing::TestParamInfo<const fault*>& info) {
  return info.param->name;
}

// Faults with which nothing else can be tried, since the host would refuse the plugin.
class Refused : public OfAFault {};

TEST_P(Refused, is_found_and_is_the_reason) {
  const Report report = examine({faulty_plugin});
  EXPECT_THAT(report.of_level("mend"), ElementsAre(GetParam()->check));
  EXPECT_THAT(report.checks.at(GetParam()->check)["seen"], HasSubstr(seen(*GetParam())));
  EXPECT_EQ(report.examined["started"], false);
  EXPECT_NE(report.examined["reason"], "");
  EXPECT_EQ(report.code, 1);
}

INSTANTIATE_TEST_SUITE_P(faults, Refused, testing::ValuesIn(faults_that_are(FATAL)), name_of);

class PluginFault : public OfAFault {};

TEST_P(PluginFault, is_found_alone) {
  const Report report = examine({faulty_plugin}, "--examine=1500");
  EXPECT_THAT(report.of_level("mend"), ElementsAre(GetParam()->check));
  const json& check = report.checks.at(GetParam()->check);
  EXPECT_THAT(check["seen"], HasSubstr(seen(*GetParam())));
  EXPECT_NE(check["rule"], "");
  EXPECT_NE(check["advice"], "");
  EXPECT_EQ(report.examined["started"], true);
  EXPECT_EQ(report.code, 0);
}

INSTANTIATE_TEST_SUITE_P(faults, PluginFault, testing::ValuesIn(faults_that_are(WRONG)), name_of);

class Noted : public OfAFault {};

TEST_P(Noted, is_said_and_is_no_fault) {
  const Report report = examine({faulty_plugin});
  EXPECT_THAT(report.of_level("mend"), IsEmpty());
  EXPECT_THAT(report.of_level("note"), ElementsAre(GetParam()->check));
  EXPECT_THAT(report.checks.at(GetParam()->check)["seen"], HasSubstr(seen(*GetParam())));
}

INSTANTIATE_TEST_SUITE_P(faults, Noted, testing::ValuesIn(faults_that_are(ODD)), name_of);

TEST(Examination, finds_nothing_in_a_healthy_plugin) {
  const Report report = examine({faulty_plugin});
  EXPECT_EQ(report.of_level("ok").size(), checks().size()) << report.checks;
  EXPECT_EQ(report.examined["plugin"]["name"], "faulty");
  EXPECT_EQ(report.examined["plugin"]["version"], "1");
  EXPECT_EQ(report.examined["started"], true);
  EXPECT_EQ(report.code, 0);
}

TEST(Examination, finds_nothing_to_mend_in_the_fake_plugin) {
  const Report report = examine({testing_plugin("pep554_fake_plugin")});
  EXPECT_THAT(report.of_level("mend"), IsEmpty());
  EXPECT_THAT(report.of_level("note"),
              ElementsAre("extension.claimed", "slot.supported", "start.output"));
}

struct Unusable {
  std::string plugin;
  std::string check;
  std::string seen;
};

void PrintTo(const Unusable& unusable, std::ostream* stream) {
  *stream << unusable.plugin.substr(unusable.plugin.rfind('/') + 1) << ": " << unusable.check;
}

class OfAnUnusable : public testing::TestWithParam<Unusable> {};

TEST_P(OfAnUnusable, ends_there) {
  const Report report = examine({GetParam().plugin});
  EXPECT_THAT(report.of_level("mend"), ElementsAre(GetParam().check));
  EXPECT_THAT(report.checks.at(GetParam().check)["seen"], HasSubstr(GetParam().seen));
  EXPECT_THAT(report.of_level("note"), IsEmpty());
  EXPECT_EQ(report.examined["reason"], report.checks.at(GetParam().check)["seen"]);
  EXPECT_EQ(report.code, 1);
}

INSTANTIATE_TEST_SUITE_P(
    plugins, OfAnUnusable,
    testing::Values(Unusable{"/nowhere/plugin.so", "load.file", "no such file"},
                    Unusable{"/usr", "load.file", "a directory"},
                    Unusable{PEP554_SOURCE_DIR "/README.md", "load.opens", "no ELF file"},
                    Unusable{"/bin/true", "load.opens", "/bin/true"},
                    Unusable{testing_plugin("pep554_bad_symbol"), "load.symbol", "pep554_plugin"},
                    Unusable{testing_plugin("pep554_bad_version_2"), "table.version",
                             "version is 2"},
                    Unusable{testing_plugin("pep554_bad_later_symbol"), "table.version",
                             "it exports pep554_plugin_2"},
                    Unusable{testing_plugin("pep554_bad_size"), "table.size", "size is 136"},
                    Unusable{testing_plugin("pep554_bad_slots"), "table.slots",
                             "null: start, stop, describe"}));

// The text of a file on one line, without the signs of comments.
std::string words_of(const std::string& file) {
  std::ifstream stream(file);
  std::string words;
  for (std::string word; stream >> word;)
    if (word != "//")
      words += (words.empty() ? "" : " ") + word;
  return words;
}

TEST(Checks, quote_the_header_to_the_letter) {
  const std::string header = words_of(PEP554_SOURCE_DIR "/harness/abi/pep554_plugin.h");
  for (const Check& check : checks())
    EXPECT_THAT(header, HasSubstr(std::string(check.rule))) << check.id;
}

TEST(Checks, are_listed_in_the_readme) {
  const std::string page = words_of(PEP554_SOURCE_DIR "/harness/host/examine/README.md");
  for (const Check& check : checks()) {
    const std::string row = "`" + std::string(check.id) + "` | " + std::string(check.title) + " |";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

TEST(Checks, are_found_by_their_ids) {
  EXPECT_EQ(find_check("stop.exit")->title, "the process can exit after stop");
  EXPECT_EQ(find_check("stop.nothing"), nullptr);
}

} // namespace
} // namespace pep554::host
