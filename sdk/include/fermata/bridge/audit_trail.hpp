#pragma once
#include "fermata/audit_trail.hpp"
#include "fermata/bridge/bridge.hpp"

namespace fermata::bridge {

template <>
struct Wire<const AuditEvent&> {
  using c = const fermata_audit_event*;
  static AuditEvent from(c given) {
    const auto e = complete(*given);
    return {view(e.action), static_cast<AuditEvent::Outcome>(e.outcome),
            view(e.user),   view(e.peer_address),
            view(e.object), view(e.patient_id),
            view(e.detail), e.time_us};
  }
};

template <>
struct Bridge<AuditTrail> {
  using Table = fermata_audit_trail_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&AuditTrail::record>::call};
    return &t;
  }
  class Proxy final : public AuditTrail, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    void record(const AuditEvent& e) override {
      const fermata_audit_event c{sizeof c,
                                  static_cast<uint32_t>(e.outcome),
                                  str(e.action),
                                  str(e.user),
                                  str(e.peer_address),
                                  str(e.object),
                                  str(e.patient_id),
                                  str(e.detail),
                                  e.time_us};
      call(&Table::record, &c);
    }
  };
};

}  // namespace fermata::bridge
