#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace fermata::dicom {

/// The UID of a UUID: 2.25 and its 128 bits as one decimal number (PS3.5 B.2).
inline std::string uid_of(std::array<uint8_t, 16> uuid) {
  std::string digits;
  const auto is_zero = [&] { return std::all_of(uuid.begin(), uuid.end(), [](uint8_t byte) { return byte == 0; }); };
  do {
    unsigned remainder = 0;
    for (auto& byte : uuid) {
      const unsigned part = remainder << 8 | byte;
      byte = static_cast<uint8_t>(part / 10);
      remainder = part % 10;
    }
    digits += static_cast<char>('0' + remainder);
  } while (!is_zero());
  std::reverse(digits.begin(), digits.end());
  return "2.25." + digits;
}

/// A UID that nobody has had before, of a random UUID (version 4). **Thread**: any.
inline std::string new_uid() {
  std::random_device random;
  std::array<uint8_t, 16> uuid{};
  for (auto& byte : uuid) byte = static_cast<uint8_t>(random());
  uuid[6] = static_cast<uint8_t>((uuid[6] & 0x0f) | 0x40);
  uuid[8] = static_cast<uint8_t>((uuid[8] & 0x3f) | 0x80);
  return uid_of(uuid);
}

/// Numbers with dots between them, at most 64 characters (PS3.5 9.1). Leading zeros are let pass: some have them.
inline bool is_uid(std::string_view text) {
  if (text.empty() || text.size() > 64 || text.front() == '.' || text.back() == '.') return false;
  return text.find("..") == text.npos && text.find_first_not_of("0123456789.") == text.npos;
}

}  // namespace fermata::dicom
