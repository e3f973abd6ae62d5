#pragma once
#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "../../archive/tests/archive_fixture.hpp"
#include "../../dicomweb/tests/recorded_router.hpp"
#include "api/routes.hpp"
#include "fermata/dicom/data_set_writer.hpp"

namespace fermata::admin::testing {

using dicom::Tag;
using fermata::testing::GivenRequest;
using fermata::testing::KeptResponse;

/// An object to store.
struct Image {
  std::string study = "1.2.3";
  std::string series = "1.2.3.4";
  std::string instance = "1.2.3.4.5";
  std::string date = "20240102";
  std::string time = "101112";
  std::string accession_number;
  std::string modality = "CT";
  std::string referring_physician;
  std::string description;
  std::string patient_name = "Doe^Jane";
  std::string patient_id = "4711";
  std::string series_number = "1";
  std::string series_description;

  std::vector<std::byte> encode() const {
    dicom::DataSetWriter w;
    w.add(dicom::kSpecificCharacterSet, "CS", "ISO_IR 192");
    w.add(dicom::kSopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.7");
    w.add(dicom::kSopInstanceUid, "UI", instance);
    w.add(dicom::kStudyDate, "DA", date);
    w.add(dicom::kStudyTime, "TM", time);
    w.add(dicom::kAccessionNumber, "SH", accession_number);
    w.add(dicom::kModality, "CS", modality);
    w.add(Tag(0x0008, 0x0090), "PN", referring_physician);
    w.add(Tag(0x0008, 0x1030), "LO", description);
    if (!series_description.empty()) w.add(Tag(0x0008, 0x103e), "LO", series_description);
    w.add(dicom::kPatientName, "PN", patient_name);
    w.add(dicom::kPatientId, "LO", patient_id);
    w.add(dicom::kStudyInstanceUid, "UI", study);
    w.add(dicom::kSeriesInstanceUid, "UI", series);
    w.add(dicom::kSeriesNumber, "IS", series_number);
    w.add(dicom::kInstanceNumber, "IS", "1");
    w.add_u16(Tag(0x0028, 0x0010), 2);
    w.add_u16(Tag(0x0028, 0x0011), 2);
    w.add(dicom::kPixelData, "OW", "PIXELSXX");
    return w.take();
  }
};

/// An archive in memory, and routes that are called by URL.
struct Scene {
  archive::testing::Fixture stores;
  dicomweb::testing::RecordedRouter router;
  api::Routes routes{router};

  void store(const Image& image) {
    const auto result = archive::testing::store(*stores.service, image.encode(), archive::testing::kExplicitLittle);
    if (result.kind != StoreOutcome::Kind::stored) throw Error(Code::invalid, "not stored: " + result.reason);
  }
  KeptResponse call(const std::string& method, const std::string& url, GivenRequest request = {}) const {
    return router.call(method, url, std::move(request));
  }
  boost::json::object json(const std::string& method, const std::string& url, GivenRequest request = {}) const {
    return boost::json::parse(call(method, url, std::move(request)).body).as_object();
  }
  boost::json::object get(const std::string& url, GivenRequest request = {}) const {
    return json("GET", url, std::move(request));
  }
};

/// What `member` of all items is.
inline std::vector<std::string> all(const boost::json::object& list, std::string_view member) {
  std::vector<std::string> values;
  for (const auto& item : list.at("items").as_array()) values.emplace_back(item.at(member).as_string());
  return values;
}

inline GivenRequest with_body(const std::string& body) {
  GivenRequest request;
  request.body = body;
  return request;
}

/// The code of the Error that `action` throws; internal: none.
template <class Action>
Code code_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return Code::internal;
}

}  // namespace fermata::admin::testing
