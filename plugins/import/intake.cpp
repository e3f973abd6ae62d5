#include "intake.hpp"

#include "fermata/error.hpp"
#include "file_beginning.hpp"

namespace fermata::imports {
namespace {

constexpr std::string_view kProtocol = "import";

Outcome outcome_of(StoreOutcome::Kind kind) {
  switch (kind) {
    case StoreOutcome::Kind::stored:
      return Outcome::stored;
    case StoreOutcome::Kind::identical:
      return Outcome::duplicate;
    case StoreOutcome::Kind::kept_first:
      return Outcome::differs;
    case StoreOutcome::Kind::replaced:
      return Outcome::replaced;
    case StoreOutcome::Kind::refused:
      return Outcome::refused;
  }
  return Outcome::refused;
}

void note(FileResult& result, const Error& error) {
  result.outcome = error.code() == Code::corrupt ? Outcome::not_dicom : Outcome::unreadable;
  result.reason = error.what();
}

}  // namespace

void Intake::take(ByteStream& stream) {
  try {
    const auto beginning = FileBeginning::read(stream);
    StoreRequest request;
    request.transfer_syntax_uid = beginning.transfer_syntax_uid;
    request.calling_ae_title = origin_;
    request.protocol = kProtocol;
    result_.instance = beginning.sop_instance_uid;
    operation_ = archive_.store(request);
    append(beginning.data);
  } catch (const Error& error) {
    if (error.code() == Code::unavailable) throw;
    return note(result_, error);
  }
  try {
    for (auto data = stream.read(); !data.empty(); data = stream.read()) append(data);
  } catch (const Error& error) {
    operation_.reset();
    result_.outcome = Outcome::unreadable;
    result_.reason = error.what();
  }
}

void Intake::append(std::span<const std::byte> data) {
  operation_->append(data);
  checksum_.add(data);
  result_.bytes += data.size();
}

FileResult Intake::finish() {
  if (!operation_) return std::move(result_);
  const auto outcome = operation_->finish();
  if (outcome.refusal == StoreOutcome::Refusal::stopping)
    throw Error(Code::unavailable, std::string(outcome.reason) + "; the import goes on later");
  if (outcome.refusal == StoreOutcome::Refusal::out_of_space)
    throw Error(Code::no_space, "the archive is out of space: make room, and the import goes on");
  result_.outcome = outcome_of(outcome.kind);
  result_.reason = outcome.reason;
  result_.archive_failed = outcome.refusal == StoreOutcome::Refusal::failure;
  if (!outcome.study_instance_uid.empty()) result_.study = outcome.study_instance_uid;
  if (!outcome.series_instance_uid.empty()) result_.series = outcome.series_instance_uid;
  if (!outcome.sop_instance_uid.empty()) result_.instance = outcome.sop_instance_uid;
  if (result_.outcome == Outcome::differs)
    result_.reason = "another object with this SOP Instance UID is in the archive, and stays";
  result_.checksum = hexadecimal(checksum_.value());
  operation_.reset();
  return std::move(result_);
}

FileResult survey(Archive& archive, ByteStream& stream, FileResult result) {
  try {
    const auto beginning = FileBeginning::read(stream);
    result.outcome = Outcome::fresh;
    result.instance = beginning.sop_instance_uid;
    if (result.instance.empty()) return result;
    const std::string_view uid = result.instance;
    Selection selection;
    selection.sop_instance_uids = {&uid, 1};
    const auto cursor = archive.instances(selection);
    InstanceRecord record;
    if (!cursor->next(record)) return result;
    result.outcome = Outcome::present;
    result.study = record.study_instance_uid;
    result.series = record.series_instance_uid;
  } catch (const Error& error) {
    note(result, error);
  }
  return result;
}

}  // namespace fermata::imports
