#include "records.hpp"

#include <algorithm>

#include "encoding.hpp"

namespace fermata::index_rocksdb {
namespace {

constexpr uint64_t kVersion = 1;

[[noreturn]] void corrupt(std::string_view key) {
  const auto k = parse_record_key(key);
  std::string what = "study " + std::string(k.study);
  if (!k.series.empty()) what += ", series " + std::string(k.series);
  if (!k.instance.empty()) what += ", instance " + std::string(k.instance);
  throw Error(Code::corrupt, "the index's record of " + what + " is damaged: run `fermata reindex`");
}

template <class F>
auto decode(std::string_view key, std::string_view value, F&& read) {
  try {
    Decoder in(value);
    if (in.varint() != kVersion) throw Decoder::Malformed{};
    return read(in);
  } catch (const Decoder::Malformed&) {
    corrupt(key);
  }
}

// Nearly all UIDs of SOP classes and transfer syntaxes begin alike.
constexpr std::string_view kDicomRoot = "1.2.840.10008.";
std::string short_uid(std::string_view uid) {
  return uid.starts_with(kDicomRoot) ? std::string(1, '.').append(uid.substr(kDicomRoot.size())) : std::string(uid);
}
std::string long_uid(std::string_view uid) {
  return uid.starts_with('.') ? std::string(kDicomRoot).append(uid.substr(1)) : std::string(uid);
}

void encode_tally(Encoder& out, const Tally& tally) {
  out.varint(tally.entries().size());
  for (const auto& [value, times] : tally.entries()) out.string(value).varint(times);
}
Tally decode_tally(Decoder& in) {
  Tally tally;
  for (uint64_t n = in.varint(); n > 0; --n) {
    const auto value = in.string();
    tally.add(value, in.varint());
  }
  return tally;
}

void read_bulk(Decoder& in, std::vector<BulkValue>& bulk) {
  bulk.clear();
  for (uint64_t n = in.varint(); n > 0; --n) {
    BulkValue b{};
    b.tag = static_cast<uint32_t>(in.varint());
    const auto vr = in.raw(2);
    b.vr[0] = vr[0];
    b.vr[1] = vr[1];
    b.offset = in.varint();
    b.length = in.varint() - 1;
    bulk.push_back(b);
  }
}

}  // namespace

bool Tally::add(std::string_view value, uint64_t times) {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), value,
                                   [](const auto& entry, std::string_view v) { return entry.first < v; });
  if (at != entries_.end() && at->first == value) {
    at->second += times;
    return false;
  }
  entries_.emplace(at, std::string(value), times);
  return true;
}

bool Tally::remove(std::string_view value) {
  const auto at =
      std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) { return entry.first == value; });
  if (at == entries_.end()) return false;
  if (--at->second > 0) return false;
  entries_.erase(at);
  return true;
}

void Tally::recount(std::string_view from, std::string_view to) {
  if (from == to) return;
  if (!from.empty()) remove(from);
  if (!to.empty()) add(to);
}

std::string Tally::joined() const {
  std::string all;
  for (const auto& entry : entries_) all.append(all.empty() ? "" : "\\").append(entry.first);
  return all;
}

std::string encode_counts(const Counts& counts) {
  Encoder out;
  out.varint(kVersion).varint(counts.series).varint(counts.instances);
  encode_tally(out, counts.modalities);
  encode_tally(out, counts.sop_classes);
  return out.take();
}

Counts decode_counts(std::string_view key, std::string_view value) {
  return decode(key, value, [](Decoder& in) {
    Counts counts;
    counts.series = in.varint();
    counts.instances = in.varint();
    counts.modalities = decode_tally(in);
    counts.sop_classes = decode_tally(in);
    return counts;
  });
}

std::string encode_attributes(const Attributes& attributes) {
  return Encoder().varint(kVersion).string(attributes.origin).raw(chars(attributes.data_set)).take();
}

Attributes decode_attributes(std::string_view key, std::string_view value) {
  return decode(key, value, [](Decoder& in) {
    Attributes attributes;
    attributes.origin = in.string();
    const auto data_set = bytes(in.rest());
    attributes.data_set.assign(data_set.begin(), data_set.end());
    return attributes;
  });
}

std::string encode_instance(const InstanceRecord& r, uint64_t arrival) {
  Encoder out;
  out.varint(kVersion).varint(arrival);
  out.string(short_uid(r.sop_class_uid)).string(short_uid(r.transfer_syntax_uid));
  // A blob key is usually made with the SOP Instance UID: only what stands around it is kept.
  const auto at = r.blob_key.find(r.sop_instance_uid);
  const bool inside = at != r.blob_key.npos;
  out.varint(inside ? 1 : 0).string(r.blob_key.substr(0, at));
  if (inside) out.string(r.blob_key.substr(at + r.sop_instance_uid.size()));
  out.varint(r.blob_length).varint(r.data_set_offset);
  out.raw({reinterpret_cast<const char*>(r.checksum.data()), r.checksum.size()});
  out.varint(static_cast<uint64_t>(r.received_us)).string(r.source_ae_title).varint(r.bulk.size());
  for (const auto& b : r.bulk)
    out.varint(b.tag).raw({b.vr, 2}).varint(b.offset).varint(b.length + 1);  // an undefined length becomes 0
  return out.take();
}

void DecodedInstance::read(std::string_view key, std::string_view value) {
  decode(key, value, [&](Decoder& in) {
    const auto k = parse_record_key(key);
    auto& r = record_;
    r = {};
    r.study_instance_uid = k.study;
    r.series_instance_uid = k.series;
    r.sop_instance_uid = k.instance;
    arrival_ = in.varint();
    r.sop_class_uid = sop_class_ = long_uid(in.string());
    r.transfer_syntax_uid = transfer_syntax_ = long_uid(in.string());
    const bool inside = in.varint() != 0;
    blob_key_ = in.string();
    if (inside) blob_key_.append(k.instance).append(in.string());
    r.blob_key = blob_key_;
    r.blob_length = in.varint();
    r.data_set_offset = in.varint();
    const auto checksum = in.raw(r.checksum.size());
    std::copy(checksum.begin(), checksum.end(), r.checksum.begin());
    r.received_us = static_cast<int64_t>(in.varint());
    r.source_ae_title = in.string();
    read_bulk(in, bulk_);
    r.bulk = bulk_;
  });
}

}  // namespace fermata::index_rocksdb
