#pragma once
#include "service.hpp"

namespace fermata::dimse {

/// Answers C-ECHO (PS3.4 Annex A).
class Verification : public Service {
 public:
  static constexpr std::string_view kSopClass = "1.2.840.10008.1.1";
  void handle(Session& session, const Message& message) override;
};

}  // namespace fermata::dimse
