#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fermata/application_entities.hpp"
#include "fermata/dimse_client.hpp"
#include "fermata/error.hpp"

namespace fermata::transfers {

/// A node that keeps the SOP Instance UIDs that it gets, and answers as it is told.
class FakeNode final : public DimseClient {
 public:
  std::vector<std::string> received;
  std::vector<std::vector<std::string>> proposals;  ///< abstract syntaxes of each association
  std::map<std::string, uint16_t> statuses;         ///< of instances; 0 for all others
  std::map<std::string, Code> errors;               ///< thrown for instances
  bool away = false;
  std::function<void()> before_each;
  int open_now = 0;
  int most_open = 0;

  std::unique_ptr<DimseAssociation> open(const DimseDestination& destination,
                                         std::span<const DimseContext> contexts) override {
    if (away) throw Error(Code::unavailable, std::string(destination.ae_title) + " does not answer");
    if (contexts.empty() || contexts.size() > 128) throw Error(Code::invalid, "no, or too many contexts");
    auto& proposal = proposals.emplace_back();
    for (const auto& context : contexts) proposal.emplace_back(context.abstract_syntax);
    return std::make_unique<Association>(*this);
  }

 private:
  class Association final : public DimseAssociation {
   public:
    explicit Association(FakeNode& node) : node_(node) {
      node_.most_open = std::max(node_.most_open, ++node_.open_now);
    }
    ~Association() override { --node_.open_now; }
    void request(const DimseRequest&, std::chrono::milliseconds, DimseResponseSink&) override {
      throw Error(Code::unsupported, "not here");
    }
    void abort() override { aborted_ = true; }
    void store(const InstanceRecord& record, std::chrono::milliseconds, DimseResponseSink& sink) override {
      if (node_.before_each) node_.before_each();
      if (node_.away || aborted_) throw Error(Code::unavailable, "the association is lost");
      const std::string uid(record.sop_instance_uid);
      if (node_.errors.count(uid) != 0) throw Error(node_.errors[uid], "as told");
      DimseResponse response;
      if (node_.statuses.count(uid) != 0) response.status = node_.statuses[uid];
      if (response.status == 0 || (response.status & 0xf000) == 0xb000) node_.received.push_back(uid);
      sink.take(response);
    }

   private:
    FakeNode& node_;
    bool aborted_ = false;
  };
};

/// Knows READING1, and LAPTOP without a host.
class FakeNodes final : public ApplicationEntities {
 public:
  std::vector<std::string_view> preferred;

  Admission admit(const Caller&) override { return {}; }
  std::unique_ptr<ApplicationEntityCursor> resolve(std::string_view ae_title, const Caller&) override {
    return std::make_unique<Cursor>(*this, std::string(ae_title));
  }
  std::unique_ptr<ApplicationEntityCursor> list() override { return std::make_unique<Cursor>(*this, ""); }
  void put(const ApplicationEntity&) override {}
  void remove(std::string_view) override {}
  void remember_refused(const Caller&, std::string_view, std::string_view) override {}
  std::unique_ptr<RefusedCallerCursor> refused() override { return nullptr; }
  void forget_refused(std::string_view, std::string_view) override {}

 private:
  class Cursor final : public ApplicationEntityCursor {
   public:
    Cursor(FakeNodes& nodes, std::string ae_title) : nodes_(nodes), ae_title_(std::move(ae_title)) {}
    bool next(ApplicationEntity& entity) override {
      if (given_ || (ae_title_ != "READING1" && ae_title_ != "LAPTOP")) return false;
      given_ = true;
      entity.ae_title = ae_title_;
      entity.host = ae_title_ == "LAPTOP" ? "" : "127.0.0.1";
      entity.preferred_transfer_syntaxes = nodes_.preferred;
      return true;
    }

   private:
    FakeNodes& nodes_;
    const std::string ae_title_;
    bool given_ = false;
  };
};

}  // namespace fermata::transfers
