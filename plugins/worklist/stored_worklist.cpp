#include "stored_worklist.hpp"

#include <string>

#include "fermata/dicom/key_compiler.hpp"
#include "fermata/error.hpp"
#include "item_document.hpp"

namespace fermata::worklist {
namespace {

class Cursor final : public WorklistCursor {
 public:
  explicit Cursor(Search search) : search_(std::move(search)) {}
  bool next(WorklistItem& item) override {
    current_ = search_.next();
    if (current_) item = {current_->id, current_->origin, current_->data_set};
    return current_ != nullptr;
  }

 private:
  Search search_;
  ItemPtr current_;
};

Error not_found(std::string_view id) { return Error(Code::not_found, "there is no worklist item " + std::string(id)); }

}  // namespace

void StoredWorklist::load() {
  const auto cursor = store_.list(kItemsCollection, "");
  for (Document document; cursor->next(document);) {
    try {
      items_.put(item_from_document(document.id, document.content));
    } catch (const Error& error) {
      journal_.log(LogLevel::error, std::string(error.what()) + ": it is left out", {{"id", std::string(document.id)}});
    }
  }
}

void StoredWorklist::put(std::string_view id, std::string_view origin, std::span<const std::byte> data_set) {
  const std::lock_guard writing(writing_);
  const auto before = item(id);
  store(make_item(id, origin, dicom::DataSetView(data_set), before ? std::string_view(before->status) : kScheduled));
}

void StoredWorklist::remove(std::string_view id) {
  const std::lock_guard writing(writing_);
  if (!item(id)) throw not_found(id);
  store_.remove(kItemsCollection, id, StateStore::kAny);
  const std::lock_guard lock(mutex_);
  items_.remove(id);
}

void StoredWorklist::set_status(std::string_view id, std::string_view status) {
  const std::lock_guard writing(writing_);
  const auto before = item(id);
  if (!before) throw not_found(id);
  if (before->status != status) store(with_status(*before, status));
}

void StoredWorklist::store(const ItemPtr& item) {
  store_.put(kItemsCollection, item->id, to_document(*item), StateStore::kAny);
  const std::lock_guard lock(mutex_);
  items_.put(item);
}

ItemPtr StoredWorklist::item(std::string_view id) const {
  const std::shared_lock lock(mutex_);
  return items_.find(id);
}

std::unique_ptr<WorklistCursor> StoredWorklist::find(std::span<const std::byte> identifier) {
  return std::make_unique<Cursor>(search(dicom::DataSetView(identifier)));
}

Search StoredWorklist::search(dicom::DataSetView identifier) const {
  // Start date and time are one range always: that needs no negotiation here (PS3.4 table K.6-1).
  auto keys = dicom::compile(identifier, true);
  const std::shared_lock lock(mutex_);
  auto candidates = items_.candidates(keys);
  return Search(std::move(keys), std::move(candidates));
}

std::size_t StoredWorklist::expire(std::string_view day) {
  std::vector<ItemPtr> expired;
  {
    const std::shared_lock lock(mutex_);
    expired = items_.before(day);
  }
  for (const auto& item : expired) {
    try {
      remove(item->id);
    } catch (const Error& error) {
      if (error.code() != Code::not_found) throw;
    }
  }
  return expired.size();
}

std::size_t StoredWorklist::size() const {
  const std::shared_lock lock(mutex_);
  return items_.size();
}

}  // namespace fermata::worklist
