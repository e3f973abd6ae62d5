#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dimse_client.hpp"
#include "send_plan.hpp"

namespace fermata::transfers {

/// Presentation contexts for what is stored: for each SOP class one for every transfer syntax that the node prefers or
/// that it is stored in, one for the uncompressed ones, and two for others that lose nothing. SOP classes that do not
/// fit into the 128 contexts of one association go into the next group (PS3.8 9.3.2.2).
///
/// **Thread**: read only, any. **Ownership**: owns what `contexts` shows.
class ContextGroups {
 public:
  static constexpr std::size_t kMostContexts = 128;

  ContextGroups(const StoredKinds& kinds, const std::vector<std::string>& preferred);
  ContextGroups(const ContextGroups&) = delete;
  ContextGroups& operator=(const ContextGroups&) = delete;

  /// The group of a SOP class, which is one of those that were given.
  std::size_t group_of(std::string_view sop_class_uid) const { return groups_of_classes_.find(sop_class_uid)->second; }
  std::span<const DimseContext> contexts(std::size_t group) const { return groups_[group]; }
  std::size_t count() const { return groups_.size(); }

 private:
  const std::string_view& keep(const std::string& text);

  std::deque<std::string> texts_;
  std::deque<std::string_view> views_;
  std::vector<std::vector<DimseContext>> groups_;
  std::map<std::string, std::size_t, std::less<>> groups_of_classes_;
};

}  // namespace fermata::transfers
