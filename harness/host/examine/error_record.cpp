#include "harness/host/examine/error_record.h"

#include <cstring>
#include <string>

#include "harness/host/examine/patient.h"

namespace pep554::host {
namespace {

std::string slot_says(std::string_view slot, pep554_status_t status) {
  return std::string(slot) + " answered " + status_text(status) + " and ";
}

template <size_t Size>
void judge_text(const char (&array)[Size], const std::string& says, const char* name,
                Findings& findings) {
  const std::string text = text_of(array);
  if (findings.expect(text.size() < Size, "error-record.terminated",
                      says + "left " + name + " without a NUL"))
    findings.expect(is_utf8(text), "error-record.text",
                    says + name + " is no UTF-8 at its end or within: ..." +
                        shown(text.substr(text.size() - std::min<size_t>(text.size(), 20))));
}

} // namespace

LentRecord::LentRecord(std::string_view slot, bool walled, Findings& findings) {
  constexpr size_t size = sizeof(pep554_error_t);
  if (walled) {
    walled_ = std::make_unique<BeforeAWall>(
        size, "error-record.bounds", std::string(slot) + " touched memory behind the error record",
        findings.fd());
    record_ = static_cast<pep554_error_t*>(walled_->data());
  } else {
    fenced_ = std::make_unique<Fenced>(size);
    record_ = static_cast<pep554_error_t*>(fenced_->data());
  }
  record_->size = size;
  record_->category = PEP554_OTHER;
  record_->type[0] = '\0';
  record_->message[0] = '\0';
}

// Empty as the ABI has it, and a pattern behind the NULs, so that any write shows.
bool LentRecord::is_empty() const {
  const auto text_is_empty = [](const auto& text) {
    return text[0] == '\0' && is_untouched(text + 1, sizeof text - 1);
  };
  return record_->category == PEP554_OTHER && text_is_empty(record_->type) &&
         text_is_empty(record_->message);
}

bool LentRecord::is_filled(pep554_status_t status) const {
  return status == PEP554_RAISED ? !is_empty() : record_->message[0] != '\0';
}

void LentRecord::judge(std::string_view slot, pep554_status_t status, Findings& findings) {
  const std::string says = slot_says(slot, status);
  findings.expect(record_->size == sizeof(pep554_error_t), "error-record.size",
                  says + "changed the field size to " + std::to_string(record_->size));
  if (fenced_)
    findings.expect(fenced_->fences_stand(), "error-record.bounds",
                    says + "wrote outside of the error record");
  if (status == PEP554_OK)
    findings.expect(is_empty(), "error-record.untouched-on-ok",
                    says + "wrote into the error record all the same");
  else
    judge_filled(slot, status, findings);
}

void LentRecord::judge_filled(std::string_view slot, pep554_status_t status,
                              Findings& findings) const {
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

std::string LentRecord::message() const {
  return text_of(record_->message);
}

} // namespace pep554::host
