#include "procedures_command.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "fermata/error.hpp"
#include "fermata/text_table.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::mpps {
namespace {

constexpr const char* kUsage =
    "fermata procedures                     show all steps, latest first\n"
    "fermata procedures SOP-INSTANCE-UID    show the instances of one that are not here";

std::string or_dash(std::string_view text) { return text.empty() ? "-" : std::string(text); }

}  // namespace

std::string_view ProceduresCommand::usage() { return kUsage; }

int32_t ProceduresCommand::run_at(Console& console, std::span<const std::string_view> arguments) {
  ConsoleStream out(console);
  if (arguments.empty())
    show_all(out);
  else if (arguments.size() == 1 && !arguments.front().starts_with('-'))
    show_one(out, arguments.front());
  else
    throw Error(Code::invalid, std::string("usage:\n") + kUsage);
  return 0;
}

void ProceduresCommand::show_all(std::ostream& out) {
  std::vector<PerformedStep> steps;
  steps_.for_each([&](PerformedStep&& step) { steps.push_back(std::move(step)); },
                  [&out](const std::string& problem) { out << "left out: " << problem << '\n'; });
  std::sort(steps.begin(), steps.end(),
            [](const PerformedStep& a, const PerformedStep& b) { return a.created_us > b.created_us; });
  TextTable table({"Begun", "AE title", "Modality", "State", "Last change", "Instances here", "Worklist items",
                   "Study Instance UID", "SOP Instance UID"});
  for (const auto& step : steps) {
    const auto instances = step.instances();
    const auto here = std::count_if(instances.begin(), instances.end(), [this](const auto& uid) { return has(uid); });
    table.add({utc_text(step.created_us), step.ae_title, or_dash(step.data_set.text(dicom::kModality)),
               std::string(step.state()), utc_text(step.changed_us),
               std::to_string(here) + " of " + std::to_string(instances.size()),
               std::to_string(step.worklist_items.size()), or_dash(step.study_instance_uid()), step.sop_instance_uid});
  }
  table.print(out);
}

void ProceduresCommand::show_one(std::ostream& out, std::string_view sop_instance_uid) {
  const auto step = steps_.find(sop_instance_uid);
  if (!step)
    throw Error(Code::not_found,
                "there is no performed procedure step with SOP Instance UID " + std::string(sop_instance_uid));
  TextTable table({"SOP Instance UID that is not here"});
  for (const auto& uid : step->instances())
    if (!has(uid)) table.add({uid});
  table.print(out);
}

bool ProceduresCommand::has(const std::string& sop_instance_uid) {
  const std::string_view uids[] = {sop_instance_uid};
  Selection selection;
  selection.sop_instance_uids = uids;
  InstanceRecord record;
  return archive_.instances(selection)->next(record);
}

}  // namespace fermata::mpps
