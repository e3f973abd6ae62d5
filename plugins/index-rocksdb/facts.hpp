#pragma once
#include <map>
#include <optional>
#include <vector>

#include "query.hpp"
#include "reader.hpp"

namespace fermata::index_rocksdb {

/// What is known of one study, series or instance for a query: its data set, and what follows from keys and counts.
///
/// **Ownership**: borrows the data set of the record or header it is made of.
class Facts {
 public:
  static Facts of_study(const Reader& reader, const CompiledQuery& query, const EntityRecord& study);
  static Facts of_series(const CompiledQuery& query, const EntityRecord& series);
  /// `header` may be empty where the query needs nothing of it.
  static Facts of_instance(const CompiledQuery& query, std::string_view key, std::string_view value,
                           dicom::DataSetView header);

  bool satisfies(const std::vector<const dicom::Key*>& keys) const;
  /// The data set in which an attribute is, if it is anywhere.
  dicom::DataSetView source(dicom::Tag tag) const;
  bool has(dicom::Tag tag) const;

 private:
  explicit Facts(dicom::DataSetView data_set) : data_set_(data_set) {}

  dicom::DataSetView data_set_;
  std::vector<std::byte> computed_;
};

/// The series and instances of a study, with it, that satisfy a query's keys together: each proves that its study and
/// series match. Goes only as deep as the query needs.
///
/// **Ownership**: uses reader, query and restriction.
class WitnessWalk {
 public:
  WitnessWalk(const Reader& reader, const Restriction& restriction, const CompiledQuery& query)
      : reader_(reader), restriction_(restriction), query_(query) {}
  WitnessWalk(const WitnessWalk&) = delete;
  WitnessWalk& operator=(const WitnessWalk&) = delete;

  /// Begins with another study: before its first witness. False if it does not satisfy the keys of its own level.
  bool enter(EntityRecord study);
  bool next();
  /// No more witnesses of this study, or of this series, are wanted.
  void leave_study();
  void leave_series() { instances_.reset(); }

  const EntityRecord& study() const { return study_; }
  /// What the witness says at a level.
  const Facts& facts(dicom::AttributeLevel level) const { return *facts_[static_cast<std::size_t>(level)]; }

 private:
  bool next_series();
  bool next_instance();
  std::optional<Facts>& own(dicom::AttributeLevel level) { return facts_[static_cast<std::size_t>(level)]; }

  const Reader& reader_;
  const Restriction& restriction_;
  const CompiledQuery& query_;
  EntityRecord study_;
  EntityRecord series_;
  bool entered_ = false;
  std::optional<SeriesWalk> walk_;
  std::optional<InstanceWalk> instances_;
  std::optional<Facts> facts_[3];
};

/// The first value of each of `tags` that a series of the study, or the first instance of one, has.
using Values = std::map<dicom::Tag, std::vector<std::byte>>;
Values values_elsewhere(const Reader& reader, const CompiledQuery& query, std::string_view study,
                        const std::vector<dicom::Tag>& tags);

}  // namespace fermata::index_rocksdb
