#include "text_table.hpp"

#include <algorithm>

namespace fermata::application_entities {
namespace {

constexpr std::size_t kGap = 2;

/// UTF-8 continuation bytes take no place of their own.
std::size_t width(const std::string& cell) {
  return static_cast<std::size_t>(
      std::count_if(cell.begin(), cell.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

void TextTable::print(std::ostream& out) const {
  if (rows_.size() == 1) {
    out << "  none\n";
    return;
  }
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += std::string(kGap, ' ') + row[i] + std::string(widths[i] - width(row[i]), ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

}  // namespace fermata::application_entities
