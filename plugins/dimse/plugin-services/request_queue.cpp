#include "plugin-services/request_queue.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "fermata/error.hpp"

namespace fermata::dimse {
namespace {

/// Apart from those of C-STORE sub-operations, which count from 1 on the same association.
constexpr uint16_t kFirstMessageId = 0x8000;

}  // namespace

RequestQueue::RequestQueue(std::string peer) : peer_(std::move(peer)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_ < 0) throw Error(Code::io, "no more file descriptors: raise the limit of open files");
}

RequestQueue::~RequestQueue() { ::close(wake_); }

IncomingResponse RequestQueue::perform(OutgoingRequest request, std::chrono::milliseconds timeout) {
  const auto exchange = std::make_shared<Exchange>(Exchange{std::move(request), false, {}});
  std::unique_lock lock(mutex_);
  if (closed_) fail();
  waiting_.push_back(exchange);
  ::eventfd_write(wake_, 1);
  changed_.wait_for(lock, timeout, [&] { return exchange->response || closed_; });
  if (exchange->response) return std::move(*exchange->response);
  abandon(exchange);
  fail();
}

void RequestQueue::fail() const { throw Error(Code::unavailable, peer_ + ": " + why_closed_); }

void RequestQueue::abandon(const std::shared_ptr<Exchange>& exchange) {
  if (closed_) return;
  std::erase(waiting_, exchange);
  if (!exchange->sent) throw Error(Code::unavailable, peer_ + " is busy with requests of its own");
  close_locked("it has not answered a request in time");
}

void RequestQueue::close(const std::string& why) {
  const std::lock_guard lock(mutex_);
  close_locked(why);
}

void RequestQueue::close_locked(const std::string& why) {
  if (std::exchange(closed_, true)) return;
  why_closed_ = why;
  changed_.notify_all();
}

void RequestQueue::send_next(Association& association) {
  std::shared_ptr<Exchange> next;
  {
    const std::lock_guard lock(mutex_);
    eventfd_t count = 0;
    ::eventfd_read(wake_, &count);
    if (closed_ || in_flight_ || waiting_.empty()) return;
    next = in_flight_ = std::move(waiting_.front());
    waiting_.pop_front();
    next->sent = true;
    message_id_ = static_cast<uint16_t>(kFirstMessageId | (message_id_ + 1));
  }
  next->request.send(association, message_id_);
}

bool RequestQueue::take(Association& association, const Message& response) {
  {
    const std::lock_guard lock(mutex_);
    if (!in_flight_ || response.command.message_id_responded_to() != message_id_) return false;
  }
  std::optional<IncomingResponse> taken;
  try {
    taken = IncomingResponse::read(association, response);
  } catch (const Error&) {
    taken = IncomingResponse{response.command, {}};  // its status is what counts
    taken->command.set_has_data_set(false);
  }
  {
    const std::lock_guard lock(mutex_);
    in_flight_->response = std::move(taken);
    in_flight_.reset();
    changed_.notify_all();
  }
  send_next(association);
  return true;
}

}  // namespace fermata::dimse
