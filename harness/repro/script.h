// Standalone reproductions: a case and its failure as a script or program that needs nothing of
// this project. Pure functions from data to text.
//
// A script or program ends with 0 when the failure is not reproduced, 1 when it is (a wrong answer,
// or no answer in time), 2 when it could not be tried since a preparing step failed; a crash is
// reproduced by the signal that ends it. It says "reproduced: ...", "not reproduced..." or "not
// tried: ...".
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/expectation.h"
#include "harness/engine/history.h"
#include "harness/engine/result.h"
#include "spec/clauses.h"

namespace pep554::repro {

// The failure to reproduce. Without result and history, every expectation of the case is checked.
// Everything outlives the object.
struct Subject {
  const Case& subject;
  const ClauseSet& clauses;
  const CaseResult* result = nullptr; // the judge's, of `history`
  const History* history = nullptr;
  // The clauses of the property that found it, if it is a generated program.
  std::vector<std::string> of_property = {};
};

struct ScriptOptions {
  // Which module the target has: "" is the draft's own, `interpreters`; else one of adapters().
  std::string adapter;
  std::string command = {};   // that runs it, for the header; empty: python3 repro.py
  std::string on_plugin = {}; // ... and the program in C; empty: ./repro PLUGIN.so [key=value ...]
};

// The names of the adapters that scripts can be written for.
const std::vector<std::string_view>& adapters();

// A script in Python that imports the judged module and the standard library alone. `adapter` is
// known.
std::string python_script(const Subject& subject, const ScriptOptions& options);

// A program in C11 over the plugin ABI: cc -I DIR_OF_pep554_plugin.h repro.c -ldl -pthread; run
// with the plugin's path and its options, key=value. `on_plugin` is how, for the header.
std::string c_program(const Subject& subject, const std::string& on_plugin = "");

} // namespace pep554::repro
