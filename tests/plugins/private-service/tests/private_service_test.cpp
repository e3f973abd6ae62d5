#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "client.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/error.hpp"
#include "statistics_service.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace std::chrono_literals;
using private_service::StatisticsService;

namespace {

constexpr const char* kExplicit = "1.2.840.10008.1.2.1";
const std::vector<ProposedContext> kStatistics{{std::string(StatisticsService::kSopClass), {kExplicit}}};

uint16_t free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  REQUIRE(::bind(descriptor, reinterpret_cast<sockaddr*>(&address), length) == 0);
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
  ::close(descriptor);
  return ntohs(address.sin_port);
}

/// The program with all of its plugins and this one.
class RunningArchive {
 public:
  RunningArchive()
      : folder_(std::filesystem::temp_directory_path() / ("private-service-" + std::to_string(::getpid()))),
        port_(free_port()) {
    std::filesystem::create_directories(folder_);
    const auto configuration = folder_ / "fermata.yaml";
    std::ofstream(configuration) << "plugin_directories: [\"" PRIVATE_SERVICE_FOLDER "\"]\n"
                                 << "plugins:\n"
                                 << "  storage-filesystem: {config: {root: " << folder_ / "blobs"
                                 << "}}\n"
                                 << "  index-rocksdb: {config: {path: " << folder_ / "index"
                                 << "}}\n"
                                 << "  archive:\n"
                                 << "  application-entities: {config: {trusted_networks: [127.0.0.0/8]}}\n"
                                 << "  dimse: {config: {bind: 127.0.0.1, port: " << port_ << "}}\n"
                                 << "  private-service:\n";
    process_ = ::fork();
    REQUIRE(process_ >= 0);
    if (process_ == 0) {
      ::execl(FERMATA_PROGRAM, FERMATA_PROGRAM, "serve", "--config", configuration.c_str(), nullptr);
      ::_exit(127);
    }
  }
  ~RunningArchive() {
    stop();
    std::filesystem::remove_all(folder_);
  }
  RunningArchive(const RunningArchive&) = delete;
  RunningArchive& operator=(const RunningArchive&) = delete;

  std::unique_ptr<Association> connect(Client& client) const {
    for (int attempt = 0;; ++attempt) {
      try {
        return client.connect({"FERMATA", "127.0.0.1", port_, false}, kStatistics);
      } catch (const Error& error) {
        if (error.code() != Code::unavailable || attempt == 300) throw;  // it is still starting
        std::this_thread::sleep_for(100ms);
      }
    }
  }
  int stop() {
    if (process_ <= 0) return 0;
    ::kill(process_, SIGTERM);
    int status = 0;
    ::waitpid(std::exchange(process_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  std::filesystem::path folder_;
  uint16_t port_;
  pid_t process_ = 0;
};

CommandSet action(uint16_t type) {
  CommandSet command;
  command.set_u16(element::kCommandField, field::kNAction);
  command.set_u16(element::kMessageId, type);
  command.set_text(element::kRequestedSopClassUid, StatisticsService::kSopClass);
  command.set_text(element::kRequestedSopInstanceUid, "1.2.3");
  command.set_u16(element::kActionTypeId, type);
  return command;
}

uint32_t number(dicom::DataSetView data_set, dicom::Tag tag) {
  const auto element = data_set.find(tag);
  REQUIRE(element);
  REQUIRE(element->value.size() == 4);
  uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | std::to_integer<uint32_t>(element->value[i]);
  return value;
}

}  // namespace

TEST_CASE("a plugin's own SOP class is served by the running archive") {
  RunningArchive archive;
  ClientSettings settings;
  settings.ae_title = "ANYBODY";
  Client client(settings);
  const auto association = archive.connect(client);

  // (0008,0005) CS ISO_IR 100, (0010,0010) PN with an umlaut in that character set
  const std::string_view request(
      "\x08\x00\x05\x00"
      "CS\x0a\x00"
      "ISO_IR 100"
      "\x10\x00\x10\x00"
      "PN\x06\x00"
      "M\xfcller",
      32);
  association->send(1, action(StatisticsService::kCount), std::as_bytes(std::span(request.data(), request.size())));
  const auto response = association->receive(10s);
  REQUIRE(response);
  CHECK(response->command.field() == 0x8130);
  CHECK(response->command.status() == 0);
  CHECK(response->command.u16(element::kActionTypeId) == StatisticsService::kCount);
  CHECK(response->command.text(element::kAffectedSopInstanceUid) == "1.2.3");
  REQUIRE(response->command.has_data_set());
  const auto bytes = association->receive_data_set(std::size_t{4096});
  const dicom::DataSetView reply(bytes);
  CHECK(reply.text(StatisticsService::kCreator) == "STATISTICS");
  CHECK(number(reply, StatisticsService::kStudies) == 0);
  CHECK(number(reply, StatisticsService::kInstances) == 0);
  CHECK(reply.text(StatisticsService::kGreeting) == "Hello M\xfcller");

  association->send(1, action(9));
  CHECK(association->receive(10s)->command.status() == 0x0123);
  association->release();
  CHECK(archive.stop() == 0);
}
