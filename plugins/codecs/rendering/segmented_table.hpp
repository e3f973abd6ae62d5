#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fermata::codecs::rendering {

/// The entries that Segmented Palette Color Lookup Table Data stands for (PS3.3 C.7.9.2): discrete, linear and indirect
/// segments, of 8 or 16 bits. At most `limit` entries.
///
/// **Errors**: corrupt (segments that are cut off, of length 0 or of an unknown kind; an indirect segment that points
/// outside or to another; a line that begins nowhere).
std::vector<uint16_t> expand_segments(std::span<const std::byte> data, uint32_t bits, std::size_t limit);

}  // namespace fermata::codecs::rendering
