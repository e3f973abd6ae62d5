#include "log/log.hpp"

#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fermata/error.hpp"
#include "log/log_sink.hpp"
#include "log/text_escaping.hpp"

namespace fermata::host {
namespace {

constexpr std::size_t kQueueLength = 4096;
constexpr std::size_t kLongestText = 16 * 1024;
constexpr std::size_t kRecentLines = 500;

std::string_view text_of(fermata_str s) {
  return std::string_view(s.data, static_cast<std::size_t>(s.size)).substr(0, kLongestText);
}

spdlog::level::level_enum spdlog_level(int32_t level) {
  switch (level) {
    case FERMATA_LOG_TRACE:
      return spdlog::level::trace;
    case FERMATA_LOG_DEBUG:
      return spdlog::level::debug;
    case FERMATA_LOG_INFO:
      return spdlog::level::info;
    case FERMATA_LOG_WARNING:
      return spdlog::level::warn;
    default:
      return spdlog::level::err;
  }
}

/// A field's name as a key: `time`, `level`, `plugin` and `message` are taken.
std::string field_name(std::string_view name) {
  std::string out(name.substr(0, 64));
  std::replace_if(
      out.begin(), out.end(),
      [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
                 c == '-');
      },
      '_');
  if (out.empty() || out == "time" || out == "level" || out == "plugin" || out == "message") out = "field_" + out;
  return out;
}

std::string message_text(std::string_view message) { return visible_text(message.substr(0, kLongestText)); }

std::string fields_text(std::span<const fermata_field> fields) {
  std::string text;
  for (const auto& field : fields)
    text += (text.empty() ? "" : " ") + field_name(text_of(field.name)) + '=' + field_value(text_of(field.value));
  return text;
}

std::string text_line(const std::string& message, const std::string& fields) {
  return fields.empty() ? message : message + ' ' + fields;
}

/// What follows the time, level and plugin, which the pattern puts in front.
std::string json_members(std::string_view message, std::span<const fermata_field> fields) {
  std::string line = "\"message\":" + json_string(message.substr(0, kLongestText));
  for (const auto& field : fields)
    line += ",\"" + field_name(text_of(field.name)) + "\":" + json_string(text_of(field.value));
  return line;
}

/// Whether standard error goes to systemd's journal, which has clocks and levels of its own.
bool is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat error_output {};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &error_output) != 0) return false;
  return std::to_string(error_output.st_dev) + ':' + std::to_string(error_output.st_ino) == stream;
}

/// The prefix `<6>` by which the journal learns the level of a line.
class JournalPriority final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    const std::string_view prefix = message.level >= spdlog::level::err    ? "<3>"
                                    : message.level == spdlog::level::warn ? "<4>"
                                    : message.level == spdlog::level::info ? "<6>"
                                                                           : "<7>";
    out.append(prefix.data(), prefix.data() + prefix.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<JournalPriority>(); }
};

std::unique_ptr<spdlog::formatter> line_format(const LogSettings& settings) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  if (settings.format == LogFormat::json)
    formatter->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%f%z","level":"%l","plugin":"%n",%v})");
  else if (settings.file.empty() && is_journal())
    formatter->add_flag<JournalPriority>('*').set_pattern("%*%n: %v");
  else
    formatter->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %-7l %n: %v");
  return formatter;
}

}  // namespace

Logger::Logger(Log& log, std::shared_ptr<spdlog::async_logger> target, int32_t level)
    : log_(log), target_(std::move(target)), level_(level) {
  target_->set_level(spdlog::level::trace);
}

void Logger::write(int32_t level, std::string_view message, std::span<const fermata_field> fields) {
  if (!enabled(level)) return;
  if (!log_.has_room_for(level)) {
    ++log_.left_out_;
    ++log_.left_out_unreported_;
    return;
  }
  const bool json = log_.settings_.format == LogFormat::json;
  if (const auto missing = log_.left_out_unreported_.exchange(0); missing > 0)
    log_.logger("host").warning("lines were left out, because the log could not be written as fast as they came",
                                {{"lines", std::to_string(missing)}});
  std::string text;
  std::string rest;
  if (!json || level >= FERMATA_LOG_INFO) text = message_text(message), rest = fields_text(fields);
  if (level >= FERMATA_LOG_INFO) log_.recent_.add(level, target_->name(), text, rest);
  ++log_.given_;
  target_->log(spdlog_level(level), json ? json_members(message, fields) : text_line(text, rest));
}

void Logger::write(int32_t level, std::string_view message, std::initializer_list<LogField> fields) {
  if (!enabled(level)) return;
  std::vector<fermata_field> list;
  for (const auto& f : fields) list.push_back({{f.name.data(), f.name.size()}, {f.value.data(), f.value.size()}});
  write(level, message, list);
}

Log::Log(LogSettings settings)
    : settings_(std::move(settings)),
      recent_(kRecentLines),
      sink_(std::make_shared<LogSink>(settings_.file)),
      queue_(std::make_shared<spdlog::details::thread_pool>(kQueueLength, 1)) {
  sink_->set_formatter(line_format(settings_));
}

// The queue's own destructor passes on everything that is still in it.
Log::~Log() = default;

Logger& Log::logger(const std::string& instance) {
  const std::lock_guard lock(mutex_);
  auto& logger = loggers_[instance];
  if (!logger) {
    auto target = std::make_shared<spdlog::async_logger>(instance, sink_, queue_, spdlog::async_overflow_policy::block);
    logger.reset(new Logger(*this, std::move(target), settings_.level_of(instance)));
  }
  return *logger;
}

void Log::reopen() {
  try {
    sink_->reopen();
  } catch (const Error& e) {
    logger("host").error(e.what());
  }
}

void Log::flush(std::chrono::milliseconds at_most) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + at_most;
  const uint64_t so_far = given_;  // an empty queue says nothing of the line that is just being written
  while (sink_->passed_on() < so_far && Clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

bool Log::has_room_for(int32_t level) const {
  if (level >= FERMATA_LOG_ERROR) return true;
  const std::size_t limit = level == FERMATA_LOG_WARNING ? kQueueLength * 15 / 16 : kQueueLength * 3 / 4;
  return queue_->queue_size() < limit;
}

}  // namespace fermata::host
