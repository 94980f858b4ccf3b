// A host for tests that sends prepared messages and ignores its input.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/engine/wire.h"
#include "harness/testing/scratch_folder.h"

namespace pep554::test {

// The outcome of an execution.
enum class Says { pass, busy, stuck, leaks_in_create, leaks_in_destroy, nothing };

// A host for programs with two steps, create and destroy. Each of its processes sends the same
// script, one execution after the other.
class ScriptedHost {
public:
  using json = nlohmann::json;

  explicit ScriptedHost(const std::vector<Says>& all) {
    std::ofstream out(frames(), std::ios::binary);
    out << encode_frame({{"msg", "hello"},
                         {"protocol", 1},
                         {"plugin", {{"name", "p"}, {"version", "1"}}},
                         {"facts", json::array()},
                         {"extensions", json::array()}});
    for (const Says one : all)
      for (const json& message : messages(one))
        out << encode_frame(message);
  }

  std::vector<std::string> command() const {
    return {"sh", "-c", "cat \"$0\"; cat >/dev/null", frames().string()};
  }

private:
  std::filesystem::path frames() const { return folder_.path() / "frames"; }

  static std::vector<json> messages(Says says) {
    json end{{"msg", "end"},      {"id", 1},    {"how", "exited"}, {"code", 0},
             {"completed", true}, {"us", 1000}, {"idle_us", 0}};
    if (says == Says::busy || says == Says::stuck)
      end.update({{"how", "deadline"},
                  {"completed", false},
                  {"us", 200'000},
                  {"idle_us", says == Says::stuck ? 190'000 : 0}});
    if (says == Says::nothing) // it was not run
      end.update({{"how", "not_run"}, {"completed", false}});
    std::vector<json> all;
    if (end["how"] == "exited")
      all = answers();
    if (says == Says::leaks_in_create || says == Says::leaks_in_destroy)
      for (json& event : growth(says == Says::leaks_in_create ? 0 : 1))
        all.push_back(std::move(event));
    all.push_back(std::move(end));
    return all;
  }

  static json event(const char* kind, size_t step) {
    return {{"msg", "event"}, {"id", 1}, {"e", kind}, {"lane", 0}, {"step", step}, {"us", 1}};
  }

  // The answers of create and destroy.
  static std::vector<json> answers() {
    std::vector<json> all;
    for (size_t step = 0; step < 2; ++step) {
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
