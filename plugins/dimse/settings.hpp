#pragma once
#include "acceptor.hpp"
#include "client.hpp"
#include "fermata/config.hpp"
#include "reception.hpp"
#include "retriever.hpp"

namespace fermata::dimse {

/// The configuration of the plugin, by who needs what.
struct Settings {
  AcceptorSettings acceptor;
  ReceptionSettings reception;
  ClientSettings client;
  RetrieverSettings retriever;
  bool accept_unknown_storage = true;
};

/// Error invalid for what the schema can't say.
Settings read_settings(const Config& config);

}  // namespace fermata::dimse
