#include "harness/tests/hostile_rows.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pep554::test {
namespace {

using enum Verdict;

// The cases of hostile/programs/programs.toml in which a slot may misbehave.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> slots{{
    {"enumerate", "interpreters.enumerate()"},
    {"get-current", "interpreters.get_current()"},
    {"get-main", "interpreters.get_main()"},
    {"create", "a = interpreters.create()"},
    {"construct", "b = interpreters.Interpreter(main.id)"},
    {"read-id", "a.id"},
    {"write-id", "a.id = 7"},
    {"is-running", "a.is_running()"},
    {"destroy", "a.destroy()"},
    {"run", "a.run('fine')"},
    {"release", "del a"},
    {"eval", "exec('fine')"},
    {"stop", "the runtime could not be finalized"},
    {"lane", "a.run('fine')"}, // on the second lane; no slot of its own
}};
constexpr size_t own_slots = slots.size() - 1;

constexpr std::string_view went_away = "the host process died while running it";
constexpr std::string_view deadline = "still running at the deadline";
constexpr std::string_view missing_hello = "ended without `hello`";
constexpr std::string_view crashed_at_start = "the process crashed while the runtime started";
constexpr std::string_view exited_at_start = "the process exited while the runtime started";

} // namespace

std::span<const HostileRow> hostile_plugins() {
  static const std::vector<HostileRow> rows{
      {"good", {}},
      // While it is loaded and started.
      {"crash_while_loading", {}, crashed_at_start},
      {"abort_while_loading", {}, crashed_at_start},
      {"exit_while_loading", {}, exited_at_start},
      {"hang_while_loading", {}, "sent no `hello` within 2 s"},
      {"hang_in_start", {}, "sent no `hello` within 2 s"},
      {"loop_in_start", {}, "sent no `hello` within 2 s"},
      {"crash_in_get_extension", {}, crashed_at_start},
      {"crash_in_start", {}, crashed_at_start},
      {"abort_in_start", {}, crashed_at_start},
      {"exit_in_start", {}, missing_hello},
      {"kill_in_start", {}, missing_hello},
      {"exec_in_start", {}, missing_hello},
      {"crash_on_a_thread_in_start", {}, crashed_at_start},
      {"overflow_the_stack_in_start", {}, missing_hello},
      {"crash_in_describe", {}, missing_hello},
      {"close_descriptors_in_start", {}, missing_hello},
      {"rubbish_to_the_protocol_in_start", {}, "sent malformed data instead of `hello`"},
      {"close_standard_streams_in_start", {}},
      {"daemon_in_start", {}},
      {"ignore_children_in_start", {}},
      {"steal_children_in_start", {}},
      {"block_signals_in_start", {}},
      {"change_surroundings_in_start", {}},
      {"lower_limits_in_start", {{"all", not_run, "Too many open files", ""}}},
      // Around the fork.
      {"crash_before_fork", {{"all", crash, went_away, ""}}},
      {"crash_after_fork_in_host", {{"all", crash, went_away, ""}}},
      {"crash_after_fork_in_child", {{"all", pass, "differs when forked: crash", ""}}},
      // In each slot.
      {"crash_in_each_slot", {{"each", crash, "SIGSEGV"}}},
      {"abort_in_each_slot", {{"each", crash, "SIGABRT"}}},
      {"exit_in_each_slot",
       {{"each", crash, "exit status 0"},
        {"stop", broken_at_exit, "the process left before the runtime was finalized"}}},
      {"daemon_in_each_slot", {}},
      // Ways to crash.
      {"overflow_the_stack", {{"run", crash, "SIGSEGV"}}},
      {"free_twice", {{"destroy", crash, "SIGABRT"}}, {}, "free(): double free detected"},
      {"bad_instruction", {{"run", crash, "SIGILL"}}},
      {"read_beyond_a_file", {{"run", crash, "SIGBUS"}}},
      {"crash_on_a_thread", {{"run", crash, "SIGSEGV"}}},
      {"crash_on_a_lane", {{"lane", crash, "SIGSEGV"}}},
      {"crash_in_attach", {{"lane", crash, "SIGSEGV", ""}}},
      {"crash_in_detach", {{"lane", crash, "SIGSEGV", ""}}},
      {"end_the_thread", {{"run", crash, "exit status 0"}}},
      {"end_the_thread_of_a_lane", {{"lane", hang, deadline}}},
      {"kill_its_group", {{"run", crash, "SIGKILL"}}},
      {"exit_with_status", {{"run", crash, "exit status 3"}}},
      {"become_another_program", {{"run", crash, "exit status 0"}}},
      {"use_up_its_time", {{"run", crash, "SIGXCPU"}}},
      // At the end.
      {"crash_in_stop", {{"stop", broken_at_exit, "SIGSEGV"}}},
      {"exit_in_stop", {{"stop", broken_at_exit, "left before the runtime was finalized"}}},
      {"hang_in_stop", {{"stop", broken_at_exit, deadline}}},
      {"end_the_thread_in_stop", {{"stop", broken_at_exit, "ended the thread that finalizes it"}}},
      {"abort_at_exit", {{"stop", broken_at_exit, "SIGABRT"}}},
      {"hang_at_exit", {{"stop", broken_at_exit, deadline}}},
      // Hanging.
      {"loop_without_end", {{"run", hang, deadline}}},
      {"sleep_past_the_deadline", {{"create", hang, deadline}}},
      {"deadlock", {{"destroy", hang, deadline}}},
      {"stop_itself", {{"enumerate", hang, deadline}}},
      {"block_signals_and_hang", {{"run", hang, deadline}}},
      {"survive_its_crash", {{"run", hang, deadline}}},
      {"be_traced", {{"run", hang, deadline}}},
      {"hang_on_a_lane", {{"lane", hang, deadline}}},
      {"hang_as_another_program", {{"run", hang, deadline}}},
      {"leave_the_group_and_hang", {{"run", hang, deadline}}},
      // Floods.
      {"flood_stdout", {{"run", limit_exceeded, "bytes of output"}}},
      {"flood_stderr", {{"run", limit_exceeded, "bytes of output"}}},
      {"flood_the_events", {{"run", limit_exceeded, ""}}},
      // What it takes.
      {"say_there_is_no_memory",
       {{"run", blocked, "the plugin failed: there is no memory"}},
       {},
       {},
       Needs::memory_limit},
      {"open_until_refused", {}},
      // At the harness.
      {"close_descriptors", {{"run", crash, "exit status 1"}}},
      {"replace_descriptors", {{"run", crash, "exit status 0"}}},
      {"close_standard_streams", {}},
      {"rubbish_to_the_streams", {}},
      {"rubbish_to_the_events", {}},
      {"rubbish_to_the_protocol", {{"run", crash, went_away}}},
      {"pretend_to_be_done", {{"run", crash, "exit status 0"}}},
      {"kill_its_host", {{"run", crash, went_away}}},
      {"kill_its_host_at_once", {{"run", crash, went_away, ""}}}, // nobody heard of a call
      {"kill_its_host_and_stay", {{"run", crash, went_away}}},
      {"stop_its_host", {{"run", hang, deadline}}},
      // What it leaves.
      {"leave_a_child", {}},
      {"leave_a_stubborn_child", {}},
      {"leave_another_program", {}},
      {"adopt_its_daemons", {}},
      {"leave_a_thread", {}},
      // What it changes.
      {"change_surroundings", {}},
      {"lower_limits", {}},
      // Answers.
      {"null_handle", {{"create", blocked, "answered ok, and gave no handle"}}},
      {"no_handle", {{"create", blocked, "answered ok, and gave no handle"}}},
      {"wild_handle", {{"create", crash, "SIGSEGV"}}},
      {"handle_of_another", {{"create", fail, "expected"}}},
      {"ids_that_change", {{"read-id", fail, "expected"}}},
      {"id_without_end", {{"read-id", blocked, "of another number each time"}}},
      {"id_beyond_memory", {{"read-id", blocked, "the plugin speaks of"}}},
      {"count_beyond_memory", {{"enumerate", blocked, "the plugin speaks of"}}},
      {"count_without_end", {{"enumerate", blocked, "of another number each time"}}},
      {"count_without_handles", {{"enumerate", blocked, "answered ok, and gave no handle"}}},
      {"error_without_end", {{"destroy", fail, "raised tttttttt"}}},
      {"unknown_category", {{"destroy", fail, "of no kind"}}},
      {"unknown_status", {{"is-running", blocked, "the plugin failed"}}},
      {"truth_of_seven", {{"is-running", fail, "got: True"}}},
      {"attach_fails", {{"lane", blocked, "no room for a thread", ""}}},
      // Limits, and the private temporary folder.
      {"fork_without_end", {{"run", limit_exceeded, "processes"}}},
      {"allocate_until_refused", {{"run", limit_exceeded, "memory"}}, {}, {}, Needs::memory_limit},
      {"write_a_huge_file", {{"run", crash, "SIGXFSZ"}}},
      {"leave_a_file", {}},
      {"leave_shared_memory", {}, {}, {}, Needs::own_shared_memory},
      // Unsteady.
      {"wrong_once_in_ten", {{"is-running", flaky, ""}}},
      {"crash_once_in_ten", {{"destroy", flaky, ""}}},
      {"wrong_in_a_fork", {{"is-running", pass, "differs when forked: fail"}}},
      // Leaks, over repetitions.
      {"leak_memory", {{"run", leak, "memory"}}, {}, {}, Needs::repetitions},
      {"leak_a_descriptor", {{"run", leak, "descriptor"}}, {}, {}, Needs::repetitions},
      {"leak_a_thread", {{"run", leak, "thread"}}, {}, {}, Needs::repetitions},
      {"leak_a_child", {{"run", leak, "process"}}, {}, {}, Needs::repetitions},
      {"leak_shared_memory",
       {{"run", leak, "temporary file", ""}},
       {},
       {},
       Needs::repetitions,
       Needs::own_shared_memory},
  };
  return rows;
}

