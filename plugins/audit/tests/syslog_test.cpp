#include <catch2/catch.hpp>

#include <optional>
#include <regex>

#include "fermata/error.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "samples.hpp"
#include "syslog_connection.hpp"
#include "syslog_forwarder.hpp"
#include "syslog_frame.hpp"
#include "syslog_listener.hpp"
#include "xml_tree.hpp"

using namespace fermata;
using namespace fermata::audit_trail;

namespace {

class Scene {
 public:
  explicit Scene(const TestCertificate* certificate) : certificate_(certificate) {
    log.open();
    listener.emplace(certificate_);
    port_ = listener->port();
  }
  void start_forwarding() {
    SyslogSettings settings{"127.0.0.1", port_, certificate_ != nullptr,
                            certificate_ != nullptr ? certificate_->certificate() : ""};
    forwarder.emplace(log, store, settings, AuditSource{"PACS", "archive.example"}, Journal{});
    forwarder->start();
    until([&] {
      Document document;
      return store.list("audit.state", "")->next(document);
    });
  }
  void listen_again() { listener.emplace(certificate_, port_); }
  std::vector<std::string> objects() const {
    std::vector<std::string> list;
    for (const auto& message : listener->messages()) {
      const auto xml = parse_xml(message.substr(message.find('<', 1)));
      list.push_back(xml.one("ParticipantObjectIdentification").attributes.at("ParticipantObjectID"));
    }
    return list;
  }

  testing::MemoryStateStore store;
  EventLog log{store, {}};
  std::optional<SyslogListener> listener;
  std::optional<SyslogForwarder> forwarder;

 private:
  const TestCertificate* certificate_;
  uint16_t port_ = 0;
};

}  // namespace

TEST_CASE("A message is framed as RFC 5424 and RFC 5425 have it") {
  const auto frame = syslog_frame("<x/>", kNow, "archive.example");
  const std::regex form(
      "([0-9]+) (<85>1 2027-01-15T08:00:00\\.000Z archive\\.example fermata [0-9]+ DICOM\\+RFC3881 - "
      "\xef\xbb\xbf<x/>)");
  std::smatch parts;
  REQUIRE(std::regex_match(frame, parts, form));
  CHECK(std::stoul(parts[1]) == parts[2].str().size());
}

TEST_CASE("Events reach a syslog server over TLS, each once, and go on after a restart and after an absence") {
  const TestCertificate certificate;
  Scene scene(&certificate);
  append_all(scene.log, events(3));  // before the first start: not sent
  scene.start_forwarding();
  append_all(scene.log, events(5));
  until([&] { return scene.listener->messages().size() == 5; });
  CHECK(scene.objects() == std::vector<std::string>{"0", "1", "2", "3", "4"});

  scene.forwarder.reset();  // the program is started again
  append_all(scene.log, events(2));
  scene.start_forwarding();
  until([&] { return scene.listener->messages().size() == 7; });

  scene.listener.reset();  // the server is away
  append_all(scene.log, events(4));
  std::this_thread::sleep_for(std::chrono::seconds(1));
  append_all(scene.log, events(700));
  scene.listen_again();
  until([&] { return scene.listener->messages().size() >= 704; });
  CHECK(scene.objects().at(3) == "3");
}

TEST_CASE("Events reach a syslog server over TCP") {
  Scene scene(nullptr);
  scene.start_forwarding();
  append_all(scene.log, events(2));
  until([&] { return scene.listener->messages().size() == 2; });
}

TEST_CASE("A syslog server that is not trusted, or not there, gets nothing") {
  const TestCertificate certificate;
  const TestCertificate other;
  const std::atomic<bool> stopping{false};
  std::optional<SyslogListener> listener(&certificate);
  const SyslogSettings settings{"127.0.0.1", listener->port(), true, other.certificate()};
  try {
    const SyslogConnection connection(settings, stopping);
    FAIL("it is trusted");
  } catch (const Error& error) {
    CHECK(error.code() == Code::unavailable);
    CHECK(std::string(error.what()).find("not trusted") != std::string::npos);
  }
  auto by_name = settings;
  by_name.host = "localhost";
  by_name.ca_certificate = certificate.certificate();
  CHECK(testing::code_of([&] { const SyslogConnection connection(by_name, stopping); }) == Code::unavailable);
  listener.reset();
  CHECK(testing::code_of([&] { const SyslogConnection connection(settings, stopping); }) == Code::unavailable);
}

TEST_CASE("A server that does not answer does not keep the program from ending") {
  Scene scene(nullptr);  // it does not speak TLS, and waits
  const SyslogSettings settings{"127.0.0.1", scene.listener->port(), true, ""};
  scene.forwarder.emplace(scene.log, scene.store, settings, AuditSource{}, Journal{});
  scene.forwarder->start();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  append_all(scene.log, events(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  const auto begin = std::chrono::steady_clock::now();
  scene.forwarder->stop();
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
}
