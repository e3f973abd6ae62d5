#pragma once
#include <optional>

#include "admission/acceptor.hpp"
#include "admission/reception.hpp"
#include "client.hpp"
#include "fermata/config.hpp"
#include "query-retrieve/finder.hpp"
#include "query-retrieve/retriever.hpp"

namespace fermata::dimse {

/// The configuration of the plugin, by who needs what.
struct Settings {
  std::optional<AcceptorSettings> plain;
  std::optional<AcceptorSettings> secured;
  tls::Settings tls;  ///< of `secured`
  ReceptionSettings reception;
  ClientSettings client;
  RetrieverSettings retriever;
  FinderSettings finder;
  bool accept_unknown_storage = true;
};

/// Error invalid for what the schema can't say.
Settings read_settings(const Config& config);

}  // namespace fermata::dimse
