#include "query-retrieve/query_retrieve_request.hpp"

#include "fermata/error.hpp"
#include "query-retrieve/identifier.hpp"
#include "status.hpp"

namespace fermata::dimse {
namespace {

constexpr uint32_t kLevelTag = dicom::kQueryRetrieveLevel.value;

uint16_t command_of(InformationModel::Operation operation) {
  switch (operation) {
    case InformationModel::Operation::find:
      return field::kFind;
    case InformationModel::Operation::move:
      return field::kMove;
    case InformationModel::Operation::get:
      break;
  }
  return field::kGet;
}

std::vector<std::byte> read_identifier(Session& session, const Message& message, const PresentationContext& context) {
  if (!message.command.has_data_set()) throw RequestRefused(status::kDataSetMismatch, "the request has no identifier");
  try {
    return receive_decoded(session.association, context, session.association.limits().identifier);
  } catch (const Error& error) {
    const bool later = error.code() == Code::out_of_memory;
    throw RequestRefused(later ? status::out_of_resources(message.command.field()) : status::kDataSetMismatch,
                         error.what());
  }
}

}  // namespace

QueryRetrieveRequest QueryRetrieveRequest::read(Session& session, const Message& message) {
  const auto& context = *session.association.context(message.context_id);
  QueryRetrieveRequest request;
  request.model = information_model(context.abstract_syntax);
  if (request.model == nullptr || message.command.field() != command_of(request.model->operation))
    throw RequestRefused(status::kUnrecognizedOperation, "not a command of this SOP Class");
  request.combined_date_time = context.combined_date_time;
  request.identifier = read_identifier(session, message, context);
  const auto named = dicom::DataSetView(request.identifier).text(dicom::kQueryRetrieveLevel);
  if (named.empty())
    throw RequestRefused(status::kDataSetMismatch, "(0008,0052) Query/Retrieve Level is missing", {kLevelTag});
  const auto level = level_named(named);
  if (!level || !request.model->has(*level))
    throw RequestRefused(status::kDataSetMismatch, "(0008,0052): this model has no such Query/Retrieve Level",
                         {kLevelTag});
  request.level = *level;
  return request;
}

std::vector<std::string> QueryRetrieveRequest::values(dicom::Tag key) const {
  std::vector<std::string> list;
  auto text = dicom::DataSetView(identifier).text(key);
  for (;;) {
    const auto end = text.find('\\');
    auto value = text.substr(0, end);
    while (value.ends_with(' ') || value.ends_with('\0')) value.remove_suffix(1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    if (!value.empty()) list.emplace_back(value);
    if (end == std::string_view::npos) return list;
    text.remove_prefix(end + 1);
  }
}

CommandSet refusal(const CommandSet& request, const RequestRefused& why) {
  auto response = CommandSet::response_to(request, why.status());
  response.set_error_comment(why.what());
  if (!why.offending_elements().empty()) response.set_tags(element::kOffendingElement, why.offending_elements());
  return response;
}

}  // namespace fermata::dimse
