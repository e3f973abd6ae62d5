#include "object_template.hpp"

#include <stdexcept>

#include "bytes.hpp"

namespace fermata::benchmark {
namespace {

void add_meta(std::string& s, unsigned element, const char* vr, std::string value) {
  if (value.size() % 2 != 0) value += '\0';
  put16le(s, 0x0002);
  put16le(s, element);
  s += vr;
  put16le(s, value.size());
  s += value;
}

}  // namespace

std::string data_set(const Study& study, uint64_t image, const Shape& shape) {
  const auto head = header(study, image, shape);
  const auto pixels = pixel_data(shape.pixel_bytes());
  return std::string(text_of(head)) + std::string(text_of(pixels));
}

std::string file(const Study& study, uint64_t image, const Shape& shape) {
  std::string meta;
  put16le(meta, 0x0002);
  put16le(meta, 0x0001);
  meta += "OB";
  put16le(meta, 0);
  put32le(meta, 2);
  meta += {0, 1};
  add_meta(meta, 0x0002, "UI", kCtImageStorage);
  add_meta(meta, 0x0003, "UI", study.instance_uid(image));
  add_meta(meta, 0x0010, "UI", kExplicitLittleEndian);
  add_meta(meta, 0x0012, "UI", "1.2.3.4");
  std::string length;
  put32le(length, meta.size());
  std::string s(128, '\0');
  s += "DICM";
  add_meta(s, 0x0000, "UL", length);
  return s + meta + data_set(study, image, shape);
}

ObjectTemplate::ObjectTemplate(std::string bytes, const Shape& shape) : bytes_(std::move(bytes)), shape_(shape) {
  const Study first(0);
  const auto head = header(first, 0, shape);
  header_length_ = head.size();
  header_ = bytes_.find(text_of(head));
  if (header_ == bytes_.npos) throw std::runtime_error("the header must fit into one PDU");
  const auto uid = first.instance_uid(0);
  const std::string_view before(bytes_.data(), header_);
  for (std::size_t at = 0; (at = before.find(uid, at)) != before.npos; ++at) uids_.push_back(at);
}

std::string_view ObjectTemplate::place(const Study& study, uint64_t image) {
  const auto head = header(study, image, shape_);
  if (head.size() != header_length_) throw std::runtime_error("the header's length changed");
  bytes_.replace(header_, header_length_, text_of(head));
  const auto uid = study.instance_uid(image);
  for (const auto at : uids_) bytes_.replace(at, uid.size(), uid);
  return bytes_;
}

}  // namespace fermata::benchmark
