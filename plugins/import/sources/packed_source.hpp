#pragma once
#include <filesystem>
#include <memory>

#include "sources/source.hpp"

struct archive;

namespace fermata::imports {

/// The files in a ZIP or TAR, in the order in which they lie in it. **Errors**: io, invalid (no such file, damaged or
/// encrypted).
class PackedSource final : public Source {
 public:
  explicit PackedSource(std::filesystem::path path);
  ~PackedSource() override;

  void go_on_after(std::string_view position) override;
  bool next(Entry& entry) override;
  uint64_t count(const std::function<bool()>& stop) override;

 private:
  class Member;
  struct Close {
    void operator()(::archive* packed) const;
  };
  [[noreturn]] void fail() const;

  const std::filesystem::path path_;
  std::unique_ptr<::archive, Close> packed_;
  uint64_t number_ = 0;  ///< of the entry that was given last
};

/// Whether a file is a ZIP or a TAR.
bool is_packed(const std::filesystem::path& path);

}  // namespace fermata::imports
