#include "find_service.hpp"

#include <algorithm>
#include <string>

#include "fermata/dicom/answer.hpp"
#include "fermata/error.hpp"

namespace fermata::worklist {
namespace {

constexpr uint16_t kFind = 0x0020;
constexpr uint16_t kSuccess = 0x0000;
constexpr uint16_t kUnrecognizedOperation = 0x0211;
constexpr uint16_t kIdentifierDoesNotMatch = 0xa900;
constexpr uint16_t kCancelled = 0xfe00;
constexpr uint16_t kPending = 0xff00;

void send(DimseResponder& responder, uint16_t status, std::string_view comment = {}) {
  DimseResponse response;
  response.status = status;
  response.error_comment = comment;
  responder.send(response);
}

bool is_finished(const Item& item) {
  return item.status == Worklist::kCompleted || item.status == Worklist::kDiscontinued;
}

const dicom::Key* key_of(const std::vector<dicom::Key>& keys, dicom::Tag tag) {
  const auto found = std::find_if(keys.begin(), keys.end(), [tag](const dicom::Key& key) { return key.tag == tag; });
  return found == keys.end() ? nullptr : &*found;
}

void write_answer(dicom::DataSetWriter& answer, dicom::DataSetView identifier, const Search& search, const Item& item) {
  answer.clear();
  for (const auto& asked : identifier)
    if (!asked.tag.is_group_length() && asked.tag != dicom::kSpecificCharacterSet)
      dicom::add_answer(answer, asked, key_of(search.keys(), asked.tag), item.view());
}

}  // namespace

void FindService::handle(const DimseRequest& request, DimseResponder& responder) {
  if (request.command_field != kFind) return send(responder, kUnrecognizedOperation, "only C-FIND is served");
  if (!request.has_data_set) return send(responder, kIdentifierDoesNotMatch, "the request has no identifier");
  try {
    send(responder, answer(dicom::DataSetView(request.data_set), responder));
  } catch (const Error& error) {
    if (error.code() != Code::invalid) throw;
    send(responder, kIdentifierDoesNotMatch, error.what());
  }
}

uint16_t FindService::answer(dicom::DataSetView identifier, DimseResponder& responder) const {
  auto search = worklist_.search(identifier);
  const bool finished_too = answer_finished_ || search.asks_for_status();
  journal_.count("queries_total", 1);
  dicom::DataSetWriter answer;
  while (const auto item = search.next()) {
    if (!finished_too && is_finished(*item)) continue;
    if (responder.cancelled()) return kCancelled;
    write_answer(answer, identifier, search, *item);
    DimseResponse response;
    response.status = kPending;
    response.has_data_set = true;
    response.data_set = answer.bytes();
    responder.send(response);
  }
  return kSuccess;
}

}  // namespace fermata::worklist
