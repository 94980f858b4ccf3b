// Trials of what a plugin offers beyond the table: evaluation, threads, forks.
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
#include "harness/host/examine/guarded.h"
#include "harness/host/examine/trials.h"

namespace pep554::host {
namespace {

constexpr std::array thread_checks{"thread.attach", "thread.slots", "thread.together"};
constexpr std::array eval_checks{"eval.works", "eval.raises", "eval.module", "eval.names"};

// The ABI does not allow to call what is not claimed, so that nothing could be learned from it.
template <size_t Size>
void note_lack(Patient& patient, const std::array<const char*, Size>& checks, const char* extension,
               const char* what) {
  patient.findings().note("extension.claimed",
                          std::string("it lacks ") + extension + ", so " + what);
  for (const char* check : checks)
    patient.findings().absent(check);
}

void expect_ok(Patient& patient, const char* check, const std::string& source) {
  const Answer answer = patient.eval(source);
  patient.findings().expect(answer.ok(), check,
                            "eval of " + shown(source) + " answered " + answer.words());
}

bool eval_works(const Patient& patient) {
  const auto usual = patient.bench().usual.find("eval");
  return usual != patient.bench().usual.end() && usual->second == PEP554_OK;
}

// Source whose last byte is the last that can be read.
void eval_before_a_wall(Patient& patient) {
  const std::string_view source = "interpreters";
  const BeforeAWall wall(source.size(), "eval.works", "eval read beyond the size of its source",
                         patient.findings().fd());
  source.copy(static_cast<char*>(wall.data()), source.size());
  const Answer answer = patient.eval(static_cast<const char*>(wall.data()), source.size());
  patient.findings().expect(answer.ok(), "eval.module",
                            "eval of \"interpreters\" answered " + answer.words());
}

// Does `body` on a thread, attached. What it throws is thrown here.
void on_attached_thread(Patient& patient, const std::function<void()>& body) {
  std::exception_ptr problem;
  std::thread thread([&] {
    try {
      void* state = nullptr;
      const Answer answer = patient.attach(state);
      if (!patient.findings().expect(answer.ok(), "thread.attach",
                                     "attach answered " + answer.words()))
        return;
      body();
      patient.detach(state);
    } catch (const Blocked&) {
      problem = std::current_exception();
    }
  });
  thread.join();
  if (problem)
    std::rethrow_exception(problem);
}

// What became of a forked child.
std::string how_it_ended(int status) {
  if (WIFEXITED(status))
    return "exited with status " + std::to_string(WEXITSTATUS(status));
  return "was ended by " + signal_name(WTERMSIG(status));
}

void call_hook(Patient& patient, const char* name,
               void (*pep554_fork_t::*hook)(pep554_runtime_t*)) {
  const pep554_fork_t* hooks = patient.plugin().fork;
  if (hooks == nullptr)
    return;
  patient.place().enter(name);
  (hooks->*hook)(patient.runtime());
  patient.place().enter("");
}

[[noreturn]] void be_the_forked_child(Patient& patient) {
  int code = 0;
  try {
    call_hook(patient, "after_fork_child", &pep554_fork_t::after_fork_child);
    try_as_usual(patient, "fork.child", "in a forked child");
  } catch (const Blocked& why) {
    patient.findings().mend("fork.child", std::string("in a forked child: ") + why.what());
    code = 1;
  }
  ::_exit(code);
}

// Forks as the host does for a program.
void fork_once(Patient& patient) {
  // Both write down the slot that they are in, at one place: the child's turn comes when the parent
  // is through.
  std::array<int, 2> turn{};
  if (::pipe2(turn.data(), O_CLOEXEC) != 0)
    throw Blocked("cannot make a pipe");
  const Descriptor read_end(turn[0]);
  Descriptor write_end(turn[1]);
  call_hook(patient, "before_fork", &pep554_fork_t::before_fork);
  const pid_t pid = ::fork();
  if (pid < 0)
    throw Blocked("cannot fork");
  if (pid == 0) {
    write_end.reset();
    char nothing = 0;
    while (::read(read_end.get(), &nothing, 1) < 0 && errno == EINTR) {
    }
    be_the_forked_child(patient);
  }
  call_hook(patient, "after_fork_parent", &pep554_fork_t::after_fork_parent);
  write_end.reset();
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (status == 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 1))
    return;
  const std::string slot = patient.place().slot();
  if (WIFEXITED(status) && WEXITSTATUS(status) == exit_at_wall)
    return;
  patient.findings().mend("fork.child", "a forked child " + how_it_ended(status) +
                                            (slot.empty() ? "" : " in " + slot));
}

} // namespace

void try_eval(Patient& patient) {
  patient.load();
  if (patient.plugin().eval == nullptr)
    return note_lack(patient, eval_checks, PEP554_EXT_EVAL,
                     "cases of the module's names and signatures are unsupported");
  patient.findings().ok("extension.claimed");
  patient.start();
  const Answer first = patient.eval("pass");
  patient.findings().usual("eval", first.status);
  if (!patient.findings().expect(first.ok(), "eval.works",
                                 "eval of \"pass\" answered " + first.words()))
    throw Blocked("eval does not work");
  expect_ok(patient, "eval.works", "");
  eval_before_a_wall(patient);
  expect_ok(patient, "eval.names", "doctor_was_here = 1");
  expect_ok(patient, "eval.names", "doctor_was_here");
  for (const char* source : {"1/0", "raise SystemExit"}) {
    const Answer answer = patient.eval(source);
    patient.findings().expect(answer.status == PEP554_RAISED, "eval.raises",
                              "eval of " + shown(source) + " answered " + answer.words());
  }
  expect_ok(patient, "eval.works", "pass");
}

void try_attaching(Patient& patient) {
  patient.load();
  if (patient.plugin().thread == nullptr)
    return note_lack(patient, thread_checks, PEP554_EXT_THREAD,
                     "cases with several threads are unsupported");
  patient.findings().ok("extension.claimed");
  patient.start();
  for (int i = 0; i < 3; ++i)
    on_attached_thread(patient, [] {});
}

void try_thread(Patient& patient) {
  patient.load();
  if (patient.plugin().thread == nullptr)
    return;
  patient.start();
  for (int i = 0; i < 2; ++i)
    on_attached_thread(patient, [&] {
      try_as_usual(patient, "thread.slots", "on an attached thread");
      if (eval_works(patient))
        expect_ok(patient, "thread.slots", "pass");
    });
  try_as_usual(patient, "thread.slots", "on the runtime's thread, after others were detached");
}

void try_threads_together(Patient& patient) {
  patient.load();
  if (patient.plugin().thread == nullptr)
    return;
  patient.start();
  std::barrier both(2);
  std::array<std::exception_ptr, 2> problems;
  const auto work = [&](size_t lane) {
    try {
      on_attached_thread(patient, [&] {
        both.arrive_and_wait();
        for (int round = 0; round < 4; ++round)
          try_as_usual(patient, "thread.together", "on two threads at once");
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

void try_forked_child(Patient& patient) {
  patient.load();
  patient.start();
  fork_once(patient);
  fork_once(patient);
  try_as_usual(patient, "fork.parent", "after a fork");
}

} // namespace pep554::host
