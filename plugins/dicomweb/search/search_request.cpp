#include "search/search_request.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <span>

#include "fermata/dicom/attribute_level.hpp"
#include "search/search_keys.hpp"

namespace fermata::dicomweb {
namespace {

using dicom::AttributeLevel;
using dicom::Tag;

// What answers hold without being asked for, (0008,0005), (0008,0056) and (0008,1190) aside (PS3.18 Tables 10.6.3-3 to
// 10.6.3-5). `kIfKnown`: left out where they have no value.
constexpr Tag kOfStudies[] = {dicom::kStudyDate,
                              dicom::kStudyTime,
                              dicom::kAccessionNumber,
                              dicom::kModalitiesInStudy,
                              Tag(0x0008, 0x0090),  // Referring Physician's Name
                              dicom::kPatientName,
                              dicom::kPatientId,
                              dicom::kPatientBirthDate,
                              Tag(0x0010, 0x0040),  // Patient's Sex
                              dicom::kStudyInstanceUid,
                              dicom::kStudyId,
                              dicom::kNumberOfStudyRelatedSeries,
                              dicom::kNumberOfStudyRelatedInstances};
constexpr Tag kOfStudiesIfKnown[] = {dicom::kTimezoneOffsetFromUtc};
constexpr Tag kOfSeries[] = {dicom::kModality,         Tag(0x0008, 0x103e),  // Series Description
                             dicom::kStudyInstanceUid, dicom::kSeriesInstanceUid,
                             dicom::kSeriesNumber,     dicom::kNumberOfSeriesRelatedInstances};
constexpr Tag kOfSeriesIfKnown[] = {dicom::kTimezoneOffsetFromUtc, Tag(0x0040, 0x0244),
                                    Tag(0x0040, 0x0245)};  // Performed Procedure Step Start Date and Time
constexpr Tag kRequestAttributes{0x0040, 0x0275};
constexpr Tag kOfRequests[] = {Tag(0x0040, 0x0009),
                               Tag(0x0040, 0x1001)};  // Scheduled Procedure Step, Requested Procedure
constexpr Tag kOfInstances[] = {dicom::kSopClassUid, dicom::kSopInstanceUid, dicom::kStudyInstanceUid,
                                dicom::kSeriesInstanceUid, dicom::kInstanceNumber};
constexpr Tag kOfInstancesIfKnown[] = {dicom::kTimezoneOffsetFromUtc, Tag(0x0028, 0x0008),  // Number of Frames
                                       Tag(0x0028, 0x0010),                                 // Rows
                                       Tag(0x0028, 0x0011),                                 // Columns
                                       Tag(0x0028, 0x0100)};                                // Bits Allocated

/// They change what other servers return, not what they match.
constexpr std::string_view kNotSupported[] = {"emptyvaluematching", "orderby", "returnempty"};
/// Of the transport, or of no consequence: all text is UTF-8.
constexpr std::string_view kNotOurs[] = {"accept", "charset", "access_token"};

bool contains(std::span<const std::string_view> list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

[[noreturn]] void refuse(std::string_view parameter, const std::string& why) {
  throw Error(Code::invalid, "the query parameter " + std::string(parameter) + ": " + why);
}

bool parse_boolean(const QueryParameter& parameter) {
  if (parameter.value != "true" && parameter.value != "false") refuse(parameter.name, "it is neither true nor false");
  return parameter.value == "true";
}

uint64_t parse_number(const QueryParameter& parameter) {
  const auto& text = parameter.value;
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size())
    refuse(parameter.name, "it is no number from 0 on");
  return number;
}

class Parser {
 public:
  Parser(Level level, const Resource& within, const AttributeDictionary& dictionary)
      : level_(level), within_(within), dictionary_(dictionary), keys_(dictionary) {}

  SearchRequest parse(const QueryParameters& parameters) {
    for (const auto& parameter : parameters) take(parameter);
    add_defaults();
    if (request_.all) add_all();
    if (!within_.study.empty()) keys_.restrict(dicom::kStudyInstanceUid, within_.study);
    if (!within_.series.empty()) keys_.restrict(dicom::kSeriesInstanceUid, within_.series);
    request_.identifier = keys_.identifier();
    return std::move(request_);
  }

