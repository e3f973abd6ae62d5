#include "retrieve/instance_retrieval.hpp"

#include <algorithm>
#include <optional>

#include "entity_tag.hpp"
#include "fermata/blob_key.hpp"
#include "instance-files/instance_file.hpp"
#include "instance-files/zip_writer.hpp"
#include "problem.hpp"
#include "retrieve/multipart_writer.hpp"

namespace fermata::dicomweb {
namespace {

constexpr std::string_view kDicom = "application/dicom";

struct Coverage {
  uint64_t instances = 0;
  uint64_t sent = 0;
};

Coverage coverage(RetrievalPlan& plan, Archive& archive, const Resource& resource) {
  Coverage counted;
  ResourceInstances instances(archive, resource, false);
  for (InstanceRecord record; instances.next(record); ++counted.instances)
    if (plan.choice(record.transfer_syntax_uid)) ++counted.sent;
  return counted;
}

/// 206: the accepted transfer syntaxes are a way for some, but not for all (PS3.18 Table 10.4.3-1).
void announce_partial(HttpResponse& response, const Coverage& counted) {
  response.status(206);
  response.header("Warning", "299 fermata \"" + std::to_string(counted.instances - counted.sent) + " of " +
                                 std::to_string(counted.instances) +
                                 " instances are left out: none of the accepted transfer syntaxes can be given\"");
}

[[noreturn]] void refuse(const Resource& resource, Transcoder* transcoder) {
  std::string available = "multipart/related; type=\"application/dicom\"; transfer-syntax=*, application/zip";
  if (!resource.instance.empty()) available += ", application/dicom";
  if (transcoder == nullptr) available += "; only as stored, because the plugin `codecs` is not loaded";
  refuse_as_not_acceptable(available);
}

struct OpenedFile {
  instance_files::InstanceFile file;
  std::string transfer_syntax;
};

/// As stored where its encoding turns out to be nothing that can be changed, and the client did not name another one.
OpenedFile open(Archive& archive, Transcoder* transcoder, const InstanceRecord& record,
                const ChosenTransferSyntax& chosen) {
  const auto as = [&](std::string_view uid) {
    return OpenedFile{{archive, transcoder, record, uid}, std::string(uid)};
  };
  try {
    return as(chosen.uid);
  } catch (const Error& error) {
    if (error.code() != Code::unsupported || !chosen.stored_will_do) throw;
  }
  return as(record.transfer_syntax_uid);
}

/// One of several: where it can't be opened, all of them are not what was asked for, and that is the archive's failure
/// whatever the reason.
OpenedFile open_one_of_many(Archive& archive, Transcoder* transcoder, const InstanceRecord& record,
                            const ChosenTransferSyntax& chosen) {
  try {
    return open(archive, transcoder, record, chosen);
  } catch (const Error& error) {
    throw Error(Code::corrupt, "instance " + std::string(record.sop_instance_uid) +
                                   " can't be sent, and nothing after it: " + error.what());
  }
}

/// One alone: why it can't be had in the transfer syntax that was named.
OpenedFile open_named(Archive& archive, Transcoder* transcoder, const InstanceRecord& record,
                      const ChosenTransferSyntax& chosen) {
  try {
    return open(archive, transcoder, record, chosen);
  } catch (const Error& error) {
    if (error.code() != Code::unsupported) throw;
    throw Problem(406, error.what());
  }
}

/// A UID as the name of a file or folder. Objects of careless devices have anything for a UID.
std::string file_name(std::string_view uid) {
  if (is_blob_key_segment(uid)) return std::string(uid);
  std::string name = "_" + std::string(uid);
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        return !is_blob_key_segment({&c, 1});
      },
      '_');
  return name;
}

}  // namespace

void InstanceRetrieval::answer(HttpRequest& request, HttpResponse& response) const {
  const QueryParameters parameters(request.query());
  const auto resource = Resource::of(request);
  auto plans = retrieval_plans(accepted_media(request, parameters), !resource.instance.empty(), transcoder_);
  for (auto& plan : plans) {
    if (!plan.takes_anything()) {
      const auto counted = coverage(plan, archive_, resource);
      if (counted.sent == 0) continue;
      if (counted.sent != counted.instances) announce_partial(response, counted);
    }
    return send(request, response, resource, plan);
  }
  const ResourceInstances known(archive_, resource, false);  // what does not exist is 404 first
  refuse(resource, transcoder_);
}

void InstanceRetrieval::send(HttpRequest& request, HttpResponse& response, const Resource& resource,
                             RetrievalPlan& plan) const {
  ResourceInstances instances(archive_, resource, false);
  switch (plan.form()) {
    case RetrievalPlan::Form::parts:
      return send_parts(request, response, instances, plan);
    case RetrievalPlan::Form::zip:
      return send_zip(response, resource, instances, plan);
    case RetrievalPlan::Form::file:
      InstanceRecord record;
      instances.next(record);
      return send_file(request, response, record, plan.choice(record.transfer_syntax_uid).value());
  }
}

void InstanceRetrieval::send_parts(HttpRequest& request, HttpResponse& response, ResourceInstances& instances,
                                   RetrievalPlan& plan) const {
  const std::string url = std::string(request.base_url()) + root_;
  MultipartWriter parts(response, kDicom);
  for (InstanceRecord record; instances.next(record);) {
    const auto& chosen = plan.choice(record.transfer_syntax_uid);
    if (!chosen) continue;
    const auto opened = open_one_of_many(archive_, transcoder_, record, *chosen);
    parts.begin_part(content_type(kDicom, opened.transfer_syntax), url + instance_path(record));
    opened.file.write_to(parts.body());
    journal_.count("instances_sent_total", 1);
  }
  parts.finish();
}

void InstanceRetrieval::send_zip(HttpResponse& response, const Resource& resource, ResourceInstances& instances,
                                 RetrievalPlan& plan) const {
  const auto& name = !resource.instance.empty() ? resource.instance
                     : !resource.series.empty() ? resource.series
                                                : resource.study;
  response.header("Content-Type", "application/zip");
  response.header("Content-Disposition", "attachment; filename=\"" + file_name(name) + ".zip\"");
  instance_files::BodyWriter body(response);
  instance_files::ZipWriter zip(body);
  for (InstanceRecord record; instances.next(record);) {
    const auto& chosen = plan.choice(record.transfer_syntax_uid);
    if (!chosen) continue;
    const auto opened = open_one_of_many(archive_, transcoder_, record, *chosen);
    zip.add(file_name(record.series_instance_uid) + "/" + file_name(record.sop_instance_uid) + ".dcm",
            record.received_us, opened.file);
    journal_.count("instances_sent_total", 1);
  }
  zip.finish();
  body.finish();
}

void InstanceRetrieval::send_file(HttpRequest& request, HttpResponse& response, const InstanceRecord& record,
                                  const ChosenTransferSyntax& chosen) const {
  if (answered_not_modified(request, response, entity_tag(record, "file " + chosen.uid))) return;
  const auto [file, transfer_syntax] = open_named(archive_, transcoder_, record, chosen);
  response.header("Content-Type", content_type(kDicom, transfer_syntax));
  response.header("Content-Length", std::to_string(file.length()));
  response.header("Accept-Ranges", "bytes");
  instance_files::BodyWriter body(response);
  file.write_to(body);
  body.finish();
  journal_.count("instances_sent_total", 1);
}

}  // namespace fermata::dicomweb
