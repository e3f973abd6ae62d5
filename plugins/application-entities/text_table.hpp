#pragma once
#include <ostream>
#include <string>
#include <vector>

namespace fermata::application_entities {

/// Rows of text in columns that are as wide as their widest cell, for a terminal.
class TextTable {
 public:
  using Row = std::vector<std::string>;

  explicit TextTable(Row head) : rows_{std::move(head)} {}

  /// As many cells as the head has.
  void add(Row row) { rows_.push_back(std::move(row)); }
  /// "none" if there is nothing under the head.
  void print(std::ostream& out) const;

 private:
  std::vector<Row> rows_;
};

}  // namespace fermata::application_entities
