// The plugin `cpython`: drives the module `interpreters` of the libpython that its option names.
// Compiled once with the limited API of 3.8, linked with no libpython.
#include "harness/abi/pep554_plugin.h"
#include "harness/plugins/cpython/errors.h"
#include "harness/plugins/cpython/extensions.h"
#include "harness/plugins/cpython/operations.h"
#include "harness/plugins/cpython/runtime.h"

namespace pep554::cpython {
namespace {

pep554_status_t start(const pep554_option_t* options, size_t count, pep554_runtime_t** runtime,
                      pep554_error_t* error) {
  try {
    *runtime = start_runtime(settings_from(options, count));
    return PEP554_OK;
  } catch (const std::exception& problem) {
    return set_error(error, PEP554_FAILED, problem.what());
  }
}

} // namespace
} // namespace pep554::cpython

extern "C" PEP554_EXPORT const pep554_plugin_t pep554_plugin;
const pep554_plugin_t pep554_plugin = {
    .size = sizeof(pep554_plugin_t),
    .abi_version = PEP554_ABI_VERSION,
    .name = "cpython",
    .version = PEP554_PLUGIN_VERSION,
    .start = pep554::cpython::start,
    .stop = pep554::cpython::stop_runtime,
    .describe = pep554::cpython::describe_runtime,
    .enumerate = pep554::cpython::enumerate,
    .get_current = pep554::cpython::get_current,
    .get_main = pep554::cpython::get_main,
    .create = pep554::cpython::create,
    .construct = pep554::cpython::construct,
    .read_id = pep554::cpython::read_id,
    .write_id = pep554::cpython::write_id,
    .is_running = pep554::cpython::is_running,
    .destroy = pep554::cpython::destroy,
    .run = pep554::cpython::run,
    .release = pep554::cpython::release,
    .get_extension = pep554::cpython::find_extension,
};
