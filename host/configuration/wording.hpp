#pragma once
#include <string>

#include "configuration/schema.hpp"

namespace fermata::host {

// How what a schema wants, and what was found instead, are put into words.

std::string quoted(std::string text);  ///< cut where it is long
std::string expectation(const SchemaNode& schema);
std::string description(const std::string& text, bool in_quotes);
/// What was found, unless a secret stands there, or may have been put there by mistake.
std::string shown(const SchemaNode& schema, const std::string& found);

}  // namespace fermata::host
