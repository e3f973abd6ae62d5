#pragma once
#include "fermata/dimse_services.hpp"
#include "service.hpp"

namespace fermata::dimse {

/// Lets another plugin answer messages: turns what came over the network into a DimseRequest with its data set in the
/// form in which data sets cross between plugins, and the DimseResponses back (PS3.7 9 and 10).
///
/// *Used by* the dispatcher. **Thread**: any number at once. **Ownership**: the plugin's service stays the plugin's.
class RegisteredService : public Service {
 public:
  explicit RegisteredService(DimseService& service) : service_(service) {}
  void handle(Session& session, const Message& message) override;

 private:
  DimseService& service_;
};

}  // namespace fermata::dimse
