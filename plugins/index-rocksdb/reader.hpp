#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "keys.hpp"
#include "records.hpp"

namespace fermata::index_rocksdb {

/// A study or a series as it is stored.
struct EntityRecord {
  std::string study;
  std::string series;  ///< empty for a study
  Attributes attributes;
  Counts counts;
  dicom::DataSetView data_set() const { return dicom::DataSetView(attributes.data_set); }
};

/// Reads records and UIDs at a snapshot.
///
/// **Thread**: one at a time. **Ownership**: owns the snapshot; must end before the database.
class Reader {
 public:
  explicit Reader(Database& database) : database_(database), snapshot_(database) {}

  /// False if it is not there.
  bool study(std::string_view study, EntityRecord& record) const;
  bool series(std::string_view study, std::string_view series, EntityRecord& record) const;
  std::optional<Place> place(std::string_view instance) const;
  std::vector<std::string> studies_of_series(std::string_view series) const;
  /// How many studies there are.
  uint64_t studies() const;

  template <class Value>
  bool get(Family family, std::string_view key, Value& value) const {
    return database_.get(family, key, value, snapshot_.get());
  }
  std::unique_ptr<rocksdb::Iterator> iterate(Family family, const rocksdb::Slice* upper = nullptr,
                                             Database::Walk walk = Database::Walk::anywhere) const {
    return database_.iterate(family, snapshot_.get(), upper, walk);
  }
  Database& database() const { return database_; }

 private:
  bool entity(const std::string& key, const std::string& counts_key, EntityRecord& record) const;

  Database& database_;
  Snapshot snapshot_;
};

/// Which series and instances of a study count, where the query names them by their UIDs; ascending.
struct Restriction {
  std::optional<std::vector<Place>> series;  ///< places without instance
  std::optional<std::vector<Place>> instances;
};

/// The series of one study in the order of their UIDs.
class SeriesWalk {
 public:
  SeriesWalk(const Reader& reader, const Restriction& restriction, std::string_view study);
  bool next(EntityRecord& series);

 private:
  const Reader& reader_;
  std::string study_;
  std::optional<std::vector<std::string>> listed_;
  std::size_t next_listed_ = 0;
  std::unique_ptr<rocksdb::Iterator> at_;
};

/// The instances of one series in the order of their numbers. Headers are read only where they are asked for.
class InstanceWalk {
 public:
  InstanceWalk(const Reader& reader, const Restriction& restriction, std::string_view study, std::string_view series);
  bool next();
  std::string_view key() const { return key_; }
  std::string_view value() const { return value_; }
  dicom::DataSetView header();

 private:
  const Reader& reader_;
  std::string prefix_;
  std::optional<std::vector<std::string>> listed_;
  std::size_t next_listed_ = 0;
  std::unique_ptr<rocksdb::Iterator> at_;
  std::unique_ptr<rocksdb::Iterator> headers_;
  std::string key_;
  std::string value_;
  std::string header_;
};

}  // namespace fermata::index_rocksdb
