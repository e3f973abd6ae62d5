#include "send_runner.hpp"

#include <chrono>
#include <vector>

#include "fermata/error.hpp"
#include "node_sender.hpp"
#include "send_parameters.hpp"
#include "send_plan.hpp"
#include "send_state.hpp"
#include "sent_notes.hpp"

namespace fermata::transfers {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t kMostUnsaved = 200;
constexpr std::chrono::seconds kLongestUnsaved{5};

std::span<const std::byte> bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

std::vector<std::string> preferred_by(ApplicationEntities& nodes, const std::string& ae_title) {
  const auto cursor = nodes.resolve(ae_title, {});
  ApplicationEntity node;
  if (!cursor->next(node))
    throw Error(Code::not_found, "there is no node " + ae_title + " any more: add it again, and try again");
  return {node.preferred_transfer_syntaxes.begin(), node.preferred_transfer_syntaxes.end()};
}

/// One run: the position goes on with every instance, and is saved now and then, and at every end.
class Sending {
 public:
  Sending(JobRun& run, const SendParameters& parameters, SendState state, uint64_t total)
      : run_(run), node_(parameters.node), state_(std::move(state)), total_(total) {}

  void send(SendPlan& plan, NodeSender& sender, SentNotes& notes) {
    try {
      tell();
      for (InstanceRecord record; plan.next(state_, record);) {
        if (run_.cancelled()) return save();
        send_one(sender, record, notes);
        tell();
        if (++unsaved_ >= kMostUnsaved || Clock::now() - saved_ > kLongestUnsaved) save();
      }
    } catch (const Error& error) {
      if (unsaved_ > 0) save();
      throw;
    }
    finish();
  }

 private:
  void send_one(NodeSender& sender, const InstanceRecord& record, SentNotes& notes) {
    const auto outcome = sender.send(record);
    if (outcome == NodeSender::Outcome::not_taken) state_.note_failure(record.sop_instance_uid, sender.reason());
    if (outcome != NodeSender::Outcome::gone)
      notes.count(record.study_instance_uid, outcome == NodeSender::Outcome::taken);
    state_.after = record.sop_instance_uid;
    ++state_.done;
  }

  void finish() {
    if (state_.failed > 0) {
      const auto problem = state_.problem(node_, state_.done);
      const auto anew = state_.anew().to_json();
      run_.save(bytes(anew));
      throw Error(Code::refused, problem);
    }
    run_.progress(state_.done, state_.done, std::to_string(state_.done) + " instances were sent to " + node_);
  }

  void tell() {
    const auto failed = state_.failed > 0 ? ", " + std::to_string(state_.failed) + " were not taken" : "";
    run_.progress(state_.done, std::max(total_, state_.done), "sending to " + node_ + failed);
  }
  void save() {
    const auto text = state_.to_json();
    run_.save(bytes(text));
    unsaved_ = 0;
    saved_ = Clock::now();
  }

  JobRun& run_;
  const std::string& node_;
  SendState state_;
  const uint64_t total_;
  uint64_t unsaved_ = 0;
  Clock::time_point saved_ = Clock::now();
};

}  // namespace

void SendRunner::run(JobRun& run) {
  const auto parameters = SendParameters::from_json(run.parameters());
  auto state = SendState::from_json(run.checkpoint());
  SendPlan plan(archive_, parameters, state);
  auto survey = plan.survey();
  if (survey.instances == 0) throw Error(Code::not_found, "nothing of what was to be sent is in the archive any more");
  NodeSender sender(client_, open_, parameters.node, std::move(survey.kinds), preferred_by(nodes_, parameters.node));
  SentNotes notes(trail_, parameters, run.id());
  Sending(run, parameters, std::move(state), survey.instances).send(plan, sender, notes);
}

}  // namespace fermata::transfers
