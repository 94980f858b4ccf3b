#include "harness/engine/history.h"

#include <algorithm>

namespace pep554 {

const Event* History::returned(StepRef at) const {
  const auto found = std::ranges::find_if(events, [&](const Event& event) {
    return event.kind == Event::Kind::returned && event.at == at;
  });
  return found == events.end() ? nullptr : &*found;
}

bool History::called(StepRef at) const {
  return std::ranges::any_of(events, [&](const Event& event) {
    return event.kind == Event::Kind::called && event.at == at;
  });
}

std::vector<std::string> History::emitted_by(StepRef at) const {
  std::vector<std::string> texts;
  for (const Event& event : events)
    if (event.kind == Event::Kind::emitted && event.at == at)
      texts.push_back(event.text);
  return texts;
}

std::vector<std::string> History::emitted_during(StepRef at) const {
  std::vector<std::string> texts;
  bool under_way = false;
  for (const Event& event : events) {
    if (event.kind == Event::Kind::called && event.at == at)
      under_way = true;
    else if (event.kind == Event::Kind::returned && event.at == at)
      break;
    else if (event.kind == Event::Kind::emitted && under_way)
      texts.push_back(event.text);
  }
  return texts;
}

std::string History::lane_thread(size_t lane) const {
  for (const Event& event : events)
    if (event.kind == Event::Kind::lane && event.at.lane == lane)
      return event.text;
  return {};
}

} // namespace pep554
