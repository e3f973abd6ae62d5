#include "worklist_routes.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <vector>

#include "api/json_answer.hpp"
#include "attributes.hpp"
#include "fermata/dicom/editable_data_set.hpp"
#include "fermata/dicom/text_folding.hpp"
#include "fermata/error.hpp"
#include "fermata/json_answer.hpp"
#include "fermata/query_parameters.hpp"
#include "item_json.hpp"
#include "item_text.hpp"

namespace fermata::worklist {
namespace {

namespace json = boost::json;
using namespace attribute;
using dicom::EditableDataSet;

constexpr std::string_view kGroup = "worklist";
constexpr std::string_view kRead = "worklist.read";
constexpr std::string_view kManage = "worklist.manage";
constexpr std::string_view kChanged = "worklist.change";
constexpr std::size_t kMostBody = std::size_t{256} << 10;
constexpr uint64_t kMostItems = 500;
constexpr uint64_t kLargestOffset = 1'000'000'000;
constexpr std::array kStatuses{Worklist::kScheduled, Worklist::kStarted, Worklist::kCompleted, Worklist::kDiscontinued};

constexpr std::string_view kRequestSchema =
    R"({"type":"object","description":"attributes by their keywords (PS3.6), as in a file of the watched folder",)"
    R"("required":["PatientName","PatientID","Modality","ScheduledStationAETitle","ScheduledProcedureStepStartDate"],)"
    R"("example":{"PatientName":"Doe^Jane","PatientID":"4711","Modality":"MR","ScheduledStationAETitle":"MR1",)"
    R"("ScheduledProcedureStepStartDate":"2024-01-31","ScheduledProcedureStepStartTime":"08:15"}})";
constexpr std::string_view kStatusSchema = R"({"type":"object","required":["status"],"properties":{"status":)"
                                           R"({"enum":["SCHEDULED","STARTED","COMPLETED","DISCONTINUED"]}}})";
constexpr std::string_view kItems =
    R"({"type":"object","properties":{"items":{"type":"array","items":{"type":"object"}}}})";
constexpr std::string_view kPage =
    R"({"type":"object","properties":{"items":{"type":"array","items":{"type":"object"}},"more":{"type":"boolean"},)"
    R"("folder":{"type":"string","description":"whose files become items; empty: none"}}})";

std::vector<std::byte> keys_of(const QueryParameters& parameters) {
  EditableDataSet step;
  const auto set = [&](dicom::Tag tag, dicom::Vr vr, std::string_view value) {
    if (!value.empty()) step.set(tag, vr, value);
  };
  const auto from = parameters.value("date_from");
  const auto to = parameters.value("date_to");
  if (!from.empty() || !to.empty()) set(kStartDate, "DA", std::string(from) + "-" + std::string(to));
  set(dicom::kModality, "CS", parameters.value("modality"));
  set(kScheduledStationAeTitle, "AE", parameters.value("station"));
  set(kStepStatus, "CS", parameters.value("status"));
  if (step.empty()) return {};
  EditableDataSet keys;
  keys.set_items(kScheduledProcedureStepSequence, std::span(&step, 1));
  return keys.bytes();
}

/// Words, each of which has to stand somewhere in what people look for.
class Words {
 public:
  explicit Words(std::string_view text) {
    const auto folded = dicom::fold(text);
    for (std::string_view rest = folded; !rest.empty();) {
      const auto word = rest.substr(0, rest.find_first_of(" ,^"));
      if (!word.empty()) words_.emplace_back(word);
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    }
  }
  bool match(const Item& item) const {
    if (words_.empty()) return true;
    const auto view = item.view();
    const auto step = EditableDataSet(view).first_item(kScheduledProcedureStepSequence);
    std::string text;
    for (const auto part : {view.text(dicom::kPatientName), view.text(dicom::kPatientId),
                            view.text(dicom::kAccessionNumber), step.text(kStepDescription)})
      text.append(dicom::fold(part)).append("\n");
    return std::all_of(words_.begin(), words_.end(),
                       [&](const std::string& word) { return text.find(word) != std::string::npos; });
  }

