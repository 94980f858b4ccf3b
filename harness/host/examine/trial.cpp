#include "harness/host/examine/trial.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/host/event_socket.h"
#include "harness/host/events.h"
#include "harness/host/examine/checks.h"
#include "harness/host/examine/guarded_buffers.h"
#include "harness/host/reaper.h"

#ifdef PEP554_COVERAGE
extern "C" void __gcov_dump(); // libgcov's name. NOLINT(bugprone-reserved-identifier)
#endif

namespace pep554::host {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr rlim_t most_output = rlim_t{64} << 20U;
constexpr int channel_fd = 250; // out of the way of plugins that count on low descriptors

// Shared memory of the trial's process and the examiner.
struct Common {
  CurrentCall* current_call;
  Ends channel;
  Descriptor out; // a file in memory: standard output
  Descriptor err;
};

Common make_common() {
  void* page = ::mmap(nullptr, sizeof(CurrentCall), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED)
    throw std::runtime_error("no memory for a trial");
  return {new (page) CurrentCall{}, make_event_socket(),
          Descriptor(::memfd_create("out", MFD_CLOEXEC)),
          Descriptor(::memfd_create("err", MFD_CLOEXEC))};
}

[[noreturn]] void leave(int code) {
#ifdef PEP554_COVERAGE
  __gcov_dump(); // exit would run what the plugin hooked into it
#endif
  ::_exit(code);
}

void limit(int resource, rlim_t most) {
  const rlimit both{most, most};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

void shut_off(pid_t examiner, const Common& common) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != examiner)
    ::_exit(1);
  become_subreaper(); // what daemonizes is seen here
  ::dup2(common.out.get(), STDOUT_FILENO);
  ::dup2(common.err.get(), STDERR_FILENO);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, most_output);
}

[[noreturn]] void run_trial_body(const Trial& trial, const ExamConfig& config, pid_t examiner,
                                 Common& common) {
  shut_off(examiner, common);
  const int fd = ::fcntl(common.channel.child.get(), F_DUPFD_CLOEXEC, channel_fd);
  FindingSink findings(fd);
  install_guard_page_handler();
  // Never destroyed: threads of the plugin may still be at work when the process ends.
  auto* plugin = new InstrumentedPlugin(config, findings, *common.current_call);
  try {
    trial.body(*plugin);
    findings.finished();
  } catch (const std::exception& problem) {
    findings.blocked(problem.what());
    leave(0);
  }
  if (trial.exits) {
    common.current_call->enter("exit");
    std::exit(0);
  }
  leave(0);
}

// Receives the records of a trial.
class Listener {
public:
  Listener(ExamConfig& config, CheckResults& check_results, TrialEnd& end)
      : config_(config), results_(check_results), end_(end) {}

  // True at the end of the stream.
  bool take_all(int fd) {
    while (true) {
      const ReceivedRecord got = receive_record(fd, buffer_.data());
      if (got.kind != ReceivedRecord::record)
        return got.kind == ReceivedRecord::end;
      take(json::parse(std::string_view(buffer_.data(), got.size), nullptr, false));
    }
  }

private:
  void take(const json& record) {
    static const std::map<std::string, Level> levels{{"absent", Level::absent},
                                                     {"ok", Level::ok},
                                                     {"note", Level::note},
                                                     {"error", Level::error}};
    const std::string kind = record.is_object() ? record.value("kind", "") : "";
    const auto level = levels.find(kind);
    if (level != levels.end())
      results_.add(level->second, record.value("check", ""), record.value("seen", ""));
    else if (kind == "status")
      config_.expected_status[record.value("slot", "")] =
          static_cast<pep554_status_t>(record.value("status", 3));
    else if (kind == "fact")
      end_.facts[record.value("key", "")] = record.value("value", "");
    else if (kind == "finished")
      end_.kind = TrialEnd::finished;
    else if (kind == "blocked") {
      end_.kind = TrialEnd::blocked;
      end_.description = record.value("why", "");
    }
  }

  ExamConfig& config_;
  CheckResults& results_;
  TrialEnd& end_;
  std::string buffer_ = std::string(max_record, '\0');
};

