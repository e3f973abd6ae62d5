#pragma once
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "byte_source.hpp"
#include "fermata/archive.hpp"

namespace fermata::codecs {

/// What a ByteSource gives as an object: it is read as far as it is needed and kept, so that every byte is made once.
/// The first MiB is kept in memory, what comes after it in a file without a name, which ends with the object.
///
/// Unless it is known beforehand, `length` reads the source to its end. With its last byte the source itself ends.
/// **Thread**: any number at once. **Ownership**: owns the source.
/// **Errors**: the source's; no_space, io (naming the folder).
class SpooledObject final : public ObjectReader {
 public:
  static constexpr std::size_t kInMemory = 1 << 20;

  SpooledObject(std::unique_ptr<ByteSource> source, std::filesystem::path folder, std::optional<uint64_t> length = {});
  ~SpooledObject() override;
  uint64_t length() override;
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override;

 private:
  void produce(uint64_t up_to);
  void keep(std::span<const std::byte> bytes);
  void open_file();

  std::mutex mutex_;
  std::unique_ptr<ByteSource> source_;  ///< null once it is at its end
  std::exception_ptr failure_;          ///< of the source: it is not asked again
  const std::filesystem::path folder_;
  const std::optional<uint64_t> known_length_;
  std::vector<std::byte> piece_;
  std::vector<std::byte> head_;
  uint64_t produced_ = 0;
  int file_ = -1;
};

}  // namespace fermata::codecs
