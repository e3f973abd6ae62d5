#include "retrieve/metadata_retrieval.hpp"

#include "acceptance.hpp"
#include "entity_tag.hpp"
#include "resource.hpp"
#include "retrieve/bulk_data_retrieval.hpp"
#include "retrieve/data_set_list.hpp"

namespace fermata::dicomweb {

void MetadataRetrieval::answer(HttpRequest& request, HttpResponse& response) const {
  const auto format = choose_data_set_format(accepted_media(request, QueryParameters(request.query())));
  const auto resource = Resource::of(request);
  const auto url = std::string(request.base_url()) + root_;
  ResourceInstances instances(archive_, resource, true);
  InstanceRecord record;
  bool more = instances.next(record);
  // Of a series or study, it would take a walk over all instances before the first byte.
  const bool one = !resource.instance.empty() && format.model == DataSetFormat::Model::json;
  if (one && answered_not_modified(request, response, entity_tag(record, url + format.media_type))) return;

  std::string instance_url;
  const DataSetList::BulkUri uri = [&](std::string& to, const BulkValue& value) {
    to += instance_url;
    append_bulk_data_path(to, value.tag);
  };
  const auto list = DataSetList::make(response, format, dictionary_);
  for (; more; more = instances.next(record)) {
    instance_url = url + instance_path(record);
    list->add(dicom::DataSetView(record.header), record.bulk, uri);
  }
  list->finish();
}

}  // namespace fermata::dicomweb
