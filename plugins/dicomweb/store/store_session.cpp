#include "store/store_session.hpp"

#include <utility>

#include "fermata/error.hpp"

namespace fermata::dicomweb {
namespace {

/// Objects of one request that wait for the disk: enough to share the wait, and few enough for open files to be no
/// matter.
constexpr std::size_t kMostPending = 8;

void finish_now(StoreOperation& operation, StoreResult& result) {
  try {
    result.take(operation.finish());
  } catch (const Error& error) {
    result.take(error);
  } catch (const std::exception& error) {
    result.take(Error(Code::internal, error.what()));
  }
}

}  // namespace

StoreSession::StoreSession(Archive& archive, FinishingThreads& threads, std::string_view study_instance_uid,
                           std::string_view peer_address)
    : archive_(archive), threads_(threads), study_instance_uid_(study_instance_uid), peer_address_(peer_address) {}

StoreSession::~StoreSession() { wait_until_fewer_than(1); }

std::unique_ptr<StoreOperation> StoreSession::begin(StoreResult& result, std::string_view transfer_syntax_uid) {
  StoreRequest request;
  request.transfer_syntax_uid = transfer_syntax_uid;
  request.peer_address = peer_address_;
  request.protocol = "dicomweb";
  request.study_instance_uid = study_instance_uid_;
  try {
    return archive_.store(request);
  } catch (const Error& error) {
    result.take(error);
    return nullptr;
  }
}

void StoreSession::finish(std::unique_ptr<StoreOperation> operation, StoreResult& result) {
  wait_until_fewer_than(kMostPending);
  {
    const std::lock_guard lock(mutex_);
    ++pending_;
  }
  threads_.run([this, &result, shared = std::shared_ptr<StoreOperation>(std::move(operation))]() mutable {
    finish_now(*shared, result);
    shared.reset();
    const std::lock_guard lock(mutex_);
    --pending_;
    finished_.notify_all();
  });
}

const std::deque<StoreResult>& StoreSession::wait() {
  wait_until_fewer_than(1);
  return results_;
}

void StoreSession::wait_until_fewer_than(std::size_t count) {
  std::unique_lock lock(mutex_);
  finished_.wait(lock, [&] { return pending_ < count; });
}

}  // namespace fermata::dicomweb
