#pragma once
#include <algorithm>
#include <cstddef>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace fermata {

/// Rows of text in columns that are as wide as their widest cell: what a Command prints to a terminal.
class TextTable {
 public:
  using Row = std::vector<std::string>;

  explicit TextTable(Row head) : rows_{std::move(head)} {}

  /// As many cells as the head has.
  void add(Row row) { rows_.push_back(std::move(row)); }
  /// "none" if there is nothing under the head.
  void print(std::ostream& out) const {
    if (rows_.size() == 1) {
      out << "  none\n";
      return;
    }
    std::vector<std::size_t> widths(rows_.front().size());
    for (const auto& row : rows_)
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
    for (const auto& row : rows_) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) line += "  " + row[i] + std::string(widths[i] - width(row[i]), ' ');
      line.erase(line.find_last_not_of(' ') + 1);
      out << line << '\n';
    }
  }

 private:
  /// UTF-8 continuation bytes take no place of their own.
  static std::size_t width(const std::string& cell) {
    return static_cast<std::size_t>(
        std::count_if(cell.begin(), cell.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  }

  std::vector<Row> rows_;
};

}  // namespace fermata
