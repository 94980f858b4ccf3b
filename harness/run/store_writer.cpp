#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cases/properties/scenario_json.h"
#include "harness/run/store.h"
#include "harness/run/store_line.h"
#include "reports/results_json.h"
#include "reports/writer.h"

namespace pep554 {
namespace {

using nlohmann::ordered_json;

constexpr std::chrono::seconds sync_every{1};

ordered_json json_of(const StoreHeader& start) {
  return {{"record", "run"},
          {"format", store_format},
          {"version", start.version},
          {"commit", start.commit},
          {"text_sha256", start.text_sha256},
          {"cases_sha256", start.cases_sha256},
          {"selection_sha256", start.selection_sha256},
          {"target", to_json(start.target)},
          {"absolute_target", start.absolute_target},
          {"directory", start.directory},
          {"filter", start.filter},
          {"shard", start.shard},
          {"times", start.times},
          {"cases", start.cases},
          {"timeout_ms", start.timeout_ms},
          {"repeat", start.repeat},
          {"network", start.network},
          {"jobs", start.jobs},
          {"seed", start.seed},
          {"examples", start.examples},
          {"isolation", start.isolation},
          {"started", start.started}};
}

std::string_view name_of(Execution::Kind kind) {
  return kind == Execution::Kind::smallest ? "smallest" : "example";
}

ordered_json json_of(const Execution& execution, std::int64_t at_ms) {
  ordered_json record{{"record", "execution"},
                      {"at_ms", at_ms},
                      {"item", execution.item},
                      {"mode", to_string(execution.mode)}};
  if (execution.kind != Execution::Kind::table) {
    record["kind"] = name_of(execution.kind);
    record["example"] = execution.example;
    record["check_of"] = to_string(execution.check);
    record["scenario"] = to_json(execution.scenario);
    record["finding"] = execution.finding;
    record["alone"] = execution.alone;
  }
  record["programs"] = execution.programs;
  ordered_json& histories = record["histories"] = ordered_json::array();
  for (const History& history : execution.histories)
    histories.push_back(ordered_json(to_json(history)));
  record["baseline_bytes"] = execution.baseline.memory;
  return record;
}

} // namespace

// The open file. A thread of its own writes it to the disk, so that no caller waits for the disk.
class StoreWriter::File {
public:
  explicit File(const std::filesystem::path& dir) : path_(dir / store_name) {}
  ~File() {
    if (fd_ < 0)
      return;
    syncing_.request_stop();
    syncing_.join();
    static_cast<void>(sync());
    ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // Keeps the first `whole` bytes of what is there.
  Result<> open(std::uint64_t whole) {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd_ < 0)
      return failed(errno);
    syncing_ = std::jthread([this](const std::stop_token& over) { keep_syncing(over); });
    if (::flock(fd_, LOCK_EX | LOCK_NB) != 0)
      return fail(fmt::format("cannot write {}: another pep554 is writing it", path_.string()));
    whole_ = static_cast<off_t>(whole);
    return cut() ? Result<>() : failed(errno);
  }

  Result<> write(std::string_view line) {
    const std::lock_guard lock(mutex_);
    if (!state_)
      return state_;
    for (size_t written = 0; written < line.size();) {
      const ssize_t count = ::write(fd_, line.data() + written, line.size() - written);
      if (count > 0) {
        written += static_cast<size_t>(count);
      } else if (count == 0 || errno != EINTR) {
        const int why = errno;
        cut(); // should that fail too, the reader takes the rest for a record that was cut off
        return failed(why);
      }
    }
    whole_ += static_cast<off_t>(line.size());
    unsynced_ = true;
    return {};
  }

  std::uint64_t size() const { return static_cast<std::uint64_t>(whole_); }

  Result<> sync() {
    {
      const std::lock_guard lock(mutex_);
      if (!unsynced_ || !state_)
        return state_;
      unsynced_ = false;
    }
    // Something that is no file of a disk (EINVAL) has nothing to be brought there.
    if (::fdatasync(fd_) == 0 || errno == EINVAL)
      return {};
    const int why = errno;
    const std::lock_guard lock(mutex_);
    return failed(why);
  }

private:
  bool cut() const {
    struct stat about {};
    return (::fstat(fd_, &about) == 0 && !S_ISREG(about.st_mode)) || ::ftruncate(fd_, whole_) == 0;
  }

  Result<> failed(int why) {
    return state_ = fail(fmt::format("cannot write {}: {}", path_.string(), std::strerror(why)));
  }

  void keep_syncing(const std::stop_token& over) {
    std::mutex sleeping;
    std::unique_lock lock(sleeping);
    std::condition_variable_any bell; // rung by the request to stop alone
    while (!bell.wait_for(lock, over, sync_every, [&] { return over.stop_requested(); }))
      static_cast<void>(sync());
  }

  std::filesystem::path path_;
  int fd_ = -1;
  off_t whole_ = 0; // bytes of whole records
  std::mutex mutex_;
  bool unsynced_ = false;
  Result<> state_; // an error stays
  std::jthread syncing_;
};

StoreWriter::StoreWriter() = default;
StoreWriter::~StoreWriter() = default;

Result<> StoreWriter::create(const std::filesystem::path& dir, const StoreHeader& header) {
  file_ = std::make_unique<File>(dir);
  check_.clear();
  return make_folder(dir)
      .and_then([&] { return file_->open(0); })
      .and_then([&] { return file_->write(line_of(json_of(header), check_)); })
      .and_then([&] { return file_->sync(); });
}

Result<> StoreWriter::resume(const std::filesystem::path& dir, const Store& store) {
  file_ = std::make_unique<File>(dir);
  check_ = store.check;
  return file_->open(store.whole);
}

Result<> StoreWriter::add(const Execution& execution, std::int64_t at_ms) {
  return file_->write(line_of(json_of(execution, at_ms), check_));
}

std::uint64_t StoreWriter::size() const {
  return file_ ? file_->size() : 0;
}

Result<> StoreWriter::end(std::int64_t at_ms) {
  return file_->write(line_of({{"record", "end"}, {"at_ms", at_ms}}, check_)).and_then([&] {
    return file_->sync();
  });
}

} // namespace pep554
