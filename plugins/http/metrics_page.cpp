#include "metrics_page.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <vector>

namespace fermata::http {
namespace {

/// The value of a label: a quoted string with three escapes.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string metric_name(std::string_view counter) {
  std::string out = "fermata_" + std::string(counter);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return std::isalnum(c) == 0 && c != '_'; }, '_');
  return out;
}

void add(std::string& out, const char* name, const char* type, const char* help, const std::string& value) {
  out +=
      std::string("# HELP ") + name + ' ' + help + "\n# TYPE " + name + ' ' + type + '\n' + name + ' ' + value + '\n';
}

/// Whole numbers without a fraction, others with all their digits.
std::string number(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

uint64_t resident_bytes() {
  uint64_t pages = 0;
  std::ifstream file("/proc/self/statm");
  file >> pages >> pages;
  return pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t open_descriptors() {
  std::error_code error;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end; !error && entry != end;
       entry.increment(error))
    ++count;
  return count;
}

}  // namespace

void MetricsPage::handle(HttpRequest&, HttpResponse& response) {
  std::string out;
  write_process(out);
  write_plugins(out);
  traffic_.write(out);
  write_counters(out);
  write_gauges(out);
  write_conditions(out);
  response.header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.header("Cache-Control", "no-store");
  response.write(std::as_bytes(std::span(std::string_view(out))));
}

void MetricsPage::write_process(std::string& out) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  rlimit descriptors{};
  ::getrlimit(RLIMIT_NOFILE, &descriptors);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  add(out, "process_resident_memory_bytes", "gauge", "Resident memory.", std::to_string(resident_bytes()));
  add(out, "process_open_fds", "gauge", "Open file descriptors.", std::to_string(open_descriptors()));
  add(out, "process_max_fds", "gauge", "Most file descriptors that may be open.", std::to_string(descriptors.rlim_cur));
  add(out, "process_cpu_seconds_total", "counter", "Processor time, user and system.",
      std::to_string(seconds(usage.ru_utime) + seconds(usage.ru_stime)));
  add(out, "process_start_time_seconds", "gauge", "When the program started, since 1970-01-01 UTC.",
      std::to_string(double(status_.started_us()) / 1e6));
}

void MetricsPage::write_plugins(std::string& out) {
  out +=
      "# HELP fermata_build_info The program's version.\n# TYPE fermata_build_info gauge\nfermata_build_info{version=" +
      quoted(status_.version()) + "} 1\n";
  out += "# HELP fermata_plugin_serving Whether the plugin does its work.\n# TYPE fermata_plugin_serving gauge\n";
  const auto plugins = status_.plugins();
  for (PluginStatus p; plugins->next(p);)
    out += "fermata_plugin_serving{plugin=" + quoted(p.instance) + ",version=" + quoted(p.version) + "} " +
           (p.state == PluginStatus::State::serving ? "1" : "0") + "\n";
}

/// The lines of one metric have to stand together, whichever plugins count under its name.
void MetricsPage::write_counters(std::string& out) {
  std::map<std::string, std::string> metrics;
  const auto counters = status_.counters();
  for (CounterStatus c; counters->next(c);) {
    const auto name = metric_name(c.name);
    metrics[name] += name + "{plugin=" + quoted(c.instance) + "} " + std::to_string(c.value) + "\n";
  }
  for (const auto& [name, lines] : metrics) out += "# TYPE " + name + " counter\n" + lines;
}

void MetricsPage::write_gauges(std::string& out) {
  std::map<std::string, std::string> metrics;
  const auto gauges = status_.gauges();
  for (GaugeStatus g; gauges->next(g);) {
    const auto name = metric_name(g.name);
    metrics[name] += name + "{plugin=" + quoted(g.instance) + "} " + number(g.value) + "\n";
  }
  for (const auto& [name, lines] : metrics) out += "# TYPE " + name + " gauge\n" + lines;
}

void MetricsPage::write_conditions(std::string& out) {
  out +=
      "# HELP fermata_condition What is not as it should be: 1 somebody should see to it, 2 something does not work.\n"
      "# TYPE fermata_condition gauge\n";
  const auto conditions = status_.conditions();
  for (Condition c; conditions->next(c);)
    out += "fermata_condition{plugin=" + quoted(c.instance) + ",condition=" + quoted(c.name) + "} " +
           std::to_string(static_cast<uint32_t>(c.level)) + "\n";
}

}  // namespace fermata::http
