#include "event_log.hpp"

#include <algorithm>

#include "event_document.hpp"
#include "fermata/error.hpp"

namespace fermata::audit_trail {
namespace {

/// The smallest number from `low` on of which `holds`, which stays true from there on; `high` if it is none below.
template <class Holds>
uint64_t smallest(uint64_t low, uint64_t high, const Holds& holds) {
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (holds(middle))
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

}  // namespace

void EventLog::open() {
  const auto none_from = [this](uint64_t number) {
    Document document;
    return !store_.list(kEventsCollection, document_id(number))->next(document);
  };
  const auto beyond = smallest(1, UINT64_MAX, none_from);
  if (beyond == 1) return;
  const auto cursor = store_.list(kEventsCollection, document_id(beyond - 1));
  Document document;
  if (!cursor->next(document)) throw Error(Code::io, "the end of the audit trail can't be found");
  tail_ = read(document);
  last_ = tail_.empty() ? beyond - 1 + kMostEventsOfDocument : tail_.back().number;
}

/// Empty if it can't be read.
std::vector<RecordedEvent> EventLog::read(const Document& document) const {
  try {
    return events_from_document(document.id, document.content);
  } catch (const Error& error) {
    journal_.log(LogLevel::error, error.what(), {});
    return {};
  }
}

std::size_t EventLog::append(std::span<const RecordedEvent> events) {
  auto grown = tail_.size() < kMostEventsOfDocument ? tail_ : std::vector<RecordedEvent>();
  const auto count = std::min(events.size(), kMostEventsOfDocument - grown.size());
  uint64_t number = last_;
  for (const auto& event : events.first(count)) grown.emplace_back(event).number = ++number;
  if (count == 0) return 0;
  const auto content = to_document(grown);
  store_.put(kEventsCollection, document_id(grown.front().number), std::as_bytes(std::span(content)), StateStore::kAny);
  tail_ = std::move(grown);
  last_ = number;
  return count;
}

/// A document that holds the number before `number` begins at most so many numbers before it: what lies further back is
/// looked for only where there is a gap.
void EventLog::visit_before(uint64_t number, const Visit& visit) const {
  uint64_t width = kMostEventsOfDocument;
  auto end = std::min<uint64_t>(number, last_ + 1);
  while (end > 1) {
    const auto begin = end > width ? end - width : 1;
    const auto cursor = store_.list(kEventsCollection, document_id(begin));
    std::vector<RecordedEvent> events;
    for (Document document; cursor->next(document) && number_of(document.id) < end;)
      for (auto& event : read(document)) events.push_back(std::move(event));
    for (auto event = events.rbegin(); event != events.rend(); ++event)
      if (event->number < end && !visit(*event)) return;
    if (events.empty() && begin == 1) return;
    width = events.empty() ? width * 2 : kMostEventsOfDocument;
    if (!events.empty()) end = events.front().number;
  }
}

void EventLog::visit_from(uint64_t number, const Visit& visit) const {
  const auto begin = number > kMostEventsOfDocument ? number - kMostEventsOfDocument + 1 : 1;
  const auto cursor = store_.list(kEventsCollection, document_id(begin));
  for (Document document; cursor->next(document);)
    for (const auto& event : read(document))
      if (event.number >= number && !visit(event)) return;
}

/// Of the first document from this number on that can be read; true where there is none.
bool EventLog::begins_after(uint64_t number, int64_t us) const {
  const auto cursor = store_.list(kEventsCollection, document_id(number));
  for (Document document; cursor->next(document);) {
    const auto events = read(document);
    if (!events.empty()) return events.front().time_us > us;
  }
  return true;
}

uint64_t EventLog::first_after(int64_t us) const {
  const auto number = smallest(1, last_ + 1, [&](uint64_t from) { return begins_after(from, us); });
  const auto cursor = store_.list(kEventsCollection, document_id(number));
  Document document;
  return cursor->next(document) ? number_of(document.id) : last_ + 1;
}

std::size_t EventLog::remove_older_than(int64_t us) {
  std::vector<std::string> old;
  const auto cursor = store_.list(kEventsCollection, "");
  std::string previous;
  for (Document document; cursor->next(document);) {
    if (!previous.empty()) old.push_back(std::move(previous));  // not the last one: it says where numbers go on
    previous.clear();
    const auto events = read(document);
    const auto is_old = [&](const RecordedEvent& event) { return event.time_us < us; };
    if (!std::all_of(events.begin(), events.end(), is_old)) break;
    if (!events.empty()) previous = document.id;
  }
  for (const auto& id : old) store_.remove(kEventsCollection, id, StateStore::kAny);
  return old.size();
}

}  // namespace fermata::audit_trail
