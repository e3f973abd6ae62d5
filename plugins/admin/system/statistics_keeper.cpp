#include "system/statistics_keeper.hpp"

#include <charconv>
#include <chrono>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::admin {
namespace {

constexpr std::string_view kCollection = "admin.statistics";
constexpr std::string_view kDocument = "totals";
constexpr uint64_t kChangesAtOnce = 20'000;
constexpr std::chrono::seconds kStepTime{1};
constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kDay = 24 * 3600 * kSecond;
constexpr int64_t kDaysKept = 90;
constexpr int64_t kDaysOfArrivalsKept = 3 * 366;
constexpr int64_t kCensusInterval = 3600 * kSecond;
constexpr std::string_view kUnknown = "OT";
constexpr dicom::Tag kStudyDescription{0x0008, 0x1030};

std::optional<Totals> read(StateStore& store) {
  const auto cursor = store.list(kCollection, kDocument);
  Document document;
  if (!cursor->next(document) || document.id != kDocument) return {};
  return Totals::parse({reinterpret_cast<const char*>(document.content.data()), document.content.size()});
}

uint64_t number(dicom::DataSetView from, dicom::Tag tag) {
  const auto text = from.text(tag);
  uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::string day_of(int64_t microseconds) { return utc_text(microseconds, "%Y%m%d"); }

StatisticsKeeper::StatisticsKeeper(Archive& archive, StateStore& store, DescriptionStore& descriptions,
                                   const Journal& journal, Clock clock, Removed removed)
    : archive_(archive),
      store_(store),
      descriptions_(descriptions),
      arrivals_(store),
      clock_(std::move(clock)),
      removed_(std::move(removed)) {
  try {
    totals_ = read(store).value_or(Totals{});
  } catch (const Error& error) {
    journal.log(LogLevel::warning, std::string(error.what()) + "; they are made anew", {});
  }
}

void StatisticsKeeper::step() {
  auto totals = this->totals();
  const bool changed = count_changes(totals);
  const bool census = census_is_due(totals);
  if (census) take_census(totals);
  if (!changed && !census) return;
  forget_old_days(totals);
  arrivals_.save();  // before the totals say that its changes are counted
  const auto text = totals.text();
  store_.put(kCollection, kDocument, std::as_bytes(std::span(text)), StateStore::kAny);
  const std::lock_guard lock(mutex_);
  totals_ = std::move(totals);
}

Totals StatisticsKeeper::totals() const {
  const std::lock_guard lock(mutex_);
  return totals_;
}

uint64_t StatisticsKeeper::sequence() const {
  const std::lock_guard lock(mutex_);
  return totals_.sequence;
}

bool StatisticsKeeper::count_changes(Totals& totals) {
  const auto end = std::chrono::steady_clock::now() + kStepTime;
  const auto cursor = archive_.changes(totals.sequence);
  const bool was_complete = totals.complete;
  uint64_t counted = 0;
  for (Change change; counted < kChangesAtOnce && std::chrono::steady_clock::now() < end; ++counted) {
    if (!cursor->next(change)) {
      totals.complete = true;
      break;
    }
    count(totals, change);
    totals.sequence = change.sequence;
  }
  return counted != 0 || totals.complete != was_complete;
}

void StatisticsKeeper::count(Totals& totals, const Change& change) {
  if (change.kind == Change::Kind::removed) {
    ++totals.removals;
    series_.clear();  // it may come again as something else
    if (removed_) removed_(change.study_instance_uid);
    return;
  }
  const bool known = change.series_instance_uid == series_ && change.kind == Change::Kind::stored;
  const std::string_view instance = change.sop_instance_uid;
  const std::string_view study = change.study_instance_uid;
  const auto found = archive_.instances(
      {.study_instance_uids = {&study, 1}, .sop_instance_uids = {&instance, 1}, .with_headers = !known});
  InstanceRecord record;
  if (!found->next(record)) return;
  if (!known) look_at(change.series_instance_uid, dicom::DataSetView(record.header));
  if (change.kind != Change::Kind::stored) return;
  // An index that is made anew reports what came long ago.
  if (totals.complete && change.time_us - record.received_us > kDay) return;
  const auto day = day_of(record.received_us);
  arrivals_.add(change.sequence, day, record.source_ae_title, modality_, record.blob_length);
  for (auto* amount : {&totals.modalities[modality_], &totals.days[day]}) {
    ++amount->instances;
    amount->bytes += record.blob_length;
  }
}

void StatisticsKeeper::look_at(std::string_view series, dicom::DataSetView header) {
  series_ = series;
  modality_ = header.text(dicom::kModality);
  if (modality_.empty()) modality_ = kUnknown;
  descriptions_.add(header.text(kStudyDescription));
}

void StatisticsKeeper::forget_old_days(Totals& totals) {
  const auto today = day_of(clock_());
  if (today != last_forgotten_) arrivals_.forget_before(day_of(clock_() - kDaysOfArrivalsKept * kDay));
  last_forgotten_ = today;
  totals.days.erase(totals.days.begin(), totals.days.lower_bound(day_of(clock_() - kDaysKept * kDay)));
}

/// It reads all series: at most once an hour, and only if there is something new.
bool StatisticsKeeper::census_is_due(const Totals& totals) const {
  return totals.complete && totals.census_at != totals.sequence &&
         (census_us_ == 0 || clock_() - census_us_ >= kCensusInterval);
}

void StatisticsKeeper::take_census(Totals& totals) {
  dicom::DataSetWriter keys;
  keys.add_empty(dicom::kModality, "CS");
  keys.add_empty(dicom::kNumberOfSeriesRelatedInstances, "IS");
  Query query;
  query.level = Level::series;
  query.identifier = keys.bytes();
  totals.present.clear();
  const auto matches = archive_.find(query);
  for (std::span<const std::byte> match; matches->next(match);) {
    const dicom::DataSetView series(match);
    const auto modality = series.text(dicom::kModality);
    auto& count = totals.present[std::string(modality.empty() ? kUnknown : modality)];
    ++count.series;
    count.instances += number(series, dicom::kNumberOfSeriesRelatedInstances);
  }
  totals.census_at = totals.sequence;
  census_us_ = clock_();
}

}  // namespace fermata::admin
