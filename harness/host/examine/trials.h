// The trials of an examination, by what they are about. Each is the body of a Trial.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/host/examine/patient.h"

namespace pep554::host {

// The shared object and its table; whether these can be used is in the checks load.* and table.*.
void try_load(Patient& patient);
// Extensions, before the runtime is started.
void try_extensions(Patient& patient);
// The start itself, and what it leaves behind. Tells "reason" when the runtime does not start.
void try_start(Patient& patient);
void try_unknown_option(Patient& patient);
void try_describe(Patient& patient);

// One slot of the table with arguments as any program would use them.
struct SlotTrial {
  std::string slot;
  std::function<Answer(Patient&)> call; // on a started runtime
};
const std::vector<SlotTrial>& slot_trials();
void try_slot(Patient& patient, const SlotTrial& trial);

// What a program does, on the calling thread: every slot that answers as usual there is held
// against `check`; `where` says where this is.
void try_as_usual(Patient& patient, const char* check, const std::string& where);

void try_independence(Patient& patient); // two handles of one interpreter
void try_destroyed(Patient& patient);    // handles of an interpreter that is gone
void try_enumerate(Patient& patient);    // with more, less and no room
void try_read_id(Patient& patient);
void try_own_id(Patient& patient);
void try_unknown_ids(Patient& patient);
void try_empty_code(Patient& patient);
void try_bounded_code(Patient& patient);
void try_nul_in_code(Patient& patient);
void try_long_errors(Patient& patient); // errors longer than the record
void try_record_bounds(Patient& patient);

void try_eval(Patient& patient);
void try_attaching(Patient& patient);
void try_thread(Patient& patient);
void try_threads_together(Patient& patient);
void try_forked_child(Patient& patient);
void try_stop(Patient& patient);
void try_exit(Patient& patient); // for a Trial that exits

} // namespace pep554::host
