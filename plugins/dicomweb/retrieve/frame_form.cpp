#include "retrieve/frame_form.hpp"

#include "transfer_syntax.hpp"

namespace fermata::dicomweb {
namespace {

constexpr std::string_view kPixels = "application/octet-stream";

/// Transfer syntax and media type for frames of one object.
class Forms {
 public:
  Forms(std::string_view stored, Transcoder& transcoder)
      // Pixels are given little endian, however the data set around them is stored.
      : stored_(is_native(stored) ? kExplicitLittle : stored),
        own_type_(media_type_of(stored_)),
        from_(stored),
        transcoder_(transcoder) {}

  std::optional<FrameForm> of(std::string_view type, std::string_view wanted) const {
    const MediaRange range{.type = std::string(type)};
    if (type == "*/*") return any(wanted);
    if (type == kPixels) return pixels(wanted);
    const bool own = !own_type_.empty() && range.includes(own_type_);
    if (own && (wanted.empty() || wanted == "*" || wanted == stored_)) return form(own_type_, stored_);
    const auto target = wanted.empty() || wanted == "*" ? default_transfer_syntax(type) : wanted;
    const auto target_type = media_type_of(target);
    if (target_type.empty() || !range.includes(target_type)) return {};
    return form(target_type, target);
  }

 private:
  /// Pixels, unless all there is are lossy bit streams or such that nobody can decode.
  std::optional<FrameForm> any(std::string_view wanted) const {
    if (!wanted.empty() && wanted != "*") return form(type_of(wanted), wanted);
    const bool keep = wanted == "*" || may_be_lossy(stored_) || !can(kExplicitLittle);
    const auto uid = keep ? stored_ : kExplicitLittle;
    return form(type_of(uid), uid);
  }
  /// A client that takes any transfer syntax as octets gets the stored bit stream under that name.
  std::optional<FrameForm> pixels(std::string_view wanted) const {
    if (wanted == "*") return form(kPixels, stored_);
    return form(kPixels, wanted.empty() || is_native(wanted) ? kExplicitLittle : wanted);
  }
  std::optional<FrameForm> form(std::string_view media_type, std::string_view uid) const {
    if (!can(uid)) return {};
    return FrameForm{std::string(media_type), std::string(uid), true, uid == stored_};
  }
  static std::string_view type_of(std::string_view uid) {
    const auto type = media_type_of(uid);
    return type.empty() ? kPixels : type;
  }
  bool can(std::string_view uid) const { return uid == stored_ || transcoder_.can(from_, uid); }

  const std::string_view stored_;
  const std::string_view own_type_;
  const std::string_view from_;
  Transcoder& transcoder_;
};

}  // namespace

std::optional<FrameForm> frame_form(const MediaRange& range, std::string_view stored, bool one_frame,
                                    Transcoder& transcoder) {
  if (!range.allows_multipart() && !one_frame) return {};
  auto form = Forms(stored, transcoder).of(range.type, range.transfer_syntax);
  if (!form || !range.includes(form->media_type)) return {};
  form->multipart = range.allows_multipart();
  return form;
}

}  // namespace fermata::dicomweb
