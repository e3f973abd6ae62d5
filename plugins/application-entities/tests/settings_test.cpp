#include "settings.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <string>

#include "fermata/error.hpp"

namespace fermata::application_entities {
namespace {

/// Configuration values by hand, as the host makes them from YAML.
class Values {
 public:
  fermata_value string(const char* key, const char* text) {
    auto value = named(key, FERMATA_VALUE_STRING);
    value.text = bridge::str(text);
    return value;
  }
  fermata_value integer(const char* key, int64_t number) {
    auto value = named(key, FERMATA_VALUE_INTEGER);
    value.integer = number;
    return value;
  }
  fermata_value boolean(const char* key, bool on) {
    auto value = named(key, FERMATA_VALUE_BOOLEAN);
    value.integer = on ? 1 : 0;
    return value;
  }
  fermata_value array(const char* key, std::vector<fermata_value> items) {
    return with_items(named(key, FERMATA_VALUE_ARRAY), std::move(items));
  }
  fermata_value object(const char* key, std::vector<fermata_value> items) {
    return with_items(named(key, FERMATA_VALUE_OBJECT), std::move(items));
  }

 private:
  static fermata_value named(const char* key, uint32_t kind) {
    fermata_value value{};
    value.kind = kind;
    value.key = bridge::str(key);
    return value;
  }
  fermata_value with_items(fermata_value value, std::vector<fermata_value> items) {
    kept_.push_back(std::move(items));
    value.items = kept_.back().data();
    value.count = kept_.back().size();
    return value;
  }

  std::deque<std::vector<fermata_value>> kept_;
};

fermata_value configuration(Values& v, const char* node_list, const char* network, const char* syntax) {
  return v.object(
      "",
      {v.array("nodes",
               {v.object("", {v.string("ae_title", " CT1 "), v.string("host", "192.0.2.1"), v.integer("port", 4006),
                              v.array("rights", {v.string("", "echo"), v.string("", "store")}), v.boolean("tls", true),
                              v.boolean("any_address", true), v.string("description", "Ground floor"),
                              v.array("preferred_transfer_syntaxes", {v.string("", syntax)}),
                              v.string("certificate", "CN=ct1"), v.boolean("user_required", true)})}),
       v.string("node_list", node_list), v.array("trusted_networks", {v.string("", network)}),
       v.array("trusted_rights", {v.string("", "query")}), v.boolean("unknown_may_echo", false),
       v.integer("answer_callers_on_port", 0), v.boolean("resolve_discovered", false),
       v.array("discovered_networks", {v.string("", "192.168.0.0/16")}), v.string("host_lookup_interval", "5min"),
       v.integer("refused_callers_kept", 7)});
}

}  // namespace

TEST_CASE("settings are read from the configuration") {
  Values values;
  const auto root = configuration(values, "HOROS@192.0.2.9:11112", "127.0.0.0/8", "RLELossless");
  const auto settings = read_settings(Config(&root));
  REQUIRE(settings.nodes.size() == 2);
  const auto& node = settings.nodes[0];
  CHECK(node.ae_title == "CT1");
  CHECK(node.host == "192.0.2.1");
  CHECK(node.port == 4006);
  CHECK(node.rights == (kMayEcho | kMayStore));
  CHECK(node.tls);
  CHECK(node.any_address);
  CHECK(node.description == "Ground floor");
  CHECK(node.certificate == "CN=ct1");
  CHECK(node.user_required);
  CHECK(node.preferred_transfer_syntaxes == std::vector<std::string>{"1.2.840.10008.1.2.5"});
  CHECK(settings.nodes[1].ae_title == "HOROS");
  CHECK(settings.trusted_networks.at(0).contains(*IpAddress::parse("127.0.0.1")));
  CHECK(settings.trusted_rights == kMayQuery);
  CHECK_FALSE(settings.unknown_may_echo);
  CHECK(settings.answer_callers_on_port == 0);
  CHECK_FALSE(settings.resolve_discovered);
  CHECK(settings.discovered_networks.at(0).contains(*IpAddress::parse("192.168.3.4")));
  CHECK(settings.host_lookup_interval == std::chrono::minutes(5));
  CHECK(settings.refused_callers_kept == 7);
}

TEST_CASE("settings that make no sense are refused by name") {
  const auto read = [](const char* node_list, const char* network, const char* syntax) {
    Values values;
    const auto root = configuration(values, node_list, network, syntax);
    read_settings(Config(&root));
  };
  CHECK_THROWS_WITH(read("HOROS", "127.0.0.0/8", "RLELossless"), Catch::Contains("HOROS"));
  CHECK_THROWS_WITH(read("", "127.0.0.1/8", "RLELossless"), Catch::Contains("127.0.0.0/8"));
  CHECK_THROWS_WITH(read("", "127.0.0.0/8", "RLE"), Catch::Contains("RLE"));
}

}  // namespace fermata::application_entities
