#include "upper-layer/association_parameters.hpp"

#include <dcmtk/dcmnet/lst.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "upper-layer/upper_layer.hpp"

namespace fermata::dimse {
namespace {

constexpr std::string_view kQueryClasses = "1.2.840.10008.5.1.4.1.2.";

Role role_of(DUL_SC_ROLE role) {
  switch (role) {
    case DUL_SC_ROLE_SCU:
      return Role::scu;
    case DUL_SC_ROLE_SCP:
      return Role::scp;
    case DUL_SC_ROLE_SCUSCP:
      return Role::both;
    default:
      return Role::standard;
  }
}

template <class Node, class Visit>
void for_each(LST_HEAD*& list, Visit visit) {
  if (list == nullptr) return;
  auto* node = LST_Head(&list);
  LST_Position(&list, node);
  for (; node != nullptr; node = LST_Next(&list)) visit(*reinterpret_cast<Node*>(node));
}

void put_answer(T_ASC_Parameters& parameters, const ContextAnswer& answer) {
  if (answer.result == ContextAnswer::Result::accepted)
    ASC_acceptPresentationContext(&parameters, answer.id, answer.transfer_syntax.c_str(), dcmtk_role(answer.role));
  else
    ASC_refusePresentationContext(&parameters, answer.id, static_cast<T_ASC_P_ResultReason>(answer.result));
}

/// Answers SOP Class Extended Negotiation of Query/Retrieve (PS3.4 C.5): we always do relational queries, and combine
/// date and time if asked to; what else there is, is declined. Tells the contexts what was agreed.
void negotiate_extensions(T_ASC_Parameters& parameters, std::span<PresentationContext> contexts) {
  SOPClassExtendedNegotiationSubItemList* requested = nullptr;
  ASC_getRequestedExtNegList(&parameters, &requested);
  if (requested == nullptr) return;
  auto accepted = std::make_unique<SOPClassExtendedNegotiationSubItemList>();
  for (const auto* item : *requested) {
    const std::string_view uid(item->sopClassUID.c_str(), item->sopClassUID.length());
    const bool known = std::any_of(contexts.begin(), contexts.end(),
                                   [&](const PresentationContext& c) { return c.abstract_syntax == uid; });
    if (!known || !uid.starts_with(kQueryClasses) || item->serviceClassAppInfoLength == 0) continue;
    const bool find = uid.ends_with(".1");
    auto reply = std::make_unique<SOPClassExtendedNegotiationSubItem>();
    reply->sopClassUID = item->sopClassUID;
    reply->serviceClassAppInfoLength = item->serviceClassAppInfoLength;
    reply->serviceClassAppInfo = new unsigned char[item->serviceClassAppInfoLength]();
    const auto agree = [&](unsigned short byte) {
      const bool wanted = byte < item->serviceClassAppInfoLength && item->serviceClassAppInfo[byte] == 1;
      if (wanted) reply->serviceClassAppInfo[byte] = 1;
      return wanted;
    };
    const bool relational = agree(0);
    const bool combined_date_time = find && agree(1);
    for (auto& context : contexts) {
      if (context.abstract_syntax != uid) continue;
      context.relational = relational;
      context.combined_date_time = combined_date_time;
    }
    accepted->push_back(reply.release());
  }
  if (!accepted->empty()) ASC_setAcceptedExtNegList(&parameters, accepted.release());
}

}  // namespace

std::string field_text(const char* field) {
  std::string_view view(field);
  while (!view.empty() && view.front() == ' ') view.remove_prefix(1);
  while (!view.empty() && view.back() == ' ') view.remove_suffix(1);
  return std::string(view);
}

std::vector<ContextOffer> offers_of(T_ASC_Parameters& parameters) {
  std::vector<ContextOffer> offers;
  for_each<DUL_PRESENTATIONCONTEXT>(
      parameters.DULparams.requestedPresentationContext, [&](DUL_PRESENTATIONCONTEXT& context) {
        ContextOffer offer;
        offer.id = context.presentationContextID;
        offer.abstract_syntax = context.abstractSyntax;
        offer.role = role_of(context.proposedSCRole);
        for_each<DUL_TRANSFERSYNTAX>(context.proposedTransferSyntax, [&](DUL_TRANSFERSYNTAX& syntax) {
          offer.transfer_syntaxes.emplace_back(syntax.transferSyntax);
        });
        offers.push_back(std::move(offer));
      });
  return offers;
}

std::vector<PresentationContext> answer_contexts(T_ASC_Parameters& parameters, std::span<const ContextOffer> offers,
                                                 std::span<const ContextAnswer> answers) {
  std::vector<PresentationContext> contexts;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& given = answers[i];
    put_answer(parameters, given);
    if (given.result != ContextAnswer::Result::accepted) continue;
    PresentationContext context;
    context.id = given.id;
    context.abstract_syntax = offers[i].abstract_syntax;
    context.transfer_syntax = given.transfer_syntax;
    context.peer_is_scp = given.role == Role::scp || given.role == Role::both;
    contexts.push_back(std::move(context));
  }
  negotiate_extensions(parameters, contexts);
  return contexts;
}

}  // namespace fermata::dimse
