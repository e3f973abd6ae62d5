#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "query.hpp"
#include "reader.hpp"
#include "secondary_keys.hpp"

namespace fermata::index_rocksdb {

/// Yields the studies that may match a query: all that do, and others.
class StudySource {
 public:
  virtual ~StudySource() = default;
  virtual bool next(std::string& study) = 0;
  /// Whether it yields this study, the last one, for the first time: one can stand at several places of an index.
  virtual bool first_time(const EntityRecord&) const { return true; }
  /// All studies of a patient come one after the other, in the order of their UIDs.
  virtual bool by_patient() const { return false; }
  /// No more studies of the last one's patient are wanted.
  virtual void skip_patient() {}
  /// Before the first study: leaves out `count` of them, all those left if they are fewer, and returns how many it
  /// left out. None, where that is no faster than to read them.
  virtual uint64_t skip(uint64_t) { return 0; }
};

/// Studies in a list.
class ListedStudies final : public StudySource {
 public:
  explicit ListedStudies(std::vector<std::string> studies) : studies_(std::move(studies)) {}
  bool next(std::string& study) override;

 private:
  std::vector<std::string> studies_;
  std::size_t next_ = 0;
};

/// A walk through those entries of a secondary index that may satisfy a key.
class KeyScan final : public StudySource {
 public:
  enum class Direction { forwards, backwards };
  /// Without a key: every study, newest first.
  KeyScan(const Reader& reader, const dicom::Key* key);
  /// Through ranges of the index of `tag`, ascending, in this direction; `key` as above. Without one, a study stands
  /// under the first component group of its name.
  KeyScan(const Reader& reader, const dicom::Key* key, dicom::Tag tag, std::vector<KeyRange> ranges,
          Direction direction = Direction::forwards);
  /// Through the names that have `part`, one of the key's name_parts.
  KeyScan(const Reader& reader, const dicom::Key& key, std::string_view part);
  KeyScan(const KeyScan&) = delete;
  KeyScan& operator=(const KeyScan&) = delete;
  bool next(std::string& study) override;
  bool first_time(const EntityRecord& study) const override;
  uint64_t skip(uint64_t count) override;

  /// One entry on, whether it may match or not.
  bool step();
  /// The study of this entry, if it may match.
  std::optional<std::string_view> here() const;
  /// Its newest_first_value; empty, if the index does not tell it here.
  std::string moment() const { return unpacked_moment(view(at_->value())); }
  /// What it looks for; null: every study.
  const dicom::Key* key() const { return key_; }
  /// As if it had not been used.
  void rewind();
  /// Bytes of the database between its ends.
  uint64_t approximate_size() const;
  /// The attribute by whose values it goes.
  dicom::Tag tag() const { return tag_; }

 private:
  bool accepts(std::string_view value) const;
  bool contains(const std::string& entry) const;
  bool backwards() const { return direction_ == Direction::backwards; }
  void move_in(const KeyRange& range);
  uint64_t skip_days(KeyRange& range, uint64_t count) const;
  uint64_t skip_days_backwards(KeyRange& range, uint64_t count) const;
  uint64_t studies_of_day(const rocksdb::Iterator& days) const;

  const Reader& reader_;
  const dicom::Key* key_;
  dicom::Tag tag_;
  std::vector<KeyRange> ranges_;
  const Direction direction_;
  const std::string last_end_;  ///< of the last range
  const rocksdb::Slice end_;
  std::size_t range_ = 0;
  bool positioned_ = false;
  std::unique_ptr<rocksdb::Iterator> at_;
};

/// Every study, patient by patient.
class PatientWalk final : public StudySource {
 public:
  explicit PatientWalk(const Reader& reader) : at_(reader.iterate(Family::patients)) {}
  bool next(std::string& study) override;
  bool by_patient() const override { return true; }
  void skip_patient() override { skip_ = true; }

 private:
  std::unique_ptr<rocksdb::Iterator> at_;
  bool started_ = false;
  bool skip_ = false;
};

}  // namespace fermata::index_rocksdb
