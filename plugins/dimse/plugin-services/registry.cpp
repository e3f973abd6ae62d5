#include "plugin-services/registry.hpp"

#include "fermata/error.hpp"
#include "plugin-services/registered_service.hpp"

namespace fermata::dimse {

Registry::Registry(SopClasses& classes) : classes_(classes) {}

Registry::~Registry() = default;

void Registry::add(std::span<const std::string_view> sop_class_uids, Rights rights, DimseService& service) {
  if (!open_) throw Error(Code::unavailable, "SOP Classes can be added in `start` only");
  auto& registered = services_.emplace_back(std::make_unique<RegisteredService>(service));
  for (const auto uid : sop_class_uids) classes_.add(uid, rights, *registered);
}

}  // namespace fermata::dimse
