#pragma once
#include <string>
#include <vector>

#include "attribute_name.hpp"
#include "fermata/archive.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/matching.hpp"
#include "fermata/ip_network.hpp"

namespace fermata::ingest_rules {

/// What an attribute has to match.
struct AttributeKey {
  Attribute attribute;
  dicom::Key key;  ///< PS3.4 C.2.2.2
};

/// Which objects a rule fits: those for which everything that is given is true.
///
/// **Thread**: a value; `fit` from any.
struct Conditions {
  std::vector<std::string> calling_ae_titles;  ///< with * and ?
  std::vector<std::string> called_ae_titles;
  std::vector<IpNetwork> networks;
  std::vector<std::string> protocols;
  std::vector<AttributeKey> keys;
  std::vector<Attribute> present;
  std::vector<Attribute> absent;

  bool empty() const;
  bool fit(dicom::DataSetView header, const StoreRequest& request) const;
};

}  // namespace fermata::ingest_rules
