#pragma once
#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../../archive/tests/archive_fixture.hpp"
#include "fermata/dicom/file_meta.hpp"
#include "recorded_router.hpp"
#include "write_services.hpp"

namespace fermata::dicomweb::testing {

using archive::testing::Object;
using fermata::testing::GivenRequest;
using fermata::testing::KeptResponse;

inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A data set with preamble and meta information.
inline std::string file_of(std::string_view data_set, std::string_view sop_instance = "1.2.3.4.5",
                           std::string_view transfer_syntax = "1.2.840.10008.1.2.1") {
  dicom::FileMeta meta;
  meta.sop_class_uid = "1.2.840.10008.5.1.4.1.1.7";
  meta.sop_instance_uid = sop_instance;
  meta.transfer_syntax_uid = transfer_syntax;
  return text_of(dicom::encode(meta)).append(data_set);
}

inline std::string file_of(const Object& object) { return file_of(text_of(object.encode()), object.sop_instance); }

struct SentPart {
  std::string type;
  std::string content;
  std::string location;
};

/// The services that change the archive, on one in memory.
class StoreScene {
 public:
  explicit StoreScene(archive::Settings archive_settings = {}, uint64_t temporary_space = 1 << 20)
      : stores(archive_settings),
        services(*stores.service, dictionary(), settings(temporary_space), Journal{}),
        routes(router, "/dicom-web") {
    services.add_to(routes);
  }

  KeptResponse post(const std::string& type, const std::string& body, const std::string& study = "",
                    const std::string& accept = "", std::size_t piece = SIZE_MAX) const {
    GivenRequest request;
    request.headers["content-type"] = type;
    if (!accept.empty()) request.headers["accept"] = accept;
    request.body = body;
    request.piece = piece;
    return router.call("POST", "/dicom-web/studies" + (study.empty() ? "" : "/" + study), std::move(request));
  }
  KeptResponse post_parts(const std::string& type, const std::vector<SentPart>& parts, const std::string& study = "",
                          std::size_t piece = SIZE_MAX) const {
    return post("multipart/related; type=\"" + type + "\"; boundary=b-1", body_of(parts), study, "", piece);
  }
  KeptResponse post_files(const std::vector<std::string>& files, const std::string& study = "") const {
    std::vector<SentPart> parts;
    for (const auto& file : files) parts.push_back({"application/dicom", file, ""});
    return post_parts("application/dicom", parts, study);
  }
  KeptResponse remove(const std::string& path) const { return router.call("DELETE", "/dicom-web/studies" + path); }

  static std::string body_of(const std::vector<SentPart>& parts) {
    std::string body;
    for (const auto& part : parts) {
      body += "\r\n--b-1\r\n";
      if (!part.type.empty()) body += "Content-Type: " + part.type + "\r\n";
      if (!part.location.empty()) body += "Content-Location: " + part.location + "\r\n";
      body += "\r\n" + part.content;
    }
    return body + "\r\n--b-1--\r\n";
  }
  static const AttributeDictionary& dictionary() {
    static const AttributeDictionary the_one;
    return the_one;
  }
  static Settings settings(uint64_t temporary_space) {
    Settings settings;
    settings.root = "/dicom-web";
    settings.temporary_folder = "/tmp";
    settings.temporary_space = temporary_space;
    settings.description_memory = 0;  // then it is what one large description takes
    return settings;
  }

  archive::testing::Fixture stores;
  WriteServices services;
  RecordedRouter router;
  Routes routes;
};

/// A Store Instances Response Module in JSON.
class Report {
 public:
  explicit Report(const KeptResponse& response) : module_(boost::json::parse(response.body)) {}

  std::string study_url() const { return text(module_, "00081190"); }
  /// "instance" of each that was stored.
  std::vector<std::string> stored() const { return of("00081199", "00081155"); }
  std::vector<std::string> urls() const { return of("00081199", "00081190"); }
  std::vector<std::string> warnings() const { return of("00081199", "00081196"); }
  std::vector<std::string> failed() const { return of("00081198", "00081155"); }
  std::vector<std::string> reasons() const { return of("00081198", "00081197"); }
  std::vector<std::string> other_reasons() const { return of("0008119A", "00081197"); }

 private:
  static std::string text(const boost::json::value& item, std::string_view tag) {
    const auto* attribute = item.as_object().if_contains(tag);
    const auto* values = attribute == nullptr ? nullptr : attribute->as_object().if_contains("Value");
    if (values == nullptr) return "";
    const auto& value = values->at(0);
    return value.is_string() ? std::string(value.as_string()) : std::to_string(value.to_number<int64_t>());
  }
  std::vector<std::string> of(std::string_view sequence, std::string_view tag) const {
    std::vector<std::string> all;
    if (const auto* attribute = module_.as_object().if_contains(sequence))
      for (const auto& item : attribute->at("Value").as_array()) all.push_back(text(item, tag));
    return all;
  }
  const boost::json::value module_;
};

}  // namespace fermata::dicomweb::testing
