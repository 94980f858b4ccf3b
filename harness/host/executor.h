// Performs single steps through the plugin, and puts their answers into the protocol's words.
#pragma once

#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "harness/host/gates.h"
#include "harness/host/handles.h"

namespace pep554::host {

// The field "answer" of an event, from a slot's answer.
nlohmann::json answer_of(pep554_status_t status, const pep554_error_t& error);
// ... when the host itself has something to say.
nlohmann::json answer_of(pep554_status_t status, const std::string& message);

// Used by every lane at once, each on a thread of the runtime or attached to it.
class Executor {
public:
  Executor(const Runtime& runtime, const Gates& gates, int event_fd)
      : runtime_(runtime), gates_(gates), event_fd_(event_fd) {}

  // Performs step number `index` of lane number `lane`, and answers. The wait at a gate is over.
  nlohmann::json perform(const Step& step, size_t lane, size_t index);

private:
  nlohmann::json enumerate();
  nlohmann::json construct(const Step& step);
  nlohmann::json read_id(const Handle& handle);
  nlohmann::json is_running(const Handle& handle);
  nlohmann::json run(const Handle& handle, const std::string& code);
  nlohmann::json eval(const std::string& source);
  nlohmann::json on_handle(const Step& step, const Handle& handle, const std::string& code);
  template <typename Slot>
  nlohmann::json one_interpreter(const Step& step, Slot slot);
  nlohmann::json with_ids(std::span<const Handle> interpreters);
  pep554_status_t id_of(const Handle& handle, std::string& id, ErrorRecord& error);

  const Runtime& runtime_;
  const Gates& gates_;
  int event_fd_;
  Handles handles_;
};

} // namespace pep554::host
