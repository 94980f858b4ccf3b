// A host for tests that sends prepared messages and ignores its input.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/engine/wire.h"
#include "harness/testing/scratch_folder.h"

namespace pep554::test {

// The outcome of an execution.
enum class Says { pass, busy, stuck, leaks_in_create, leaks_in_destroy, baseline_leaks, nothing };

// A host for programs with two steps, create and destroy, and for that of the baseline, which has
// one. Each of its processes sends the same script, one execution after the other; with `later`,
// all but the first send that.
class ScriptedHost {
public:
  using json = nlohmann::json;

  explicit ScriptedHost(const std::vector<Says>& all, const std::vector<Says>& later = {}) {
    write(all, "first");
    write(later.empty() ? all : later, "later");
  }

  std::vector<std::string> command() const {
    return {"sh", "-c",
            "cd \"$0\" && { mkdir started && cat first || cat later; } 2>/dev/null; cat >/dev/null",
            folder_.path().string()};
  }

private:
  void write(const std::vector<Says>& all, const std::string& name) const {
    std::ofstream out(folder_.path() / name, std::ios::binary);
    out << encode_frame({{"msg", "hello"},
                         {"protocol", 1},
                         {"plugin", {{"name", "p"}, {"version", "1"}}},
                         {"facts", json::array()},
                         {"extensions", json::array()}});
    for (size_t i = 0; i < all.size(); ++i)
      for (json& message : messages(all[i])) {
        message["id"] = i + 1;
        out << encode_frame(message);
      }
  }

  static std::vector<json> messages(Says says) {
    json end{{"msg", "end"},      {"how", "exited"}, {"code", 0},
             {"completed", true}, {"us", 1000},      {"idle_us", 0}};
    if (says == Says::busy || says == Says::stuck)
      end.update({{"how", "deadline"},
                  {"completed", false},
                  {"us", 200'000},
                  {"idle_us", says == Says::stuck ? 190'000 : 0}});
    if (says == Says::nothing) // it was not run
      end.update({{"how", "not_run"}, {"completed", false}});
    std::vector<json> all;
    if (end["how"] == "exited")
      all = answers(says == Says::baseline_leaks ? 1 : 2);
    if (says == Says::leaks_in_create || says == Says::leaks_in_destroy ||
        says == Says::baseline_leaks)
      for (json& event : growth(says == Says::leaks_in_destroy ? 1 : 0))
        all.push_back(std::move(event));
    all.push_back(std::move(end));
    return all;
  }

  static json event(const char* kind, size_t step) {
    return {{"msg", "event"}, {"e", kind}, {"lane", 0}, {"step", step}, {"us", 1}};
  }

  // The answers of create and destroy, or of the first alone.
  static std::vector<json> answers(size_t count) {
    std::vector<json> all;
    for (size_t step = 0; step < count; ++step) {
      all.push_back(event("called", step));
      all.push_back(event("returned", step));
      all.back()["answer"] = {{"status", "ok"}};
      if (step == 0)
        all.back()["answer"]["ids"] = {"1"};
    }
    return all;
  }

  static std::vector<json> growth(size_t culprit) {
    constexpr std::int64_t each = 1 << 20;
    std::vector<json> all;
    for (int n = 0; n <= 40; ++n) {
      all.push_back(event("measured", 0));
      all.back().update({{"repetition", n}, {"memory", n * each}});
    }
    all.push_back(event("grown", culprit));
    all.back()["memory"] = 40 * each;
    return all;
  }

  ScratchFolder folder_;
};

} // namespace pep554::test
