#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "database.hpp"
#include "entity.hpp"
#include "fermata/dicom/attribute_level.hpp"
#include "keys.hpp"

namespace fermata::index_rocksdb {

/// What a transaction touches of one study, as it is stored and as it will be: each part is read once.
///
/// **Thread**: one at a time, which holds the study's lock. **Errors**: conflict, corrupt, io.
class TouchedStudy {
 public:
  /// An instance as it is stored.
  struct Version {
    std::string series;
    uint32_t number = 0;
    uint64_t arrival = 0;
    std::string record;
    std::string header;
    std::string sop_class;
    uint64_t blob_length = 0;
    bool operator==(const Version& o) const { return record == o.record && header == o.header; }
  };
  struct Instance {
    std::optional<Version> before;
    std::optional<Version> after;
    bool headless = false;  ///< the header was not read: a removal needs none
  };

  /// `recent`: what is known of it already.
  TouchedStudy(Database& database, std::string_view uid, RecentStudy recent);

  const std::string& uid() const { return uid_; }
  Entity& study() { return study_; }
  const Entity& study() const { return study_; }
  Entity& series(const std::string& uid);
  const std::map<std::string, Entity, std::less<>>& series() const { return series_; }
  /// Error conflict if another study has it.
  Instance& instance(std::string_view uid);
  /// Null if there is none in this study.
  Instance* instance_to_remove(std::string_view uid);
  const Instance& at(const std::string& uid) const { return instances_.find(uid)->second; }
  /// Instances in the order in which they were first touched.
  const std::vector<std::string>& order() const { return order_; }

  /// Brings what the study says of its instances and series up to date.
  void settle();
  /// Of the instances as they will be.
  void forget_headers();
  /// For the next transaction on this study, once this one is written. Nothing, if it would be too much to keep.
  RecentStudy take_recent();

 private:
  using Arrivals = std::vector<std::pair<uint64_t, std::string>>;  ///< and keys of instances

  Entity load(const std::string& key, const std::string& counts_key) const;
  void read_all();
  Version read(const Place& place) const;
  static Version decode(const Place& place, std::string record);
  std::string header(const Place& place) const;
  void revise(Entity& entity, const std::string& prefix, dicom::AttributeLevel level) const;
  std::optional<Place> place_of(const std::string& instance) const;
  Arrivals arrivals(const std::string& prefix) const;

  Database& database_;
  const std::string uid_;
  std::map<std::string, Entity, std::less<>> series_;
  Entity study_;
  std::map<std::string, Instance, std::less<>> instances_;
  std::vector<std::string> order_;
  uint64_t looked_up_ = 0;                        ///< instances to remove, one by one
  std::unordered_map<std::string, Version> all_;  ///< without headers; empty unless many are removed
};

}  // namespace fermata::index_rocksdb
