// The trials of an examination, by what they are about. Each is the body of a Trial.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/host/examine/instrumented_plugin.h"

namespace pep554::host {

// The shared object and its table; whether these can be used is in the checks load.* and table.*.
void try_load(InstrumentedPlugin& plugin);
// Extensions, before the runtime is started.
void try_extensions(InstrumentedPlugin& plugin);
// The start, and its side effects. Reports the fact "reason" when the runtime does not start.
void try_start(InstrumentedPlugin& plugin);
void try_unknown_option(InstrumentedPlugin& plugin);
void try_describe(InstrumentedPlugin& plugin);

// One slot of the table with ordinary arguments.
struct SlotTrial {
  std::string slot;
  std::function<Answer(InstrumentedPlugin&)> call; // on a started runtime
};
const std::vector<SlotTrial>& slot_trials();
void try_slot(InstrumentedPlugin& plugin, const SlotTrial& trial);

// Calls every slot with ordinary arguments on the calling thread, and compares the answers with
// those of the main thread; `where` describes the thread. FindingSink are of `check`.
void check_expected_answers(InstrumentedPlugin& plugin, const char* check,
                            const std::string& where);

void try_independence(InstrumentedPlugin& plugin); // two handles of one interpreter
void try_destroyed(InstrumentedPlugin& plugin);    // handles of an interpreter that is gone
void try_enumerate(InstrumentedPlugin& plugin);    // with more, less and no room
void try_read_id(InstrumentedPlugin& plugin);
void try_own_id(InstrumentedPlugin& plugin);
void try_unknown_ids(InstrumentedPlugin& plugin);
void try_empty_code(InstrumentedPlugin& plugin);
void try_bounded_code(InstrumentedPlugin& plugin);
void try_nul_in_code(InstrumentedPlugin& plugin);
void try_long_errors(InstrumentedPlugin& plugin); // errors longer than the record
void try_record_bounds(InstrumentedPlugin& plugin);

void try_eval(InstrumentedPlugin& plugin);
void try_attaching(InstrumentedPlugin& plugin);
void try_thread(InstrumentedPlugin& plugin);
void try_threads_together(InstrumentedPlugin& plugin);
void try_forked_child(InstrumentedPlugin& plugin);
void try_stop(InstrumentedPlugin& plugin);
void try_exit(InstrumentedPlugin& plugin); // for a Trial that exits

} // namespace pep554::host
