#include "command_set.hpp"

#include <algorithm>
#include <cstring>

#include "fermata/error.hpp"

namespace fermata::dimse {
namespace {

constexpr std::size_t kHeader = 8;  // group, element, 32-bit length
constexpr uint16_t kNoDataSet = 0x0101;
constexpr std::size_t kErrorCommentLength = 64;  // VR LO

uint16_t read_u16(std::span<const std::byte> b, std::size_t at) {
  return static_cast<uint16_t>(std::to_integer<unsigned>(b[at]) | std::to_integer<unsigned>(b[at + 1]) << 8);
}
uint32_t read_u32(std::span<const std::byte> b, std::size_t at) {
  return read_u16(b, at) | static_cast<uint32_t>(read_u16(b, at + 2)) << 16;
}
void write_u16(std::byte* to, uint16_t v) {
  to[0] = static_cast<std::byte>(v & 0xff);
  to[1] = static_cast<std::byte>(v >> 8);
}
void write_u32(std::byte* to, uint32_t v) {
  write_u16(to, static_cast<uint16_t>(v & 0xffff));
  write_u16(to + 2, static_cast<uint16_t>(v >> 16));
}

bool is_uid(uint16_t element) {
  return element == element::kAffectedSopClassUid || element == element::kRequestedSopClassUid ||
         element == element::kAffectedSopInstanceUid || element == element::kRequestedSopInstanceUid;
}

void copy_if_present(const CommandSet& from, uint16_t element, CommandSet& to) {
  if (const auto v = from.u16(element)) to.set_u16(element, *v);
}

}  // namespace

CommandSet CommandSet::parse(std::span<const std::byte> bytes) {
  CommandSet command;
  command.bytes_.reserve(bytes.size());
  int previous = -1;
  for (std::size_t at = 0; at < bytes.size();) {
    if (bytes.size() - at < kHeader) throw Error(Code::invalid, "the Command Set ends inside of an element");
    if (read_u16(bytes, at) != 0)
      throw Error(Code::invalid, "the Command Set has an element that is not of group 0000");
    const uint16_t element = read_u16(bytes, at + 2);
    const uint32_t length = read_u32(bytes, at + 4);
    if (length > bytes.size() - at - kHeader)
      throw Error(Code::invalid, "an element of the Command Set is longer than the Command Set");
    if (element <= previous) throw Error(Code::invalid, "the elements of the Command Set are not in ascending order");
    previous = element;
    const auto whole = bytes.subspan(at, kHeader + length);
    if (element != element::kGroupLength) command.bytes_.insert(command.bytes_.end(), whole.begin(), whole.end());
    at += whole.size();
  }
  if (!command.u16(element::kCommandField)) throw Error(Code::invalid, "the Command Set has no Command Field");
  return command;
}

CommandSet CommandSet::response_to(const CommandSet& request, uint16_t status) {
  CommandSet response;
  response.bytes_.reserve(request.bytes_.size() + kErrorCommentLength);
  if (const auto uid = request.sop_class_uid(); !uid.empty()) response.set_text(element::kAffectedSopClassUid, uid);
  response.set_u16(element::kCommandField, static_cast<uint16_t>(request.field() | field::kResponse));
  response.set_u16(element::kMessageIdRespondedTo, request.message_id());
  response.set_has_data_set(false);
  response.set_u16(element::kStatus, status);
  if (const auto uid = request.sop_instance_uid(); !uid.empty())
    response.set_text(element::kAffectedSopInstanceUid, uid);
  copy_if_present(request, element::kEventTypeId, response);
  copy_if_present(request, element::kActionTypeId, response);
  return response;
}

std::vector<std::byte> CommandSet::encode() const {
  std::vector<std::byte> out(kHeader + 4 + bytes_.size());
  write_u32(out.data() + 4, 4);
  write_u32(out.data() + kHeader, static_cast<uint32_t>(bytes_.size()));
  std::copy(bytes_.begin(), bytes_.end(), out.begin() + kHeader + 4);
  return out;
}

bool CommandSet::has_data_set() const { return u16(element::kDataSetType).value_or(kNoDataSet) != kNoDataSet; }

std::string CommandSet::sop_class_uid() const {
  auto uid = text(element::kAffectedSopClassUid);
  return uid.empty() ? text(element::kRequestedSopClassUid) : uid;
}

std::string CommandSet::sop_instance_uid() const {
  auto uid = text(element::kAffectedSopInstanceUid);
  return uid.empty() ? text(element::kRequestedSopInstanceUid) : uid;
}

std::optional<std::span<const std::byte>> CommandSet::value(uint16_t element) const {
  const std::span<const std::byte> bytes(bytes_);
  for (std::size_t at = 0; at < bytes.size();) {
    const uint16_t found = read_u16(bytes, at + 2);
    const uint32_t length = read_u32(bytes, at + 4);
    if (found == element) return bytes.subspan(at + kHeader, length);
    if (found > element) break;
    at += kHeader + length;
  }
  return {};
}

std::optional<uint16_t> CommandSet::u16(uint16_t element) const {
  const auto bytes = value(element);
  if (!bytes || bytes->size() < 2) return {};
  return read_u16(*bytes, 0);
}

std::string CommandSet::text(uint16_t element) const {
  const auto bytes = value(element);
  if (!bytes) return {};
  std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  const auto padding = [](char c) { return c == ' ' || c == '\0'; };
  while (!text.empty() && padding(text.back())) text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return std::string(text);
}

std::vector<uint32_t> CommandSet::tags(uint16_t element) const {
  std::vector<uint32_t> tags;
  const auto bytes = value(element).value_or(std::span<const std::byte>());
  for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4)
    tags.push_back(static_cast<uint32_t>(read_u16(bytes, at)) << 16 | read_u16(bytes, at + 2));
  return tags;
}

