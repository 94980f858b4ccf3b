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
}

bool LentRecord::is_filled() const {
  return !is_untouched(&record_->category, sizeof record_->category) &&
         !is_untouched(record_->type, sizeof record_->type) &&
         !is_untouched(record_->message, sizeof record_->message);
}

void LentRecord::judge(std::string_view slot, pep554_status_t status, Findings& findings) {
  const std::string says = slot_says(slot, status);
  findings.expect(record_->size == sizeof(pep554_error_t), "error-record.size",
                  says + "changed the field size to " + std::to_string(record_->size));
  if (fenced_)
    findings.expect(fenced_->fences_stand(), "error-record.bounds",
                    says + "wrote outside of the error record");
  if (status != PEP554_OK)
    return judge_filled(slot, status, findings);
  const bool left_alone =
      is_untouched(&record_->category, sizeof(pep554_error_t) - sizeof record_->size);
  findings.expect(left_alone, "error-record.untouched-on-ok",
                  says + "wrote into the error record all the same");
}

void LentRecord::judge_filled(std::string_view slot, pep554_status_t status,
                              Findings& findings) const {
  const std::string says = slot_says(slot, status);
  const bool nothing =
      is_untouched(&record_->category, sizeof(pep554_error_t) - sizeof record_->size);
  if (!findings.expect(is_filled(), "error-record.filled",
                       says + (nothing ? "left the error record as it was"
                                       : "left a field of the error record as it was")))
    return;
  findings.expect(record_->category >= PEP554_OTHER && record_->category <= PEP554_NOT_SUPPORTED,
                  "error-record.category",
                  says + "gave the category " + std::to_string(record_->category));
  judge_text(record_->type, says, "type", findings);
  judge_text(record_->message, says, "message", findings);
}

std::string LentRecord::message() const {
  return is_filled() ? text_of(record_->message) : "";
}

} // namespace pep554::host
