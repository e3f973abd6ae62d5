#include "loading/library_file.hpp"

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>

namespace fermata::host {
namespace {

template <class Header>
bool read_at(std::ifstream& file, uint64_t offset, Header& into) {
  return file.seekg(static_cast<std::streamoff>(offset)).read(reinterpret_cast<char*>(&into), sizeof into).good();
}

}  // namespace

bool is_whole(const std::filesystem::path& library) {
  std::ifstream file(library, std::ios::binary | std::ios::ate);
  const auto length = static_cast<uint64_t>(std::max<std::streamoff>(file.tellg(), 0));
  ElfW(Ehdr) header;
  if (!read_at(file, 0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return true;
  for (uint64_t i = 0; i < header.e_phnum; ++i) {
    ElfW(Phdr) part;
    if (!read_at(file, header.e_phoff + i * header.e_phentsize, part)) return false;
    if (part.p_offset > length || part.p_filesz > length - part.p_offset) return false;
  }
  return true;
}

}  // namespace fermata::host