std::span<std::byte> CommandSet::place(uint16_t element, std::size_t length) {
  std::size_t at = 0;
  std::size_t replaced = 0;
  while (at < bytes_.size()) {
    const uint16_t found = read_u16(bytes_, at + 2);
    const std::size_t whole = kHeader + read_u32(bytes_, at + 4);
    if (found == element) replaced = whole;
    if (found >= element) break;
    at += whole;
  }
  const auto position = bytes_.begin() + static_cast<std::ptrdiff_t>(at);
  const std::size_t needed = kHeader + length;
  if (needed > replaced)
    bytes_.insert(position, needed - replaced, std::byte{0});
  else
    bytes_.erase(position, position + static_cast<std::ptrdiff_t>(replaced - needed));
  write_u16(bytes_.data() + at, 0);
  write_u16(bytes_.data() + at + 2, element);
  write_u32(bytes_.data() + at + 4, static_cast<uint32_t>(length));
  return std::span(bytes_).subspan(at + kHeader, length);
}

void CommandSet::set_u16(uint16_t element, uint16_t value) { write_u16(place(element, 2).data(), value); }

void CommandSet::set_text(uint16_t element, std::string_view value) {
  const auto space = place(element, value.size() + value.size() % 2);
  if (!value.empty()) std::memcpy(space.data(), value.data(), value.size());
  if (value.size() % 2 != 0) space.back() = is_uid(element) ? std::byte{0} : std::byte{' '};
}

void CommandSet::set_tags(uint16_t element, std::span<const uint32_t> values) {
  const auto space = place(element, values.size() * 4);
  for (std::size_t i = 0; i < values.size(); ++i) {
    write_u16(space.data() + 4 * i, static_cast<uint16_t>(values[i] >> 16));
    write_u16(space.data() + 4 * i + 2, static_cast<uint16_t>(values[i] & 0xffff));
  }
}

void CommandSet::set_has_data_set(bool present) { set_u16(element::kDataSetType, present ? 1 : kNoDataSet); }

void CommandSet::set_error_comment(std::string_view text) {
  std::string comment(text.substr(0, kErrorCommentLength));
  std::replace_if(
      comment.begin(), comment.end(), [](char c) { return c < ' ' || c > '~' || c == '\\'; }, '?');
  set_text(element::kErrorComment, comment);
}

}  // namespace fermata::dimse
