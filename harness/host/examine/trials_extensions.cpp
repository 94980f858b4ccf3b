// Trials of the extensions: evaluation, threads, forks.
#include <array>
#include <barrier>
#include <cerrno>
#include <csignal>
#include <exception>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/host/descriptor.h"
#include "harness/host/examine/guarded_buffers.h"
#include "harness/host/examine/trials.h"

namespace pep554::host {
namespace {

constexpr std::array thread_checks{"thread.attach", "thread.slots", "thread.together"};
constexpr std::array eval_checks{"eval.works", "eval.raises", "eval.module", "eval.names"};

// The ABI does not allow to call what is not claimed, so that nothing could be learned from it.
template <size_t Size>
void note_missing_extension(InstrumentedPlugin& plugin, const std::array<const char*, Size>& checks,
                            const char* extension, const char* what) {
  plugin.findings().note("extension.claimed",
                         std::string("it lacks ") + extension + ", so " + what);
  for (const char* check : checks)
    plugin.findings().absent(check);
}

void expect_ok(InstrumentedPlugin& plugin, const char* check, const std::string& source) {
  const Answer answer = plugin.eval(source);
  plugin.findings().expect(answer.ok(), check,
                           "eval of " + escaped(source) + " answered " + answer.text());
}

bool eval_works(const InstrumentedPlugin& plugin) {
  const auto expected = plugin.config().expected_status.find("eval");
  return expected != plugin.config().expected_status.end() && expected->second == PEP554_OK;
}

// Source whose last byte is the last that can be read.
void eval_at_guard_page(InstrumentedPlugin& plugin) {
  const std::string_view source = "interpreters";
  const GuardPageBuffer code_buffer(source.size(), "eval.works",
                                    "eval read beyond the size of its source",
                                    plugin.findings().fd());
  source.copy(static_cast<char*>(code_buffer.data()), source.size());
  const Answer answer = plugin.eval(static_cast<const char*>(code_buffer.data()), source.size());
  plugin.findings().expect(answer.ok(), "eval.module",
                           "eval of \"interpreters\" answered " + answer.text());
}

// Does `body` on a thread, attached. What it throws is thrown here.
void on_attached_thread(InstrumentedPlugin& plugin, const std::function<void()>& body) {
  std::exception_ptr problem;
  std::thread thread([&] {
    try {
      void* state = nullptr;
      const Answer answer = plugin.attach(state);
      if (!plugin.findings().expect(answer.ok(), "thread.attach",
                                    "attach answered " + answer.text()))
        return;
      body();
      plugin.detach(state);
    } catch (const Blocked&) {
      problem = std::current_exception();
    }
  });
  thread.join();
  if (problem)
    std::rethrow_exception(problem);
}

// How a forked child ended.
std::string describe_exit(int status) {
  if (WIFEXITED(status))
    return "exited with status " + std::to_string(WEXITSTATUS(status));
  return "was ended by " + signal_name(WTERMSIG(status));
}

void call_hook(InstrumentedPlugin& plugin, const char* name,
               void (*pep554_fork_t::*hook)(pep554_runtime_t*)) {
  const pep554_fork_t* hooks = plugin.tables().fork;
  if (hooks == nullptr)
    return;
  plugin.current_call().enter(name);
  (hooks->*hook)(plugin.runtime());
  plugin.current_call().enter("");
}

[[noreturn]] void run_forked_child(InstrumentedPlugin& plugin) {
  int code = 0;
  try {
    call_hook(plugin, "after_fork_child", &pep554_fork_t::after_fork_child);
    check_expected_answers(plugin, "fork.child", "in a forked child");
  } catch (const Blocked& why) {
    plugin.findings().error("fork.child", std::string("in a forked child: ") + why.what());
    code = 1;
  }
  ::_exit(code);
}

// Forks as the host does for a program.
void fork_once(InstrumentedPlugin& plugin) {
  // Both write down the slot that they are in, at one place: the child's turn comes when the parent
  // is through.
  std::array<int, 2> turn{};
  if (::pipe2(turn.data(), O_CLOEXEC) != 0)
    throw Blocked("cannot make a pipe");
  const Descriptor read_end(turn[0]);
  Descriptor write_end(turn[1]);
  call_hook(plugin, "before_fork", &pep554_fork_t::before_fork);
  const pid_t pid = ::fork();
  if (pid < 0)
    throw Blocked("cannot fork");
  if (pid == 0) {
    write_end.reset();
    char nothing = 0;
    while (::read(read_end.get(), &nothing, 1) < 0 && errno == EINTR) {
    }
    run_forked_child(plugin);
  }
  call_hook(plugin, "after_fork_parent", &pep554_fork_t::after_fork_parent);
  write_end.reset();
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (status == 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 1))
    return;
  const std::string slot = plugin.current_call().slot();
  if (WIFEXITED(status) && WEXITSTATUS(status) == exit_at_guard_page)
    return;
  plugin.findings().error("fork.child", "a forked child " + describe_exit(status) +
                                            (slot.empty() ? "" : " in " + slot));
}

} // namespace

