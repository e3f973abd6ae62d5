#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "socket.hpp"

namespace fermata::benchmark {

inline constexpr const char* kImplicitLittleEndian = "1.2.840.10008.1.2";
inline constexpr std::size_t kMaximumPdu = 131072;

struct Context {
  std::string sop_class;
  std::string transfer_syntax;
  bool as_receiver = false;  ///< the requester is to be sent objects (PS3.7 D.3.3.4)
};

/// The PDUs of one message: `command`, and the data set if there is one.
std::string message(unsigned context, std::string_view command, std::string_view data, std::size_t maximum_pdu);

/// An association over a connection, requested or accepted. Contexts are numbered 1, 3, ... as given.
///
/// **Thread**: one at a time. **Errors**: std::runtime_error.
class Association {
 public:
  Association(uint16_t port, const std::string& called, const std::vector<Context>& contexts);
  /// As acceptor: takes every context, with the first of its transfer syntaxes.
  explicit Association(Socket socket);

  std::size_t maximum_pdu() const { return maximum_pdu_; }
  void send(std::string_view pdus) { socket_.send(pdus); }
  /// The next command set; a data set before it is passed over. False at the end of the association.
  bool receive(std::string& command, unsigned& context);
  /// Passes over the data set that follows a command and returns its length.
  uint64_t skip_data();
  void release();

 private:
  std::string read_pdu_body();
  void read_negotiated(std::string_view body);
  /// Begins the next PDV; false at the end of the association.
  bool begin_pdv();

  Socket socket_;
  std::size_t maximum_pdu_ = kMaximumPdu;
  std::size_t left_in_pdu_ = 0;
  struct Pdv {
    std::size_t length = 0;
    unsigned context = 0;
    bool command = false, last = false;
  } pdv_;
};

}  // namespace fermata::benchmark
