// A program as the host needs it: decoded from the message "run", with names still symbolic. The
// engine has its own type; the protocol is all that the two share.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace pep554::host {

enum class Op {
  enumerate,
  get_current,
  get_main,
  create,
  construct,
  read_id,
  write_id,
  is_running,
  destroy,
  run,
  release,
  eval,
  open,
  wait,
};

std::optional<Op> find_op(std::string_view name);

struct Step {
  Op op = Op::enumerate;
  std::string on;   // a handle's name
  std::string as;   // the name to bind the answer's handle to
  std::string text; // code, gate, or id
};

struct Program {
  std::vector<std::vector<Step>> lanes;
  bool finalize = false;
  std::chrono::milliseconds deadline{10'000};
  std::uint64_t output_bytes = std::uint64_t{1} << 20U;
  std::uint64_t memory_bytes = std::uint64_t{4} << 30U; // 0: no limit
  std::uint64_t open_files = 1024;
  std::uint64_t processes = 256; // its own included
  std::uint64_t repeat = 1;      // times that the lanes are executed
};

// Decodes the field "program" of the message "run". Throws std::exception with one clear line.
Program program_from(const nlohmann::json& document);

} // namespace pep554::host
