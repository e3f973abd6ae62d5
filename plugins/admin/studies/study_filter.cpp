#include "studies/study_filter.hpp"

#include <algorithm>

#include "fermata/error.hpp"

namespace fermata::admin {
namespace {

using dicom::Tag;

constexpr std::size_t kLongest = 200;
constexpr uint64_t kMostStudies = 500;
constexpr uint64_t kLargestOffset = 1'000'000'000;

struct Parameter {
  std::string_view name;
  Tag tag;
  bool beginning;
};

constexpr Parameter kParameters[] = {
    {"patient_name", dicom::kPatientName, true},          {"patient_id", dicom::kPatientId, false},
    {"accession_number", dicom::kAccessionNumber, false}, {"description", Tag(0x0008, 0x1030), true},
    {"referring_physician", Tag(0x0008, 0x0090), true},
};

std::string checked(const QueryParameters& parameters, std::string_view name) {
  std::string value(parameters.value(name));
  if (value.size() > kLongest)
    throw Error(Code::invalid, std::string(name) + " is longer than " + std::to_string(kLongest) + " bytes");
  std::replace_if(
      value.begin(), value.end(), [](unsigned char c) { return c == '\\' || c < ' '; }, '?');
  return value;
}

std::string key(std::string value, const Parameter& parameter) {
  if (parameter.tag == dicom::kPatientName)
    if (const auto comma = value.find(", "); comma != std::string::npos) value.replace(comma, 2, "^");
  if (parameter.beginning && value.find_first_of("*?") == std::string::npos) value += '*';
  return value;
}

std::string modalities(std::string value) {
  std::transform(value.begin(), value.end(), value.begin(), [](char c) {
    if (c >= 'a' && c <= 'z') return static_cast<char>(c - 'a' + 'A');
    return c == ',' ? '\\' : c;
  });
  return value;
}

std::string date(const QueryParameters& parameters, std::string_view name) {
  const auto value = parameters.value(name);
  const bool digits = std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!value.empty() && (!digits || value.size() != 8))
    throw Error(Code::invalid, std::string(name) + " has to be a date as YYYYMMDD");
  return std::string(value);
}

/// The orders that an index has, however many studies there are.
constexpr std::pair<std::string_view, Query::Order> kOrders[] = {
    {"newest_first", Query::Order::newest_first},
    {"oldest_first", Query::Order::oldest_first},
    {"patient_name", Query::Order::patient_name},
    {"patient_name_reversed", Query::Order::patient_name_reversed},
};

Query::Order wanted_order(const QueryParameters& parameters) {
  const auto value = parameters.value("order");
  if (value.empty()) return Query::Order::newest_first;
  for (const auto& [name, order] : kOrders)
    if (value == name) return order;
  throw Error(Code::invalid, "order has to be newest_first, oldest_first, patient_name or patient_name_reversed");
}

}  // namespace

StudyFilter StudyFilter::parse(const QueryParameters& parameters) {
  StudyFilter filter;
  for (const auto& parameter : kParameters)
    if (auto value = checked(parameters, parameter.name); !value.empty())
      filter.keys[parameter.tag] = key(std::move(value), parameter);
  if (auto value = modalities(checked(parameters, "modality")); !value.empty())
    filter.keys[dicom::kModalitiesInStudy] = std::move(value);
  const auto from = date(parameters, "date_from");
  const auto to = date(parameters, "date_to");
  if (!from.empty() || !to.empty()) filter.keys[dicom::kStudyDate] = from + "-" + to;
  filter.words = SearchWords(checked(parameters, "search"));
  filter.label = parameters.value("label");
  filter.offset = parameters.number("offset", 0, kLargestOffset);
  filter.limit = parameters.number("limit", filter.limit, kMostStudies);
  filter.order = wanted_order(parameters);
  filter.all_series = wants_all_series(parameters);
  return filter;
}

bool wants_all_series(const QueryParameters& parameters) {
  const auto value = parameters.value("all_series");
  if (!value.empty() && value != "true" && value != "false")
    throw Error(Code::invalid, "all_series has to be true or false");
  return value == "true";
}

}  // namespace fermata::admin
