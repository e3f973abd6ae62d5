#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "item.hpp"

namespace fermata::worklist {

/// An item as the state store keeps it: a line of JSON with a format number, then the data set. One document an item.
inline constexpr std::string_view kItemsCollection = "worklist.items";

std::vector<std::byte> to_document(const Item& item);

/// **Errors**: corrupt, or unsupported if a newer version of the program wrote it.
ItemPtr item_from_document(std::string_view id, std::span<const std::byte> content);

}  // namespace fermata::worklist
