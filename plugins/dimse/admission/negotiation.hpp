#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fermata/application_entities.hpp"
#include "role.hpp"
#include "sop_classes.hpp"

namespace fermata::dimse {

/// One Presentation Context of A-ASSOCIATE-RQ.
struct ContextOffer {
  uint8_t id = 0;
  std::string abstract_syntax;
  std::vector<std::string> transfer_syntaxes;
  Role role = Role::standard;
};

/// The answer to it (PS3.8 9.3.3.2).
struct ContextAnswer {
  enum class Result : uint8_t {
    accepted = 0,
    user_rejection = 1,
    abstract_syntax_not_supported = 3,
    transfer_syntaxes_not_supported = 4,
  };
  uint8_t id = 0;
  Result result = Result::abstract_syntax_not_supported;
  std::string transfer_syntax;
  Role role = Role::standard;  ///< of the requestor, as agreed
};

struct NegotiationSettings {
  bool accept_unknown_transfer_syntaxes = true;
  bool converts = false;  ///< what is sent, into transfer syntaxes that lose nothing
};

/// Answers every Presentation Context offered, each on its own:
///  - what is stored is taken in the first Transfer Syntax proposed, but in Big Endian only if nothing else is offered;
///  - on an association that retrieves with C-GET too, Storage contexts carry what we send: uncompressed if possible,
///  else in a
///    Transfer Syntax that loses nothing, if we can convert;
///  - all other services speak Explicit or Implicit VR Little Endian;
///  - a right that is missing gives user-rejection.
std::vector<ContextAnswer> negotiate(std::span<const ContextOffer> offers, const SopClasses& classes, Rights rights,
                                     const NegotiationSettings& settings);

/// What the offers ask for, for people: "store CT Image Storage and 12 more; query".
std::string describe(std::span<const ContextOffer> offers, const SopClasses& classes);

}  // namespace fermata::dimse