// Until the process has ended or the time is over; true when it has ended.
bool follow(pid_t pid, int channel, Clock::time_point until, Listener& listener) {
  const Descriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  bool open = true;
  while (true) {
    siginfo_t info{};
    const bool over =
        ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid == pid;
    open = open && !listener.take_all(channel);
    if (over)
      return true;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    if (left.count() <= 0)
      return false;
    const int timeout_ms =
        static_cast<int>(std::min<std::int64_t>(left.count(), ended.open() ? 60'000 : 20));
    std::array<pollfd, 2> ready{{{ended.get(), POLLIN, 0}, {open ? channel : -1, POLLIN, 0}}};
    ::poll(ready.data(), ready.size(), timeout_ms);
  }
}

// The last line that the process wrote to standard error.
std::string last_stderr_line(int fd) {
  std::array<char, 4096> end{};
  const off_t size = ::lseek(fd, 0, SEEK_END);
  const off_t from = std::max<off_t>(0, size - static_cast<off_t>(end.size()));
  const ssize_t got = ::pread(fd, end.data(), end.size(), from);
  std::string_view text(end.data(), got > 0 ? static_cast<size_t>(got) : 0);
  const size_t last = text.find_last_not_of("\r\n\t ");
  if (last == std::string_view::npos)
    return "";
  text = text.substr(0, last + 1);
  const size_t newline = text.rfind('\n');
  return std::string(newline == std::string_view::npos ? text : text.substr(newline + 1));
}

std::string describe_exit(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED)
    return "the process exited with status " + std::to_string(info.si_status);
  return "the process was ended by " + signal_name(info.si_status);
}

// What the checks are about, before the dot, whose trials use other slots too.
constexpr std::array<std::string_view, 9> of_one_slot{"start",     "stop",      "describe",
                                                      "enumerate", "construct", "read_id",
                                                      "run",       "eval",      "error-record"};

// The check that a crash or a hang fails, and what to do about it. That of the trial, unless the
// process was in a slot that the trial is not about: then the one that is about every slot. The
// advice of a check that expects an answer does not help where there was none.
struct Blame {
  std::string check;
  std::string_view advice;
};

Blame blame(std::string_view of_trial, std::string_view of_any_slot, const std::string& slot) {
  const std::string_view about = of_trial.substr(0, of_trial.find('.'));
  const std::string_view what = of_trial.substr(of_trial.find('.') + 1);
  const bool answer =
      what == "answers" || what == "opens" || what == "works" || what == "before-start";
  const std::string_view own = answer ? find_check(of_any_slot)->advice : std::string_view();
  const bool other = !slot.empty() && slot != about && slot != "exit" &&
                     std::ranges::find(of_one_slot, about) != of_one_slot.end();
  return other ? Blame{std::string(of_any_slot), {}} : Blame{std::string(of_trial), own};
}

// Enters the end of a process that did not come to the end of its trial, or that died on its way
// out.
void judge_end(const Trial& trial, const siginfo_t& info, const Common& common,
               CheckResults& check_results, TrialEnd& end) {
  const bool clean = info.si_code == CLD_EXITED && info.si_status == 0;
  if (clean && (end.kind == TrialEnd::finished || end.kind == TrialEnd::blocked))
    return;
  end.kind = TrialEnd::crashed;
  end.slot = common.current_call->slot();
  end.description = (end.slot.empty() ? "" : end.slot + ": ") + describe_exit(info);
  if (info.si_code == CLD_EXITED && info.si_status == exit_at_guard_page)
    return; // the signal handler has reported it
  const std::string stderr_line = last_stderr_line(common.err.get());
  const Blame blamed = blame(trial.crash_check, "slot.survives", end.slot);
  check_results.add(Level::error, blamed.check,
                    end.description +
                        (stderr_line.empty() ? "" : "; standard error: " + escaped(stderr_line)),
                    blamed.advice);
}

void judge_hang(const Trial& trial, const ExamConfig& config, const Common& common,
                CheckResults& check_results, TrialEnd& end) {
  end.kind = TrialEnd::hung;
  end.slot = common.current_call->slot();
  end.description = (end.slot.empty() ? "the process" : end.slot) + " did not come back within " +
                    std::to_string(config.deadline.count()) + " ms";
  const Blame blamed = blame(trial.hang_check, "slot.returns", end.slot);
  check_results.add(Level::error, blamed.check, end.description, blamed.advice);
}

} // namespace

TrialEnd perform(const Trial& trial, ExamConfig& config, CheckResults& check_results) {
  Common common = make_common();
  const Clock::time_point until = Clock::now() + config.deadline;
  const pid_t examiner = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0)
    throw std::runtime_error("cannot fork");
  if (pid == 0)
    run_trial_body(trial, config, examiner, common);
  ::setpgid(pid, pid);
  common.channel.child.reset();
  TrialEnd end;
  Listener listener(config, check_results, end);
  const bool ended = follow(pid, common.channel.host.get(), until, listener);
  siginfo_t info{};
  if (ended)
    ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
  reap_all(pid);
  listener.take_all(common.channel.host.get());
  ended ? judge_end(trial, info, common, check_results, end)
        : judge_hang(trial, config, common, check_results, end);
  if (end.kind != TrialEnd::finished)
    check_results.add_blocker(end.description);
  ::munmap(common.current_call, sizeof(CurrentCall));
  return end;
}

} // namespace pep554::host
