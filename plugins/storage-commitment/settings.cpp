#include "settings.hpp"

namespace fermata::storage_commitment {

Settings read_settings(const Config& config) {
  Settings settings;
  settings.retrieve_ae_title = config["retrieve_ae_title"].string();
  settings.retry_interval = config["retry_interval"].duration();
  settings.retry_for = config["retry_for"].duration();
  settings.response_timeout = config["response_timeout"].duration();
  settings.keep = config["keep"].duration();
  settings.maximum_rate = config["maximum_rate"].size();
  return settings;
}

}  // namespace fermata::storage_commitment
