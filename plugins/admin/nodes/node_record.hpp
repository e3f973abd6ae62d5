#pragma once
#include <boost/json.hpp>
#include <string_view>
#include <vector>

#include "fermata/application_entities.hpp"

namespace fermata::admin {

/// What the API says of a node.
boost::json::object node_object(const ApplicationEntity& node);

boost::json::array names_of(Rights rights);
/// **Errors**: invalid (none of echo, store, query, retrieve).
Rights rights_named(const std::vector<std::string>& names);
/// What somebody who was refused has asked for ("store CT Image Storage; query"), and echo; everything, if that can't
/// be told.
Rights rights_wanted(std::string_view wanted);

}  // namespace fermata::admin
