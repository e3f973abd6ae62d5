#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "acceptance.hpp"
#include "resource.hpp"
#include "transfer_syntax.hpp"

namespace fermata::dicomweb {

/// One form in which a client takes instances, and what becomes of each stored transfer syntax.
///
/// **Thread**: one at a time. **Ownership**: borrows the transcoder, which may be null.
class RetrievalPlan {
 public:
  enum class Form { parts, file, zip };

  RetrievalPlan(Form form, Transcoder* transcoder) : form_(form), transcoder_(transcoder) {}

  Form form() const { return form_; }
  void add(const MediaRange& range) { ranges_.push_back(range); }
  /// Whatever is stored, there is something to send.
  bool takes_anything() const;
  /// In what an instance is sent that is stored like that; nothing: there is no way.
  const std::optional<ChosenTransferSyntax>& choice(std::string_view stored);

 private:
  Form form_;
  Transcoder* transcoder_;
  std::vector<MediaRange> ranges_;
  std::map<std::string, std::optional<ChosenTransferSyntax>, std::less<>> choices_;
};

/// The forms that are accepted, best first. A file that is no part of anything can be only one instance.
std::vector<RetrievalPlan> retrieval_plans(std::span<const MediaRange> accepted, bool one_instance,
                                           Transcoder* transcoder);

}  // namespace fermata::dicomweb
