#include "retrieve/wado_uri.hpp"

#include <algorithm>
#include <string>

#include "fermata/query_parameters.hpp"
#include "problem.hpp"
#include "resource.hpp"
#include "retrieve/frame_retrieval.hpp"
#include "retrieve/rendering_parameters.hpp"

namespace fermata::dicomweb {
namespace {

std::string required(const QueryParameters& parameters, std::string_view name) {
  const auto value = parameters.value(name);
  if (value.empty()) throw Error(Code::invalid, "the query parameter " + std::string(name) + " is missing");
  return std::string(value);
}

Resource resource_of(const QueryParameters& parameters) {
  if (parameters.value("requestType") != "WADO")
    throw Error(Code::invalid, "the query parameter requestType has to be WADO");
  return {required(parameters, "studyUID"), required(parameters, "seriesUID"), required(parameters, "objectUID")};
}

std::vector<MediaRange> accepted(HttpRequest& request, const QueryParameters& parameters) {
  const auto wanted = parameters.value("contentType");
  return parse_accept(wanted.empty() ? request.header("Accept") : wanted);
}

}  // namespace

void WadoUri::answer(HttpRequest& request, HttpResponse& response) const {
  const QueryParameters parameters(request.query());
  const auto resource = resource_of(parameters);
  if (parameters.value("anonymize") == "yes")
    throw Problem(501, "objects are given as they are: this archive does not anonymize");
  ResourceInstances instances(archive_, resource, true);
  InstanceRecord record;
  instances.next(record);
  for (const auto& range : accepted(request, parameters))
    if (sent(request, response, parameters, record, range)) return;
  refuse_as_not_acceptable("application/dicom" + std::string(has_pixel_data(record) ? ", image/jpeg, image/png" : ""));
}

/// In the order of what a browser would rather have: a picture, a document, the file.
bool WadoUri::sent(HttpRequest& request, HttpResponse& response, const QueryParameters& parameters,
                   const InstanceRecord& record, const MediaRange& range) const {
  if (has_pixel_data(record)) {
    for (const std::string_view type : {"image/jpeg", "image/png"}) {
      if (!range.includes(type)) continue;
      send_picture(request, response, parameters, record, type);
      return true;
    }
  }
  if (bulk_data_.sent_document(request, response, record, {&range, 1})) return true;
  if (!range.includes("application/dicom")) return false;
  send_file(request, response, parameters, record);
  return true;
}

void WadoUri::send_picture(HttpRequest& request, HttpResponse& response, const QueryParameters& parameters,
                           const InstanceRecord& record, std::string_view media_type) const {
  auto rendering = parse_uri_rendering(parameters, record);
  rendering.media_type = media_type;
  rendered_.send_one(request, response, record, rendering);
}

/// A transfer syntax that can't be given is answered with the default one (PS3.18 8.7.3.5).
void WadoUri::send_file(HttpRequest& request, HttpResponse& response, const QueryParameters& parameters,
                        const InstanceRecord& record) const {
  const bool original = parameters.value("useOrig") == "true";  // of viewers of the OsiriX family
  const auto named = parameters.value("transferSyntax");
  const auto wanted = named.empty() && original ? std::string_view("*") : named;
  auto chosen = choose_transfer_syntax(wanted, record.transfer_syntax_uid, transcoder_);
  if (!chosen) chosen = choose_transfer_syntax({}, record.transfer_syntax_uid, transcoder_);
  instances_.send_file(request, response, record, *chosen);
}

}  // namespace fermata::dicomweb
