#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include <span>
#include <string>
#include <vector>

#include "admission/negotiation.hpp"
#include "association.hpp"

namespace fermata::dimse {

// What DCMTK has read of an A-ASSOCIATE-RQ and is going to answer: between its structures and ours. **Thread**: one at
// a time for the same parameters.

/// A field without the spaces around it.
std::string field_text(const char* field);

std::vector<ContextOffer> offers_of(T_ASC_Parameters& parameters);

/// Puts the answers into A-ASSOCIATE-AC, `answers` in the order of `offers`, and with them those to SOP Class Extended
/// Negotiation (PS3.4 C.5). What was accepted comes back.
std::vector<PresentationContext> answer_contexts(T_ASC_Parameters& parameters, std::span<const ContextOffer> offers,
                                                 std::span<const ContextAnswer> answers);

}  // namespace fermata::dimse
