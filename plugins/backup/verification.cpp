#include "verification.hpp"

#include <boost/json.hpp>

#include "backup_copies.hpp"
#include "backup_maker.hpp"
#include "fermata/error.hpp"
#include "fermata/pace.hpp"
#include "fermata/timestamp.hpp"
#include "node_copies.hpp"

namespace fermata::backup {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kCollection = "backup.history";
constexpr std::string_view kDocument = "verification";
constexpr int kFormat = 1;
constexpr std::size_t kMostFindings = 200;
constexpr std::chrono::seconds kSaveInterval{20};

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

/// The node in a job's parameters; empty: there is none.
std::string node_in(std::span<const std::byte> parameters) {
  json::error_code error;
  const auto value = json::parse({reinterpret_cast<const char*>(parameters.data()), parameters.size()}, error);
  if (error || !value.is_object()) return {};  // of a job from before nodes could be asked
  const auto* node = value.as_object().if_contains("node");
  return node != nullptr && node->is_string() ? std::string(node->as_string()) : std::string();
}

}  // namespace

std::string VerificationState::to_json() const {
  return json::serialize(json::object{{"format", kFormat},
                                      {"after", after},
                                      {"objects", objects},
                                      {"bytes", bytes},
                                      {"healed", healed},
                                      {"open", open},
                                      {"findings", json::value_from(findings)},
                                      {"began", began},
                                      {"ended", ended}});
}

VerificationState VerificationState::from_json(std::span<const std::byte> text) {
  if (text.empty()) return {};
  VerificationState state;
  try {
    const auto object = json::parse({reinterpret_cast<const char*>(text.data()), text.size()}).as_object();
    if (object.at("format").to_number<int>() != kFormat) return {};
    state.after = json::value_to<std::string>(object.at("after"));
    state.objects = object.at("objects").to_number<uint64_t>();
    state.bytes = object.at("bytes").to_number<uint64_t>();
    state.healed = object.at("healed").to_number<uint64_t>();
    state.open = object.at("open").to_number<uint64_t>();
    state.findings = json::value_to<std::vector<std::string>>(object.at("findings"));
    state.began = object.at("began").to_number<Moment>();
    state.ended = object.at("ended").to_number<Moment>();
    return state;
  } catch (const std::exception&) {
    return {};  // it is made anew by reading everything once more
  }
}

std::string VerificationState::text() const {
  auto text = std::to_string(objects) + " objects, " + readable_size(bytes) + ", " + std::to_string(healed) +
              " put right, " + std::to_string(open) + " problems left";
  if (!findings.empty()) text += "; " + findings.front();
  return text;
}

Verification::Verification(Integrity& integrity, StateStore& state, JobQueue& queue,
                           local_socket::JobProblems& problems, VerificationSettings settings, Journal journal,
                           std::function<void()> ended)
    : integrity_(integrity),
      state_(state),
      queue_(queue),
      problems_(problems),
      settings_(std::move(settings)),
      journal_(std::move(journal)),
      ended_(std::move(ended)) {
  const auto cursor = state_.list(kCollection, kDocument);
  if (Document document; cursor->next(document) && document.id == kDocument)
    last_ = VerificationState::from_json(document.content);
}

void Verification::run(JobRun& run) {
  auto state = VerificationState::from_json(run.checkpoint());
  if (state.began == 0) state.began = now_us();
  const auto walk = integrity_.walk(state.after, copies(node_in(run.parameters())));
  Pace pace(static_cast<double>(settings_.rate));
  auto saved = Clock::now();
  const auto save = [&] {
    const auto text = state.to_json();
    run.save(bytes(text));
    saved = Clock::now();
  };
  for (Finding finding; walk->next(finding);) {
    take_down(finding, state);
    run.progress(state.objects, 0, state.text());
    pace.wait(finding.length, [&] { return run.cancelled(); });
    if (run.cancelled()) return save();
    if (Clock::now() - saved > kSaveInterval) save();
  }
  state.ended = now_us();
  keep(state);
  problems_.note(run.id(), state.open);
  run.progress(state.objects, state.objects, state.text());
}

void Verification::take_down(const Finding& finding, VerificationState& state) {
  if (finding.length != 0) {
    ++state.objects;
    state.bytes += finding.length;
    if (finding.blob_key > state.after) state.after = finding.blob_key;
    journal_.count("verified_objects_total", 1);
  }
  if (finding.state == Finding::State::good) return;
  const bool healed = finding.state == Finding::State::healed;
  ++(healed ? state.healed : state.open);
  journal_.count(healed ? "healed_objects_total" : "damaged_objects_total", 1);
  const auto done = healed ? std::string(finding.done) : std::string("no right copy was found");
  journal_.log(healed ? LogLevel::warning : LogLevel::error, "a stored object is not as it was received",
               {{"blob", std::string(finding.blob_key)}, {"problem", std::string(finding.problem)}, {"done", done}});
  if (state.findings.size() < kMostFindings)
    state.findings.push_back(std::string(finding.blob_key) + ": " + std::string(finding.problem) + "; " + done);
}

void Verification::keep(const VerificationState& state) {
  const auto text = state.to_json();
  {
    const std::lock_guard lock(mutex_);
    state_.put(kCollection, kDocument, bytes(text), StateStore::kAny);
    last_ = state;
  }
  ended_();
}

void Verification::look() {
  if (settings_.every.count() == 0) return;
  const auto moment = now_us();
  if (looked_first_ == 0) looked_first_ = moment;
  const auto since = last().ended == 0 ? looked_first_ : last().ended;
  if (moment - since < std::chrono::duration_cast<std::chrono::microseconds>(settings_.every).count()) return;
  if (pending() == 0) add("", "");
}

uint64_t Verification::begin(std::string_view user, const std::string& node) {
  if (pending() != 0) throw Error(Code::conflict, "The archive is being verified already.");
  if (!node.empty()) node_retrieval::NodeRetrieval(client(), node, settings_.own_ae_title).require_answer();
  return add(user, node);
}

uint64_t Verification::add(std::string_view user, const std::string& node) {
  const auto title =
      node.empty() ? std::string("Verify the archive") : "Verify the archive, and repair it from " + node;
  const auto parameters = json::serialize(json::object{{"format", kFormat}, {"node", node}});
  return queue_.add({kKind, title, bytes(parameters), user});
}

std::unique_ptr<ObjectCopies> Verification::copies(const std::string& node) const {
  auto copies = std::make_unique<BackupCopies>(settings_.backups, settings_.mirrors);
  if (node.empty()) return copies;
  return std::make_unique<NodeCopies>(std::move(copies), client(), node, settings_.own_ae_title);
}

DimseClient& Verification::client() const {
  if (settings_.dimse == nullptr)
    throw Error(Code::unsupported, "the plugin dimse is not there: no node can be asked to send anything");
  return *settings_.dimse;
}

uint64_t Verification::pending() {
  const auto jobs = queue_.list();
  for (Job job; jobs->next(job);)
    if (job.kind == kKind && (job.state == Job::State::waiting || job.state == Job::State::running)) return job.id;
  return 0;
}

VerificationState Verification::last() {
  const std::lock_guard lock(mutex_);
  return last_;
}

std::string Verification::trouble() {
  const std::lock_guard lock(mutex_);
  if (last_.open == 0) return "";
  return std::to_string(last_.open) +
         " stored objects are damaged and no right copy was found when the archive was verified at " +
         readable(last_.ended);
}

}  // namespace fermata::backup
