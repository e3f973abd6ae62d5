#pragma once
#include <memory>
#include <string>

#include "fermata/archive.hpp"
#include "fermata/checksum.hpp"
#include "file_result.hpp"
#include "sources/byte_stream.hpp"

namespace fermata::imports {

/// One file on its way into the archive, in two steps: all of it is read, then the disk is waited for.
///
/// **Thread**: one at a time, not always the same. **Ownership**: borrows the archive. **Errors**: unavailable (the
/// archive is stopping), no_space; everything else is in the result.
class Intake {
 public:
  /// `origin`: an AE title that names the import; the archive keeps it with each object.
  Intake(Archive& archive, std::string origin, FileResult result)
      : archive_(archive), origin_(std::move(origin)), result_(std::move(result)) {}

  void take(ByteStream& stream);
  FileResult finish();

 private:
  void append(std::span<const std::byte> data);

  Archive& archive_;
  const std::string origin_;
  FileResult result_;
  StreamingChecksum checksum_;
  std::unique_ptr<StoreOperation> operation_;
};

/// What a dry run says of a file: only its beginning is read. **Errors**: none; they are in the result.
FileResult survey(Archive& archive, ByteStream& stream, FileResult result);

}  // namespace fermata::imports
