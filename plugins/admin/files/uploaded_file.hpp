#pragma once
#include <future>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/archive.hpp"
#include "instance-files/file_head.hpp"

namespace fermata::admin {

/// What became of a file that somebody uploaded.
struct UploadResult {
  std::string file;
  std::string outcome = "not_dicom";  ///< or "stored", "identical", "kept_first", "replaced", "refused"
  std::string reason;
  std::string study_instance_uid;
  std::string sop_instance_uid;
};

/// A file on its way into the archive, as it arrives: a DICOM file (PS3.10 7.1), one that lacks its preamble, or a data
/// set alone in one of the two syntaxes that can be told apart. Holds no more than its head.
///
/// **Thread**: one at a time; `finish` leaves the rest to a thread of its own. **Ownership**: borrows the archive.
/// **Errors**: none; they are in the result.
class UploadedFile {
 public:
  UploadedFile(Archive& archive, std::string name, std::string_view peer_address);

  /// What can't be stored is swallowed.
  void append(std::span<const std::byte> bytes);
  /// The file is complete, or can't be: why, if `broken` is not empty.
  std::future<UploadResult> finish(std::string_view broken = {});

 private:
  bool recognise(bool complete);
  void take_in(std::span<const std::byte> bytes);
  void begin(const std::string& transfer_syntax_uid);
  void give_up(std::string_view outcome, std::string_view reason);

  Archive& archive_;
  const std::string peer_address_;
  UploadResult result_;
  std::vector<std::byte> beginning_;  ///< until it is known what it is
  bool recognised_ = false;
  bool with_head_ = false;
  bool given_up_ = false;
  instance_files::FileHead head_;
  std::unique_ptr<StoreOperation> operation_;
};

}  // namespace fermata::admin
