#include "spec/model.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pep554 {
namespace {

using Kind = ModelCall::Kind;

std::optional<Objection> object(std::string clause, std::string expected) {
  return Objection{std::move(clause), std::move(expected)};
}

} // namespace

bool Model::Flight::may_change(const std::string& id) const {
  return came.contains(id) || may_go(id);
}

bool Model::Flight::may_go(const std::string& id) const {
  return went.contains(id) || std::ranges::any_of(overlaps, [&](const ModelCall& other) {
           const bool ends = other.kind == Kind::destroy || other.kind == Kind::release;
           return other.uses_module || (ends && other.id == id);
         });
}

bool Model::Flight::may_run(const std::string& id) const {
  return may_change(id) || std::ranges::any_of(overlaps, [&](const ModelCall& other) {
           return other.kind == Kind::run && other.id == id;
         });
}

bool Model::Flight::may_change_population() const {
  return std::ranges::any_of(overlaps, [](const ModelCall& other) {
    return other.uses_module || other.kind == Kind::create || other.kind == Kind::destroy ||
           other.kind == Kind::release;
  });
}

Model::Life Model::life(const std::string& id) const {
  const auto found = lives_.find(id);
  return found == lives_.end() ? Life::unknown : found->second;
}

void Model::called(size_t lane, const ModelCall& call) {
  Flight flight{call, {}, {}, {}};
  for (auto& [other, under_way] : flights_) {
    flight.overlaps.push_back(under_way.call);
    under_way.overlaps.push_back(call);
  }
  flights_.insert_or_assign(lane, std::move(flight));
}

std::optional<Objection> Model::returned(size_t lane, const ModelAnswer& answer) {
  const auto found = flights_.find(lane);
  if (found == flights_.end())
    return std::nullopt;
  const Flight flight = std::move(found->second);
  flights_.erase(found);
  auto objection = judge(flight, answer);
  learn(flight.call, answer);
  return objection;
}

