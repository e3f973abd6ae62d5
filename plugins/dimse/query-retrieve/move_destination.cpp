#include "query-retrieve/move_destination.hpp"

#include <algorithm>
#include <array>

#include "fermata/dicom/lossless_targets.hpp"
#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/error.hpp"

namespace fermata::dimse {
namespace {

namespace transfer_syntax = dicom::transfer_syntax;

constexpr std::size_t kMostContexts = 128;
constexpr std::array kUncompressed{transfer_syntax::kExplicitLittleEndian, transfer_syntax::kImplicitLittleEndian};

/// The contexts for one SOP Class, of which these transfer syntaxes are stored.
std::vector<ProposedContext> contexts_for(const std::string& sop_class, const std::vector<std::string>& stored,
                                          std::span<const std::string> preferred, Transcoder* transcoder) {
  std::vector<ProposedContext> contexts;
  const auto producible = [&](std::string_view to) {
    return std::any_of(stored.begin(), stored.end(), [&](const auto& from) {
      return from == to || (transcoder != nullptr && transcoder->can(from, to));
    });
  };
  const auto propose_alone = [&](const std::string& transfer_syntax) {
    const bool there = std::any_of(contexts.begin(), contexts.end(),
                                   [&](const auto& c) { return c.transfer_syntaxes.front() == transfer_syntax; });
    if (!there) contexts.push_back({sop_class, {transfer_syntax}});
  };
  for (const auto& transfer_syntax : preferred)
    if (producible(transfer_syntax)) propose_alone(transfer_syntax);
  for (const auto& transfer_syntax : stored) propose_alone(transfer_syntax);
  const auto propose_one_of = [&](const auto& targets) {
    std::vector<std::string> some;
    for (const auto target : targets)
      if (transcoder != nullptr && producible(target)) some.emplace_back(target);
    if (!some.empty()) contexts.push_back({sop_class, std::move(some)});
  };
  propose_one_of(kUncompressed);
  propose_one_of(dicom::kLosslessTargets);
  propose_one_of(dicom::kReversibleTargets);
  if (contexts.size() > kMostContexts) contexts.resize(kMostContexts);
  return contexts;
}

}  // namespace

std::vector<MoveProposal> propose(const RetrieveSurvey& survey, std::span<const std::string> preferred,
                                  Transcoder* transcoder) {
  std::map<std::string, std::vector<std::string>> stored;
  for (const auto& [kind, count] : survey.kinds) stored[kind.first].push_back(kind.second);
  std::vector<MoveProposal> proposals;
  for (const auto& [sop_class, transfer_syntaxes] : stored) {
    auto contexts = contexts_for(sop_class, transfer_syntaxes, preferred, transcoder);
    if (proposals.empty() || proposals.back().contexts.size() + contexts.size() > kMostContexts)
      proposals.emplace_back();
    proposals.back().sop_classes.insert(sop_class);
    std::move(contexts.begin(), contexts.end(), std::back_inserter(proposals.back().contexts));
  }
  return proposals;
}

MoveDestination::MoveDestination(Archive& archive, Transcoder* transcoder, Client& client, Destination destination,
                                 StoreSenderSettings settings)
    : archive_(archive),
      transcoder_(transcoder),
      client_(client),
      destination_(std::move(destination)),
      settings_(std::move(settings)) {}

void MoveDestination::begin(const MoveProposal& proposal) {
  end();
  contexts_ = proposal.contexts;
}

void MoveDestination::end() {
  if (association_) association_->release();
  sender_.reset();
  association_.reset();
}

SubOperations::Outcome MoveDestination::send(const InstanceRecord& record) {
  using Outcome = SubOperations::Outcome;
  while (!given_up_) {
    if (!association_ && !connect()) break;
    try {
      const auto outcome = sender_->send(record);
      reason_ = sender_->reason();
      lost_before_ = false;
      return outcome;
    } catch (const AssociationLost& lost) {
      reason_ = std::string("the association with ") + destination_.ae_title + " was lost: " + lost.what();
      sender_.reset();
      association_.reset();
      given_up_ = std::exchange(lost_before_, true) || (settings_.abandoned && settings_.abandoned());
    }
  }
  return Outcome::failed;
}

bool MoveDestination::connect() {
  try {
    association_ = client_.connect(destination_, contexts_);
    sender_ = std::make_unique<StoreSender>(archive_, transcoder_, *association_, settings_);
    has_connected_ = true;
    return true;
  } catch (const Error& error) {
    reason_ = error.what();
    if (!has_connected_) unreachable_ = reason_;
    given_up_ = true;
    return false;
  }
}

}  // namespace fermata::dimse
