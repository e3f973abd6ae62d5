#include "retrieve/data_set_list.hpp"

#include "fermata/dicom/json_writer.hpp"
#include "problem.hpp"
#include "retrieve/multipart_writer.hpp"
#include "retrieve/native_xml_writer.hpp"

namespace fermata::dicomweb {
namespace {

constexpr std::string_view kJson = "application/dicom+json";
constexpr std::string_view kPlainJson = "application/json";
constexpr std::string_view kXml = "application/dicom+xml";

class JsonList final : public DataSetList {
 public:
  explicit JsonList(HttpResponse& response)
      : json_([&response](std::string_view text) { response.write(std::as_bytes(std::span(text))); }) {
    json_.begin_array();
  }
  void add(dicom::DataSetView data_set, std::span<const BulkValue> bulk, const BulkUri& uri) override {
    json_.write(data_set, bulk, uri);
  }
  void finish() override {
    json_.end_array();
    json_.flush();
  }

 private:
  dicom::JsonWriter json_;
};

class XmlParts final : public DataSetList {
 public:
  XmlParts(HttpResponse& response, const AttributeDictionary& dictionary)
      : parts_(response, kXml), xml_(dictionary, [this](std::string_view text) { parts_.body().add(text); }) {}
  void add(dicom::DataSetView data_set, std::span<const BulkValue> bulk, const BulkUri& uri) override {
    parts_.begin_part(kXml);
    xml_.write(data_set, bulk, uri);
    xml_.flush();
  }
  void finish() override { parts_.finish(); }

 private:
  MultipartWriter parts_;
  NativeXmlWriter xml_;
};

}  // namespace

DataSetFormat choose_data_set_format(std::span<const MediaRange> accepted) {
  using Model = DataSetFormat::Model;
  const auto format = best_of(accepted, [](const MediaRange& range) -> std::optional<DataSetFormat> {
    if (range.allows_single())
      for (const auto type : {kJson, kPlainJson})
        if (range.includes(type)) return DataSetFormat{Model::json, std::string(type)};
    if (range.allows_multipart() && range.includes(kXml)) return DataSetFormat{Model::xml, std::string(kXml)};
    return {};
  });
  if (!format) refuse_as_not_acceptable("application/dicom+json, multipart/related; type=\"application/dicom+xml\"");
  return *format;
}

std::unique_ptr<DataSetList> DataSetList::make(HttpResponse& response, const DataSetFormat& format,
                                               const AttributeDictionary& dictionary) {
  response.header("Vary", "Accept");
  if (format.model == DataSetFormat::Model::xml) return std::make_unique<XmlParts>(response, dictionary);
  response.header("Content-Type", format.media_type);
  return std::make_unique<JsonList>(response);
}

}  // namespace fermata::dicomweb
