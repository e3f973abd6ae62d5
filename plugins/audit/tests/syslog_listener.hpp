#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace fermata::audit_trail {

/// A key and a certificate for 127.0.0.1 that speaks for itself, in files.
class TestCertificate {
 public:
  TestCertificate();
  ~TestCertificate();
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;
  std::string key() const { return folder_ / "key.pem"; }
  std::string certificate() const { return folder_ / "certificate.pem"; }

 private:
  std::filesystem::path folder_;
};

/// A syslog server on the loopback interface that keeps what it gets; with TLS where it is given a certificate.
/// **Thread**: `messages` any.
class SyslogListener {
 public:
  explicit SyslogListener(const TestCertificate* certificate, uint16_t port = 0);
  ~SyslogListener();
  SyslogListener(const SyslogListener&) = delete;
  SyslogListener& operator=(const SyslogListener&) = delete;

  uint16_t port() const { return port_; }
  std::vector<std::string> messages() const;  ///< without their lengths

 private:
  void serve();
  void receive(int connection);
  void take(std::string& received);

  const TestCertificate* certificate_;
  int socket_ = -1;
  uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> messages_;
  std::thread thread_;
};

}  // namespace fermata::audit_trail
