// A program for a target, as data. Lanes (OS threads) of steps, each one operation of the API with
// symbolic operands; gates order the lanes. Expectations are separate, in expectation.h.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace pep554 {

enum class Op {
  enumerate,   // interpreters.enumerate()
  get_current, // interpreters.get_current()
  get_main,    // interpreters.get_main()
  create,      // interpreters.create()
  construct,   // interpreters.Interpreter(id); the id is that of handle `on`, or the literal `text`
  read_id,     // on.id
  write_id,    // on.id = text
  is_running,  // on.is_running()
  destroy,     // on.destroy()
  run,         // on.run(text)
  release,     // drop the harness's reference to `on`
  eval,        // execute `text` as Python source in the main interpreter (extension pep554.eval)
  open,        // open gate `text`, for good
  wait,        // wait until gate `text` is open
};

struct OpInfo {
  Op op;
  std::string_view name; // as written in tables and messages
  bool wants_on;         // needs a handle in `on`
  bool wants_text;       // needs `text`
  bool may_bind;         // answers with one interpreter, which `as` may name
};

// Every operation once, in the order of the enumeration.
const std::array<OpInfo, 14>& operations();
const OpInfo& info(Op op);
const OpInfo* find_operation(std::string_view name); // null when there is none

// One operation. `on` and `as` are names of handles; the name "main" is never bound by the harness
// itself, a program binds it with get_main like any other.
struct Step {
  Op op = Op::enumerate;
  std::string on;
  std::string as;
  std::string text; // code, gate, or a literal id; UTF-8, NUL allowed

  bool operator==(const Step&) const = default;
};

// How the process ends after the last step of the last lane.
enum class Finish {
  quit,     // leave at once: the runtime is not finalized
  finalize, // finalize the runtime, with whatever interpreters are alive, and exit
};

// No host takes more: clocks that count nanoseconds must be able to add it.
inline constexpr std::chrono::milliseconds longest_deadline = std::chrono::hours(24 * 365);

struct Limits {
  std::chrono::milliseconds deadline{10'000}; // for the whole program, from the fork on
  std::uint64_t output_bytes = 1U << 20U;     // of stdout and stderr together
  std::uint64_t memory_bytes = 4ULL << 30U;   // address space of the process
  std::uint64_t open_files = 1024;            // descriptors
  std::uint64_t processes = 256;              // its own included

  bool operator==(const Limits&) const = default;
};

struct Program {
  std::vector<std::vector<Step>> lanes; // lane 0 runs on the thread that started the runtime
  Finish finish = Finish::quit;
  unsigned repeat = 1; // times that the lanes are executed, to see what they leave behind
  Limits limits;

  bool operator==(const Program&) const = default;
};

// The message "run" of the host protocol, without its number.
nlohmann::json to_json(const Program& program);

// One step as a reader of Python would write it, on one line, e.g. `b = interpreters.create()` or
// `a.run('x = 1')`. Of longer code the first line, cut to about `width` characters, and how many
// lines follow: `a.run("print('x')" + 3 lines)`.
std::string render(const Step& step, size_t width = 100);

} // namespace pep554
