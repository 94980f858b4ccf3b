// An error record that is passed to a slot, and the checks of its contents after the call.
#pragma once

#include <memory>
#include <string_view>

#include "harness/abi/pep554_plugin.h"
#include "harness/host/examine/finding_sink.h"
#include "harness/host/examine/guarded_buffers.h"

namespace pep554::host {

class CheckedErrorRecord {
public:
  // `guard_page`: in front of one; otherwise between canary bytes.
  CheckedErrorRecord(std::string_view slot, bool guard_page, FindingSink& findings);

  pep554_error_t* get() const { return record_; }
  // Checks the record that `slot` left against the rules of error records.
  void judge(std::string_view slot, pep554_status_t status, FindingSink& findings);
  // Whether it describes an error of this status.
  bool is_filled(pep554_status_t status) const;
  // The message, "" when there is none.
  std::string message() const;

private:
  bool is_empty() const; // unchanged
  void judge_filled(std::string_view slot, pep554_status_t status, FindingSink& findings) const;

  std::unique_ptr<CanaryBuffer> canary_buffer_;
  std::unique_ptr<GuardPageBuffer> guard_page_buffer_;
  pep554_error_t* record_ = nullptr;
};

} // namespace pep554::host
