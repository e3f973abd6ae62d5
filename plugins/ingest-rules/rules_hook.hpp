#pragma once
#include <string>
#include <vector>

#include "actions.hpp"
#include "conditions.hpp"
#include "fermata/ingest_hook.hpp"
#include "fermata/journal.hpp"

namespace fermata::ingest_rules {

struct Rule {
  std::string name;
  Conditions when;
  Conditions unless;  ///< empty: none
  Actions actions;

  bool fits(dicom::DataSetView header, const StoreRequest& request) const {
    return when.fit(header, request) && (unless.empty() || !unless.fit(header, request));
  }
};

/// Applies every rule that fits, in their order, until one refuses the object.
///
/// *Used by* the archive. **Thread**: any number of objects at once. **Errors**: what an edit can't do for one object
/// (a value that becomes too long) refuses it, with the rule's name in the log.
class RulesHook final : public IngestHook {
 public:
  RulesHook(std::vector<Rule> rules, Journal journal) : rules_(std::move(rules)), journal_(std::move(journal)) {}

  void before_store(IngestContext& context) override;
  void after_store(const InstanceRecord&, StoreOutcome::Kind) override {}

 private:
  const std::vector<Rule> rules_;
  const Journal journal_;
};

}  // namespace fermata::ingest_rules
