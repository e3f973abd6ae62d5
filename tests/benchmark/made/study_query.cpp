#include "study_query.hpp"

#include <array>

#include "fermata/dicom/data_set_writer.hpp"

namespace fermata::benchmark {
namespace {

using dicom::Tag;
using dicom::Vr;

struct ReturnKey {
  Tag tag;
  Vr vr;
};

const std::array kReturned{
    ReturnKey{Tag(0x0008, 0x0020), "DA"}, ReturnKey{Tag(0x0008, 0x0030), "TM"}, ReturnKey{Tag(0x0008, 0x0050), "SH"},
    ReturnKey{Tag(0x0008, 0x0061), "CS"}, ReturnKey{Tag(0x0008, 0x0090), "PN"}, ReturnKey{Tag(0x0008, 0x1030), "LO"},
    ReturnKey{Tag(0x0010, 0x0010), "PN"}, ReturnKey{Tag(0x0010, 0x0020), "LO"}, ReturnKey{Tag(0x0010, 0x0030), "DA"},
    ReturnKey{Tag(0x0010, 0x0040), "CS"}, ReturnKey{Tag(0x0020, 0x000d), "UI"}, ReturnKey{Tag(0x0020, 0x1208), "IS"}};

std::vector<std::byte> encoded(Tag key, const std::string& value, bool level) {
  dicom::DataSetWriter w;
  bool level_written = !level;
  for (const auto& [tag, vr] : kReturned) {
    if (!level_written && Tag(0x0008, 0x0052) < tag) {
      w.add(Tag(0x0008, 0x0052), "CS", "STUDY");
      level_written = true;
    }
    w.add(tag, vr, tag == key ? value : std::string());
  }
  return w.take();
}

}  // namespace

const std::vector<StudyQuery>& study_queries() {
  static const std::vector<StudyQuery> queries{
      {"id", 0x0010, 0x0020, [](const Study& s) { return s.patient_id; }},
      {"name", 0x0010, 0x0010, [](const Study& s) { return s.name; }},
      {"prefix", 0x0010, 0x0010, [](const Study& s) { return s.family_name + "*"; }},
      {"date", 0x0008, 0x0020, [](const Study& s) { return s.date; }},
      {"accession", 0x0008, 0x0050, [](const Study& s) { return s.accession; }},
      {"inside", 0x0010, 0x0010,
       [](const Study& s) { return std::string(1, '*').append(s.family_name.substr(1)).append("^*"); }},
  };
  return queries;
}

const StudyQuery* study_query(std::string_view name) {
  for (const auto& query : study_queries())
    if (query.name == name) return &query;
  return nullptr;
}

std::vector<std::byte> identifier(const StudyQuery& query, const std::string& value, bool level) {
  return encoded(Tag(query.group, query.element), value, level);
}

std::vector<std::byte> identifier_of_all() { return encoded(Tag(0, 0), {}, false); }

}  // namespace fermata::benchmark
