#include "harness/doctor/protocol_checks.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pep554 {
namespace {

constexpr size_t most_seen = 3;

constexpr std::string_view order_rule = "In this order: one `begin`; events and output as they "
                                        "happen; one `end`. Every message has the "
                                        "`id`.";
constexpr std::string_view answer_rule =
    "An answer is `{\"status\": S, ...}`: `ok` with the fields of the table above, or `raised`, "
    "`unsupported`, `failed` with";
constexpr std::string_view not_run_rule =
    "there was no process; the only message of the program, `note` says why";

constexpr std::array all_checks{
    ProtocolCheck{"hello.shape", "`hello` describes the target",
                  "Facts are pairs of texts in the host's order.",
                  "Send msg, protocol (1), plugin (name and version), facts (a list of pairs of "
                  "texts) and extensions (a list of texts)."},
    ProtocolCheck{"program.messages", "each program has one begin, its events, and one end",
                  order_rule,
                  "Send begin with the pid, then what happens, then end, each with the id of the "
                  "request."},
    ProtocolCheck{"program.id", "the id comes back unchanged",
                  "`id` is the engine's, and comes back unchanged",
                  "Keep the id as the JSON value that it is, and put it into every message."},
    ProtocolCheck{"program.events", "events are whole", "`us` counts microseconds since the fork.",
                  "Give e, lane, step and us in every event, and what the table of events names."},
    ProtocolCheck{
        "program.end", "the end says how the process ended",
        "`completed`: every lane came to the end of its last step.",
        "Give how, code, completed, us and note; a process that came to its end exited with "
        "0 and is completed."},
    ProtocolCheck{"program.process", "each program has a process of its own",
                  "Forked from the host after the runtime was started; a process group of its own",
                  "Fork for each program, setpgid(0, 0) in the child, and let nothing of a program "
                  "reach the next one."},
    ProtocolCheck{"program.deadline", "a program is killed at its deadline",
                  "killed at the deadline",
                  "Kill the process group at deadline_ms after the fork, "
                  "and say `deadline`."},
    ProtocolCheck{"operation.answers", "every operation is answered", answer_rule,
                  "Perform every operation of the table. One that the implementation lacks is "
                  "`unsupported`; `failed` says that the host could not ask."},
    ProtocolCheck{"operation.supported", "the target has every operation",
                  "the implementation lacks the operation",
                  "If the implementation has it, call it: cases that need it are unsupported."},
    ProtocolCheck{
        "operation.shape", "answers have the shape of their operation", answer_rule,
        "Give the fields of the table of operations with `ok`; else raised with category, "
        "type and message."},
    ProtocolCheck{"operation.names", "names are given, and become free by release",
                  "the name becomes free, its handle is dropped",
                  "Keep the handles by name; a step on an unbound name answers `failed`."},
    ProtocolCheck{"operation.emit", "code can emit values with $emit",
                  "sends the event `emitted` with `str(value)`",
                  "Expand the macros in the text of run and eval before it is executed."},
    ProtocolCheck{"operation.surrogates", "a text with a lone surrogate is reported",
                  "A payload with bytes that are not UTF-8, those of a surrogate included, is no "
                  "JSON: it is malformed data.",
                  "Write such texts as Python's backslashreplace does, or escaped in JSON: the "
                  "engine reads the escape of a lone surrogate as U+FFFD."},
    ProtocolCheck{"operation.eval", "eval works if it is claimed",
                  "Of the extensions the engine uses `pep554.eval/1` (the operation `eval`)",
                  "Execute the source in the main interpreter, or take pep554.eval/1 from the "
                  "`hello` and answer `unsupported`."},
    ProtocolCheck{
        "lanes.two", "several lanes run, each on a thread of its own, if it is claimed",
        "Lane 0 runs on the thread that started the runtime, every other lane on a thread "
        "of its own. All lanes start at once; gates order them.",
        "Start a thread for each lane but the first, or take pep554.thread/1 from the "
        "`hello` and answer the first step of each lane with `unsupported`."},
    ProtocolCheck{
        "finalize.events", "the runtime is finalized where a program asks for it",
        "with `finalize` it finalizes the runtime, handles still held, and leaves by `exit(0)`",
        "Send finalize when the lanes have ended, finalize the runtime, send finalized with "
        "its answer, and exit."},
    ProtocolCheck{
        "request.bad-program",
        "a malformed program is refused with `not_run`, and does not end the host", not_run_rule,
        "Answer with the one message end, how `not_run`, and go on with the next request."},
    ProtocolCheck{"request.unknown-fields", "fields that it does not know are ignored",
                  "Fields that are not named here are ignored.",
                  "Read the fields that you know and leave the others alone."},
    ProtocolCheck{"request.ahead", "requests may be sent ahead",
                  "Requests may be sent ahead; programs are executed one after another.",
                  "Read the next request when the program before has ended; do not drop what is in "
                  "the buffer."},
    ProtocolCheck{"request.unknown", "an unknown request ends the host with status 3",
                  "is neither of the two requests, exits with status 3",
                  "Exit with status 3: the two sides do not speak the same protocol."},
    ProtocolCheck{"host.quit", "the host exits with status 0 on `quit`",
                  "as the end of the stream: exit with status 0",
                  "Exit with status 0 on the message quit."},
    ProtocolCheck{"host.end-of-stream", "... and at the end of its input",
                  "as the end of the stream: exit with status 0",
                  "Exit with status 0 when there is no more to read."},
};

} // namespace

std::span<const ProtocolCheck> protocol_checks() {
  return all_checks;
}

bool ProtocolFindings::expect(bool holds, std::string_view check, const std::string& seen,
                              std::string_view advice) {
  holds ? ok(check) : error(check, seen, advice);
  return holds;
}

void ProtocolFindings::add(Level level, std::string_view check, const std::string& seen,
                           std::string_view advice) {
  const auto [found, fresh] = entries_.try_emplace(std::string(check));
  Entry& entry = found->second;
  if (level > entry.level)
    entry = {level, {}, std::string(advice)};
  if (level == entry.level && !seen.empty() && entry.seen.size() < most_seen &&
      std::ranges::find(entry.seen, seen) == entry.seen.end())
    entry.seen.push_back(seen);
}

std::vector<Finding> ProtocolFindings::all() const {
  std::vector<Finding> findings;
  for (const ProtocolCheck& check : all_checks) {
    const auto found = entries_.find(check.id);
    const Entry entry = found != entries_.end()
                            ? found->second
                            : Entry{Level::note,
                                    {"not examined: the program that asks for it did not "
                                     "come to its end"},
                                    ""};
    findings.push_back({"protocol", std::string(check.id), entry.level, std::string(check.title),
                        fmt::format("{}", fmt::join(entry.seen, "; ")), std::string(check.rule),
                        entry.advice.empty() ? std::string(check.advice) : entry.advice});
  }
  return findings;
}

} // namespace pep554
