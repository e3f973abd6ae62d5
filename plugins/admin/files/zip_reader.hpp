#pragma once
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct archive;

namespace fermata::admin {

/// The files of a ZIP that is read from its beginning to its end, as it arrives.
///
/// **Thread**: one at a time. **Errors**: invalid (this is no ZIP, or one that is damaged or encrypted), and those of
/// the source.
class ZipReader {
 public:
  /// The next bytes of the ZIP; none at its end.
  using Source = std::function<std::span<const std::byte>()>;

  explicit ZipReader(Source source);
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  /// Goes to the next file; folders are left out. False: there is none.
  bool next();
  const std::string& name() const { return name_; }
  /// The file's next bytes; none at its end.
  std::span<const std::byte> read();

 private:
  static long give(::archive* zip, void* self, const void** data);
  [[noreturn]] void fail();

  const Source source_;
  struct Free {
    void operator()(::archive* zip) const;
  };
  const std::unique_ptr<::archive, Free> zip_;
  std::vector<std::byte> buffer_;
  std::string name_;
  std::exception_ptr failure_;  ///< of the source: exceptions do not pass through the library
};

}  // namespace fermata::admin
