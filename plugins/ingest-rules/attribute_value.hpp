#pragma once
#include <string>
#include <string_view>

#include "attribute_name.hpp"

namespace fermata::ingest_rules {

/// What is wrong with a value for an attribute of the standard (PS3.5 6.2: characters, length, number of values), in
/// DCMTK's words; empty: nothing.
std::string why_not(const Attribute& attribute, std::string_view value);

}  // namespace fermata::ingest_rules
