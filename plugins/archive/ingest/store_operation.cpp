#include "ingest/store_operation.hpp"

#include "fermata/free_memory.hpp"
#include "fermata/timestamp.hpp"
#include "file_meta.hpp"
#include "ingest/hook_context.hpp"
#include "ingest/placement.hpp"
#include "refusal.hpp"

namespace fermata::archive {
namespace {

using Kind = StoreOutcome::Kind;
using Refusal = StoreOutcome::Refusal;

constexpr std::string_view kExplicitLittleEndian = "1.2.840.10008.1.2.1";
constexpr std::size_t kLongestAeTitle = 16;

}  // namespace

IngestOperation::IngestOperation(Ingest& ingest, const StoreRequest& request)
    : ingest_(ingest),
      request_(request),
      memory_(ingest.headers),
      scanner_(request_.transfer_syntax_uid, ingest.settings.limits, this) {
  ++ingest_.running;
  object_.transfer_syntax_uid = request_.transfer_syntax_uid;
  object_.source_ae_title = request_.calling_ae_title.substr(0, kLongestAeTitle);
  object_.received_us = now_us();
  if (object_.transfer_syntax_uid.empty()) refuse(Refusal::not_understood, "the transfer syntax is not known");
}

IngestOperation::~IngestOperation() {
  writer_.reset();
  lease_.reset();
  --ingest_.running;
}

void IngestOperation::append(Bytes data) {
  if (refusal_ == Refusal::none) guarded([&] { take(data); });
}

StoreOutcome IngestOperation::finish() {
  if (refusal_ == Refusal::none) guarded([&] { complete(); });
  report();
  return outcome();
}

template <class Step>
void IngestOperation::guarded(Step&& step) {
  try {
    step();
  } catch (const Refused& refused) {
    if (*refused.limit() != '\0') ingest_.journal.count(std::string("limit_") + refused.limit() + "_total", 1);
    refuse(refused.refusal(), refused.what());
  } catch (const Error& error) {
    ingest_.journal.log(LogLevel::error, error.what(), {{"sop_instance_uid", object_.identity.sop_instance}});
    if (error.code() == Code::no_space)
      refuse(Refusal::out_of_space, "the archive is out of space");
    else if (error.code() == Code::out_of_memory)
      refuse_without_memory();
    else
      refuse(Refusal::failure, "the archive's storage has failed");
  } catch (const std::bad_alloc&) {
    refuse_without_memory();
  } catch (const std::exception& error) {
    ingest_.journal.log(LogLevel::error, error.what(), {{"sop_instance_uid", object_.identity.sop_instance}});
    refuse(Refusal::failure, "the archive has failed");
  }
}

void IngestOperation::refuse(Refusal refusal, std::string reason) {
  refusal_ = refusal;
  reason_ = std::move(reason);
  kind_ = Kind::refused;
  writer_.reset();
  let_go_of_everything();
}

void IngestOperation::refuse_without_memory() {
  let_go_of_everything();  // first: what is left may be needed for the answer
  ingest_.journal.count("out_of_memory_total", 1);
  refuse(Refusal::stopping, "there is no memory for it at the moment: send it again later");
}

/// What is left of a refused object is only swallowed.
void IngestOperation::let_go_of_everything() {
  scanner_.forget();
  free_memory(received_);
  free_memory(object_.header);
  edited_.reset();
  memory_.give_back();
}

// Arrival ------------------------------------------------------------------------------------------------------------

void IngestOperation::take(Bytes data) {
  if (ingest_.stopping) throw Refused(Refusal::stopping, "the archive is stopping");
  if (header_complete_) {
    scanner_.feed(data);
    if (!edited_) write(data);  // an edited object is written by the scanner's calls
    return;
  }
  // Mostly the first chunk holds all of the header: then nothing was held back.
  const auto captured = scanner_.captured().size();
  const std::vector<std::byte> pending(scanner_.pending().begin(), scanner_.pending().end());
  scanner_.feed(data);
  const bool deflated = scanner_.encoding().deflated;
  if (!edited_ && header_complete_) {
    write(deflated ? Bytes(received_) : scanner_.captured().first(captured));
    if (!deflated) write(pending);
    write(data);
    free_memory(received_);
  } else if (!edited_ && deflated) {
    received_.insert(received_.end(), data.begin(), data.end());
  }
}

void IngestOperation::begin_bulk(const BulkValue& value, Bytes header) {
  if (!header_complete_) on_header_complete(dicom::Tag(value.tag));
  if (!edited_) return;
  edited_->write_continuation(scanner_.captured());
  if (EditedObject::is_text(value)) {
    if (value.length > ingest_.settings.limits.header) too_large("header", "a text is too long to be encoded anew");
    memory_.grow_to(scanner_.captured().size() + value.length);
  }
  edited_->begin_bulk(value, header);
}

void IngestOperation::bulk_bytes(Bytes bytes) {
  if (edited_) edited_->bulk_bytes(bytes);
}

void IngestOperation::begin_padding() {
  if (!header_complete_) on_header_complete(dicom::Tag(UINT32_MAX));
}

void IngestOperation::header_grows(uint64_t bytes) { memory_.grow_to(bytes + received_.size()); }

CanonicalHeader IngestOperation::canonical(Bytes elements) const {
  return canonical_header(elements, scanner_.encoding().elements, ingest_.settings.limits.header);
}

/// It may have become larger than what it was made of.
void IngestOperation::make_room_for_header() {
  const auto largest = std::max(scanner_.captured().size(), object_.header.size());
  if (const auto held = largest + (edited_ ? edited_->elements().size() : 0); held > kHeaderStep) memory_.grow_to(held);
}

/// `end`: the tag from which on elements have not arrived yet.
void IngestOperation::on_header_complete(dicom::Tag end) {
  header_complete_ = true;
  header_elements_ = scanner_.captured().size();
  auto header = canonical(scanner_.captured());
  object_.header = std::move(header.bytes);
  make_room_for_header();
  character_set_ = std::move(header.character_set);
  object_.identity = Identity::of(object_.header);
  compare_with_command();
  run_hooks(end);
  if (wants_blob()) open_blob();
  if (edited_) edited_->write_header();
}

void IngestOperation::compare_with_command() const {
  if (!request_.sop_class_uid.empty() && request_.sop_class_uid != object_.identity.sop_class)
    throw Refused(Refusal::sop_class_mismatch, "the data set's SOP Class UID is not the command's");
  if (!request_.sop_instance_uid.empty() && request_.sop_instance_uid != object_.identity.sop_instance)
    throw Refused(Refusal::sop_class_mismatch, "the data set's SOP Instance UID is not the command's");
  if (!request_.study_instance_uid.empty() && request_.study_instance_uid != object_.identity.study)
    throw Refused(Refusal::sop_class_mismatch, "the object belongs to another study");
}

void IngestOperation::run_hooks(dicom::Tag end) {
  if (ingest_.hooks.empty()) return;
  HookContext context(object_.header, end, request_.view());
  ingest_.hooks.before_store(context, object_.identity.sop_instance);
  const auto header = context.header();
  if (context.changed()) adopt_edited(header);
}

/// The header is read back from what is going to be stored, so that an index made anew holds the same.
void IngestOperation::adopt_edited(Bytes header) {
  edited_.emplace(header, header_elements_, scanner_.encoding().elements, character_set_,
                  [this](Bytes bytes) { write(bytes); });
  make_room_for_header();
  object_.header = canonical(edited_->elements()).bytes;
  object_.identity = Identity::of(object_.header);
  if (scanner_.encoding().deflated) object_.transfer_syntax_uid = kExplicitLittleEndian;
  free_memory(received_);
}

/// Where another object stays anyway, only the checksum of this one matters.
bool IngestOperation::wants_blob() const {
  return ingest_.settings.duplicates == DuplicatePolicy::replace ||
         !find_instance(ingest_.index, object_.identity.sop_instance);
}

void IngestOperation::open_blob() {
  for (;;) {
    lease_.emplace(ingest_.keys.next());
    try {
      writer_ = ingest_.blobs.create(lease_->key());
      break;
    } catch (const Error& error) {
      if (error.code() != Code::conflict) throw;
      ingest_.keys.abandon_bucket();
    }
  }
  const FileMeta meta{object_.identity.sop_class, object_.identity.sop_instance, object_.transfer_syntax_uid,
                      object_.source_ae_title, object_.received_us};
  const auto head = meta.encode();
  writer_->append(head);
  object_.blob_key = lease_->key();
  object_.data_set_offset = head.size();
}

void IngestOperation::write(Bytes bytes) {
  checksum_.add(bytes);
  written_ += bytes.size();
  if (writer_) writer_->append(bytes);
}

// Completion ---------------------------------------------------------------------------------------------------------

void IngestOperation::complete() {
  if (ingest_.stopping) throw Refused(Refusal::stopping, "the archive is stopping");
  scanner_.finish();
  if (!header_complete_) {
    on_header_complete(dicom::Tag(UINT32_MAX));
    if (!edited_ && scanner_.encoding().deflated) write(received_);
    if (!edited_ && !scanner_.encoding().deflated) {
      write(scanner_.captured());
      write(scanner_.pending());
    }
    free_memory(received_);
  }
  complete_header();
  scanner_.forget();
  if (edited_) edited_->forget_elements();
  object_.blob_length = object_.data_set_offset + written_;
  object_.checksum = checksum_.value();
  kind_ = Placement(ingest_, object_, std::move(writer_), lease_ ? &*lease_ : nullptr).place();
  lease_.reset();
  if (kind_ == Kind::stored || kind_ == Kind::replaced) tell_hooks();
}

/// Adds to the header what came after the first bulk value.
void IngestOperation::complete_header() {
  if (edited_) {
    edited_->write_continuation(scanner_.captured());
    object_.bulk = edited_->take_bulk();
    if (scanner_.captured().size() != header_elements_) object_.header = canonical(edited_->elements()).bytes;
  } else {
    object_.bulk = scanner_.bulk();
    if (scanner_.captured().size() != header_elements_) object_.header = canonical(scanner_.captured()).bytes;
  }
  make_room_for_header();
}

/// The object is stored, whatever comes of this. A header that was let go of is in the index.
void IngestOperation::tell_hooks() {
  if (ingest_.hooks.empty()) return;
  try {
    if (!object_.header.empty()) return ingest_.hooks.after_store(object_.record(), kind_);
    const std::string_view uid = object_.identity.sop_instance;
    Selection selection;
    selection.sop_instance_uids = {&uid, 1};
    selection.with_headers = true;
    const auto cursor = ingest_.index.instances(selection);
    if (InstanceRecord record; cursor->next(record)) ingest_.hooks.after_store(record, kind_);
  } catch (const std::exception& error) {
    ingest_.journal.count("hook_failures_total", 1);
    ingest_.journal.log(LogLevel::warning, std::string("no ingest hook was told of a stored object: ") + error.what(),
                        {{"sop_instance_uid", object_.identity.sop_instance}});
  }
}

StoreOutcome IngestOperation::outcome() const {
  const auto& id = object_.identity;
  return {kind_, refusal_, reason_, id.study, id.series, id.sop_instance, id.sop_class};
}

void IngestOperation::report() const {
  const auto& log = ingest_.journal.log;
  const auto& count = ingest_.journal.count;
  const auto& uid = object_.identity.sop_instance;
  switch (kind_) {
    case Kind::stored:
      return count("stored_total", 1);
    case Kind::identical:
      return count("identical_total", 1);
    case Kind::kept_first:
      log(LogLevel::warning, "another object with a stored SOP Instance UID came in: the first one is kept",
          {{"sop_instance_uid", uid}, {"calling_ae_title", request_.calling_ae_title}});
      return count("kept_first_total", 1);
    case Kind::replaced:
      log(LogLevel::warning, "another object with a stored SOP Instance UID came in: it replaces the first one",
          {{"sop_instance_uid", uid}, {"calling_ae_title", request_.calling_ae_title}});
      return count("replaced_total", 1);
    case Kind::refused:
      log(LogLevel::warning, "an object is refused: " + reason_,
          {{"sop_instance_uid", uid.empty() ? request_.sop_instance_uid : uid},
           {"calling_ae_title", request_.calling_ae_title}});
      return count("refused_total", 1);
  }
}

}  // namespace fermata::archive
