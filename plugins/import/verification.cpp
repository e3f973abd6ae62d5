#include "verification.hpp"

#include <algorithm>
#include <vector>

#include "fermata/checksum.hpp"
#include "fermata/error.hpp"

namespace fermata::imports {
namespace {

constexpr uint64_t kPiece = 256 * 1024;

std::string checksum_of(ObjectReader& object) {
  StreamingChecksum checksum;
  const auto length = object.length();
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min(length, kPiece)));
  for (uint64_t at = 0; at < length;) {
    const auto count = object.read_at(at, buffer);
    if (count == 0) throw Error(Code::corrupt, "it is cut short");
    checksum.add(std::span(buffer).first(static_cast<std::size_t>(count)));
    at += count;
  }
  return hexadecimal(checksum.value());
}

FileResult lost(FileResult line, const std::string& reason) {
  line.outcome = Outcome::lost;
  line.reason = reason;
  return line;
}

}  // namespace

FileResult verified(Archive& archive, FileResult line) {
  const std::string_view uid = line.instance;
  Selection selection;
  selection.sop_instance_uids = {&uid, 1};
  const auto cursor = archive.instances(selection);
  InstanceRecord record;
  if (!cursor->next(record)) return lost(std::move(line), "it is not in the archive");
  const auto kept = hexadecimal(record.checksum);
  try {
    if (checksum_of(*archive.open(record)) != kept)
      return lost(std::move(line), "its bytes in the archive are damaged");
  } catch (const Error& error) {
    if (error.code() != Code::not_found && error.code() != Code::io && error.code() != Code::corrupt) throw;
    return lost(std::move(line), std::string("it can't be read back: ") + error.what());
  }
  if (kept == line.checksum) return line;
  if (line.outcome == Outcome::duplicate) return lost(std::move(line), "another object is in its place");
  line.outcome = Outcome::replaced;
  line.reason = "the archive's rules have changed it on its way in";
  return line;
}

}  // namespace fermata::imports
