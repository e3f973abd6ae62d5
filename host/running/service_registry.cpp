#include "running/service_registry.hpp"

#include <iterator>
#include <mutex>

namespace fermata::host {

void ServiceRegistry::publish(const std::string& instance, const std::string& id, Service service) {
  service.instance = instance;
  const std::unique_lock lock(mutex_);
  services_[{instance, id}].push_back(std::move(service));
}

bool ServiceRegistry::has(const std::string& instance, const std::string& id) const {
  const std::shared_lock lock(mutex_);
  return services_.count({instance, id}) != 0;
}

void ServiceRegistry::withdraw(const std::string& instance) {
  const std::unique_lock lock(mutex_);
  for (auto entry = services_.begin(); entry != services_.end();)
    entry = entry->first.first == instance ? services_.erase(entry) : std::next(entry);
}

std::optional<Service> ServiceRegistry::find(const std::string& id, const std::vector<std::string>& providers,
                                             uint64_t number) const {
  const std::shared_lock lock(mutex_);
  for (const auto& provider : providers) {
    const auto found = services_.find({provider, id});
    if (found == services_.end()) continue;
    if (number < found->second.size()) return found->second[static_cast<std::size_t>(number)];
    number -= found->second.size();
  }
  return {};
}

}  // namespace fermata::host
