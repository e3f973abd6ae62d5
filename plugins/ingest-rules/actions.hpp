#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "attribute_name.hpp"
#include "fermata/ingest_hook.hpp"

namespace fermata::ingest_rules {

/// What a rule does to an object, in this order.
///
/// **Thread**: a value; `apply` from any.
struct Actions {
  using Values = std::vector<std::pair<Attribute, std::string>>;

  std::optional<std::string> refusal;  ///< nothing else is done
  std::vector<Attribute> remove;
  Values set;
  Values set_if_empty;
  Values add_prefix;
  std::vector<std::string> labels;

  bool empty() const;
  void apply(IngestContext& context) const;
};

}  // namespace fermata::ingest_rules
