#include "logged_index.hpp"

#include <string>

#include "fermata/timestamp.hpp"

namespace your_plugin {

using namespace fermata;

class LoggedIndex::Transaction final : public IndexTransaction {
 public:
  Transaction(LoggedIndex& index, std::string_view study)
      : index_(index), study_(study), memory_(index.memory_.begin(study)) {}

  void upsert(const InstanceRecord& record) override {
    memory_->upsert(record);
    operations_.upsert(record);
  }
  bool remove(std::string_view sop_instance_uid) override {
    if (!memory_->remove(sop_instance_uid)) return false;
    operations_.remove(study_, sop_instance_uid);
    return true;
  }
  void commit() override {
    const std::lock_guard lock(index_.mutex_);
    index_.time_us_ = now_us();
    memory_->commit();
    if (!operations_.empty()) index_.log_.append(index_.time_us_, operations_.bytes());
  }

 private:
  LoggedIndex& index_;
  const std::string study_;
  const std::unique_ptr<IndexTransaction> memory_;
  Operations operations_;
};

LoggedIndex::LoggedIndex(const std::filesystem::path& log)
    : memory_([this] { return time_us_; }),
      log_(log, [this](int64_t time_us, std::span<const std::byte> operations) { replay(time_us, operations); }) {}

std::unique_ptr<IndexTransaction> LoggedIndex::begin(std::string_view study_instance_uid) {
  return std::make_unique<Transaction>(*this, study_instance_uid);
}

void LoggedIndex::sync() {
  const std::lock_guard lock(mutex_);
  log_.sync();
}

void LoggedIndex::clear() {
  const std::lock_guard lock(mutex_);
  Operations operations;
  operations.clear();
  log_.append(now_us(), operations.bytes());
  memory_.clear();
}

/// An entry is a transaction of one study, or a `clear`.
void LoggedIndex::replay(int64_t time_us, std::span<const std::byte> operations) {
  time_us_ = time_us;
  std::unique_ptr<IndexTransaction> transaction;
  const auto in = [&](std::string_view study) -> IndexTransaction& {
    if (transaction == nullptr) transaction = memory_.begin(study);
    return *transaction;
  };
  Operations::replay(operations,
                     {[&](const InstanceRecord& record) { in(record.study_instance_uid).upsert(record); },
                      [&](std::string_view study, std::string_view instance) { in(study).remove(instance); },
                      [&] { memory_.clear(); }});
  if (transaction != nullptr) transaction->commit();
}

}  // namespace your_plugin
