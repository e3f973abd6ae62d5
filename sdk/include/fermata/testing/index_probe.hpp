#pragma once
#include <algorithm>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fermata/index.hpp"
#include "fermata/testing/sample_instance.hpp"
#include "fermata/testing/stored_instance.hpp"

namespace fermata::testing {

/// An index under test, empty when it is made.
class IndexSubject {
 public:
  virtual ~IndexSubject() = default;
  virtual Index& index() = 0;
  /// Ends the index and opens it again on the same data. False: it keeps nothing.
  virtual bool reopen() { return false; }
  /// What is committed survives the end of its process, and nothing is opened before `index` is first called: a child
  /// process may have it until then.
  virtual bool may_be_killed() const { return false; }
};
using IndexFactory = std::function<std::unique_ptr<IndexSubject>()>;

/// One answer to a query.
class Answer {
 public:
  explicit Answer(std::span<const std::byte> bytes) : bytes_(bytes.begin(), bytes.end()) {}
  dicom::DataSetView data_set() const { return dicom::DataSetView(bytes_); }
  /// "absent" where it is not there at all.
  std::string operator[](Attribute attribute) const {
    const auto element = data_set().find(attribute.tag);
    return element ? std::string(element->text()) : "absent";
  }
  /// In the order of the answer, which has to be ascending.
  std::vector<dicom::Tag> tags() const {
    std::vector<dicom::Tag> tags;
    for (const auto& element : data_set()) tags.push_back(element.tag);
    return tags;
  }

 private:
  std::vector<std::byte> bytes_;
};

/// The keys of a query: an empty value is a return key.
inline SampleDataSet keys(std::initializer_list<std::pair<Attribute, std::string_view>> list) {
  SampleDataSet identifier;
  for (const auto& [attribute, value] : list) identifier.set(attribute, value);
  return identifier;
}

/// What tests do with an index, in one line each.
class IndexProbe {
 public:
  explicit IndexProbe(Index& index) : index_(index) {}

  void store(const SampleInstance& instance) {
    const auto transaction = index_.begin(instance.study());
    transaction->upsert(instance.record());
    transaction->commit();
  }
  void store(const std::vector<SampleInstance>& instances) {
    for (const auto& instance : instances) store(instance);
  }
  bool remove(std::string_view study, std::string_view instance) {
    const auto transaction = index_.begin(study);
    const bool there = transaction->remove(instance);
    transaction->commit();
    return there;
  }

  std::vector<Answer> find(const Query& query) {
    std::vector<Answer> answers;
    const auto cursor = index_.find(query);
    std::span<const std::byte> identifier;
    while (cursor->next(identifier)) answers.emplace_back(identifier);
    return answers;
  }
  std::vector<Answer> find(Level level, const SampleDataSet& identifier) {
    Query query;
    query.level = level;
    query.identifier = identifier.bytes();
    return find(query);
  }
  /// The values of one attribute in all answers, sorted.
  std::vector<std::string> find(Level level, SampleDataSet identifier, Attribute wanted) {
    if (!dicom::DataSetView(identifier.bytes()).find(wanted.tag)) identifier.set(wanted, "");
    std::vector<std::string> values;
    for (const auto& answer : find(level, identifier)) values.push_back(answer[wanted]);
    std::sort(values.begin(), values.end());
    return values;
  }

  /// SOP Instance UIDs in the order of the cursor.
  std::vector<std::string> instances(const Selection& selection) {
    std::vector<std::string> uids;
    const auto cursor = index_.instances(selection);
    InstanceRecord record;
    while (cursor->next(record)) uids.emplace_back(record.sop_instance_uid);
    return uids;
  }
  std::vector<std::string> instances() { return instances({}); }

  /// "stored 1.1 1.1.1 1.1.1.1", one for each change.
  std::vector<std::string> changes(uint64_t after = 0) {
    std::vector<std::string> list;
    const auto cursor = index_.changes(after);
    Change change;
    while (cursor->next(change)) {
      std::string text = change.kind == Change::Kind::stored     ? "stored"
                         : change.kind == Change::Kind::replaced ? "replaced"
                                                                 : "removed";
      for (const auto uid : {change.study_instance_uid, change.series_instance_uid, change.sop_instance_uid})
        text.append(" ").append(uid);
      list.push_back(std::move(text));
    }
    return list;
  }

 private:
  Index& index_;
};

}  // namespace fermata::testing
