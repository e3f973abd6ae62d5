#include "operation_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "fermata/error.hpp"

namespace your_plugin {
namespace {

using fermata::Code;
using fermata::Error;
using fermata::InstanceRecord;
using Bytes = std::span<const std::byte>;

enum class Kind : uint8_t { upsert = 1, remove = 2, clear = 3 };

// One field after the other: numbers in the machine's order, texts behind their length.
// ----------------------------------

template <class Number>
void put(std::vector<std::byte>& to, const Number& number) {
  const auto bytes = std::as_bytes(std::span(&number, 1));
  to.insert(to.end(), bytes.begin(), bytes.end());
}
void put_bytes(std::vector<std::byte>& to, Bytes bytes) {
  put(to, uint64_t{bytes.size()});
  to.insert(to.end(), bytes.begin(), bytes.end());
}
void put_text(std::vector<std::byte>& to, std::string_view text) {
  put_bytes(to, std::as_bytes(std::span(text.data(), text.size())));
}

class Fields {
 public:
  explicit Fields(Bytes bytes) : bytes_(bytes) {}
  bool at_end() const { return bytes_.empty(); }
  template <class Number>
  Number get() {
    Number number;
    const auto bytes = take(sizeof number);
    std::memcpy(&number, bytes.data(), bytes.size());
    return number;
  }
  Bytes get_bytes() { return take(get<uint64_t>()); }
  std::string_view get_text() {
    const auto bytes = get_bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

 private:
  Bytes take(uint64_t count) {
    if (count > bytes_.size()) throw Error(Code::corrupt, "an entry of the index's log ends too early");
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  Bytes bytes_;
};

// Entries -------------------------------------------------------------------------------------------------------------

struct EntryHead {
  uint64_t length = 0;
  int64_t time_us = 0;
  uint64_t checksum = 0;  // FNV-1a of the operations
};

uint64_t checksum(Bytes bytes) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const auto b : bytes) hash = (hash ^ std::to_integer<uint64_t>(b)) * 0x100000001b3u;
  return hash;
}

bool read_all(int descriptor, std::span<std::byte> into) {
  while (!into.empty()) {
    const auto count = ::read(descriptor, into.data(), into.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    into = into.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

void Operations::upsert(const InstanceRecord& r) {
  put(bytes_, Kind::upsert);
  for (const auto text : {r.study_instance_uid, r.series_instance_uid, r.sop_instance_uid, r.sop_class_uid,
                          r.transfer_syntax_uid, r.blob_key, r.source_ae_title})
    put_text(bytes_, text);
  put_bytes(bytes_, r.header);
  put(bytes_, r.blob_length);
  put(bytes_, r.data_set_offset);
  put(bytes_, r.checksum);
  put(bytes_, r.received_us);
  put_bytes(bytes_, std::as_bytes(r.bulk));
}

void Operations::remove(std::string_view study_instance_uid, std::string_view sop_instance_uid) {
  put(bytes_, Kind::remove);
  put_text(bytes_, study_instance_uid);
  put_text(bytes_, sop_instance_uid);
}

void Operations::clear() { put(bytes_, Kind::clear); }

void Operations::replay(Bytes bytes, const Reader& reader) {
  for (Fields fields(bytes); !fields.at_end();) {
    const auto kind = fields.get<Kind>();
    if (kind == Kind::clear) {
      reader.clear();
    } else if (kind == Kind::remove) {
      const auto study = fields.get_text();
      reader.remove(study, fields.get_text());
    } else if (kind == Kind::upsert) {
      InstanceRecord r;
      for (auto* text : {&r.study_instance_uid, &r.series_instance_uid, &r.sop_instance_uid, &r.sop_class_uid,
                         &r.transfer_syntax_uid, &r.blob_key, &r.source_ae_title})
        *text = fields.get_text();
      r.header = fields.get_bytes();
      r.blob_length = fields.get<uint64_t>();
      r.data_set_offset = fields.get<uint64_t>();
      r.checksum = fields.get<fermata::Checksum>();
      r.received_us = fields.get<int64_t>();
      const auto bulk = fields.get_bytes();
      std::vector<fermata::BulkValue> values(bulk.size() / sizeof(fermata::BulkValue));
      std::copy(bulk.begin(), bulk.begin() + static_cast<std::ptrdiff_t>(values.size() * sizeof(fermata::BulkValue)),
                std::as_writable_bytes(std::span(values)).begin());
      r.bulk = values;
      reader.upsert(r);
    } else {
      throw Error(Code::corrupt, "the index's log has an entry of a kind that is not known");
    }
  }
}

OperationLog::OperationLog(std::filesystem::path file, const Entry& entry)
    : file_(std::move(file)), descriptor_(::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640)) {
  if (descriptor_.number < 0) fail();
  struct stat status {};
  if (::fstat(descriptor_.number, &status) != 0) fail();
  auto left = static_cast<uint64_t>(status.st_size);
  off_t good = 0;
  EntryHead head;
  std::vector<std::byte> operations;
  while (read_all(descriptor_.number, std::as_writable_bytes(std::span(&head, 1))) && head.length <= left) {
    operations.resize(head.length);
    if (!read_all(descriptor_.number, operations) || checksum(operations) != head.checksum) break;
    entry(head.time_us, operations);
    good += static_cast<off_t>(sizeof head + head.length);
    left = static_cast<uint64_t>(status.st_size - good);
  }
  if (::ftruncate(descriptor_.number, good) != 0 || ::lseek(descriptor_.number, good, SEEK_SET) != good) fail();
}

OperationLog::Descriptor::~Descriptor() {
  if (number >= 0) ::close(number);
}

/// One write, so that the end of the process leaves all of an entry or none; the end of the power may leave a part.
void OperationLog::append(int64_t time_us, Bytes operations) {
  if (broken_) throw Error(Code::unavailable, file_.string() + " could not be written earlier; start anew");
  std::vector<std::byte> bytes;
  put(bytes, EntryHead{operations.size(), time_us, checksum(operations)});
  bytes.insert(bytes.end(), operations.begin(), operations.end());
  if (::write(descriptor_.number, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size())) return;
  broken_ = true;
  fail();
}

void OperationLog::sync() {
  if (::fdatasync(descriptor_.number) == 0) return;
  broken_ = true;
  fail();
}

void OperationLog::fail() const {
  const int number = errno;
  throw Error(number == ENOSPC ? Code::no_space : Code::io,
              file_.string() + ": " + std::generic_category().message(number) + "; look at the disk and the rights");
}

}  // namespace your_plugin