std::span<const Blame> hostile_code() {
  static const std::vector<Blame> blames{
      {"abort-at-exit", broken_at_exit, "SIGABRT", "could not be finalized"},
      {"call-a-null-pointer", crash, "SIGSEGV", "exec('import ctypes"},
      {"close-every-descriptor", crash, "exit status 1", "a.run('import os"},
      {"endless-thread", broken_at_exit, deadline, "could not be finalized"},
      {"exit-in-a-finalizer", broken_at_exit, "left before the runtime was finalized", ""},
      {"loop-with-the-lock", hang, deadline, "a.run('while True: pass')"},
      {"loop-without-the-lock", hang, deadline, "a.run('import time"},
      {"recurse-in-c", crash, "SIGSEGV", "exec('import sys"},
      {"sleep-with-the-lock", hang, deadline, "exec('import ctypes"},
  };
  return blames;
}

std::string_view operation_of(std::string_view name) {
  const auto* found = std::ranges::find(slots, name, &decltype(slots)::value_type::first);
  return found != slots.end() ? found->second : std::string_view();
}

std::vector<Blame> blames_of(const HostileRow& row, std::span<const std::string> names) {
  std::vector<Blame> blames;
  const auto add = [&blames](Blame blame, std::string_view name) {
    std::erase_if(blames, [name](const Blame& before) { return before.name == name; });
    blame.name = name;
    if (name == "stop" && blame.verdict == crash && blame.operation == Blame::by_its_case)
      blame.verdict = broken_at_exit;
    if (blame.operation == Blame::by_its_case)
      blame.operation = operation_of(name);
    blames.push_back(blame);
  };
  for (const Blame& blame : row.blamed) {
    if (blame.name == "all")
      for (const std::string& name : names)
        add(blame, name);
    else if (blame.name == "each")
      for (size_t i = 0; i < own_slots; ++i)
        add(blame, slots.at(i).first);
    else
      add(blame, blame.name);
  }
  return blames;
}

} // namespace pep554::test
