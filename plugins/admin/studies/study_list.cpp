#include "studies/study_list.hpp"

#include "studies/study_walk.hpp"
#include "studies/viewer_series.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

/// UIDs in one key: its length has 16 bits.
constexpr std::size_t kUidsInKey = 500;

std::vector<Keys> keys_for(const std::vector<std::string>& studies) {
  std::vector<Keys> sets;
  std::string list;
  for (std::size_t i = 0; i < studies.size(); ++i) {
    if (!list.empty()) list += '\\';
    list += studies[i];
    if ((i + 1) % kUidsInKey != 0 && i + 1 != studies.size()) continue;
    sets.push_back({{dicom::kStudyInstanceUid, std::move(list)}});
    list.clear();
  }
  return sets;
}

}  // namespace

/// Together they find all that the filter lets through, and with words some others.
std::vector<Keys> StudyList::key_sets(const StudyFilter& filter) const {
  std::vector<Keys> sets{{}};
  if (!filter.label.empty())
    sets = keys_for(labels_.studies(filter.label));
  else if (!filter.words.empty())
    sets = filter.words.keys(descriptions_);
  // Where the filter asks for another value of the attribute, the word is looked for in what that finds.
  for (auto& keys : sets)
    for (const auto& [tag, value] : filter.keys) keys[tag] = value;
  return sets;
}

StudyList::Page StudyList::page(Archive& archive, const StudyFilter& filter) const {
  const auto sets = key_sets(filter);
  const bool exact = sets.size() == 1 && filter.words.empty();
  std::vector<std::vector<std::byte>> identifiers;
  std::vector<std::unique_ptr<MatchCursor>> cursors;
  for (const auto& keys : sets) {
    const auto& identifier = identifiers.emplace_back(study_identifier(keys));
    Query query;
    query.identifier = identifier;
    query.order = filter.order;
    if (exact) {
      query.offset = filter.offset;
      query.limit = filter.limit + 1;
    }
    cursors.push_back(archive.find(query));
  }
  StudyWalk walk(std::move(cursors), filter.order);
  Page page;
  uint64_t skip = exact ? 0 : filter.offset;
  for (dicom::DataSetView study; walk.next(study);) {
    if (!filter.words.match(study)) continue;
    if (skip > 0) {
      --skip;
      continue;
    }
    page.more = page.items.size() == filter.limit;
    if (page.more) break;
    auto object = study_object(study);
    const auto labels = labels_.of(study.text(dicom::kStudyInstanceUid));
    object["labels"] = json::array(labels.begin(), labels.end());
    page.items.push_back(std::move(object));
  }
  if (!filter.all_series) leave_out_viewer_series(archive, page.items);
  return page;
}

}  // namespace fermata::admin
