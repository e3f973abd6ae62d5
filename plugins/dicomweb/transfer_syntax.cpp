#include "transfer_syntax.hpp"

#include <algorithm>

namespace fermata::dicomweb {
namespace {

struct Compressed {
  std::string_view uid;
  std::string_view media_type;
  bool may_be_lossy;
};

/// The first one of a media type is its default.
constexpr Compressed kCompressed[] = {
    {"1.2.840.10008.1.2.4.70", "image/jpeg", false},   {"1.2.840.10008.1.2.4.57", "image/jpeg", false},
    {"1.2.840.10008.1.2.4.50", "image/jpeg", true},    {"1.2.840.10008.1.2.4.51", "image/jpeg", true},
    {"1.2.840.10008.1.2.4.80", "image/jls", false},    {"1.2.840.10008.1.2.4.81", "image/jls", true},
    {"1.2.840.10008.1.2.4.90", "image/jp2", false},    {"1.2.840.10008.1.2.4.91", "image/jp2", true},
    {"1.2.840.10008.1.2.4.92", "image/jpx", false},    {"1.2.840.10008.1.2.4.93", "image/jpx", true},
    {"1.2.840.10008.1.2.4.201", "image/jphc", false},  {"1.2.840.10008.1.2.4.202", "image/jphc", false},
    {"1.2.840.10008.1.2.4.203", "image/jphc", true},   {"1.2.840.10008.1.2.4.110", "image/jxl", false},
    {"1.2.840.10008.1.2.4.111", "image/jxl", true},    {"1.2.840.10008.1.2.4.112", "image/jxl", true},
    {"1.2.840.10008.1.2.5", "image/dicom-rle", false}, {"1.2.840.10008.1.2.4.100", "video/mpeg", true},
    {"1.2.840.10008.1.2.4.101", "video/mpeg", true},   {"1.2.840.10008.1.2.4.102", "video/mp4", true},
    {"1.2.840.10008.1.2.4.103", "video/mp4", true},    {"1.2.840.10008.1.2.4.104", "video/mp4", true},
    {"1.2.840.10008.1.2.4.105", "video/mp4", true},    {"1.2.840.10008.1.2.4.106", "video/mp4", true},
    {"1.2.840.10008.1.2.4.107", "video/h265", true},   {"1.2.840.10008.1.2.4.108", "video/h265", true},
    {"1.2.840.10008.1.2.4.100.1", "video/mpeg", true}, {"1.2.840.10008.1.2.4.101.1", "video/mpeg", true},
    {"1.2.840.10008.1.2.4.102.1", "video/mp4", true},  {"1.2.840.10008.1.2.4.103.1", "video/mp4", true},
    {"1.2.840.10008.1.2.4.104.1", "video/mp4", true},  {"1.2.840.10008.1.2.4.105.1", "video/mp4", true},
    {"1.2.840.10008.1.2.4.106.1", "video/mp4", true},
};

const Compressed* find(std::string_view uid) {
  const auto found =
      std::find_if(std::begin(kCompressed), std::end(kCompressed), [&](auto& c) { return c.uid == uid; });
  return found == std::end(kCompressed) ? nullptr : found;
}

}  // namespace

bool is_native(std::string_view uid) {
  return uid == kImplicitLittle || uid == kExplicitLittle || uid == kDeflated || uid == kExplicitBig;
}

bool may_be_lossy(std::string_view uid) {
  const auto* found = find(uid);
  return found != nullptr && found->may_be_lossy;
}

std::string_view media_type_of(std::string_view uid) {
  const auto* found = find(uid);
  return found == nullptr ? std::string_view{} : found->media_type;
}

bool is_video(std::string_view uid) { return media_type_of(uid).starts_with("video/"); }

std::string_view default_transfer_syntax(std::string_view media_type) {
  if (media_type == "application/octet-stream") return kExplicitLittle;
  for (const auto& entry : kCompressed)
    if (entry.media_type == media_type) return entry.uid;
  return {};
}

std::optional<ChosenTransferSyntax> choose_transfer_syntax(std::string_view wanted, std::string_view stored,
                                                           Transcoder* transcoder) {
  const auto can = [&](std::string_view to) { return transcoder != nullptr && transcoder->can(stored, to); };
  const ChosenTransferSyntax as_stored{std::string(stored), true};
  const ChosenTransferSyntax explicit_little{std::string(kExplicitLittle), false};
  if (wanted == stored) return as_stored;
  if (wanted == "*") {
    const bool unused = stored == kImplicitLittle || stored == kExplicitBig;
    return unused && can(kExplicitLittle) ? explicit_little : as_stored;
  }
  if (wanted.empty()) {
    const bool convert = stored != kExplicitLittle && !may_be_lossy(stored) && can(kExplicitLittle);
    return convert ? explicit_little : as_stored;
  }
  if (can(wanted)) return ChosenTransferSyntax{std::string(wanted), false};
  return {};
}

}  // namespace fermata::dicomweb
