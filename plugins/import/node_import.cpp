#include "node_import.hpp"

#include <algorithm>
#include <fstream>

#include "fermata/checksum.hpp"
#include "fermata/error.hpp"
#include "fermata/pace.hpp"
#include "verification.hpp"

namespace fermata::imports {
namespace {

using Phase = ImportState::Phase;

constexpr double kSecondsInAnHour = 3600;

std::filesystem::path replaced(const std::filesystem::path& path, const char* extension) {
  auto other = path;
  other.replace_extension(extension);
  return other;
}

std::vector<RemoteStudy> read_list(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::vector<RemoteStudy> studies;
  for (RemoteStudy study; stream >> study.study >> study.instances;) studies.push_back(study);
  return studies;
}

bool includes_all(const std::set<std::string>& held, const std::vector<RemoteInstance>& listed) {
  return std::all_of(listed.begin(), listed.end(), [&](const auto& one) { return held.contains(one.instance); });
}

}  // namespace

NodeImport::NodeImport(const Surroundings& around, DimseClient& client, const std::string& own, const ImportPlan& plan,
                       ImportRun& run)
    : around_(around),
      plan_(plan),
      run_(run),
      queries_(client, plan.source),
      retrieval_(client, plan.source, own),
      state_(ImportState::from_json(run.checkpoint())) {}

std::filesystem::path NodeImport::list_path() const {
  return replaced(report_path(around_.folder, run_.name()), ".studies");
}

void NodeImport::run() {
  std::filesystem::create_directories(around_.folder);
  if (run_.checkpoint().empty() || state_.report == 0)
    list_studies();
  else
    go_on();
  const auto studies = read_list(list_path());
  Pace pace(static_cast<double>(plan_.rate) / kSecondsInAnHour);  // so many studies in an hour
  while (state_.phase == Phase::files && state_.offset < studies.size()) {
    if (state_.offset != 0) pace.wait(1, [this] { return run_.cancelled(); });
    if (run_.cancelled()) throw Error(Code::cancelled, "the import was told to end; it goes on where it was");
    fetch(studies[state_.offset]);
    ++state_.offset;
    save();
    run_.progress(state_.offset, state_.total, summary(counts_, state_));
  }
  state_.phase = Phase::done;
  save();
  std::error_code ignored;
  std::filesystem::remove(list_path(), ignored);
  run_.progress(state_.total, state_.total, std::to_string(state_.total) + " studies: " + summary(counts_, state_));
  if (const auto lost = counts_.of(Outcome::lost) + counts_.of(Outcome::missing); lost != 0)
    throw Error(Code::corrupt, std::to_string(lost) + " instances of " + plan_.source +
                                   " are not in the archive as they should be; the report names them");
}

/// The list is whole before it has its name, and is made only once.
void NodeImport::list_studies() {
  const auto beside = replaced(list_path(), ".studies-new");
  uint64_t number = 0;
  {
    std::ofstream list(beside, std::ios::trunc);
    queries_.studies(plan_.from, plan_.to, [&](const RemoteStudy& study) {
      list << study.study << ' ' << study.instances << '\n';
      ++number;
    });
    if (!list.flush()) throw Error(Code::io, "the list of studies can't be kept");
  }
  std::filesystem::rename(beside, list_path());
  state_ = {};
  state_.total = number;
  report_ = std::make_unique<ReportWriter>(report_path(around_.folder, run_.name()),
                                           ReportHead{plan_.source, plan_.kind, plan_.dry_run}, 0);
  save();
}

/// What stands in the report of a study that was not through is taken out: it is looked at again.
void NodeImport::go_on() {
  const auto path = report_path(around_.folder, run_.name());
  ReportReader reader(path);
  for (FileResult line; reader.offset() < state_.report && reader.next(line);) counts_.add(line.outcome);
  report_ = std::make_unique<ReportWriter>(path, reader.head(), reader.offset());
}

void NodeImport::fetch(const RemoteStudy& study) {
  const auto before = held(study.study);
  if (plan_.dry_run) {
    FileResult line;
    line.file = line.study = study.study;
    line.outcome = before.empty() || before.size() < study.instances ? Outcome::fresh : Outcome::present;
    line.reason = std::to_string(study.instances) + " instances there, " + std::to_string(before.size()) + " here";
    return add(std::move(line));
  }
  const auto listed = queries_.instances(study.study);
  std::string said;
  if (!includes_all(before, listed)) said = retrieve(study.study, listed);
  for (const auto& [instance, sop_class] : listed) put_down(study.study, instance, before.contains(instance), said);
}

std::string NodeImport::retrieve(const std::string& study, const std::vector<RemoteInstance>& listed) {
  node_retrieval::Wanted wanted;
  wanted.study = study;
  bool all_known = true;
  for (const auto& [instance, sop_class] : listed) {
    all_known = all_known && !sop_class.empty();
    if (!sop_class.empty()) wanted.kinds.try_emplace(sop_class);
  }
  if (!all_known) node_retrieval::add_common_classes(wanted.kinds);
  return retrieval_.retrieve(wanted, [&] { return includes_all(held(study), listed); });
}

void NodeImport::put_down(const std::string& study, const std::string& instance, bool was_there,
                          const std::string& said) {
  FileResult line;
  line.file = study + "/" + instance;
  line.study = study;
  line.instance = instance;
  line.outcome = was_there ? Outcome::duplicate : Outcome::stored;
  const std::string_view uid = instance;
  Selection selection;
  selection.sop_instance_uids = {&uid, 1};
  const auto cursor = around_.archive.instances(selection);
  InstanceRecord record;
  if (!cursor->next(record)) {
    line.outcome = Outcome::missing;
    line.reason = "the node lists it, but has not sent it" + (said.empty() ? "" : ": " + said);
    return add(std::move(line));
  }
  line.series = record.series_instance_uid;
  line.checksum = hexadecimal(record.checksum);
  line.bytes = record.blob_length - record.data_set_offset;
  if (!was_there) {
    line = verified(around_.archive, std::move(line));
    state_.verified += line.outcome == Outcome::lost ? 0 : 1;
  }
  add(std::move(line));
}

void NodeImport::add(FileResult line) {
  line.position = line.file;
  report_->add(line);
  counts_.add(line.outcome);
}

std::set<std::string> NodeImport::held(const std::string& study) const {
  const std::string_view uid = study;
  Selection selection;
  selection.study_instance_uids = {&uid, 1};
  const auto cursor = around_.archive.instances(selection);
  std::set<std::string> instances;
  for (InstanceRecord record; cursor->next(record);) instances.emplace(record.sop_instance_uid);
  return instances;
}

void NodeImport::save() {
  report_->sync();
  state_.report = report_->length();
  run_.save(state_.to_json());
}

}  // namespace fermata::imports
