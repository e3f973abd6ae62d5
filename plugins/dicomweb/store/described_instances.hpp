#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attribute_dictionary.hpp"
#include "fermata/memory_budget.hpp"
#include "media_type.hpp"
#include "store/metadata.hpp"
#include "store/spool_file.hpp"
#include "store/store_session.hpp"

namespace fermata::dicomweb {

/// Instances that come as metadata in JSON or XML, and their bulk data in parts of its own (PS3.18 10.5.2).
///
/// Nothing says in which order bulk data comes or how long it is, and PS3.5 wants the length before the value. So all
/// of it waits in a temporary file until the request is complete. **Thread**: one at a time. **Ownership**: borrows the
/// dictionary and the memory. **Errors**: invalid (metadata that is none), Problem 503 where nothing is left of
/// the memory, those of SpoolFile, and those of the source.
class DescribedInstances {
 public:
  /// The next bytes of a part; empty at its end.
  using Source = std::function<std::span<const std::byte>()>;

  /// `memory` has at least `least_memory`.
  DescribedInstances(const AttributeDictionary& dictionary, MemoryBudget& memory, std::string temporary_folder,
                     uint64_t temporary_space)
      : dictionary_(dictionary), memory_(memory), spool_(std::move(temporary_folder), temporary_space) {}
  /// So that every single description that is short enough has room.
  static uint64_t least_memory();

  /// A part: metadata in JSON or XML, or bulk data for those that refer to its location.
  void add(const MediaType& type, std::string_view location, const Source& source);
  /// Puts the objects together and stores them.
  void store(StoreSession& session);

 private:
  struct Instance {
    SpoolFile::Range data_set;
    std::vector<BulkReference> references;
    std::string transfer_syntax_uid;  ///< as the metadata says
  };
  struct Bulk {
    std::string media_type;
    std::string transfer_syntax_uid;
    std::vector<SpoolFile::Range> parts;  ///< in order of arrival; of compressed pixels each is a frame
    uint64_t length() const;
  };

  void add_json(const Source& source);
  void add_xml(const Source& source);
  void add_bulk(const MediaType& type, std::string_view location, const Source& source);
  void make_room(std::string_view text, char separator);
  void hold(uint64_t bytes);
  void keep(Metadata metadata);
  void store(const Instance& instance, StoreSession& session, StoreResult& result);
  const Bulk& bulk_of(const BulkReference& reference) const;
  std::string transfer_syntax_of(const Instance& instance) const;
  void append_element(StoreOperation& operation, const BulkReference& reference, bool compressed) const;

  const AttributeDictionary& dictionary_;
  MemoryBudget::Share memory_;
  uint64_t text_ = 0;    ///< of the description that is being read
  uint64_t values_ = 0;  ///< in it
  uint64_t kept_ = 0;    ///< of this memory, for all instances
  SpoolFile spool_;
  std::vector<Instance> instances_;
  std::map<std::string, Bulk, std::less<>> bulk_;  ///< by location
};

}  // namespace fermata::dicomweb
