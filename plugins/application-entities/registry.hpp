#pragma once
#include <memory>
#include <string_view>

#include "fermata/application_entities.hpp"
#include "host_addresses.hpp"
#include "last_admissions.hpp"
#include "node_directory.hpp"
#include "refused_callers.hpp"
#include "settings.hpp"

namespace fermata::application_entities {

/// Answers who may do what: the nodes first, then the trusted networks, then what strangers may.
///
/// A node's own rights hold even within a trusted network, and so does its demand for TLS; only a title that calls from
/// an unexpected address, or isn't known at all, is taken for a trusted caller there.
/// **Thread**, **Ownership**, **Errors**: see ApplicationEntities. PS3.8 9.3.4 has the reject reasons this leads to.
class Registry final : public ApplicationEntities {
 public:
  Registry(const Settings& settings, NodeDirectory& directory, HostAddresses& addresses, RefusedCallers& refused);

  Admission admit(const Caller& caller) override;
  std::unique_ptr<ApplicationEntityCursor> resolve(std::string_view ae_title, const Caller& caller) override;
  std::unique_ptr<ApplicationEntityCursor> list() override;
  void put(const ApplicationEntity& entity) override;
  void remove(std::string_view ae_title) override;
  void remember_refused(const Caller& caller, std::string_view wanted, std::string_view reason) override;
  std::unique_ptr<RefusedCallerCursor> refused() override;
  void forget_refused(std::string_view calling_ae_title, std::string_view address) override;

 private:
  bool is_trusted(const IpAddress& address) const;
  bool calls_from_its_address(const Node& node, const Caller& caller);
  Admission admit_stranger(const Caller& caller, Admission::Verdict otherwise) const;
  Admission not_admitted(Admission::Verdict why) const;
  bool may_be_answered(std::string_view title, const Caller& caller) const;
  void watch_hosts();

  const Settings settings_;
  NodeDirectory& directory_;
  HostAddresses& addresses_;
  RefusedCallers& refused_;
  LastAdmissions last_admissions_;
};

}  // namespace fermata::application_entities
