#include "harness/host/examine/error_record.h"

#include <cstring>
#include <string>

#include "harness/host/examine/instrumented_plugin.h"

namespace pep554::host {
namespace {

std::string slot_says(std::string_view slot, pep554_status_t status) {
  return std::string(slot) + " answered " + status_text(status) + " and ";
}

template <size_t Size>
void judge_text(const char (&array)[Size], const std::string& says, const char* name,
                FindingSink& findings) {
  const std::string text = text_of(array);
  if (findings.expect(text.size() < Size, "error-record.terminated",
                      says + "left " + name + " without a NUL"))
    findings.expect(is_utf8(text), "error-record.text",
                    says + name + " is no UTF-8 at its end or within: ..." +
                        escaped(text.substr(text.size() - std::min<size_t>(text.size(), 20))));
}

} // namespace

CheckedErrorRecord::CheckedErrorRecord(std::string_view slot, bool guard_page,
                                       FindingSink& findings) {
  constexpr size_t size = sizeof(pep554_error_t);
  if (guard_page) {
    guard_page_buffer_ = std::make_unique<GuardPageBuffer>(
        size, "error-record.bounds", std::string(slot) + " touched memory behind the error record",
        findings.fd());
    record_ = static_cast<pep554_error_t*>(guard_page_buffer_->data());
  } else {
    canary_buffer_ = std::make_unique<CanaryBuffer>(size);
    record_ = static_cast<pep554_error_t*>(canary_buffer_->data());
  }
  record_->size = size;
  record_->category = PEP554_OTHER;
  record_->type[0] = '\0';
  record_->message[0] = '\0';
}

// Empty as the ABI has it, and a pattern behind the NULs, so that any write shows.
bool CheckedErrorRecord::is_empty() const {
  const auto text_is_empty = [](const auto& text) {
    return text[0] == '\0' && is_untouched(text + 1, sizeof text - 1);
  };
  return record_->category == PEP554_OTHER && text_is_empty(record_->type) &&
         text_is_empty(record_->message);
}

bool CheckedErrorRecord::is_filled(pep554_status_t status) const {
  return status == PEP554_RAISED ? !is_empty() : record_->message[0] != '\0';
}

void CheckedErrorRecord::judge(std::string_view slot, pep554_status_t status,
                               FindingSink& findings) {
  const std::string says = slot_says(slot, status);
  findings.expect(record_->size == sizeof(pep554_error_t), "error-record.size",
                  says + "changed the field size to " + std::to_string(record_->size));
  if (canary_buffer_)
    findings.expect(canary_buffer_->canaries_intact(), "error-record.bounds",
                    says + "wrote outside of the error record");
  if (status == PEP554_OK)
    findings.expect(is_empty(), "error-record.untouched-on-ok",
                    says + "wrote into the error record all the same");
  else
    judge_filled(slot, status, findings);
}

void CheckedErrorRecord::judge_filled(std::string_view slot, pep554_status_t status,
                                      FindingSink& findings) const {
  const std::string says = slot_says(slot, status);
  if (!findings.expect(is_filled(status), "error-record.filled",
                       says + (is_empty() ? "left the error record as it was"
                                          : "gave no message in the error record")))
    return;
  findings.expect(record_->category >= PEP554_OTHER && record_->category <= PEP554_NOT_SUPPORTED,
                  "error-record.category",
                  says + "gave the category " + std::to_string(record_->category));
  judge_text(record_->type, says, "type", findings);
  judge_text(record_->message, says, "message", findings);
}

std::string CheckedErrorRecord::message() const {
  return text_of(record_->message);
}

} // namespace pep554::host
