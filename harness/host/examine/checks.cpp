#include "harness/host/examine/checks.h"

#include <algorithm>
#include <array>

namespace pep554::host {
namespace {

constexpr std::string_view exports_one = "A plugin is a shared object that exports one symbol";
constexpr std::string_view text_rule =
    "UTF-8. With a length where they may hold NUL (code), else NUL-terminated.";
constexpr std::string_view no_nulls = "Null pointers are never passed, and never handed out";
constexpr std::string_view no_null_slots = "None is null, in tables and extensions alike";
constexpr std::string_view fills =
    "The plugin fills it whenever the status is not PEP554_OK (all of it with PEP554_RAISED, the "
    "message at least with the others) and leaves it alone otherwise.";
constexpr std::string_view record_rule =
    "Both texts are NUL-terminated: of a longer one what fits, cut at the boundary of a UTF-8 "
    "character";
constexpr std::string_view results = "They are written when the status is PEP554_OK, and only then";
constexpr std::string_view failed_rule =
    "PEP554_FAILED: the plugin itself could not ask (it has no memory, it cannot express the "
    "argument); the result says nothing about the implementation.";
constexpr std::string_view works_rule =
    "So every slot after start works in a child that was forked while no slot was being executed.";
constexpr std::string_view any_rule = "[any] slots are called there or on a thread attached "
                                      "through the extension pep554.thread/1, by "
                                      "several threads at once";
constexpr std::string_view enumerate_rule =
    "When that is at most `capacity`, that many fresh handles are in `interpreters`, in the order "
    "of "
    "the answer; otherwise none was made, `interpreters` is untouched";
constexpr std::string_view read_id_rule =
    "When that is less than `capacity`, the text and a NUL are in `buffer`; otherwise `buffer` is "
    "untouched";
constexpr std::string_view id_rule =
    "as text without NUL: equal for equal ids, different for different ones.";
constexpr std::string_view run_rule =
    "bytes of UTF-8, NUL allowed, not NUL-terminated; `size` may be 0.";
constexpr std::string_view construct_rule = "`id` is a text that read_id wrote, or a decimal "
                                            "number of any size, perhaps with a minus sign, "
                                            "that the implementation may never have given.";
constexpr std::string_view stop_rule = "Finalizes the runtime with whatever interpreters are "
                                       "alive, as the implementation would at the "
                                       "end of a process.";
constexpr std::string_view eval_rule = "Executes `size` bytes of UTF-8 (which may hold NUL, or be "
                                       "0) as the body of a module in the main "
                                       "interpreter";

constexpr std::array all{
    Check{"load.file", "the plugin is a file", exports_one,
          "Name the file that your build makes, by its path."},
    Check{"load.opens", "it can be loaded", exports_one,
          "Build it as a shared object for this machine (cc -shared -fPIC), and see to it that the "
          "libraries it needs are found: ldd FILE names those that are not."},
    Check{"load.symbol", "it exports its table", exports_one,
          "Define `const pep554_plugin_t pep554_plugin` with PEP554_EXPORT, and extern \"C\" in "
          "C++."},
    Check{
        "table.version", "the table is of this version of the ABI",
        "PEP554_ABI_VERSION of the plugin's header",
        "Set .abi_version = PEP554_ABI_VERSION, and build with the header of this host's version."},
    Check{"table.size", "the table is whole", "sizeof(pep554_plugin_t) of the plugin's header",
          "Set .size = sizeof(pep554_plugin_t), and build with the header of this host's version."},
    Check{"table.slots", "no member of the table is null", no_null_slots,
          "Give every slot a function. One that the implementation lacks answers "
          "PEP554_UNSUPPORTED and fills the error record."},
    Check{"table.texts", "name and version are texts", text_rule,
          "Give the plugin a name and a version, both in UTF-8 and not empty."},
    Check{"extension.before-start", "get_extension can be asked before start",
          "[any, also before start]",
          "Let get_extension compare names and return the address of a static const table: it must "
          "not use the runtime."},
    Check{"extension.unknown", "an extension that it lacks is answered with null",
          "a plugin hands out what it has under exactly that name, and null for every other name",
          "Compare the whole name, version included, and return null for every other."},
    Check{"extension.complete", "the tables of its extensions have no null functions",
          no_null_slots,
          "Give every member of the table a function, or return null for the extension."},
    Check{"extension.same-table", "the table of an extension is the same each time",
          "The same answer each time; asking has no effect.",
          "Return the address of a static const table."},
    Check{"extension.claimed", "it claims every extension that cases use", "",
          "If the implementation can do it, offer the extension: unclaimed extensions are not "
          "tested."},
    Check{"start.reason", "a refusal to start is one clear line",
          "On PEP554_FAILED (the only other answer) the message is one clear line",
          "Put one line of UTF-8 without a newline into the error record's message: what is wrong, "
          "and what was expected."},
    Check{"start.answers", "the runtime starts", "On PEP554_FAILED (the only other answer)",
          "The observation is the plugin's own reason. Check the options."},
    Check{"start.runtime", "start gives a runtime", no_nulls,
          "Set *runtime to an object of yours before answering PEP554_OK; without state, to the "
          "address of any static object."},
    Check{
        "start.unknown-option", "an option that it does not know is refused",
        "An option that is not known, or whose value is not understood, is an error that says what "
        "was expected.",
        "Compare every key with those that the plugin knows; answer PEP554_FAILED to another, with "
        "its name in the message."},
    Check{
        "start.processes", "start leaves no processes behind",
        "plugins that leave processes behind in start (the host ends every child it does not know)",
        "Wait for every process that start makes, or make it when a slot needs it."},
    Check{
        "start.threads", "start leaves no threads behind",
        "Threads that start made are not in the child; what is to be done about it is for "
        "pep554.fork/1.",
        "A thread does not live on in a forked child, where all programs run. If the runtime needs "
        "it, start it again in after_fork_child of pep554.fork/1."},
    Check{"start.output", "start writes nothing to standard output",
          "Whatever a plugin writes to them before the first fork is the user's to read",
          "The host sends it to standard error, so it does no harm; print nothing all the same."},
    Check{
        "start.signals", "start leaves signal handlers and mask alone", "",
        "Signals are handled in the process of the host too, and inherited by programs. Start the "
        "runtime without its signal handlers if it can do so."},
    Check{
        "start.directory", "start does not change the directory", "",
        "Relative paths in options and programs mean the directory in which the host was started: "
        "go back to it."},
    Check{
        "describe.answers", "the runtime describes itself",
        "An answer that is not PEP554_OK ends the host: there is no judging what cannot be named.",
        "The host sends the facts in `hello`: answer PEP554_OK."},
    Check{"describe.facts", "the facts that results need are present",
          "implementation, version, build, platform, module, module_file, and whatever else "
          "distinguishes it from another runtime, each key once",
          "Give each of these facts; where one makes no sense, say so in its value."},
    Check{"describe.texts", "facts are texts", text_rule,
          "Hand over keys and values in UTF-8, NUL-terminated, keys not empty."},
    Check{"describe.stable", "facts are the same each time",
          "the same facts in the same order each time.",
          "Give no fact that changes while the runtime lives, and always the same order."},
    Check{"slot.survives", "no slot ends the process", works_rule,
          "Run the plugin under a debugger or a sanitizer with this one call. What the "
          "implementation "
          "cannot do is answered with a status."},
    Check{"slot.returns", "every slot returns", works_rule,
          "See where it waits: for a lock that is held, a thread that does not run, or an answer "
          "that "
          "never comes."},
    Check{
        "slot.exceptions", "no exception crosses a slot",
        "No C++ exception, no Rust panic and no longjmp crosses a slot.",
        "Catch everything in each slot, and answer PEP554_FAILED with the text of the exception."},
    Check{"slot.status", "every status is one of the four",
          "A status that is none of these is taken for PEP554_FAILED.",
          "Return PEP554_OK, PEP554_RAISED, PEP554_UNSUPPORTED or PEP554_FAILED, nothing else."},
    Check{"slot.answers", "no slot fails for the plugin's own reasons", failed_rule,
          "If the implementation refused, answer PEP554_RAISED; if it lacks the operation, "
          "PEP554_UNSUPPORTED; else fix the plugin's own failure."},
    Check{"slot.supported", "the target has every operation", "",
          "Cases that need these are reported as unsupported, and the implementation is then not "
          "conformant. If it has the operation, call it."},
    Check{"error-record.filled", "a status other than PEP554_OK comes with a filled error record",
          fills,
          "Set category, type and message (the latter at least) on every path that does not "
          "answer PEP554_OK."},
    Check{"error-record.untouched-on-ok", "PEP554_OK leaves the error record alone", fills,
          "Write into the error record only once it is clear that the status is not PEP554_OK; do "
          "not "
          "clear it first."},
    Check{"error-record.size", "the field size is the caller's",
          "of the caller's record, set by the caller",
          "Do not write to error->size, and do not clear the record as a whole."},
    Check{"error-record.category", "the category is one of pep554_category_t",
          "A number that is none of these is taken for PEP554_OTHER.",
          "Set error->category to one of pep554_category_t, PEP554_OTHER where none fits."},
    Check{"error-record.terminated", "both texts end within their arrays", record_rule,
          "Write at most sizeof error->type or sizeof error->message bytes, the NUL included, e.g. "
          "by "
          "snprintf."},
    Check{"error-record.text", "both texts are UTF-8, also when cut", record_rule,
          "Cut at the first byte of a character: go back while (byte & 0xC0) == 0x80."},
    Check{"error-record.bounds", "nothing is touched beyond the error record",
          "writes none of what follows the two texts, however large the record of a later version "
          "may be.",
          "Write at most sizeof error->type or sizeof error->message bytes, the NUL included."},
    Check{"out.written", "PEP554_OK writes the out parameters", results,
          "Set every out parameter before answering PEP554_OK."},
    Check{"out.only-on-ok", "another status leaves the out parameters alone", results,
          "Set out parameters last, once it is clear that the status is PEP554_OK."},
    Check{"handle.not-null", "handles are not null",
          "A null handle with PEP554_OK is taken for PEP554_FAILED.",
          "Hand out a pointer to an object of yours, or answer with another status."},
    Check{"handle.independent", "each handle is a reference of its own",
          "Each is a reference of its own: two handles may denote one interpreter",
          "Count references, or make an object for each handle: release gives up one, the others "
          "stay "
          "good."},
    Check{"handle.outlives", "a handle outlives its interpreter",
          "A handle outlives the interpreter that it denotes: every slot takes it then too",
          "Keep the object of a handle until release; for a destroyed interpreter let the "
          "implementation answer."},
    Check{"enumerate.count", "enumerate counts the same whatever the capacity",
          "`*count` becomes the number of interpreters.",
          "Set *count to the number of interpreters, not to that of the handles written."},
    Check{"enumerate.capacity", "enumerate writes nothing beyond the capacity", enumerate_rule,
          "Compare the number of interpreters with the capacity before writing the first handle."},
    Check{"enumerate.all-or-none", "enumerate hands out all handles or none", enumerate_rule,
          "Compare the number of interpreters with the capacity before writing the first handle: "
          "handles "
          "that are written when there is too little room are never released."},
    Check{"read_id.text", "an id is a text, with its length", id_rule,
          "Write the text and a NUL, and set *length to its bytes without the NUL."},
    Check{"read_id.stable", "equal ids are equal texts", id_rule,
          "Write the id of the interpreter, not of the handle, and always in the same way."},
    Check{"read_id.capacity", "read_id writes nothing beyond the capacity", read_id_rule,
          "Write only when *length < capacity: the NUL needs room too."},
    Check{"read_id.short", "read_id leaves a buffer alone that is too small", read_id_rule,
          "Write only when *length < capacity; a cut text is of no use to the caller."},
    Check{"is_running.truth", "is_running writes 0 or 1", "`*running` becomes 0 or 1.",
          "Write running ? 1 : 0, into all four bytes."},
    Check{"construct.own-id", "construct takes the texts of read_id", construct_rule,
          "Convert the text to the argument of the implementation's Interpreter(id)."},
    Check{"construct.unknown-id", "construct takes ids that were never given", construct_rule,
          "Hand the number to the implementation, of whatever size and sign, and let it answer."},
    Check{
        "run.size", "run reads the bytes it is given, and no more", run_rule,
        "Use the size, never strlen: copy the bytes if the implementation wants a NUL at the end."},
    Check{"run.empty", "run takes code of no bytes", run_rule,
          "Take a size of 0 as code without text; do not touch the pointer then."},
    Check{
        "run.nul", "run takes code that holds a NUL", run_rule,
        "Hand over all bytes and let the implementation answer; PEP554_RAISED is fine, a prefix or "
        "PEP554_FAILED is not."},
    Check{"eval.works", "eval works if pep554.eval/1 is claimed", eval_rule,
          "Execute the source, or return null for pep554.eval/1."},
    Check{"eval.raises", "an uncaught exception is PEP554_RAISED",
          "An uncaught exception is PEP554_RAISED.",
          "Take the exception that ends the source and answer PEP554_RAISED."},
    Check{"eval.module", "eval finds the module under `interpreters`",
          "where the implementation's module is bound as `interpreters`",
          "Bind the module in the namespace of eval when the runtime starts."},
    Check{"eval.names", "the namespace of eval is kept between calls", "kept between calls",
          "Use one namespace for all calls, made when the runtime starts."},
    Check{"thread.attach", "threads can be attached and detached, again and again",
          "Makes the calling thread one on which [any] slots may be called, until it is detached.",
          "Let attach work on every thread that is not the runtime's, or return null for "
          "pep554.thread/1."},
    Check{
        "thread.slots", "slots work on an attached thread", any_rule,
        "All slots must work on an attached thread as on the runtime's; check thread-local state."},
    Check{"thread.together", "slots work on several threads at once", any_rule,
          "Protect state that the plugin shares between threads by a lock, held only for the "
          "access."},
    Check{
        "fork.child", "slots work in a forked child", works_rule,
        "Use pep554.fork/1 to bring locks, threads and descriptors of the runtime over the fork."},
    Check{"fork.parent", "slots still work after a fork", works_rule,
          "Let after_fork_parent undo before_fork."},
    Check{"stop.answers", "stop finalizes the runtime, handles still held", stop_rule,
          "Finalize and answer PEP554_OK, or PEP554_RAISED when the implementation says that it "
          "could not."},
    Check{"stop.exit", "the process can exit after stop", stop_rule,
          "Check code that runs at the exit of the process: exit handlers, destructors of static "
          "objects, "
          "threads."},
};

} // namespace

std::span<const Check> checks() {
  return all;
}

const Check* find_check(std::string_view id) {
  const auto found = std::ranges::find(all, id, &Check::id);
  return found != all.end() ? &*found : nullptr;
}

} // namespace pep554::host
