#pragma once
#include <memory>
#include <string_view>

#include "fermata/blob_store.hpp"
#include "fermata/journal.hpp"

namespace mirrored_store {

// tutorial: class
/// Two blob stores as one. The main one says what there is; the copy has the same, or is behind until the next repair.
///
/// **Thread**, **Errors**: as `fermata::BlobStore`. **Ownership**: the stores outlive it.
class MirroredBlobStore final : public fermata::BlobStore {
 public:
  MirroredBlobStore(fermata::BlobStore& main, fermata::BlobStore& copy, fermata::Journal journal)
      : main_(main), copy_(copy), journal_(std::move(journal)) {}

  std::unique_ptr<fermata::BlobWriter> create(std::string_view key) override;
  std::unique_ptr<fermata::BlobReader> open(std::string_view key) override;
  void remove(std::string_view key) override;
  std::unique_ptr<fermata::BlobCursor> list(std::string_view after) override { return main_.list(after); }
  fermata::Capacity capacity() override;
  void sync() override;
  // tutorial: end

 private:
  class Writer;
  class Reader;

  bool remove_copy(std::string_view key);
  void copy_failed(std::string_view key, const fermata::Error& error) const;

  fermata::BlobStore& main_;
  fermata::BlobStore& copy_;
  const fermata::Journal journal_;
};

}  // namespace mirrored_store
