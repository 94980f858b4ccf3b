#include "harness/host/session.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <system_error>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/host/process_setup.h"
#include "harness/host/start_guard.h"
#include "harness/host/traces.h"

namespace pep554::host {
namespace {

using nlohmann::json;

constexpr int first_protocol_fd = 300;

int moved_up(int fd) {
  const int high = ::fcntl(fd, F_DUPFD_CLOEXEC, first_protocol_fd);
  return high >= 0 ? high : ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

// The next payload, waiting for it; none when the engine is gone or talks nonsense.
std::optional<std::string> next_payload(Engine& engine) {
  while (true) {
    if (auto payload = engine.reader.next())
      return payload;
    if (engine.reader.state() != FrameReader::State::open)
      return std::nullopt;
    engine.reader.fill(engine.in);
  }
}

// False when the host should leave.
bool run(const json& message, const Runtime& runtime, const HostContext& context, Engine& engine) {
  const json id = message.value("id", json());
  Program program;
  Inheritance inheritance{{engine.in, engine.writer.fd(), context.traces.host.get()},
                          context.traces.child.get(),
                          nullptr,
                          {}};
  try {
    const json& document = message.at("program");
    program = program_from(document);
    if (message.value("fresh", false)) {
      inheritance.fresh = &context.fresh;
      inheritance.document = document.dump();
    }
  } catch (const std::exception& problem) {
    engine.writer.queue(not_run(id, std::string("not a program: ") + problem.what()));
    engine.writer.flush();
    return true;
  }
  return supervise({id, program, inheritance}, runtime, context, engine);
}

// Loading is guarded too: it runs constructors of the plugin, and asks for its extensions.
Runtime start(const std::string& plugin, const Options& options, const Engine& engine) {
  const StartGuard guard(engine.writer.fd());
  Runtime runtime = start_runtime(load_plugin(plugin), options);
  set_up_process();
  return runtime;
}

// A plugin's message may come from an exception of its runtime.
std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

int protocol_error(const char* what) {
  std::fprintf(stderr, "pep554-host: %s\n", what); // NOLINT(cert-err33-c)
  return exit_protocol;
}

} // namespace

Engine take_standard_streams() {
  Engine engine{moved_up(STDIN_FILENO), {}, FrameWriter(moved_up(STDOUT_FILENO))};
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::close(nothing);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  return engine;
}

Ends make_trace_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
  return {Descriptor(moved_up(ends[0])), Descriptor(moved_up(ends[1]))};
}

Runtime introduce(const std::string& plugin, const Options& options, const HostContext& context,
                  Engine& engine) {
  try {
    Runtime runtime = start(plugin, options, engine);
    json message = hello(runtime);
    message["fresh"] = true;
    if (!context.folder.path().empty())
      message["temporary"] = context.folder.path().native();
    install_traces(runtime);
    engine.writer.queue(message);
    engine.writer.flush();
    return runtime;
  } catch (const Refusal& refusal) {
    engine.writer.queue({{"msg", "refused"}, {"reason", one_line(refusal.what())}});
    engine.writer.flush();
    throw;
  }
}

int serve(const Runtime& runtime, const HostContext& context, Engine& engine) {
  while (const auto payload = next_payload(engine)) {
    const json message = decode(*payload);
    const json kind = message.is_object() ? message.value("msg", json()) : json();
    if (kind == "quit")
      return exit_ok;
    if (kind != "run")
      return protocol_error("the engine sent neither \"run\" nor \"quit\"");
    if (!run(message, runtime, context, engine))
      return exit_ok;
  }
  return engine.reader.state() == FrameReader::State::oversized
             ? protocol_error("the engine sent a frame that is too large")
             : exit_ok;
}

} // namespace pep554::host
