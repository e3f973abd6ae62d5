#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "studies/description_store.hpp"
#include "studies/study_record.hpp"

namespace fermata::admin {

/// What somebody typed into the search field: words, each of which has to be the beginning of a word in the patient's
/// name, of the patient ID, of the accession number, or of a word in the description. Case and accents don't count; but
/// IDs and numbers in mixed case are found as they are written only.
///
/// **Thread**: read only, any.
class SearchWords {
 public:
  explicit SearchWords(std::string_view text);

  bool empty() const { return words_.empty(); }
  /// Keys of queries that together find every study with one of the words, the one that fewest studies are
  /// likely to have. The index knows whole values and their
  /// beginnings, and of names every three letters in a row.
  std::vector<Keys> keys(const DescriptionStore& descriptions) const;
  /// Whether a study, as `study_identifier` returns it, has all of the words.
  bool match(dicom::DataSetView study) const;

 private:
  struct Word {
    std::string typed;
    std::string folded;
  };
  const Word& rarest(const DescriptionStore& descriptions) const;

  std::vector<Word> words_;  ///< the longest first
};

}  // namespace fermata::admin
