#include "context_groups.hpp"

#include <algorithm>

#include "fermata/dicom/lossless_targets.hpp"

namespace fermata::transfers {
namespace {

namespace transfer_syntax = dicom::transfer_syntax;

constexpr std::size_t kOthers = 3;  // contexts beside those for one transfer syntax

/// In the context without a transfer syntax of its own.
bool is_in_default(std::string_view uid) {
  return uid == transfer_syntax::kExplicitLittleEndian || uid == transfer_syntax::kImplicitLittleEndian;
}

std::vector<std::string> wanted(const std::set<std::string>& stored, const std::vector<std::string>& preferred) {
  std::vector<std::string> list;
  const auto add = [&list](const std::string& uid) {
    if (!is_in_default(uid) && std::find(list.begin(), list.end(), uid) == list.end()) list.push_back(uid);
  };
  for (const auto& uid : preferred) add(uid);
  for (const auto& uid : stored) add(uid);
  constexpr std::size_t kMost = ContextGroups::kMostContexts - kOthers;
  if (list.size() > kMost) list.resize(kMost);
  return list;
}

}  // namespace

ContextGroups::ContextGroups(const StoredKinds& kinds, const std::vector<std::string>& preferred) {
  for (const auto& [sop_class, stored] : kinds) {
    const auto& abstract_syntax = keep(sop_class);
    std::vector<DimseContext> contexts;
    for (const auto& uid : wanted(stored, preferred)) contexts.push_back({abstract_syntax, {&keep(uid), 1}});
    contexts.push_back({abstract_syntax, {}});
    contexts.push_back({abstract_syntax, dicom::kLosslessTargets});
    contexts.push_back({abstract_syntax, dicom::kReversibleTargets});
    if (groups_.empty() || groups_.back().size() + contexts.size() > kMostContexts) groups_.emplace_back();
    groups_.back().insert(groups_.back().end(), contexts.begin(), contexts.end());
    groups_of_classes_.emplace(sop_class, groups_.size() - 1);
  }
}

const std::string_view& ContextGroups::keep(const std::string& text) {
  return views_.emplace_back(texts_.emplace_back(text));
}

}  // namespace fermata::transfers
