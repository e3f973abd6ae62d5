#pragma once
#include <atomic>
#include <memory>
#include <string_view>

#include "announced_places.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/station_directory.hpp"
#include "host_addresses.hpp"
#include "last_admissions.hpp"
#include "node_directory.hpp"
#include "refused_callers.hpp"
#include "settings.hpp"

namespace fermata::application_entities {

/// Answers who may do what: the nodes first, then the trusted networks, then what strangers may.
///
/// A node's demand for TLS, and for a certificate, holds for its title wherever it calls from; its own rights hold even
/// within a trusted network. Only a title that calls from an unexpected address, or isn't known at all, is taken for a
/// trusted caller there.
/// Where to send is answered by a node's host first. For a title without one: the caller itself, if it is who is meant,
/// where it announces itself or on the port that viewers have; then the one station that announces itself by that
/// title.
/// **Thread**, **Ownership**, **Errors**: see ApplicationEntities. PS3.8 9.3.4 has the reject reasons this leads to.
class Registry final : public ApplicationEntities {
 public:
  Registry(const Settings& settings, NodeDirectory& directory, HostAddresses& addresses, RefusedCallers& refused);

  /// Where stations that announce themselves are looked up; they outlive every call. Null: nowhere.
  void use(StationDirectory* stations) { stations_ = stations; }

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
  AnnouncedPlaces announced(std::string_view title) const;
  bool may_be_answered(std::string_view title, const IpAddress& address) const;
  void watch_hosts();

  const Settings settings_;
  NodeDirectory& directory_;
  HostAddresses& addresses_;
  RefusedCallers& refused_;
  std::atomic<StationDirectory*> stations_ = nullptr;
  LastAdmissions last_admissions_;
};

}  // namespace fermata::application_entities
