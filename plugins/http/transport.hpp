#pragma once
#include <memory>

#include "tls/transport.hpp"

namespace fermata::http {

using tls::Bytes;
using tls::Step;
using tls::Transport;

std::unique_ptr<Transport> plain_transport(int descriptor);

}  // namespace fermata::http
