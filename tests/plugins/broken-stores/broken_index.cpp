#include "broken_index.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <utility>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"

namespace broken_stores {

using namespace fermata;

class BrokenIndex::Transaction final : public IndexTransaction {
 public:
  Transaction(BrokenIndex& index, std::string study) : index_(index), study_(std::move(study)) {
    if (!index_.has("locks no study") && !index_.has("writes later")) inner_ = index_.inner_->begin(study_);
  }
  void upsert(const InstanceRecord& record) override {
    const std::lock_guard lock(index_.mutex_);
    ++index_.upserts_;
    if (inner_ == nullptr) {
      kept_.push_back(std::make_shared<testing::StoredInstance>(record));
      return;
    }
    inner_->upsert(record);
    if (!index_.has("commits each step")) return;
    inner_->commit();
    inner_.reset();
    inner_ = index_.inner_->begin(study_);
  }
  bool remove(std::string_view uid) override {
    if (inner_ == nullptr) return false;
    return index_.has("keeps what is removed") ? true : inner_->remove(uid);
  }
  void commit() override {
    if (inner_ != nullptr) return inner_->commit();
    const std::lock_guard lock(index_.mutex_);
    if (index_.has("writes later")) {
      index_.unwritten_.insert(index_.unwritten_.end(), kept_.begin(), kept_.end());
      return;
    }
    const auto late = index_.inner_->begin(study_);
    for (const auto& instance : kept_) late->upsert(instance->record());
    late->commit();
  }

 private:
  BrokenIndex& index_;
  const std::string study_;
  std::unique_ptr<IndexTransaction> inner_;
  std::vector<Stored> kept_;
};

/// Spoils the answers, or asks again for each of them.
class BrokenIndex::Matches final : public MatchCursor {
 public:
  Matches(BrokenIndex& index, const Query& query)
      : index_(index), query_(query), identifier_(query.identifier.begin(), query.identifier.end()) {
    query_.identifier = identifier_;
    if (index_.has("ignores the order")) query_.order = Query::Order::any;
    inner_ = index_.inner_->find(query_);
  }
  bool next(std::span<const std::byte>& identifier) override {
    if (index_.has("answers twice") && std::exchange(again_, !again_)) {
      identifier = answer_;
      return true;
    }
    if (index_.has("sees later writes")) {
      inner_ = index_.inner_->find(query_);
      ++query_.offset;
    }
    std::span<const std::byte> found;
    do {
      if (!inner_->next(found)) {
        again_ = false;
        return false;
      }
    } while (index_.has("matches names by case") && !same_case(found));
    spoil(found);
    identifier = answer_;
    return true;
  }

 private:
  bool same_case(std::span<const std::byte> found) const {
    const auto key = dicom::DataSetView(identifier_).text(dicom::kPatientName);
    const auto name = dicom::DataSetView(found).text(dicom::kPatientName);
    return key.find_first_of("*?") != key.npos || key.empty() || name.find(key) != name.npos;
  }
  void spoil(std::span<const std::byte> found) {
    dicom::DataSetWriter writer;
    const dicom::DataSetView elements(found);
    for (auto it = elements.begin(); it != elements.end(); ++it) {
      if (index_.has("forgets counts") && it->tag == dicom::kNumberOfStudyRelatedInstances)
        writer.add(it->tag, it->vr, "1");
      else
        writer.add_encoded(it.encoded());
    }
    if (index_.has("answers more than asked for")) writer.add(dicom::Tag(0x7001, 0x0010), "LO", "MORE");
    answer_ = writer.take();
  }

  BrokenIndex& index_;
  Query query_;
  std::vector<std::byte> identifier_;
  std::vector<std::byte> answer_;
  std::unique_ptr<MatchCursor> inner_;
  bool again_ = false;
};

/// Leaves out every third change, or the last but one of many.
class BrokenIndex::Changes final : public ChangeCursor {
 public:
  Changes(const BrokenIndex& index, uint64_t after)
      : gaps_(index.has("leaves gaps in the changes")), inner_(index.inner_->changes(after)) {
    const auto ahead = index.inner_->changes(after);
    uint64_t last = 0;
    for (Change change; ahead->next(change);) last = change.sequence;
    if (index.has("shows changes in another order") && last > 20) hidden_ = last - 1;
  }
  bool next(Change& change) override {
    do {
      if (!inner_->next(change)) return false;
    } while ((gaps_ && change.sequence % 3 == 0) || change.sequence == hidden_);
    return true;
  }

 private:
  const bool gaps_;
  std::unique_ptr<ChangeCursor> inner_;
  uint64_t hidden_ = 0;
};

std::unique_ptr<IndexTransaction> BrokenIndex::begin(std::string_view study) {
  return std::make_unique<Transaction>(*this, std::string(study));
}

std::unique_ptr<MatchCursor> BrokenIndex::find(const Query& query) {
  flush();
  if (has("crashes")) std::abort();
  return std::make_unique<Matches>(*this, query);
}

std::unique_ptr<InstanceCursor> BrokenIndex::instances(const Selection& selection) {
  flush();
  auto wider = selection;
  if (has("ignores a list of series")) wider.series_instance_uids = {};
  if (has("leaves headers out")) wider.with_headers = false;
  return inner_->instances(wider);
}

std::unique_ptr<ChangeCursor> BrokenIndex::changes(uint64_t after) {
  flush();
  return std::make_unique<Changes>(*this, after);
}

IndexStatistics BrokenIndex::statistics() {
  flush();
  auto s = inner_->statistics();
  const std::lock_guard lock(mutex_);
  if (has("counts an instance twice")) s.instances = upserts_;
  return s;
}

void BrokenIndex::sync() {
  flush();
  inner_->sync();
}

void BrokenIndex::clear() {
  if (!has("does not forget")) inner_->clear();
}

void BrokenIndex::flush() {
  std::vector<Stored> list;
  {
    const std::lock_guard lock(mutex_);
    list = std::exchange(unwritten_, {});
  }
  for (const auto& instance : list) {
    const auto late = inner_->begin(instance->study);
    late->upsert(instance->record());
    late->commit();
  }
}

}  // namespace broken_stores
