#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fermata/dimse_client.hpp"
#include "fermata/error.hpp"

namespace fermata::admin::testing {

/// Opens associations with nobody; they answer every request with one status.
class FakeDimseClient final : public DimseClient {
 public:
  uint16_t status = 0;
  std::string refusal;  ///< why `open` fails; empty: it does not
  std::vector<uint16_t> commands;
  std::vector<std::byte> data_set;                      ///< of the last request that had one
  std::function<void(const DimseRequest&)> on_request;  ///< what else a request does; may change `status`

  std::unique_ptr<DimseAssociation> open(const DimseDestination&, std::span<const DimseContext>) override {
    if (!refusal.empty()) throw Error(Code::unavailable, refusal);
    return std::make_unique<Association>(*this);
  }

 private:
  class Association final : public DimseAssociation {
   public:
    explicit Association(FakeDimseClient& client) : client_(client) {}
    void request(const DimseRequest& request, std::chrono::milliseconds, DimseResponseSink& sink) override {
      client_.commands.push_back(request.command_field);
      if (request.has_data_set) client_.data_set.assign(request.data_set.begin(), request.data_set.end());
      if (client_.on_request) client_.on_request(request);
      DimseResponse response;
      response.status = client_.status;
      sink.take(response);
    }
    void abort() override {}
    void store(const InstanceRecord&, std::chrono::milliseconds, DimseResponseSink&) override {}

   private:
    FakeDimseClient& client_;
  };
};

}  // namespace fermata::admin::testing
