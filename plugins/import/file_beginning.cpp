#include "file_beginning.hpp"

#include <algorithm>
#include <span>
#include <string_view>

#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/error.hpp"
#include "instance-files/file_head.hpp"

namespace fermata::imports {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t kPreamble = 128;
constexpr std::string_view kPrefix = "DICM";
constexpr std::size_t kTarMark = 257;
constexpr std::string_view kDirectory = "1.2.840.10008.1.3.10";  // Media Storage Directory Storage

std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

/// At least so many bytes, unless there are fewer.
std::vector<std::byte> first_bytes(ByteStream& stream, std::size_t number) {
  std::vector<std::byte> bytes;
  while (bytes.size() < number) {
    const auto piece = stream.read();
    if (piece.empty()) break;
    bytes.insert(bytes.end(), piece.begin(), piece.end());
  }
  return bytes;
}

[[noreturn]] void refuse(std::string_view text) {
  const auto begins = [&](std::string_view mark) { return text.starts_with(mark); };
  std::string what = "no DICOM file";
  if (text.empty()) what = "an empty file";
  if (begins("PK\x03\x04")) what = "a ZIP file: import it by itself";
  if (text.size() > kTarMark + 5 && text.substr(kTarMark, 5) == "ustar") what = "a TAR file: import it by itself";
  if (begins("%PDF")) what = "a PDF file";
  if (begins("\xff\xd8\xff")) what = "a JPEG file";
  if (begins("\x89PNG")) what = "a PNG file";
  if (begins("SQLite format 3")) what = "a database";
  throw Error(Code::corrupt, what);
}

FileBeginning with_head(ByteStream& stream, const std::vector<std::byte>& held, bool has_preamble) {
  instance_files::FileHead head;
  if (!has_preamble) {
    const std::string preamble = std::string(kPreamble, '\0') + std::string(kPrefix);
    auto bytes = std::as_bytes(std::span(preamble));
    head.feed(bytes);
  }
  FileBeginning beginning;
  Bytes rest = held;
  while (!head.feed(rest)) {
    rest = stream.read();
    if (!rest.empty()) continue;
    head.finish();
    break;
  }
  beginning.transfer_syntax_uid = head.transfer_syntax_uid();
  beginning.sop_class_uid = head.sop_class_uid();
  beginning.sop_instance_uid = head.sop_instance_uid();
  const auto surplus = head.surplus();
  beginning.data.assign(surplus.begin(), surplus.end());
  beginning.data.insert(beginning.data.end(), rest.begin(), rest.end());
  if (beginning.sop_class_uid == kDirectory)
    throw Error(Code::corrupt, "a DICOMDIR: the files that it lists are imported for themselves");
  return beginning;
}

}  // namespace

FileBeginning FileBeginning::read(ByteStream& stream) {
  auto held = first_bytes(stream, kPreamble + kPrefix.size());
  const auto text = text_of(held);
  if (text.substr(std::min(kPreamble, text.size())).starts_with(kPrefix)) return with_head(stream, held, true);
  if (text.starts_with(std::string_view("\x02\0", 2))) return with_head(stream, held, false);
  if (text.size() < 8 || !text.starts_with(std::string_view("\x08\0", 2))) refuse(text);
  const bool is_explicit = is_capital(text[4]) && is_capital(text[5]);
  FileBeginning beginning;
  beginning.transfer_syntax_uid =
      is_explicit ? dicom::transfer_syntax::kExplicitLittleEndian : dicom::transfer_syntax::kImplicitLittleEndian;
  beginning.data = std::move(held);
  return beginning;
}

}  // namespace fermata::imports