std::optional<Objection> Model::judge(const Flight& flight, const ModelAnswer& answer) const {
  switch (flight.call.kind) {
  case Kind::enumerate:
    return judge_enumerate(flight, answer);
  case Kind::get_current:
  case Kind::get_main:
  case Kind::construct:
  case Kind::read_id:
    return judge_one(flight.call, answer);
  case Kind::create:
    return judge_create(flight, answer);
  case Kind::is_running:
    return judge_is_running(flight, answer);
  case Kind::destroy:
  case Kind::run:
    return judge_destroy(flight, answer);
  case Kind::write_id:
    if (!answer.raised)
      return object("id.read-only", "raises: the id is read-only");
    return std::nullopt;
  case Kind::release:
  case Kind::other:
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Objection> Model::judge_enumerate(const Flight& flight,
                                                const ModelAnswer& answer) const {
  if (answer.raised)
    return object("enumerate.all", "lists the existing interpreters");
  std::vector<std::string> listed = answer.ids;
  std::ranges::sort(listed);
  if (const auto twice = std::ranges::adjacent_find(listed); twice != listed.end())
    return object("enumerate.once", fmt::format("lists {} once", *twice));
  std::vector<std::string> alive;
  for (const auto& [id, state] : lives_) {
    const bool is_listed = std::ranges::binary_search(listed, id);
    const bool settled = !flight.may_change(id);
    if (state == Life::alive && settled && !is_listed)
      return object("enumerate.all", fmt::format("lists {}, which exists", id));
    if (state == Life::dead && is_listed && !flight.may_change_population())
      return object("destroy.removes", fmt::format("does not list {}, which was destroyed", id));
    if (state == Life::alive)
      alive.push_back(id);
  }
  // The main interpreter is one more, while its id is unknown.
  const size_t known = alive.size() + (main_ ? 0U : 1U);
  if (complete_ && !flight.may_change_population() && answer.ids.size() != known)
    return object("enumerate.all",
                  fmt::format("lists {} interpreters: {}{}", known,
                              main_ ? "" : "the main one and ", fmt::join(alive, ", ")));
  return std::nullopt;
}

// Calls that answer with one interpreter, which is known beforehand.
std::optional<Objection> Model::judge_one(const ModelCall& call, const ModelAnswer& answer) const {
  const bool of_handle = call.kind == Kind::construct || call.kind == Kind::read_id;
  if (of_handle && (call.id.empty() || life(call.id) != Life::alive))
    return std::nullopt; // what becomes of an unknown id, or after destroy, is open
  const auto clause = [&]() -> std::string {
    switch (call.kind) {
    case Kind::construct:
      return "interpreter.same";
    case Kind::read_id:
      return "id.exists";
    case Kind::get_main:
      return "get_main.main";
    default:
      return "get_current.running";
    }
  };
  const std::optional<std::string> known = of_handle ? std::optional(call.id) : main_;
  if (answer.raised || answer.ids.size() != 1)
    return object(clause(), "answers with an interpreter");
  if (known && answer.ids.front() != *known)
    return object(clause(), fmt::format("answers with {}", *known));
  return std::nullopt;
}

std::optional<Objection> Model::judge_create(const Flight& flight,
                                             const ModelAnswer& answer) const {
  if (answer.raised)
    return std::nullopt; // a limit was met: the text states none and rules none out
  if (answer.ids.size() != 1)
    return object("create.initializes", "answers with an interpreter");
  const std::string& id = answer.ids.front();
  const bool taken = life(id) == Life::alive && !flight.may_go(id);
  if (taken || id == main_)
    return object("create.distinct", fmt::format("an interpreter other than {}, which exists", id));
  return std::nullopt;
}

std::optional<Objection> Model::judge_is_running(const Flight& flight,
                                                 const ModelAnswer& answer) const {
  const std::string& id = flight.call.id;
  if (id == main_ || flight.may_run(id))
    return std::nullopt;
  if (life(id) == Life::dead && answer.truth == true)
    return object("is_running.destroyed", "not True: the interpreter was destroyed");
  if (life(id) == Life::alive && (answer.raised || answer.truth != false))
    return object("is_running.idle", "False: nothing runs in it");
  return std::nullopt;
}

// destroy and run of an idle interpreter. Of a destroyed one, run must not succeed.
std::optional<Objection> Model::judge_destroy(const Flight& flight,
                                              const ModelAnswer& answer) const {
  const ModelCall& call = flight.call;
  if (call.id == main_ || flight.may_run(call.id))
    return std::nullopt;
  if (call.kind == Kind::destroy && life(call.id) == Life::alive && answer.raised)
    return object("destroy.destroys", "destroys it: it exists and is idle");
  if (call.kind == Kind::run && life(call.id) == Life::dead && !answer.raised)
    return object("run.destroyed", "raises: the interpreter was destroyed");
  return std::nullopt;
}

void Model::learn(const ModelCall& call, const ModelAnswer& answer) {
  if (call.uses_module)
    return forget();
  if (answer.raised)
    return;
  switch (call.kind) {
  case Kind::get_main:
    if (answer.ids.size() == 1) {
      main_ = answer.ids.front();
      set(*main_, Life::alive);
    }
    return;
  case Kind::create:
    for (const std::string& id : answer.ids)
      set(id, Life::alive);
    return;
  case Kind::destroy:
    set(call.id, Life::dead);
    if (call.id == main_)
      forget(); // what is left when the main interpreter is gone is open
    return;
  case Kind::release:
    // Whether the last object takes its interpreter along is open.
    if (life(call.id) == Life::alive) {
      set(call.id, Life::unknown);
      complete_ = false;
    }
    return;
  default:
    return;
  }
}

void Model::set(const std::string& id, Life life) {
  const auto [known, fresh] = lives_.emplace(id, life);
  if (!fresh && known->second == life)
    return;
  known->second = life;
  for (auto& [lane, flight] : flights_)
    (life == Life::alive ? flight.came : flight.went).insert(id);
}

void Model::forget() {
  for (auto& [id, state] : lives_)
    state = Life::unknown;
  complete_ = false;
}

} // namespace pep554
