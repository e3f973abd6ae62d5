#pragma once
#include <boost/json.hpp>

#include "item.hpp"

namespace fermata::worklist {

/// An item for people: what it is told apart by, and the text of its attributes.
boost::json::object item_json(const Item& item);

}  // namespace fermata::worklist
