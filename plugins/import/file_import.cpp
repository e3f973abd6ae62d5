#include "file_import.hpp"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "fermata/error.hpp"
#include "fermata/pace.hpp"
#include "file_names.hpp"
#include "intake.hpp"
#include "pipeline.hpp"
#include "verification.hpp"

namespace fermata::imports {
namespace {

using Clock = std::chrono::steady_clock;
using Phase = ImportState::Phase;

constexpr uint64_t kMostUnsaved = 2000;
constexpr std::chrono::seconds kLongestUnsaved{2};
constexpr uint64_t kMostFailures = 20;  // of the archive in a row: then it is not the objects' fault
constexpr uint64_t kTellEvery = 64;

void add_part(std::string& text, uint64_t number, const char* what) {
  if (number != 0) text += (text.empty() ? "" : ", ") + std::to_string(number) + " " + what;
}

bool is_kept(Outcome outcome) {
  return outcome == Outcome::stored || outcome == Outcome::duplicate || outcome == Outcome::replaced;
}

}  // namespace

std::filesystem::path report_path(const std::filesystem::path& folder, const std::string& import) {
  return folder / (import + ".report");
}

std::string summary(const Counts& counts, const ImportState& state) {
  std::string text;
  add_part(text, counts.of(Outcome::stored), "stored");
  add_part(text, counts.of(Outcome::fresh), "to be stored");
  add_part(text, counts.of(Outcome::present), "in the archive already");
  add_part(text, counts.of(Outcome::duplicate), "duplicates");
  add_part(text, counts.of(Outcome::replaced), "replaced");
  add_part(text, counts.of(Outcome::differs), "with the UID of another object");
  add_part(text, counts.of(Outcome::refused), "refused");
  add_part(text, counts.of(Outcome::not_dicom), "not DICOM");
  add_part(text, counts.of(Outcome::unreadable), "unreadable");
  add_part(text, counts.of(Outcome::missing), "missing");
  add_part(text, state.verified, "verified");
  add_part(text, counts.of(Outcome::lost), "NOT as they should be");
  add_part(text, counts.of(Outcome::noted), "studies with notes");
  return text.empty() ? "nothing was found" : text;
}

FileImport::FileImport(const Surroundings& around, const ImportPlan& plan, ImportRun& run)
    : around_(around),
      plan_(plan),
      run_(run),
      origin_("IMPORT-" + run.name()),
      opened_(open_source(plan, around.folder)),
      state_(ImportState::from_json(run.checkpoint())),
      tally_(around.trail, plan, origin_) {}

void FileImport::run() {
  begin_or_go_on();
  try {
    if (state_.phase == Phase::files) read_files();
    if (state_.phase == Phase::verification) verify();
    if (state_.phase == Phase::notes) put_down_notes();
  } catch (const Error&) {
    report_->flush();
    if (state_.phase == Phase::files) save();
    throw;
  }
  const auto found = counts_.found();
  run_.progress(found, found, summary(counts_, state_));
  if (counts_.of(Outcome::lost) != 0)
    throw Error(Code::corrupt, std::to_string(counts_.of(Outcome::lost)) +
                                   " objects are not in the archive as they should be; the report names them. " +
                                   summary(counts_, state_));
}

// Where it goes on ---------------------------------------------------------------------------------------------------

void FileImport::begin_or_go_on() {
  const auto path = report_path(around_.folder, run_.name());
  std::filesystem::create_directories(around_.folder);
  if (!run_.checkpoint().empty() && std::filesystem::exists(path)) {
    take_up_report(path);
  } else {
    state_ = {};
    state_.total = opened_.source->count([this] { return run_.cancelled(); });
    report_ = std::make_unique<ReportWriter>(path, ReportHead{escaped(plan_.source), plan_.kind, plan_.dry_run}, 0);
    report_->sync();
    save();
  }
}

/// What has been put down already is counted anew. Later phases begin with the report as it was.
void FileImport::take_up_report(const std::filesystem::path& path) {
  ReportReader reader(path);
  FileResult line;
  const auto end = state_.phase == Phase::files ? UINT64_MAX : state_.report;
  while (reader.offset() < end && reader.next(line)) {
    counts_.add(line.outcome);
    position_ = line.position;
  }
  report_ = std::make_unique<ReportWriter>(path, reader.head(), reader.offset());
  resumed_ = true;
}

// Files --------------------------------------------------------------------------------------------------------------

void FileImport::read_files() {
  opened_.source->go_on_after(position_);
  Pace pace(static_cast<double>(plan_.rate));
  const auto told = [this] { return run_.cancelled(); };
  Pipeline pipeline(around_.parallel);
  bool more = true;
  bool told_to_end = false;
  while (more || !pipeline.empty()) {
    Entry entry;
    told_to_end = told_to_end || (more && run_.cancelled());
    more = more && !told_to_end && opened_.source->next(entry);
    if (more) {
      pace.wait(1, told);
      add(entry, pipeline);
    }
    while (!pipeline.empty() && (!more || pipeline.full())) put_down(pipeline.take());
    save_now_and_then();
  }
  if (told_to_end) stop();
  enter(plan_.dry_run ? Phase::done : Phase::verification);
}

void FileImport::add(Entry& entry, Pipeline& pipeline) {
  FileResult result;
  result.file = entry.name;
  result.position = entry.position;
  if (!entry.problem.empty()) {
    result.outcome = entry.outcome;
    result.reason = entry.problem;
    return pipeline.add(std::move(result));
  }
  auto& archive = around_.archive;
  const bool dry_run = plan_.dry_run;
  const auto store = std::make_shared<Intake>(archive, origin_, result);
  if (entry.stream) {
    if (dry_run) return pipeline.add(survey(archive, *entry.stream, std::move(result)));
    store->take(*entry.stream);
    return pipeline.add([store] { return store->finish(); });
  }
  pipeline.add([&archive, dry_run, store, result, open = std::move(entry.open)]() mutable {
    std::unique_ptr<ByteStream> stream;
    try {
      stream = open();
    } catch (const Error& error) {
      result.outcome = error.code() == Code::corrupt ? Outcome::not_dicom : Outcome::unreadable;
      result.reason = error.what();
      return result;
    }
    if (dry_run) return survey(archive, *stream, std::move(result));
    store->take(*stream);
    return store->finish();
  });
}

void FileImport::put_down(FileResult result) {
  settle_repeated(result);
  failures_ = result.archive_failed ? failures_ + 1 : 0;
  if (failures_ >= kMostFailures)
    throw Error(Code::io, "the archive fails again and again: " + result.reason + ". Look at its log.");
  report_->add(result);
  counts_.add(result.outcome);
  tally_.count(result);
  if (++unsaved_ % kTellEvery == 0) tell(counts_.found(), state_.total);
}

/// After an interruption, objects that were stored just before it and whose lines are lost turn up as duplicates.
void FileImport::settle_repeated(FileResult& result) {
  if (!resumed_) return;
  if (result.outcome == Outcome::stored && ++repeated_ > around_.parallel * 4) resumed_ = false;
  if (result.outcome != Outcome::duplicate) return;
  const std::string_view uid = result.instance;
  Selection selection;
  selection.sop_instance_uids = {&uid, 1};
  const auto cursor = around_.archive.instances(selection);
  if (InstanceRecord record; cursor->next(record) && record.source_ae_title == origin_)
    result.outcome = Outcome::stored;
}

// Verification -------------------------------------------------------------------------------------------------------

void FileImport::verify() {
  report_->flush();
  ReportReader lines(report_path(around_.folder, run_.name()));
  if (state_.offset != 0) lines.go_to(state_.offset);
  const auto end = report_->length();
  const auto take = [this](const FileResult& before, FileResult result) {
    ++state_.verified;
    if (result.outcome == Outcome::replaced && before.outcome != Outcome::replaced) ++state_.edited;
    if (result.outcome != Outcome::lost) return;
    --state_.verified;
    result.position = result.file;
    report_->add(result);
    counts_.add(Outcome::lost);
  };
  Pipeline pipeline(around_.parallel);
  std::deque<FileResult> waiting;
  const auto take_first = [&] {
    take(waiting.front(), pipeline.take());
    waiting.pop_front();
  };
  bool more = true;
  for (FileResult line; more;) {
    stop_if_told();
    more = lines.offset() < end && lines.next(line);
    if (more && is_kept(line.outcome)) {
      waiting.push_back(line);
      pipeline.add([&archive = around_.archive, line] { return verified(archive, line); });
      ++unsaved_;
    }
    if (unsaved_ >= kMostUnsaved || Clock::now() - saved_ > kLongestUnsaved || !more) {
      while (!pipeline.empty()) take_first();
      state_.offset = lines.offset();
      state_.report = std::max(report_->length(), end);
      save();
      run_.progress(state_.verified, counts_.held(), "reading back what was stored");
    }
    while (pipeline.full()) take_first();
  }
  enter(opened_.knowledge ? Phase::notes : Phase::done);
}

// Notes --------------------------------------------------------------------------------------------------------------

void FileImport::put_down_notes() {
  const auto program = opened_.knowledge->program();
  if (around_.notes == nullptr) {
    FileResult line;
    line.file = line.position = "labels and notes of " + program;
    line.outcome = Outcome::refused;
    line.reason = "there is nowhere to put them: enable the plugin admin and import again";
    report_->add(line);
    counts_.add(line.outcome);
    return enter(Phase::done);
  }
  KnownStudy study;
  uint64_t number = 0;
  while (opened_.knowledge->next(study)) {
    stop_if_told();
    note(study, program);
    if (++number % kTellEvery == 0) run_.progress(number, 0, "labels and notes of " + program);
  }
  enter(Phase::done);
}

void FileImport::note(const KnownStudy& study, const std::string& program) {
  FileResult line;
  line.file = line.position = "study " + study.study;
  line.study = study.study;
  line.outcome = Outcome::noted;
  const std::string_view uid = study.study;
  Selection selection;
  selection.study_instance_uids = {&uid, 1};
  InstanceRecord record;
  if (uid.empty() || !around_.archive.instances(selection)->next(record)) {
    line.outcome = Outcome::missing;
    line.reason = "the database of " + program + " knows this study, but none of its objects is in the archive";
  } else {
    const std::vector<std::string_view> labels(study.labels.begin(), study.labels.end());
    around_.notes->add_labels(study.study, labels);
    if (!study.note.empty()) around_.notes->put_note(study.study, program, study.note);
    for (const auto& label : study.labels) line.reason += (line.reason.empty() ? "labels: " : ", ") + label;
    if (!study.problem.empty()) line.reason += (line.reason.empty() ? "" : "; ") + study.problem;
  }
  report_->add(line);
  counts_.add(line.outcome);
}

// Progress -----------------------------------------------------------------------------------------------------------

void FileImport::enter(Phase phase) {
  state_.phase = phase;
  report_->flush();
  state_.report = report_->length();
  state_.offset = 0;
  save();
}

void FileImport::save_now_and_then() {
  if (unsaved_ >= kMostUnsaved || (unsaved_ != 0 && Clock::now() - saved_ > kLongestUnsaved)) save();
}

void FileImport::save() {
  report_->sync();
  run_.save(state_.to_json());
  unsaved_ = 0;
  saved_ = Clock::now();
}

void FileImport::tell(uint64_t done, uint64_t total) {
  run_.progress(done, std::max(done, total), summary(counts_, state_));
}

void FileImport::stop_if_told() {
  if (run_.cancelled()) stop();
}

void FileImport::stop() { throw Error(Code::cancelled, "the import was told to end; it goes on where it was"); }

}  // namespace fermata::imports
