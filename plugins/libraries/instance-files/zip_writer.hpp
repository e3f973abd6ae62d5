#pragma once
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>

#include "body_writer.hpp"
#include "instance_file.hpp"

struct archive;

namespace fermata::instance_files {

/// A ZIP file as a body, written as its files come: nothing is compressed, ZIP64 where sizes need it.
///
/// **Thread**: one at a time. **Ownership**: borrows the body. **Errors**: internal (the library failed), and those of
/// the body and of what is read.
class ZipWriter {
 public:
  explicit ZipWriter(BodyWriter& body);
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;
  ~ZipWriter();

  void add(const std::string& name, int64_t modified_us, const InstanceFile& file);
  void add(const std::string& name, int64_t modified_us, std::span<const std::byte> file);
  void finish();

 private:
  void begin(const std::string& name, int64_t modified_us, uint64_t length);
  static long take(::archive* zip, void* self, const void* data, std::size_t size);
  void check(long result);

  BodyWriter& body_;
  ::archive* const zip_;
  std::vector<std::byte> buffer_;
  std::exception_ptr failure_;  ///< of the body: exceptions do not pass through the library
  bool ended_ = false;          ///< what the library still writes goes nowhere
};

}  // namespace fermata::instance_files
