// The trials of a host. Each starts a host of its own, and adds to the target's findings.
#pragma once

#include "harness/doctor/protocol_target.h"

namespace pep554 {

// Ordinary programs.
void judge_hello(ProtocolTarget& target);    // of the host that was started last
void try_operations(ProtocolTarget& target); // each once
void try_names(ProtocolTarget& target);
void try_emitting(ProtocolTarget& target);
void try_surrogates(ProtocolTarget& target);
void try_eval(ProtocolTarget& target);
void try_processes(ProtocolTarget& target); // two programs, which know nothing of each other
void try_lanes(ProtocolTarget& target);
void try_finalize(ProtocolTarget& target);

// Unusual requests and ends.
void try_deadline(ProtocolTarget& target);
void try_bad_programs(ProtocolTarget& target);
void try_unknown_fields(ProtocolTarget& target);
void try_ahead(ProtocolTarget& target); // several requests at once
void try_ends(ProtocolTarget& target);  // the three ways in which a host has to exit

} // namespace pep554