 private:
  void take(const QueryParameter& parameter) {
    if (contains(kNotOurs, parameter.name)) return;
    if (parameter.name == "limit")
      request_.limit = parse_number(parameter);
    else if (parameter.name == "offset")
      request_.offset = parse_number(parameter);
    else if (parameter.name == "fuzzymatching")
      take_fuzzy_matching(parameter);
    else if (parameter.name == "multiplevaluematching")
      parse_boolean(parameter);  // it is always done
    else if (parameter.name == "includefield")
      take_include_fields(parameter);
    else if (contains(kNotSupported, parameter.name))
      request_.warnings.push_back("The query parameter " + parameter.name + " is not supported and was ignored.");
    else
      take_matching_key(parameter);
  }

  void take_fuzzy_matching(const QueryParameter& parameter) {
    if (parse_boolean(parameter))
      request_.warnings.emplace_back(
          "The fuzzymatching parameter is not supported. Only literal matching has been performed.");
  }

  void take_include_fields(const QueryParameter& parameter) {
    for (const auto name : comma_list(parameter.value)) {
      if (name == "all") {
        request_.all = true;
        continue;
      }
      const auto path = parse_attribute(name, dictionary_);
      if (!path) refuse(parameter.name, "\"" + std::string(name) + "\" is no keyword and no tag of an attribute");
      if (path->front().is_private())
        add_private(*path);
      else if (!is_below(path->front()))
        add_named(*path);
    }
  }

  void take_matching_key(const QueryParameter& parameter) {
    const auto path = parse_attribute(parameter.name, dictionary_);
    if (!path) refuse(parameter.name, "there is no such parameter, and no such attribute by keyword or tag");
    try {
      keys_.add_matching_key(*path, parameter.value);
    } catch (const Error& error) {
      refuse(parameter.name, error.what());
    }
    request_.named.insert(path->front());
  }

  /// Attributes of a lower level are not returned: one study, many values (PS3.18 10.6.3.3).
  bool is_below(Tag tag) const {
    if (tag.is_private() || level_ == Level::image) return false;
    const auto level = dicom::attribute_level(tag);
    return level == AttributeLevel::image || (level == AttributeLevel::series && level_ == Level::study);
  }

  /// With its creator (PS3.18 10.6.3.3); where nobody knows it, without a guess at its Value Representation.
  void add_private(const AttributePath& path) {
    keys_.add_return_key(path);
    const auto block = static_cast<uint16_t>(path.front().element() >> 8);
    if (block >= 0x10) keys_.add_return_key({Tag(path.front().group(), block)});
  }
  void add_named(const AttributePath& path) {
    keys_.add_return_key(path);
    request_.named.insert(path.front());
  }
  void add(std::span<const Tag> tags) {
    for (const auto tag : tags) add_named({tag});
  }
  void add_if_known(std::span<const Tag> tags) {
    for (const auto tag : tags) keys_.add_return_key({tag});
  }

  void add_defaults() {
    if (level_ == Level::image) {
      add(kOfInstances);
      add_if_known(kOfInstancesIfKnown);
    }
    if (level_ == Level::series || (level_ == Level::image && within_.series.empty())) {
      add(kOfSeries);
      add_if_known(kOfSeriesIfKnown);
      if (!keys_.has(kRequestAttributes))
        for (const auto tag : kOfRequests) keys_.add_return_key({kRequestAttributes, tag});
    }
    if (level_ == Level::study || within_.study.empty()) {
      add(kOfStudies);
      add_if_known(kOfStudiesIfKnown);
    }
  }
  /// Of instances, the whole header is returned anyway.
  void add_all() {
    if (level_ == Level::study || within_.study.empty()) add_if_known(dicom::study_level_attributes());
    if (level_ != Level::study) add_if_known(dicom::series_level_attributes());
  }

  const Level level_;
  const Resource& within_;
  const AttributeDictionary& dictionary_;
  SearchKeys keys_;
  SearchRequest request_;
};

}  // namespace

SearchRequest parse_search(Level level, const Resource& within, const QueryParameters& parameters,
                           const AttributeDictionary& dictionary) {
  return Parser(level, within, dictionary).parse(parameters);
}

}  // namespace fermata::dicomweb