void try_eval(InstrumentedPlugin& plugin) {
  plugin.load();
  if (plugin.tables().eval == nullptr)
    return note_missing_extension(plugin, eval_checks, PEP554_EXT_EVAL,
                                  "cases of the module's names and signatures are unsupported");
  plugin.findings().ok("extension.claimed");
  plugin.start();
  const Answer first = plugin.eval("pass");
  plugin.findings().report_status("eval", first.status);
  if (!plugin.findings().expect(first.ok(), "eval.works",
                                "eval of \"pass\" answered " + first.text()))
    throw Blocked("eval does not work");
  expect_ok(plugin, "eval.works", "");
  eval_at_guard_page(plugin);
  expect_ok(plugin, "eval.names", "doctor_was_here = 1");
  expect_ok(plugin, "eval.names", "doctor_was_here");
  for (const char* source : {"1/0", "raise SystemExit"}) {
    const Answer answer = plugin.eval(source);
    plugin.findings().expect(answer.status == PEP554_RAISED, "eval.raises",
                             "eval of " + escaped(source) + " answered " + answer.text());
  }
  expect_ok(plugin, "eval.works", "pass");
}

void try_attaching(InstrumentedPlugin& plugin) {
  plugin.load();
  if (plugin.tables().thread == nullptr)
    return note_missing_extension(plugin, thread_checks, PEP554_EXT_THREAD,
                                  "cases with several threads are unsupported");
  plugin.findings().ok("extension.claimed");
  plugin.start();
  for (int i = 0; i < 3; ++i)
    on_attached_thread(plugin, [] {});
}

void try_thread(InstrumentedPlugin& plugin) {
  plugin.load();
  if (plugin.tables().thread == nullptr)
    return;
  plugin.start();
  for (int i = 0; i < 2; ++i)
    on_attached_thread(plugin, [&] {
      check_expected_answers(plugin, "thread.slots", "on an attached thread");
      if (eval_works(plugin))
        expect_ok(plugin, "thread.slots", "pass");
    });
  check_expected_answers(plugin, "thread.slots",
                         "on the runtime's thread, after others were detached");
}

void try_threads_together(InstrumentedPlugin& plugin) {
  plugin.load();
  if (plugin.tables().thread == nullptr)
    return;
  plugin.start();
  std::barrier both(2);
  std::array<std::exception_ptr, 2> problems;
  const auto work = [&](size_t lane) {
    try {
      on_attached_thread(plugin, [&] {
        both.arrive_and_wait();
        for (int round = 0; round < 4; ++round)
          check_expected_answers(plugin, "thread.together", "on two threads at once");
      });
    } catch (const Blocked&) {
      problems.at(lane) = std::current_exception();
      both.arrive_and_drop();
    }
  };
  std::thread other(work, 1);
  work(0);
  other.join();
  for (const std::exception_ptr& problem : problems)
    if (problem)
      std::rethrow_exception(problem);
}

void try_forked_child(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  fork_once(plugin);
  fork_once(plugin);
  check_expected_answers(plugin, "fork.parent", "after a fork");
}

} // namespace pep554::host
