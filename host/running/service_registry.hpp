#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

namespace fermata::host {

/// A published service: the table and the object of fermata_service, and who published it.
struct Service {
  const void* vt = nullptr;
  void* self = nullptr;
  std::string instance = {};
};

/// What is published at the moment, by service id and plugin instance. **Thread**: any.
class ServiceRegistry {
 public:
  void publish(const std::string& instance, const std::string& id, Service service);
  bool has(const std::string& instance, const std::string& id) const;
  /// Takes back everything an instance published.
  void withdraw(const std::string& instance);
  /// The service with this number among those of `providers`, in their order; nothing past the last one.
  std::optional<Service> find(const std::string& id, const std::vector<std::string>& providers, uint64_t number) const;

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::vector<Service>> services_;  ///< (instance, id)
};

}  // namespace fermata::host
