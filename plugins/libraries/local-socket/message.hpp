#pragma once
#include <boost/json.hpp>
#include <string>

#include "fermata/error.hpp"

namespace fermata::local_socket {

/// What two programs tell each other, a JSON object a line. Here is what every conversation needs.

/// The other side says what this one does not understand.
Error other_version();
/// **Errors**: other_version if the line is no object.
boost::json::object read_message(const std::string& line, const boost::json::parse_options& options = {});
boost::json::object error_message(const Error& error);
/// Throws the error that the other side has told, if this message is one.
void throw_told_error(const boost::json::object& message);

}  // namespace fermata::local_socket
