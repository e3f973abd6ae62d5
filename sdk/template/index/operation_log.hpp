#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "fermata/index.hpp"

namespace your_plugin {

/// What a log has of one transaction: how it changed the index, in its order.
class Operations {
 public:
  void upsert(const fermata::InstanceRecord& record);
  void remove(std::string_view study_instance_uid, std::string_view sop_instance_uid);
  void clear();
  bool empty() const { return bytes_.empty(); }

  /// What `replay` calls for each of them.
  struct Reader {
    std::function<void(const fermata::InstanceRecord&)> upsert;
    std::function<void(std::string_view study, std::string_view instance)> remove;
    std::function<void()> clear;
  };
  /// **Errors**: Error corrupt.
  static void replay(std::span<const std::byte> bytes, const Reader& reader);
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

/// A file of entries, each with its time, its length and a checksum. What a crash has left half written at the end is
/// cut off when the log is opened.
///
/// **Thread**: one at a time. **Errors**: Error io, no_space; after one of them the log takes nothing more.
class OperationLog {
 public:
  using Entry = std::function<void(int64_t time_us, std::span<const std::byte> operations)>;

  /// Opens or makes the file and calls `entry` for all that is in it.
  OperationLog(std::filesystem::path file, const Entry& entry);
  OperationLog(const OperationLog&) = delete;
  OperationLog& operator=(const OperationLog&) = delete;

  void append(int64_t time_us, std::span<const std::byte> operations);
  void sync();

 private:
  struct Descriptor {
    explicit Descriptor(int n) : number(n) {}
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    const int number;
  };
  [[noreturn]] void fail() const;

  const std::filesystem::path file_;
  const Descriptor descriptor_;
  bool broken_ = false;
};

}  // namespace your_plugin
