#include "files/uploaded_file.hpp"

#include <utility>

#include "fermata/dicom/transfer_syntax.hpp"

namespace fermata::admin {
namespace {

constexpr std::size_t kPreamble = 128;
constexpr std::string_view kPrefix = "DICM";
constexpr std::string_view kZip = "PK\x03\x04";
constexpr std::string_view kDirectory = "1.2.840.10008.1.3.10";  // Media Storage Directory Storage
constexpr std::string_view kProtocol = "web";

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

const char* name_of(StoreOutcome::Kind kind) {
  switch (kind) {
    case StoreOutcome::Kind::stored:
      return "stored";
    case StoreOutcome::Kind::identical:
      return "identical";
    case StoreOutcome::Kind::kept_first:
      return "kept_first";
    case StoreOutcome::Kind::replaced:
      return "replaced";
    case StoreOutcome::Kind::refused:
      return "refused";
  }
  return "refused";
}

UploadResult finished(StoreOperation& operation, UploadResult result) {
  try {
    const auto outcome = operation.finish();
    result.outcome = name_of(outcome.kind);
    result.reason = outcome.reason;
    if (!outcome.study_instance_uid.empty()) result.study_instance_uid = outcome.study_instance_uid;
    if (!outcome.sop_instance_uid.empty()) result.sop_instance_uid = outcome.sop_instance_uid;
  } catch (const std::exception& error) {
    result.outcome = "refused";
    result.reason = error.what();
  }
  return result;
}

std::future<UploadResult> ready(UploadResult result) {
  std::promise<UploadResult> promise;
  promise.set_value(std::move(result));
  return promise.get_future();
}

}  // namespace

UploadedFile::UploadedFile(Archive& archive, std::string name, std::string_view peer_address)
    : archive_(archive), peer_address_(peer_address) {
  result_.file = std::move(name);
}

void UploadedFile::append(std::span<const std::byte> bytes) {
  if (given_up_) return;
  try {
    if (recognised_) return take_in(bytes);
    beginning_.insert(beginning_.end(), bytes.begin(), bytes.end());
    if (recognise(false)) take_in(std::exchange(beginning_, {}));
  } catch (const Error& error) {
    give_up(error.code() == Code::corrupt ? "not_dicom" : "refused", error.what());
  }
}

std::future<UploadResult> UploadedFile::finish(std::string_view broken) {
  try {
    if (!given_up_ && !broken.empty()) give_up("refused", broken);
    if (!given_up_ && !recognised_ && recognise(true)) take_in(std::exchange(beginning_, {}));
    if (!given_up_ && with_head_ && operation_ == nullptr) {
      head_.finish();
      begin(head_.transfer_syntax_uid());
    }
  } catch (const Error& error) {
    give_up(error.code() == Code::corrupt ? "not_dicom" : "refused", error.what());
  }
  if (given_up_ || operation_ == nullptr) return ready(std::move(result_));
  // Whoever waits for the disk with others waits no longer than alone.
  return std::async(std::launch::async, [operation = std::shared_ptr<StoreOperation>(std::move(operation_)),
                                         result = std::move(result_)] { return finished(*operation, result); });
}

/// True once it is known what the file is, or that it can't be stored.
bool UploadedFile::recognise(bool complete) {
  const auto text = text_of(beginning_);
  if (text.size() < kPreamble + kPrefix.size() && !complete) return false;
  recognised_ = true;
  if (text.substr(std::min(kPreamble, text.size())).starts_with(kPrefix)) {
    with_head_ = true;
  } else if (text.starts_with(std::string_view("\x02\0", 2))) {
    with_head_ = true;
    const std::string preamble = std::string(kPreamble, '\0') + std::string(kPrefix);
    auto bytes = std::as_bytes(std::span(preamble));
    head_.feed(bytes);
  } else if (text.size() >= 8 && text.starts_with(std::string_view("\x08\0", 2))) {
    const bool is_explicit = is_capital(text[4]) && is_capital(text[5]);
    begin(std::string(is_explicit ? dicom::transfer_syntax::kExplicitLittleEndian
                                  : dicom::transfer_syntax::kImplicitLittleEndian));
  } else {
    give_up("not_dicom", text.starts_with(kZip) ? "a ZIP file in a ZIP file is not opened" : "this is no DICOM file");
  }
  return true;
}

void UploadedFile::take_in(std::span<const std::byte> bytes) {
  if (given_up_) return;
  if (operation_ == nullptr) {
    if (!head_.feed(bytes)) return;
    begin(head_.transfer_syntax_uid());
    if (operation_ != nullptr) operation_->append(head_.surplus());
  }
  if (operation_ != nullptr) operation_->append(bytes);
}

void UploadedFile::begin(const std::string& transfer_syntax_uid) {
  if (with_head_ && head_.sop_class_uid() == kDirectory)
    return give_up("not_dicom", "a DICOMDIR; the files that it lists are stored for themselves");
  result_.sop_instance_uid = head_.sop_instance_uid();
  StoreRequest request;
  request.transfer_syntax_uid = transfer_syntax_uid;
  request.peer_address = peer_address_;
  request.protocol = kProtocol;
  operation_ = archive_.store(request);
}

void UploadedFile::give_up(std::string_view outcome, std::string_view reason) {
  given_up_ = true;
  operation_.reset();
  result_.outcome = outcome;
  result_.reason = reason;
}

}  // namespace fermata::admin
