// An error record as it is lent to a slot, and what it must look like afterwards.
#pragma once

#include <memory>
#include <string_view>

#include "harness/abi/pep554_plugin.h"
#include "harness/host/examine/findings.h"
#include "harness/host/examine/guarded.h"

namespace pep554::host {

class LentRecord {
public:
  // Fenced, or before a wall.
  LentRecord(std::string_view slot, bool walled, Findings& findings);

  pep554_error_t* get() const { return record_; }
  // Holds the rules of error records against what `slot` left behind.
  void judge(std::string_view slot, pep554_status_t status, Findings& findings);
  // It says something for this status.
  bool is_filled(pep554_status_t status) const;
  // The message, "" when there is none.
  std::string message() const;

private:
  bool is_empty() const; // as it was lent
  void judge_filled(std::string_view slot, pep554_status_t status, Findings& findings) const;

  std::unique_ptr<Fenced> fenced_;
  std::unique_ptr<BeforeAWall> walled_;
  pep554_error_t* record_ = nullptr;
};

} // namespace pep554::host
