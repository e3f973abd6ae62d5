#include "system/storage_report.hpp"

#include <algorithm>

#include "fermata/dicom/data_set_writer.hpp"
#include "json_body.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr int64_t kDay = int64_t{24} * 3600 * 1'000'000;
constexpr int64_t kGrowthDays = 30;
constexpr uint64_t kFarAway = 36'500;  // a number of days that means nothing any more

}  // namespace

std::optional<Capacity> StorageReport::capacity() const {
  try {
    return archive_.capacity();
  } catch (const Error& error) {
    if (error.code() != Code::unsupported) throw;
    return {};
  }
}

std::optional<uint64_t> StorageReport::full_in_days() const {
  const auto room = capacity();
  const auto totals = keeper_.totals();
  uint64_t bytes = 0;
  for (auto day = totals.days.lower_bound(day_of(clock_() - (kGrowthDays - 1) * kDay)); day != totals.days.end(); ++day)
    bytes += day->second.bytes;
  if (!room || bytes == 0) return {};
  const auto days = static_cast<uint64_t>(double(room->available) / (double(bytes) / double(kGrowthDays)));
  if (days > kFarAway) return {};
  return days;
}

json::object StorageReport::object() const {
  const auto statistics = archive_.statistics();
  json::object object{{"total", nullptr}, {"available", nullptr}, {"used", nullptr}};
  if (const auto room = capacity()) {
    object["total"] = room->total;
    object["available"] = room->available;
    object["used"] = room->total - std::min(room->total, room->available);
  }
  object["studies"] = statistics.studies;
  object["series"] = statistics.series;
  object["instances"] = statistics.instances;
  object["bytes"] = statistics.bytes;
  object["newest"] = statistics.studies == 0 ? json::value() : study_date(0);
  object["oldest"] = statistics.studies == 0 ? json::value() : study_date(statistics.studies - 1);
  object["modalities"] = modalities(statistics.bytes);
  object["days"] = days();
  const auto full = full_in_days();
  object["full_in_days"] = full ? json::value(*full) : json::value();
  return object;
}

/// Of one in the list of all studies, newest first.
json::value StorageReport::study_date(uint64_t offset) const {
  dicom::DataSetWriter keys;
  keys.add_empty(dicom::kStudyDate, "DA");
  Query query;
  query.identifier = keys.bytes();
  query.order = Query::Order::newest_first;
  query.offset = offset;
  query.limit = 1;
  const auto matches = archive_.find(query);
  std::span<const std::byte> match;
  if (!matches->next(match)) return nullptr;
  const auto date = dicom::DataSetView(match).text(dicom::kStudyDate);
  return date.empty() ? json::value() : json::value(utf8(date));
}

json::array StorageReport::days() const {
  json::array days;
  for (const auto& [date, amount] : keeper_.totals().days)
    days.push_back(json::object{{"date", date}, {"instances", amount.instances}, {"bytes", amount.bytes}});
  return days;
}

/// The index knows the bytes of all objects together. They are divided as the objects of each modality were large when
/// they came in.
json::array StorageReport::modalities(uint64_t bytes) const {
  const auto totals = keeper_.totals();
  std::map<std::string, double, std::less<>> weights;
  double sum = 0;
  for (const auto& [modality, count] : totals.present) {
    const auto received = totals.modalities.find(modality);
    const bool known = received != totals.modalities.end() && received->second.instances != 0;
    const double each = known ? double(received->second.bytes) / double(received->second.instances) : 0;
    sum += weights[modality] = each * double(count.instances);
  }
  json::array list;
  for (const auto& [modality, count] : totals.present) {
    const auto share = sum == 0 ? 0 : double(bytes) * weights[modality] / sum;
    list.push_back(json::object{{"modality", utf8(modality)},
                                {"series", count.series},
                                {"instances", count.instances},
                                {"bytes", static_cast<uint64_t>(share)}});
  }
  return list;
}

}  // namespace fermata::admin
