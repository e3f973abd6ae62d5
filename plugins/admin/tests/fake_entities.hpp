#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "fermata/application_entities.hpp"
#include "fermata/error.hpp"
#include "nodes/node_draft.hpp"

namespace fermata::admin::testing {

/// Nodes and refused callers in memory.
class FakeEntities final : public ApplicationEntities {
 public:
  struct Refused {
    std::string title;
    std::string address;
    std::string wanted;
  };

  Admission admit(const Caller&) override { return {}; }
  std::unique_ptr<ApplicationEntityCursor> resolve(std::string_view, const Caller&) override { return list(); }
  std::unique_ptr<ApplicationEntityCursor> list() override {
    const std::lock_guard lock(mutex_);
    return std::make_unique<Nodes>(nodes);
  }
  void put(const ApplicationEntity& node) override {
    if (node.ae_title == "FIXED") throw Error(Code::conflict, "it is in the configuration file");
    if (node.ae_title.empty() || node.ae_title.size() > 16) throw Error(Code::invalid, "no AE title");
    const std::lock_guard lock(mutex_);
    nodes[std::string(node.ae_title)] = NodeDraft::of(node);
  }
  void remove(std::string_view title) override {
    const std::lock_guard lock(mutex_);
    if (nodes.erase(std::string(title)) == 0) throw Error(Code::not_found, "there is no such node");
  }
  void remember_refused(const Caller& caller, std::string_view wanted, std::string_view) override {
    const std::lock_guard lock(mutex_);
    callers.push_back({std::string(caller.calling_ae_title), std::string(caller.address), std::string(wanted)});
  }
  std::unique_ptr<RefusedCallerCursor> refused() override {
    const std::lock_guard lock(mutex_);
    return std::make_unique<Callers>(callers);
  }
  void forget_refused(std::string_view title, std::string_view address) override {
    const std::lock_guard lock(mutex_);
    std::erase_if(callers, [&](const auto& caller) { return caller.title == title && caller.address == address; });
  }

  std::map<std::string, NodeDraft> nodes;
  std::vector<Refused> callers;

 private:
  std::mutex mutex_;
  class Nodes final : public ApplicationEntityCursor {
   public:
    explicit Nodes(std::map<std::string, NodeDraft> nodes) : nodes_(std::move(nodes)), at_(nodes_.begin()) {}
    bool next(ApplicationEntity& node) override {
      if (at_ == nodes_.end()) return false;
      const auto& n = (at_++)->second;
      node = {n.ae_title, n.host, n.port, n.rights, n.tls, n.any_address, n.description, {}, "administrator", 0};
      return true;
    }

   private:
    const std::map<std::string, NodeDraft> nodes_;
    std::map<std::string, NodeDraft>::const_iterator at_;
  };
  class Callers final : public RefusedCallerCursor {
   public:
    explicit Callers(std::vector<Refused> list) : list_(std::move(list)) {}
    bool next(RefusedCaller& caller) override {
      if (at_ == list_.size()) return false;
      const auto& c = list_[at_++];
      caller = {c.title,
                "FERMATA",
                c.address,
                c.wanted,
                "the AE title is not known",
                1'700'000'000'000'000,
                1'700'000'001'000'000,
                2};
      return true;
    }

   private:
    const std::vector<Refused> list_;
    std::size_t at_ = 0;
  };
};

}  // namespace fermata::admin::testing
