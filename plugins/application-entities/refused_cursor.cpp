#include "refused_cursor.hpp"

namespace fermata::application_entities {
namespace {

class RefusedCursor final : public RefusedCallerCursor {
 public:
  explicit RefusedCursor(std::vector<RefusedRecord> records) : records_(std::move(records)) {}

  bool next(RefusedCaller& caller) override {
    if (position_ == records_.size()) return false;
    const auto& record = records_[position_++];
    caller = {record.calling_ae_title, record.called_ae_title, record.address, record.wanted,
              record.reason,           record.first_us,        record.last_us, record.times};
    return true;
  }

 private:
  const std::vector<RefusedRecord> records_;
  std::size_t position_ = 0;
};

}  // namespace

std::unique_ptr<RefusedCallerCursor> cursor_over(std::vector<RefusedRecord> records) {
  return std::make_unique<RefusedCursor>(std::move(records));
}

}  // namespace fermata::application_entities
