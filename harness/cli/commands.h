// The commands of pep554. Each does all its printing itself and answers with the exit code.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/cli/exit_codes.h"
#include "harness/run/paths.h"
#include "harness/run/settings.h"

namespace pep554 {

struct RunOptions : RunSettings {
  std::string target;            // empty: the reference
  std::filesystem::path targets; // a file that names several, to be judged one after the other
  std::filesystem::path out = "report";
  std::filesystem::path resume; // a folder whose run is to be finished; empty: begin one
  bool quiet = false;
  std::filesystem::path baseline; // accepted deviations; empty: the claim decides the exit code
  bool update = false;            // rewrite the baseline from this run
};

Exit run_command(const RunOptions& options, const Paths& paths);

// Merges the results of shards and machines, and writes the report of all.
struct MergeOptions {
  std::vector<std::filesystem::path> parts; // folders of results, or their results.json
  std::filesystem::path out = "report";
  std::filesystem::path cases; // other tables than the suite's own; empty: those
};

Exit merge_command(const MergeOptions& options, const Paths& paths);

// Writes the reports in these folders again, from their results.json.
Exit report_command(const std::vector<std::filesystem::path>& folders);

struct ListOptions {
  std::string what;   // "cases", "clauses", "properties" or "targets"
  bool toml = false;  // targets as a file for run --targets
  std::string filter; // of cases and properties, and the next two, as for a run
  std::string shard;
  std::filesystem::path times;
};

Exit list_command(const ListOptions& options, const Paths& paths);

// id: of a case or a clause.
Exit explain_command(const std::string& id, const Paths& paths);

struct PropertiesOptions {
  std::string target;   // empty: the reference
  std::string property; // shell pattern over the names of properties; empty: all
  std::uint64_t seed = 20170905;
  std::uint64_t from = 0;               // the number of the first example
  std::uint64_t examples = 0;           // 0: as many as `seconds` give time for, or 1000
  bool first = false;                   // stop after the first failure
  double timeout_seconds = 10;          // for each program
  double seconds = 0;                   // no example is begun after that; 0: no end
  double shrink_seconds = 30;           // for each kind of failure
  unsigned jobs = 0;                    // hosts at once; 0: as many as there are cores
  std::filesystem::path out = "report"; // findings go to `failures` in there
  std::filesystem::path corpus; // more tables that are run first, beside those and the suite's own
  bool anew = false;            // ignore stored failures
  bool stats = false;           // print statistics, and execute nothing
  bool quiet = false;
};

// Executes generated programs, and shrinks failures.
Exit properties_command(const PropertiesOptions& options, const Paths& paths);

struct ReplayOptions {
  std::filesystem::path file; // a table of cases, or the folder of a failure
  std::string target;         // empty: the reference
  unsigned times = 1;
  double timeout_seconds = 0;    // for each program; 0: the case's own
  std::filesystem::path scripts; // folder for those of what fails; empty: none are written
};

// Executes the programs of a file again, one after the other, and shows every answer.
Exit replay_command(const ReplayOptions& options, const Paths& paths);

struct JudgeOptions {
  std::vector<std::filesystem::path> folders; // of failures, or of one run
  std::filesystem::path out;                  // for the reports of the run; empty: none are written
};

// Judges stored histories again. Executes nothing.
Exit judge_command(const JudgeOptions& options, const Paths& paths);

struct ScriptCommandOptions {
  std::string id;                // of a case
  std::string adapter;           // whose module the script uses; empty: the draft's own
  std::filesystem::path cases;   // other tables than the suite's own; empty: those
  std::filesystem::path history; // of it, whose failure is to be shown; empty: there is none
  bool c = false;                // a program over the plugin ABI instead of a script
};

// Prints a standalone reproduction of what a case expects.
Exit script_command(const ScriptCommandOptions& options, const Paths& paths);

struct GateOptions {
  std::filesystem::path results; // results.json, or its folder
  std::filesystem::path baseline;
  bool update = false; // rewrite the baseline from the results first
};

// Compares results with a baseline. Executes nothing.
Exit gate_command(const GateOptions& options);

struct DiffOptions {
  std::filesystem::path before; // results.json, or its folder
  std::filesystem::path after;
  std::string format = "text"; // or "markdown", "json"
};

// Prints what changed between two runs. Executes nothing.
Exit diff_command(const DiffOptions& options);

struct DoctorOptions {
  std::string target;
  double timeout_seconds = 10; // for each trial
  bool json = false;           // a JSON document on stdout instead of lines
};

// Checks a target's plugin, if it has one, against the ABI, and its host against the protocol.
Exit doctor_command(const DoctorOptions& options, const Paths& paths);

} // namespace pep554
