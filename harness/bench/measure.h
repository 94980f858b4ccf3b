// The measurements. The harness and the floor take turns, so that other load on the machine affects
// both.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "spec/result.h"

namespace pep554::bench {

struct Subjects {
  std::vector<std::string> host; // the command of one host: the executable, the plugin, its options
  std::string floor;             // the executable of floor.c
};

struct Size {
  int rounds = 0; // of turns
  int batch = 0;  // programs a turn, of one process
  int many = 0;   // programs of the long run
  int crowd = 0;  // programs of a turn with several hosts, for each of them
};

// Everything throws std::runtime_error when something is not as it must be: a program that was not
// executed as it should, a host that does not start. Times are in microseconds.

// The value, if there is one.
template <class T>
T value_of(Result<T> result) {
  if (!result)
    throw std::runtime_error(to_string(result.error()));
  if constexpr (!std::is_void_v<T>)
    return std::move(*result);
}

// Each program alone, by one host, and by the floor: {"ours": [...], "floor": [...]}
nlohmann::json isolated(const Subjects& subjects, const std::string& program, const Size& size);

// Programs a second, by the scheduler with one and with two hosts, and by one floor and two at
// once:
// {"ours_1": [...], "ours_2": [...], "floor_1": [...], "floor_2": [...]}; also "ours_cpu" and
// "floor_cpu": microseconds of processor that a program costs, with all processes that it takes.
nlohmann::json throughput(const Subjects& subjects, const std::string& program, const Size& size);

// Many programs in one run of the scheduler with two hosts: {"count": N, "tenths": [microseconds a
// program, of each tenth of the run], "peak_bytes": the most memory of this process}
nlohmann::json endurance(const Subjects& subjects, const std::string& program, const Size& size);

} // namespace pep554::bench
