#include "admission/negotiation.hpp"

#include <algorithm>
#include <string_view>

#include "fermata/dicom/lossless_targets.hpp"
#include "fermata/dicom/transfer_syntax.hpp"

namespace fermata::dimse {
namespace {

namespace transfer_syntax = dicom::transfer_syntax;
using Syntaxes = std::span<const std::string>;
using Targets = std::span<const std::string_view>;

bool contains(Syntaxes syntaxes, std::string_view uid) {
  return std::find(syntaxes.begin(), syntaxes.end(), uid) != syntaxes.end();
}

std::string uncompressed(Syntaxes offered) {
  for (const auto uid : {transfer_syntax::kExplicitLittleEndian, transfer_syntax::kImplicitLittleEndian})
    if (contains(offered, uid)) return std::string(uid);
  return {};
}

/// Of these, the one that the peer likes best.
std::string first_offered(Syntaxes offered, Targets targets) {
  const auto found = std::find_first_of(offered.begin(), offered.end(), targets.begin(), targets.end());
  return found == offered.end() ? std::string() : *found;
}

std::string first_acceptable(Syntaxes offered, const NegotiationSettings& settings) {
  std::string big_endian;
  for (const auto& uid : offered) {
    if (uid.empty() || (is_private(uid) && !settings.accept_unknown_transfer_syntaxes)) continue;
    if (uid != transfer_syntax::kExplicitBigEndian) return uid;
    big_endian = uid;
  }
  return big_endian;
}

/// We receive on Storage contexts, and send on them if the peer wants to be SCP; all other services know one direction.
Role agreed_role(Role proposed, bool storage) {
  if (proposed == Role::standard || storage) return proposed;
  return Role::scu;
}

class Negotiation {
 public:
  Negotiation(std::span<const ContextOffer> offers, const SopClasses& classes, Rights rights,
              const NegotiationSettings& settings)
      : classes_(classes), rights_(rights), settings_(settings) {
    retrieves_ = std::any_of(offers.begin(), offers.end(), [&](const ContextOffer& offer) {
      return is_get(offer.abstract_syntax) && classes.find(offer.abstract_syntax) && (rights & kMayRetrieve) != 0;
    });
  }

  ContextAnswer answer(const ContextOffer& offer) const {
    ContextAnswer answer;
    answer.id = offer.id;
    const auto sop_class = classes_.find(offer.abstract_syntax);
    if (!sop_class) return answer;
    if (!allowed(*sop_class)) {
      answer.result = ContextAnswer::Result::user_rejection;
      return answer;
    }
    answer.transfer_syntax = choose(*sop_class, offer.transfer_syntaxes);
    answer.result = answer.transfer_syntax.empty() ? ContextAnswer::Result::transfer_syntaxes_not_supported
                                                   : ContextAnswer::Result::accepted;
    answer.role = agreed_role(offer.role, sop_class->storage);
    return answer;
  }

 private:
  bool allowed(const SopClass& sop_class) const {
    if (sop_class.storage && retrieves_) return true;  // what it may not store, it may receive
    return (rights_ & sop_class.rights) == sop_class.rights;
  }

  std::string choose(const SopClass& sop_class, Syntaxes offered) const {
    if (!sop_class.storage) return uncompressed(offered);
    if (retrieves_) {
      if (auto plain = uncompressed(offered); !plain.empty()) return plain;
      if (settings_.converts)
        for (const auto targets : {Targets(dicom::kLosslessTargets), Targets(dicom::kReversibleTargets)})
          if (auto one = first_offered(offered, targets); !one.empty()) return one;
    }
    return first_acceptable(offered, settings_);
  }

  const SopClasses& classes_;
  const Rights rights_;
  const NegotiationSettings& settings_;
  bool retrieves_ = false;
};

std::string also(std::string text, std::string_view more) {
  if (!text.empty()) text += "; ";
  return text.append(more);
}

}  // namespace

std::vector<ContextAnswer> negotiate(std::span<const ContextOffer> offers, const SopClasses& classes, Rights rights,
                                     const NegotiationSettings& settings) {
  const Negotiation negotiation(offers, classes, rights, settings);
  std::vector<ContextAnswer> answers;
  answers.reserve(offers.size());
  for (const auto& offer : offers) answers.push_back(negotiation.answer(offer));
  return answers;
}

std::string describe(std::span<const ContextOffer> offers, const SopClasses& classes) {
  std::vector<std::string_view> stored;
  std::vector<std::string_view> others;
  Rights asked = 0;
  for (const auto& offer : offers) {
    const auto sop_class = classes.find(offer.abstract_syntax);
    const bool storage = sop_class && sop_class->storage;
    auto& list = storage ? stored : others;
    if (std::find(list.begin(), list.end(), offer.abstract_syntax) == list.end()) list.push_back(offer.abstract_syntax);
    if (sop_class && !storage) asked |= sop_class->rights;
  }
  std::string text;
  // Whoever retrieves with C-GET offers Storage contexts to receive on.
  const bool receives = std::any_of(others.begin(), others.end(), is_get);
  if (!stored.empty() && !receives) {
    text = "store " + sop_class_name(stored.front());
    if (stored.size() > 1) text += " and " + std::to_string(stored.size() - 1) + " more";
  }
  if ((asked & kMayQuery) != 0) text = also(std::move(text), "query");
  if ((asked & kMayRetrieve) != 0) text = also(std::move(text), "retrieve");
  if ((asked & kMayEcho) != 0) text = also(std::move(text), "echo");
  if (text.empty() && !others.empty()) text = sop_class_name(others.front());
  return text;
}

}  // namespace fermata::dimse
