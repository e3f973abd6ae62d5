#include "upper-layer/pdv_reader.hpp"

namespace fermata::dimse {
namespace {

// PDU types (PS3.8 9.3)
constexpr uint8_t kData = 0x04;
constexpr uint8_t kReleaseRequest = 0x05;
constexpr uint8_t kAbort = 0x07;

constexpr std::size_t kPduHeader = 6;
constexpr std::size_t kPdvLength = 4;
constexpr std::size_t kPdvHeader = 2;  // Presentation Context ID and Message Control Header
constexpr uint32_t kLargestControlPdu = 1024;
// Not everybody counts the headers of the PDU and the PDV as part of the maximum.
constexpr uint32_t kTolerance = 12;

uint32_t big_endian(std::span<const std::byte> b, std::size_t at) {
  uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<uint32_t>(b[at + i]);
  return value;
}

}  // namespace

PdvReader::Event PdvReader::next(Pdv& pdv) {
  if (rest_.empty())
    if (const auto event = read_pdu(); event != Event::pdv) return event;
  const std::size_t length = big_endian(rest_, 0);
  const auto control = std::to_integer<unsigned>(rest_[kPdvLength + 1]);
  pdv.context_id = std::to_integer<uint8_t>(rest_[kPdvLength]);
  pdv.is_command = (control & 1) != 0;
  pdv.is_last = (control & 2) != 0;
  pdv.fragment = rest_.subspan(kPdvLength + kPdvHeader, length - kPdvHeader);
  rest_ = rest_.subspan(kPdvLength + length);
  return Event::pdv;
}

PdvReader::Event PdvReader::read_pdu() {
  std::array<std::byte, kPduHeader> header;
  if (!fill(header)) return Event::closed;
  const auto type = std::to_integer<uint8_t>(header[0]);
  const uint32_t length = big_endian(header, 2);
  if (type != kData && type != kReleaseRequest && type != kAbort)
    return breaks("it sent a PDU of type " + std::to_string(type),
                  type == 0 || type > kAbort ? abort_reason::kUnrecognizedPdu : abort_reason::kUnexpectedPdu);
  if (length > (type == kData ? maximum_pdu_ + kTolerance : kLargestControlPdu))
    return breaks("it sent a PDU of " + std::to_string(length) + " bytes", abort_reason::kInvalidParameter,
                  Event::too_long);
  if (pdu_.size() < length) pdu_.resize(length);  // never less: to grow again means to clear all of it first
  const auto body = std::span(pdu_).first(length);
  if (!fill(body)) return Event::closed;
  if (type == kAbort) return Event::aborted;
  if (type == kReleaseRequest) return Event::release_requested;
  rest_ = body;
  if (check_lengths()) return Event::pdv;
  rest_ = {};
  return breaks("the PDVs of a PDU do not add up to it", abort_reason::kInvalidParameter);
}

/// At least one PDV, and together they are the PDU.
bool PdvReader::check_lengths() const {
  auto rest = rest_;
  while (rest.size() >= kPdvLength + kPdvHeader) {
    const std::size_t length = big_endian(rest, 0);
    if (length < kPdvHeader || length > rest.size() - kPdvLength) return false;
    rest = rest.subspan(kPdvLength + length);
    if (rest.empty()) return true;
  }
  return false;
}

bool PdvReader::fill(std::span<std::byte> into) {
  while (!into.empty()) {
    const std::size_t count = socket_.read(into);
    if (count == 0) return false;
    into = into.subspan(count);
  }
  return true;
}

PdvReader::Event PdvReader::breaks(std::string problem, uint8_t reason, Event how) {
  problem_ = std::move(problem);
  reason_ = reason;
  return how;
}

}  // namespace fermata::dimse