 private:
  std::vector<std::string> words_;
};

bool sees(HttpRequest& request, const Item& item) {
  return request.sees_all_studies() || request.sees_study(item.view().text(dicom::kStudyInstanceUid));
}

/// What a request's body schedules, checked: all of it can be put.
std::vector<ItemPtr> items_of(HttpRequest& request) {
  const auto origin = request.user().empty() ? std::string("by hand") : "by " + std::string(request.user());
  std::vector<ItemPtr> items;
  for (const auto& scheduled : requests_from_text(read_body(request, kMostBody))) {
    const auto id = "http/" + boost::uuids::to_string(boost::uuids::random_generator()());
    const auto steps = single_steps(id, dicom::DataSetView(scheduled));
    for (std::size_t i = 0; i < steps.size(); ++i)
      items.push_back(make_item(steps.size() == 1 ? id : id + "." + std::to_string(i + 1), origin,
                                dicom::DataSetView(steps[i]), Worklist::kScheduled));
  }
  return items;
}

std::string_view status_of(const std::string& body) {
  json::error_code error;
  const auto value = json::parse(body, error);
  const auto* object = error ? nullptr : value.if_object();
  const auto* status = object == nullptr ? nullptr : object->if_contains("status");
  for (const auto known : kStatuses)
    if (status != nullptr && status->is_string() && known == std::string_view(status->as_string())) return known;
  throw Error(Code::invalid,
              R"(the body has to be like {"status": "DISCONTINUED"}; or SCHEDULED, STARTED or COMPLETED)");
}

}  // namespace

void WorklistRoutes::add_to(HttpRouter& router) {
  auto& routes = routes_.emplace(router);
  routes.add("GET", "/api/worklist", kRead,
             {.summary = "What is scheduled, by its start",
              .group = kGroup,
              .parameters = {{"search", "words in name, patient ID, accession number or description"},
                             {"date_from", "YYYYMMDD"},
                             {"date_to", "YYYYMMDD"},
                             {"modality", "of the scheduled step"},
                             {"station", "its AE title"},
                             {"status", "SCHEDULED, STARTED, COMPLETED or DISCONTINUED"},
                             {"offset", "how many to leave out"},
                             {"limit", "how many to give, up to 500"}},
              .answer = kPage,
              .refusals = {{"400", "A parameter makes no sense"}}},
             [this](auto& request, auto& response) { list(request, response); });
  routes.add("POST", "/api/worklist", kManage,
             {.summary = "Schedule a procedure step, or a list of them",
              .group = kGroup,
              .body = kRequestSchema,
              .status = "201",
              .done = "What was added",
              .answer = kItems,
              .refusals = {{"400", "Something is missing, or is not what its attribute may be"}}},
             [this](auto& request, auto& response) { add(request, response); });
  routes.add("PUT", "/api/worklist/{id}/status", kManage,
             {.summary = "Cancel a step (DISCONTINUED), or schedule it again",
              .group = kGroup,
              .body = kStatusSchema,
              .refusals = {{"400", "There is no such status"}, {"404", "There is no such item"}}},
             [this](auto& request, auto& response) { set_status(request, response); });
  routes.add("DELETE", "/api/worklist/{id}", kManage,
             {.summary = "Remove an item",
              .group = kGroup,
              .status = "204",
              .done = "It is gone",
              .answer_type = {},
              .refusals = {{"404", "There is no such item"}}},
             [this](auto& request, auto& response) { remove(request, response); });
}

void WorklistRoutes::list(HttpRequest& request, HttpResponse& response) const {
  const QueryParameters parameters(request.query());
  auto skip = parameters.number("offset", 0, kLargestOffset);
  const auto limit = parameters.number("limit", 100, kMostItems);
  const Words words(parameters.value("search"));
  const auto keys = keys_of(parameters);
  auto search = worklist_.search(dicom::DataSetView(keys));
  json::array items;
  bool more = false;
  while (const auto item = search.next()) {
    if (!sees(request, *item) || !words.match(*item)) continue;
    if (skip > 0) {
      --skip;
      continue;
    }
    more = items.size() == limit;
    if (more) break;
    items.push_back(item_json(*item));
  }
  api::answer_json(response, json::object{{"items", std::move(items)}, {"more", more}, {"folder", folder_}});
}

void WorklistRoutes::add(HttpRequest& request, HttpResponse& response) {
  json::array added;
  for (const auto& item : items_of(request)) {
    worklist_.put(item->id, item->origin, item->data_set);
    note(request, *item, "added");
    added.push_back(item_json(*item));
  }
  api::answer_json(response, json::object{{"items", std::move(added)}}, 201);
}

void WorklistRoutes::set_status(HttpRequest& request, HttpResponse& response) {
  const auto before = named(request);
  const auto status = status_of(read_body(request, kMostBody));
  worklist_.set_status(before->id, status);
  note(request, *before, "status " + std::string(status));
  api::answer_json(response, item_json(*with_status(*before, status)));
}

void WorklistRoutes::remove(HttpRequest& request, HttpResponse& response) {
  const auto item = named(request);
  worklist_.remove(item->id);
  note(request, *item, "removed");
  response.status(204);
}

ItemPtr WorklistRoutes::named(HttpRequest& request) const {
  const auto id = request.parameter("id");
  auto item = worklist_.item(id);
  if (!item || !sees(request, *item))
    throw Error(Code::not_found, "there is no worklist item " + std::string(id) + ": it may have expired");
  return item;
}

void WorklistRoutes::note(HttpRequest& request, const Item& item, std::string_view detail) const {
  if (trail_ == nullptr) return;
  AuditEvent event;
  event.action = kChanged;
  event.user = request.user();
  event.peer_address = request.peer_address();
  event.object = item.view().text(dicom::kStudyInstanceUid);
  event.patient_id = item.view().text(dicom::kPatientId);
  event.detail = detail;
  trail_->record(event);
}

}  // namespace fermata::worklist
