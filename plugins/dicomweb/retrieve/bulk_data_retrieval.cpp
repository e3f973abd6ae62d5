#include "retrieve/bulk_data_retrieval.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>

#include "acceptance.hpp"
#include "entity_tag.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "instance-files/instance_file.hpp"
#include "problem.hpp"
#include "resource.hpp"
#include "retrieve/bulk_reader.hpp"
#include "retrieve/multipart_writer.hpp"
#include "store/value_encoder.hpp"
#include "transfer_syntax.hpp"

namespace fermata::dicomweb {
namespace {

using dicom::Tag;

constexpr uint64_t kUnknown = UINT64_MAX;  // in BulkValue
constexpr Tag kEncapsulatedDocument{0x0042, 0x0011};
constexpr Tag kMimeType{0x0042, 0x0012};
constexpr Tag kDocumentLength{0x0042, 0x0015};
constexpr std::string_view kOctets = "application/octet-stream";

/// A value that can be sent, and what it is.
struct Value {
  std::string media_type{kOctets};
  uint64_t length = 0;
  std::function<void(instance_files::BodyWriter&, uint64_t length)> write;
};

struct ValueForm {
  std::string media_type;
  bool multipart = false;
  bool as_stored = true;
};

Tag required_tag(std::string_view text) {
  const auto tag = parse_tag(text);
  if (!tag) throw Error(Code::invalid, "\"" + std::string(text) + "\" is no tag of 8 hexadecimal digits");
  return *tag;
}

/// Whether the stored bytes are those of Explicit VR Little Endian.
bool is_little_endian(const InstanceRecord& record, const BulkValue& bulk) {
  const dicom::Vr vr(bulk.vr[0], bulk.vr[1]);
  return record.transfer_syntax_uid != kExplicitBig || vr == dicom::Vr("OB") || vr == dicom::Vr("UN");
}

Value part_of(std::shared_ptr<ObjectReader> object, ValuePlace place) {
  Value value;
  value.length = place.length;
  value.write = [object = std::move(object), offset = place.offset](instance_files::BodyWriter& body, uint64_t length) {
    body.add(*object, offset, length);
  };
  return value;
}

Value video(Archive& archive, const InstanceRecord& record, const BulkValue& bulk) {
  const std::shared_ptr<ObjectReader> object = archive.open(record);
  const Fragments fragments(*object, bulk.offset);
  Value value;
  value.media_type = media_type_of(record.transfer_syntax_uid);
  value.length = fragments.length();
  value.write = [object, fragments](instance_files::BodyWriter& body, uint64_t) { fragments.write_to(body); };
  return value;
}

Value stored_value(Archive& archive, Transcoder* transcoder, const InstanceRecord& record, const BulkValue& bulk) {
  if (bulk.offset != kUnknown && is_little_endian(record, bulk))
    return part_of(archive.open(record), {bulk.offset, bulk.length});
  if (transcoder == nullptr)
    throw Problem(501,
                  "a value of an object that is stored deflated or big endian can't be retrieved: the plugin "
                  "`codecs` is not loaded");
  auto object = instance_files::open_data_set(archive, transcoder, record, kExplicitLittle);
  const auto place = find_value(*object, Tag(bulk.tag));
  if (!place) throw Error(Code::corrupt, "a stored value is missing in its object: run `fermata verify`");
  return part_of(std::move(object), *place);
}

Value value_in_header(std::span<const std::byte> bytes) {
  Value value;
  value.length = bytes.size();
  value.write = [bytes](instance_files::BodyWriter& body, uint64_t length) { body.add(bytes.first(length)); };
  return value;
}

/// A document is what its MIME type says, and ends before the padding.
void describe_document(Value& value, dicom::DataSetView header) {
  if (const auto type = header.text(kMimeType); !type.empty()) value.media_type = type;
  const auto length = header.find(kDocumentLength);
  if (length && length->value.size() == 4 && length->number<uint32_t>() + 1 == value.length) --value.length;
}

/// Alone unless only parts of a body are accepted.
std::optional<ValueForm> value_form(std::span<const MediaRange> accepted, std::string_view own_type, bool as_octets) {
  return best_of(accepted, [&](const MediaRange& range) -> std::optional<ValueForm> {
    const bool multipart = !range.allows_single();
    if (range.includes(own_type)) return ValueForm{std::string(own_type), multipart};
    if (as_octets && range.includes(kOctets)) return ValueForm{std::string(kOctets), multipart};
    return {};
  });
}

void send(HttpRequest& request, HttpResponse& response, const InstanceRecord& record, const Value& value,
          const ValueForm& form) {
  const auto type = form.media_type == kOctets ? content_type(kOctets, kExplicitLittle) : form.media_type;
  const auto name = entity_tag(record, std::string(request.path()) + " " + type);
  if (answered_not_modified(request, response, form.multipart ? "W/" + name : name)) return;
  if (form.multipart) {
    MultipartWriter parts(response, form.media_type);
    parts.begin_part(type, std::string(request.base_url()).append(request.path()));
    value.write(parts.body(), value.length);
    parts.finish();
    return;
  }
  response.header("Content-Type", type);
  response.header("Content-Length", std::to_string(value.length));
  response.header("Accept-Ranges", "bytes");
  instance_files::BodyWriter body(response);
  value.write(body, value.length);
  body.finish();
}

const BulkValue* find_bulk(const InstanceRecord& record, Tag tag) {
  const auto found = std::find_if(record.bulk.begin(), record.bulk.end(), [&](auto& b) { return b.tag == tag.value; });
  return found == record.bulk.end() ? nullptr : &*found;
}

std::optional<Value> value_of(Archive& archive, Transcoder* transcoder, const InstanceRecord& record, Tag tag) {
  const dicom::DataSetView header(record.header);
  std::optional<Value> value;
  if (const auto* bulk = find_bulk(record, tag))
    value = bulk->length == kUnknown ? video(archive, record, *bulk) : stored_value(archive, transcoder, record, *bulk);
  else if (const auto element = header.find(tag); element && element->vr != dicom::Vr("SQ"))
    value = value_in_header(element->value);
  if (value && tag == kEncapsulatedDocument) describe_document(*value, header);
  return value;
}

}  // namespace

void append_bulk_data_path(std::string& to, uint32_t tag) {
  char digits[9];
  std::snprintf(digits, sizeof digits, "%08X", unsigned{tag});
  to.append("/bulkdata/").append(digits);
}

void BulkDataRetrieval::answer(HttpRequest& request, HttpResponse& response) const {
  const auto tag = required_tag(request.parameter("tag"));
  const auto resource = Resource::of(request);
  ResourceInstances instances(archive_, resource, true);
  InstanceRecord record;
  instances.next(record);
  const auto* bulk = find_bulk(record, tag);
  if (bulk != nullptr && bulk->length == kUnknown && !is_video(record.transfer_syntax_uid))
    return frames_.send_all(request, response, record);

  const auto found = value_of(archive_, transcoder_, record, tag);
  if (!found) throw Problem(404, "instance " + resource.instance + " has no bulk data of this tag");
  const auto accepted = accepted_media(request, QueryParameters(request.query()));
  const auto form = value_form(accepted, found->media_type, true);
  if (!form) refuse_as_not_acceptable(found->media_type + ", alone or as a part of multipart/related");
  send(request, response, record, *found, *form);
}

bool BulkDataRetrieval::sent_document(HttpRequest& request, HttpResponse& response, const InstanceRecord& record,
                                      std::span<const MediaRange> accepted) const {
  const auto document = value_of(archive_, transcoder_, record, kEncapsulatedDocument);
  if (!document) return false;
  const auto form = value_form(accepted, document->media_type, false);
  if (!form) return false;
  send(request, response, record, *document, *form);
  return true;
}

}  // namespace fermata::dicomweb
