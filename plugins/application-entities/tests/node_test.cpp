#include "node.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"
#include "node_document.hpp"
#include "node_list.hpp"
#include "transfer_syntax.hpp"

namespace fermata::application_entities {
namespace {

Node reachable(std::string title) {
  Node node;
  node.ae_title = std::move(title);
  node.host = "192.0.2.1";
  return node;
}

Node read_back(const std::string& document) { return node_from_document(std::as_bytes(std::span(document))); }

}  // namespace

TEST_CASE("a node list in one line") {
  const auto nodes = parse_node_list("HOROS@192.168.0.12:11112, CT1@ct1.example ,MR 2@[fd00::7]:4006,");
  REQUIRE(nodes.size() == 3);
  CHECK(nodes[0].ae_title == "HOROS");
  CHECK(nodes[0].host == "192.168.0.12");
  CHECK(nodes[0].port == 11112);
  CHECK(nodes[0].rights == kMayEverything);
  CHECK(nodes[0].origin == kFromConfiguration);
  CHECK(nodes[1].host == "ct1.example");
  CHECK(nodes[1].port == 104);
  CHECK(nodes[2].ae_title == "MR 2");
  CHECK(nodes[2].host == "fd00::7");
  CHECK(nodes[2].port == 4006);
}

TEST_CASE("an empty node list has no nodes") {
  CHECK(parse_node_list("").empty());
  CHECK(parse_node_list("  ").empty());
}

TEST_CASE("an AE title may contain the sign that separates it from the host") {
  const auto nodes = parse_node_list("CT@WEST@192.0.2.1");
  CHECK(nodes.at(0).ae_title == "CT@WEST");
  CHECK(nodes.at(0).host == "192.0.2.1");
}

TEST_CASE("an entry of the node list that is written wrongly is named") {
  for (const auto* entry : {"HOROS", "HOROS@", "@192.0.2.1", "A@h:0", "A@h:65536", "A@h:", "A@h:11x", "A@[::1",
                            "A@[]:104", "A@[::1]104", "A@fd00::7", "TITLE-OF-MORE-THAN-16@h", "A@h/x"}) {
    CAPTURE(entry);
    CHECK_THROWS_AS(parse_node_list(entry), Error);
  }
  CHECK_THROWS_WITH(parse_node_list("CT1@192.0.2.1,HOROS"), Catch::Contains("\"HOROS\""));
}

TEST_CASE("transfer syntaxes are given as UIDs, keywords or names") {
  CHECK(transfer_syntax_uid("1.2.840.10008.1.2.4.90") == "1.2.840.10008.1.2.4.90");
  CHECK(transfer_syntax_uid("JPEG2000Lossless") == "1.2.840.10008.1.2.4.90");
  CHECK(transfer_syntax_uid("Explicit VR Little Endian") == "1.2.840.10008.1.2.1");
  CHECK(transfer_syntax_uid("rle lossless") == "1.2.840.10008.1.2.5");
  CHECK(transfer_syntax_uid("JPEG 2000 Image Compression (Lossless Only)") == "1.2.840.10008.1.2.4.90");
  CHECK(transfer_syntax_uid("1.2.840.113619.5.2") == "1.2.840.113619.5.2");
}

TEST_CASE("text that is no transfer syntax is refused") {
  for (const auto* text : {"", "JPEG3000", "1.2..3", "1.2.", ".1.2", "1.02.3", "1.2.840.a",
                           "1.2345678901234567890123456789012345678901234567890123456789012345"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(transfer_syntax_uid(text), Error);
  }
}

TEST_CASE("a node without a host must be welcome from every address") {
  Node node;
  node.ae_title = "LAPTOP";
  CHECK_THROWS_WITH(checked(node), Catch::Contains("any_address"));
  node.any_address = true;
  CHECK_NOTHROW(checked(node));
}

TEST_CASE("a node's fields are checked") {
  auto node = reachable("CT");
  node.port = 0;
  CHECK_THROWS_AS(checked(node), Error);
  node = reachable("CT");
  node.host = "two words";
  CHECK_THROWS_AS(checked(node), Error);
  node = reachable("CT");
  node.rights = 16;
  CHECK_THROWS_AS(checked(node), Error);
  node = reachable("CT");
  node.preferred_transfer_syntaxes = {"JPEGLSLossless"};
  CHECK(checked(node).preferred_transfer_syntaxes == std::vector<std::string>{"1.2.840.10008.1.2.4.80"});
}

TEST_CASE("a stored node is read back as it was written") {
  Node node = reachable("CT \"1\"");
  node.port = 4711;
  node.rights = kMayEcho | kMayQuery;
  node.tls = true;
  node.any_address = true;
  node.description = "Erdgeschoß";
  node.preferred_transfer_syntaxes = {"1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.1"};
  const auto copy = read_back(to_document(node));
  CHECK(copy.ae_title == node.ae_title);
  CHECK(copy.host == node.host);
  CHECK(copy.port == node.port);
  CHECK(copy.rights == node.rights);
  CHECK(copy.tls);
  CHECK(copy.any_address);
  CHECK(copy.description == node.description);
  CHECK(copy.preferred_transfer_syntaxes == node.preferred_transfer_syntaxes);
  CHECK(copy.origin == kFromAdministrator);
}

TEST_CASE("a stored node that is damaged or of a newer format is told apart") {
  const auto code_of = [](const std::string& document) {
    try {
      read_back(document);
    } catch (const Error& e) {
      return e.code();
    }
    return Code::internal;
  };
  CHECK(code_of("") == Code::corrupt);
  CHECK(code_of("[]") == Code::corrupt);
  CHECK(code_of(R"({"format":1,"ae_title":"CT"})") == Code::corrupt);
  CHECK(code_of(R"({"format":2,"ae_title":"CT"})") == Code::unsupported);
}

TEST_CASE("a certificate is written as openssl prints it, and kept in one form") {
  Node node = reachable("CT1");
  std::string with_colons = "AB";
  for (int i = 1; i < 32; ++i) with_colons += ":AB";
  std::string digits;
  for (int i = 0; i < 32; ++i) digits += "ab";
  for (const auto& written :
       {with_colons, "sha256 Fingerprint=" + with_colons, "SHA256 Fingerprint=" + with_colons, digits}) {
    node.certificate = written;
    CHECK(checked(node).certificate == digits);
    CHECK(checked(node).tls);
  }
  for (const std::string written : {"CN=ct1,O=Hospital", "subject=CN=ct1,O=Hospital", " CN=ct1,O=Hospital "}) {
    node.certificate = written;
    CHECK(checked(node).certificate == "CN=ct1,O=Hospital");
  }
  for (const std::string written : {"AB:CD", "ct1", "deadbeef"}) {
    node.certificate = written;
    CHECK_THROWS_WITH(checked(node), Catch::Contains("the certificate of the node CT1"));
  }
}

TEST_CASE("a stored node of before certificates demands none, and one of today keeps what it demands") {
  const std::string before =
      R"({"format":1,"ae_title":"CT1","host":"192.0.2.1","port":104,"rights":["echo"],"tls":false,)"
      R"("any_address":false,"description":"","preferred_transfer_syntaxes":[]})";
  auto node = read_back(before);
  CHECK(node.certificate.empty());
  CHECK_FALSE(node.user_required);
  node.certificate = "CN=ct1";
  node.user_required = true;
  const auto read = read_back(to_document(node));
  CHECK(read.certificate == "CN=ct1");
  CHECK(read.user_required);
  CHECK(read.tls);
}

}  // namespace fermata::application_entities
