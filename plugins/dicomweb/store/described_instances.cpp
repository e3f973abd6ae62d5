#include "store/described_instances.hpp"

#include <algorithm>
#include <utility>

#include "fermata/dicom/data_set_view.hpp"
#include "limit_reached.hpp"
#include "problem.hpp"
#include "store/bit_stream.hpp"
#include "store/json_reader.hpp"
#include "store/native_xml_reader.hpp"
#include "transfer_syntax.hpp"

namespace fermata::dicomweb {
namespace {

using dicom::Tag;
using dicom::Vr;

constexpr std::size_t kLargestDescription = 32u << 20;  // of one instance: what is larger is bulk data
constexpr uint64_t kSmall = 256 * 1024;                 // is not counted
// What reading a description takes at most, as measured: of its text, and of each value, item and attribute. Nobody
// writes fewer separators than these.
constexpr uint64_t kForms = 4;
constexpr uint64_t kOfOneValue = 160;
constexpr uint64_t kOfOneInstance = 512;  // until the request is answered
constexpr uint64_t kForOthers = 16u << 20;
constexpr uint64_t kLargestValue = 0xfffffffe;
constexpr uint64_t kBeginning = 64 * 1024;  // of a bit stream, in which its headers are

std::string_view characters(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The pixels of the object itself; those of an icon are never compressed.
bool is_pixel_data(const BulkReference& reference) { return reference.tag == dicom::kPixelData && !reference.nested; }

void put(std::vector<std::byte>& to, uint64_t number, unsigned size) {
  for (unsigned i = 0; i < size; ++i) to.push_back(static_cast<std::byte>(number >> (8 * i) & 0xff));
}

void put_item(std::vector<std::byte>& to, Tag tag, uint64_t length) {
  put(to, tag.group(), 2);
  put(to, tag.element(), 2);
  put(to, length, 4);
}

std::vector<std::byte> element_header(Tag tag, Vr vr, uint64_t length) {
  std::vector<std::byte> header;
  put(header, tag.group(), 2);
  put(header, tag.element(), 2);
  header.push_back(static_cast<std::byte>(vr.first()));
  header.push_back(static_cast<std::byte>(vr.second()));
  if (vr.has_long_length()) {
    put(header, 0, 2);
    put(header, length, 4);
  } else {
    if (length > 0xffff) throw Error(Code::invalid, "bulk data is longer than its Value Representation allows (65534)");
    put(header, length, 2);
  }
  return header;
}

}  // namespace

uint64_t DescribedInstances::Bulk::length() const {
  uint64_t sum = 0;
  for (const auto& part : parts) sum += part.length;
  return sum;
}

void DescribedInstances::add(const MediaType& type, std::string_view location, const Source& source) {
  if (type.name == "application/dicom+json")
    add_json(source);
  else if (type.name == "application/dicom+xml")
    add_xml(source);
  else
    add_bulk(type, location, source);
}

void DescribedInstances::add_json(const Source& source) {
  JsonReader reader(dictionary_, [&](Metadata metadata) { keep(std::move(metadata)); });
  for (auto bytes = source(); !bytes.empty(); bytes = source()) {
    make_room(characters(bytes), ',');
    reader.feed(characters(bytes));
  }
  reader.finish();
}

void DescribedInstances::add_xml(const Source& source) {
  NativeXmlReader reader(dictionary_);
  for (auto bytes = source(); !bytes.empty(); bytes = source()) {
    make_room(characters(bytes), '<');
    reader.feed(characters(bytes));
  }
  keep(reader.finish());
}

void DescribedInstances::add_bulk(const MediaType& type, std::string_view location, const Source& source) {
  const auto begin = spool_.size();
  for (auto bytes = source(); !bytes.empty(); bytes = source()) spool_.append(bytes);
  if (location.empty()) return;  // nothing can refer to it
  auto& bulk = bulk_[std::string(location)];
  bulk.media_type = type.name;
  bulk.transfer_syntax_uid = type.parameter("transfer-syntax");
  bulk.parts.push_back(spool_.since(begin));
}

/// For the next piece of a description, before it is read.
void DescribedInstances::make_room(std::string_view text, char separator) {
  text_ += text.size();
  if (text_ > kLargestDescription)
    throw LimitReached(413, "description",
                       "the metadata of an instance is longer than " + std::to_string(kLargestDescription) +
                           " bytes: send large values as bulk data");
  values_ += static_cast<uint64_t>(std::count(text.begin(), text.end(), separator));
  hold(kForms * text_ + kOfOneValue * values_);
}

/// So much beside what is kept anyway.
void DescribedInstances::hold(uint64_t bytes) {
  bytes += kept_;
  if (bytes > kSmall && !memory_.grow_to(bytes))
    throw LimitReached(503, "description_memory", "too much metadata is coming in at a time: send it again later");
}

void DescribedInstances::keep(Metadata metadata) {
  const auto begin = spool_.size();
  spool_.append(metadata.data_set.bytes);
  instances_.push_back(
      {spool_.since(begin), std::move(metadata.data_set.references), std::move(metadata.transfer_syntax_uid)});
  kept_ += kOfOneInstance;
  for (const auto& reference : instances_.back().references) kept_ += sizeof(reference) + reference.uri.size();
  text_ = values_ = 0;
  memory_.give_back();
  hold(0);
}

uint64_t DescribedInstances::least_memory() { return kForms * kLargestDescription + kForOthers; }

void DescribedInstances::store(StoreSession& session) {
  if (instances_.empty()) throw Problem(400, "the request describes no instance");
  hold(std::max_element(instances_.begin(), instances_.end(), [](const Instance& a, const Instance& b) {
         return a.data_set.length < b.data_set.length;
       })->data_set.length);
  for (const auto& instance : instances_) {
    auto& result = session.add();
    try {
      store(instance, session, result);
    } catch (const Error& error) {
      result.take(error);
      if (error.code() == Code::invalid) result.reason = reason::kCannotUnderstand;
    }
  }
}

void DescribedInstances::store(const Instance& instance, StoreSession& session, StoreResult& result) {
  const auto bytes = spool_.read(instance.data_set);
  const dicom::DataSetView view(bytes);
  result.sop_class_uid = view.text(dicom::kSopClassUid);
  result.sop_instance_uid = view.text(dicom::kSopInstanceUid);
  for (const auto& reference : instance.references) bulk_of(reference);
  const auto transfer_syntax = transfer_syntax_of(instance);
  auto operation = session.begin(result, transfer_syntax);
  if (!operation) return;
  std::size_t done = 0;
  for (const auto& reference : instance.references) {
    operation->append(std::span(bytes).subspan(done, reference.at - done));
    done = reference.at;
    append_element(*operation, reference, is_pixel_data(reference) && !is_native(transfer_syntax));
  }
  operation->append(std::span(bytes).subspan(done));
  session.finish(std::move(operation), result);
}

const DescribedInstances::Bulk& DescribedInstances::bulk_of(const BulkReference& reference) const {
  const auto found = bulk_.find(reference.uri);
  if (found == bulk_.end())
    throw Error(Code::invalid, "bulk data is missing: no part has the Content-Location that the metadata refers to");
  return found->second;
}

std::string DescribedInstances::transfer_syntax_of(const Instance& instance) const {
  const auto& references = instance.references;
  const auto pixels = std::find_if(references.begin(), references.end(), is_pixel_data);
  std::string transfer_syntax(kExplicitLittle);
  if (pixels == references.end()) return transfer_syntax;
  const auto& bulk = bulk_of(*pixels);
  if (!bulk.transfer_syntax_uid.empty()) {
    transfer_syntax = bulk.transfer_syntax_uid;
  } else if (bulk.media_type.empty() || bulk.media_type == "application/octet-stream") {
    if (!instance.transfer_syntax_uid.empty()) transfer_syntax = instance.transfer_syntax_uid;
  } else {
    auto beginning = bulk.parts.front();
    beginning.length = std::min(beginning.length, kBeginning);
    transfer_syntax = transfer_syntax_of_bit_stream(bulk.media_type, spool_.read(beginning));
    if (transfer_syntax.empty())
      throw Error(Code::invalid, "there is no transfer syntax for such a bit stream of type " + bulk.media_type);
  }
  // However it was encoded before, it is Explicit VR Little Endian now.
  return is_native(transfer_syntax) ? std::string(kExplicitLittle) : transfer_syntax;
}

void DescribedInstances::append_element(StoreOperation& operation, const BulkReference& reference,
                                        bool compressed) const {
  const auto& bulk = bulk_of(reference);
  const auto append = [&](std::span<const std::byte> bytes) { operation.append(bytes); };
  const auto pad = [&](uint64_t length) {
    constexpr std::byte zero{0}, space{' '};
    const bool text = reference.vr.is_string() && reference.vr != Vr("UI");
    if (length % 2 != 0) operation.append(std::span(text ? &space : &zero, 1));
  };
  if (!compressed) {
    const auto length = bulk.length();
    if (length > kLargestValue) throw Error(Code::invalid, "bulk data is longer than 4 GiB");
    append(element_header(reference.tag, reference.vr, length + length % 2));
    for (const auto& part : bulk.parts) spool_.read(part, append);
    pad(length);
    return;
  }
  // PS3.5 A.4: an empty offset table, and a fragment for each frame.
  auto header = element_header(reference.tag, "OB", 0xffffffff);
  put_item(header, dicom::kItem, 0);
  append(header);
  for (const auto& part : bulk.parts) {
    if (part.length > kLargestValue) throw Error(Code::invalid, "a frame is longer than 4 GiB");
    std::vector<std::byte> item;
    put_item(item, dicom::kItem, part.length + part.length % 2);
    append(item);
    spool_.read(part, append);
    pad(part.length);
  }
  std::vector<std::byte> end;
  put_item(end, dicom::kSequenceDelimitation, 0);
  append(end);
}

}  // namespace fermata::dicomweb
