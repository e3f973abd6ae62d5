#pragma once
#include <string>

#include "fermata/ingest_hook.hpp"
#include "fermata/journal.hpp"

namespace your_plugin {

/// Fills in the Institution Name and refuses objects without a Patient ID.
///
/// *Used by* the archive. **Thread**: any number of objects at once. **Errors**: none of its own.
class InstitutionHook final : public fermata::IngestHook {
 public:
  struct Rules {
    std::string institution;
    bool require_patient_id = true;
  };
  InstitutionHook(Rules rules, fermata::Journal journal) : rules_(std::move(rules)), journal_(std::move(journal)) {}

  void before_store(fermata::IngestContext& context) override;
  void after_store(const fermata::InstanceRecord& record, fermata::StoreOutcome::Kind kind) override;

 private:
  const Rules rules_;
  const fermata::Journal journal_;
};

}  // namespace your_plugin
