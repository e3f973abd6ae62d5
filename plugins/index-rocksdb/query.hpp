#pragma once
#include <optional>
#include <vector>

#include "attributes.hpp"
#include "fermata/dicom/matching.hpp"
#include "fermata/index.hpp"

namespace fermata::index_rocksdb {

/// An attribute that answers contain.
struct Asked {
  dicom::Element element;  ///< in the identifier; a sequence may name what it wants of its items
  dicom::AttributeLevel owner = dicom::AttributeLevel::study;
  const dicom::Key* key = nullptr;  ///< what `compile` made of it
};

/// A query, read once: what must match, what is asked for, and to which level each of both belongs.
///
/// **Ownership**: copies the identifier. **Errors**: invalid (an identifier that can't be read).
class CompiledQuery {
 public:
  explicit CompiledQuery(const Query& query);
  CompiledQuery(const CompiledQuery&) = delete;
  CompiledQuery& operator=(const CompiledQuery&) = delete;

  Level level() const { return level_; }
  Query::Order order() const { return order_; }
  uint64_t offset() const { return offset_; }
  uint64_t limit() const { return limit_; }
  /// Ascending.
  const std::vector<Asked>& asked() const { return asked_; }
  /// The matching keys (not universal) of studies, series or instances.
  const std::vector<const dicom::Key*>& keys(dicom::AttributeLevel owner) const {
    return keys_[static_cast<std::size_t>(owner)];
  }
  const dicom::Key* matching_key(dicom::Tag tag) const;
  /// The deepest level that it says anything of, its own at least.
  dicom::AttributeLevel depth() const { return depth_; }
  /// Whether it needs more of an instance than its UIDs.
  bool needs_header() const { return needs_header_; }

 private:
  void read_keys(bool combined_date_time);
  void read_asked();

  std::vector<std::byte> identifier_;
  Level level_;
  Query::Order order_;
  uint64_t offset_;
  uint64_t limit_;
  std::vector<dicom::Key> compiled_;
  std::vector<const dicom::Key*> keys_[3];
  std::vector<Asked> asked_;
  dicom::AttributeLevel depth_ = dicom::AttributeLevel::study;
  bool needs_header_ = false;
};

}  // namespace fermata::index_rocksdb
