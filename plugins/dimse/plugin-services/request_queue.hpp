#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "plugin-services/outgoing_request.hpp"

namespace fermata::dimse {

/// Requests of ours to a peer that has opened the association. Other threads leave them here; the association's own
/// thread sends them while the peer has nothing to ask, one at a time (PS3.7 D.3.3.3: one operation outstanding), and
/// brings the responses.
///
/// *Used by* Association and PeerAssociation. **Thread**: as said at each function. **Errors**: unavailable.
class RequestQueue {
 public:
  explicit RequestQueue(std::string peer);
  ~RequestQueue();
  RequestQueue(const RequestQueue&) = delete;
  RequestQueue& operator=(const RequestQueue&) = delete;

  /// Waits for the response. A peer that gives none in time is not asked again. **Thread**: any but the association's.
  IncomingResponse perform(OutgoingRequest request, std::chrono::milliseconds timeout);
  /// Everything that waits fails, and all that is still to come. **Thread**: any.
  void close(const std::string& why);

  // Of the association's thread:
  int descriptor() const { return wake_; }  ///< readable when there is something to send
  void send_next(Association& association);
  /// Whether the response is to a request of this queue; then it and its data set are taken.
  bool take(Association& association, const Message& response);

 private:
  struct Exchange {
    OutgoingRequest request;
    bool sent = false;
    std::optional<IncomingResponse> response;
  };
  [[noreturn]] void fail() const;
  void abandon(const std::shared_ptr<Exchange>& exchange);
  void close_locked(const std::string& why);

  const std::string peer_;
  const int wake_;  ///< an eventfd
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Exchange>> waiting_;
  std::shared_ptr<Exchange> in_flight_;
  uint16_t message_id_ = 0;
  bool closed_ = false;
  std::string why_closed_;
};

}  // namespace fermata::dimse
