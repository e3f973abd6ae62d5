#pragma once
#include <optional>
#include <vector>

#include "query.hpp"
#include "reader.hpp"

namespace fermata::index_rocksdb {

/// What is known of one study, series or instance for a query: its data set, and what follows from keys and counts.
class Facts {
 public:
  static Facts of_study(const Reader& reader, const CompiledQuery& query, const EntityRecord& study);
  static Facts of_series(const CompiledQuery& query, const EntityRecord& series);
  /// `header` may be empty where the query needs nothing of it.
  static Facts of_instance(const CompiledQuery& query, std::string_view key, std::string_view value,
                           dicom::DataSetView header);

  std::optional<dicom::Element> find(dicom::Tag tag) const;
  bool satisfies(const dicom::Key& key) const;
  bool satisfies(const std::vector<const dicom::Key*>& keys) const;

 private:
  explicit Facts(dicom::DataSetView data_set) : data_set_(data_set) {}

  dicom::DataSetView data_set_;
  std::vector<std::byte> computed_;
};

/// What a query needs of levels below its own: an attribute has every value that any series or instance has.
class LowerFacts {
 public:
  explicit LowerFacts(const CompiledQuery& query);
  bool empty() const { return wanted_.empty(); }
  /// Looks through a study, or through one series of it. False if a key has no match there.
  bool find(const Reader& reader, const Restriction& restriction, const EntityRecord& entity);
  /// A value that satisfies the key, or, without a key, the first one there is.
  std::optional<dicom::Element> value(dicom::Tag tag) const;

 private:
  struct Wanted {
    const Asked* asked;
    bool found = false;
    std::vector<std::byte> encoded;
  };
  void look_at(const Facts& facts, Owner owner);
  void look_at_instances(const Reader& reader, const Restriction& restriction, std::string_view study,
                         std::string_view series);
  bool pending(Owner owner) const;
  bool pending_key(Owner owner) const;

  const CompiledQuery& query_;
  bool needs_header_;
  std::vector<Wanted> wanted_;
};

/// Whether a query needs more of an instance than its UIDs.
bool needs_header(const CompiledQuery& query);

}  // namespace fermata::index_rocksdb
