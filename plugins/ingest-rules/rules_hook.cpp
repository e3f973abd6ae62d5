#include "rules_hook.hpp"

namespace fermata::ingest_rules {
namespace {

std::string sop_instance_of(IngestContext& context) {
  return std::string(dicom::DataSetView(context.header()).text(dicom::kSopInstanceUid));
}

}  // namespace

void RulesHook::before_store(IngestContext& context) {
  const auto request = context.request();
  for (const auto& rule : rules_) {
    if (!rule.fits(dicom::DataSetView(context.header()), request)) continue;
    journal_.count("applied_total", 1);
    journal_.log(LogLevel::debug, "a rule is applied",
                 {{"rule", rule.name}, {"sop_instance_uid", sop_instance_of(context)}});
    try {
      rule.actions.apply(context);
    } catch (const Error& error) {
      journal_.count("failed_total", 1);
      journal_.log(LogLevel::error, "a rule can't be applied to an object, which is refused",
                   {{"rule", rule.name}, {"reason", error.what()}, {"sop_instance_uid", sop_instance_of(context)}});
      return context.refuse("a rule of the archive can't be applied to this object");
    }
    if (!rule.actions.refusal) continue;
    journal_.count("refused_total", 1);
    journal_.log(LogLevel::info, "an object is refused by a rule",
                 {{"rule", rule.name}, {"sop_instance_uid", sop_instance_of(context)}});
    return;
  }
}

}  // namespace fermata::ingest_rules
