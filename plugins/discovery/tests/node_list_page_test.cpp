#include "node_list_page.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "fermata/testing/http_exchange.hpp"

namespace fermata::discovery {
namespace {

using Catch::Contains;

class Request final : public HttpRequest {
 public:
  explicit Request(std::string base_url) : base_url_(std::move(base_url)) {}
  std::string_view method() override { return "GET"; }
  std::string_view path() override { return "/DICOMNodes.plist"; }
  std::string_view query() override { return ""; }
  std::string_view parameter(std::string_view) override { return ""; }
  std::string_view header(std::string_view) override { return ""; }
  std::string_view base_url() override { return base_url_; }
  std::string_view peer_address() override { return "127.0.0.1"; }
  std::string_view user() override { return ""; }
  std::string_view id() override { return "1"; }
  uint64_t read(std::span<std::byte>) override { return 0; }

 private:
  const std::string base_url_;
};

class Nodes final : public ApplicationEntities {
 public:
  class Cursor final : public ApplicationEntityCursor {
   public:
    explicit Cursor(std::vector<ApplicationEntity> nodes) : nodes_(std::move(nodes)) {}
    bool next(ApplicationEntity& node) override {
      if (at_ == nodes_.size()) return false;
      node = nodes_[at_++];
      return true;
    }

   private:
    const std::vector<ApplicationEntity> nodes_;
    std::size_t at_ = 0;
  };
  Admission admit(const Caller&) override { return {}; }
  std::unique_ptr<ApplicationEntityCursor> resolve(std::string_view, const Caller&) override { return list(); }
  std::unique_ptr<ApplicationEntityCursor> list() override { return std::make_unique<Cursor>(nodes); }
  void put(const ApplicationEntity&) override {}
  void remove(std::string_view) override {}
  void remember_refused(const Caller&, std::string_view, std::string_view) override {}
  std::unique_ptr<RefusedCallerCursor> refused() override { return nullptr; }
  void forget_refused(std::string_view, std::string_view) override {}
  std::vector<ApplicationEntity> nodes;
};

ApplicationEntity node(const char* ae_title, const char* host) {
  ApplicationEntity node;
  node.ae_title = ae_title;
  node.host = host;
  node.port = 104;
  node.tls = true;
  return node;
}

std::string page(const std::string& base_url, const std::string& wado_uri = "/wado", Nodes* nodes = nullptr) {
  NodeListPage page({"PACS", 11112, "My PACS"}, wado_uri, nodes);
  Request request(base_url);
  testing::KeptResponse response;
  page.handle(request, response);
  CHECK(response.headers["content-type"] == "application/xml; charset=utf-8");
  return response.body;
}

}  // namespace

TEST_CASE("the archive is listed at the address by which the viewer knows it") {
  const auto xml = page("http://192.168.0.2:8080");
  for (const char* entry :
       {"<key>Activated</key><true/>", "<key>Address</key><string>192.168.0.2</string>",
        "<key>AETitle</key><string>PACS</string>", "<key>Port</key><string>11112</string>",
        "<key>Description</key><string>My PACS</string>", "<key>QR</key><true/>", "<key>Send</key><true/>",
        "<key>retrieveMode</key><integer>1</integer>", "<key>TransferSyntax</key><integer>0</integer>",
        "<key>WADOPort</key><integer>8080</integer>", "<key>WADOUrl</key><string>wado</string>",
        "<key>WADOhttps</key><integer>0</integer>", "<key>WADOTransferSyntax</key><integer>-1</integer>",
        "<key>TLSEnabled</key><false/>", "<key>TLSAuthenticated</key><false/>"})
    CHECK_THAT(xml, Contains(entry));
}

TEST_CASE("behind a proxy, by name, by IPv6: the viewer gets what it can reach") {
  const auto proxy = page("https://pacs.example/prefix");
  CHECK_THAT(proxy, Contains("<string>pacs.example</string>") && Contains("<integer>443</integer>") &&
                        Contains("<string>prefix/wado</string>") &&
                        Contains("<key>WADOhttps</key><integer>1</integer>"));
  CHECK_THAT(page("http://[fd00::2]:8080"),
             Contains("<string>fd00::2</string>") && Contains("<integer>8080</integer>"));
  CHECK_THAT(page("http://[fd00::2]"), Contains("<string>fd00::2</string>") && Contains("<integer>80</integer>"));
}

TEST_CASE("without WADO-URI its keys are left out") { CHECK_THAT(page("http://pacs", ""), !Contains("WADO")); }

TEST_CASE("other nodes are listed where they are asked for and can be reached") {
  Nodes nodes;
  nodes.nodes = {node("MR", "mr.example"), node("LAPTOP", ""), node("PACS", "192.0.2.1")};
  const auto xml = page("http://pacs", "", &nodes);
  CHECK_THAT(xml, Contains("<string>MR</string>") && Contains("<string>mr.example</string>") &&
                      Contains("<string>104</string>") && Contains("<key>TLSEnabled</key><true/>") &&
                      Contains("<key>retrieveMode</key><integer>0</integer>"));
  CHECK_THAT(xml, !Contains("LAPTOP") && !Contains("192.0.2.1"));
}

}  // namespace fermata::discovery
