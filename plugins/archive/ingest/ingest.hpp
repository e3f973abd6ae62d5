#pragma once
#include <atomic>
#include <string>

#include "blob_keys.hpp"
#include "fermata/archive.hpp"
#include "fermata/journal.hpp"
#include "ingest/header_memory.hpp"
#include "ingest/ingest_hooks.hpp"
#include "ingest/uid_claims.hpp"
#include "integrity/awaited_objects.hpp"
#include "recovery/deletion_journal.hpp"
#include "settings.hpp"

namespace fermata::archive {

/// What every StoreOperation works with. **Thread**: any. **Ownership**: outlives the operations.
struct Ingest {
  BlobStore& blobs;
  Index& index;
  DeletionJournal& deletions;
  IngestHooks hooks;
  Settings settings;
  Journal journal;
  BlobKeys keys;
  UidClaims claims;
  AwaitedObjects awaited;
  HeaderMemory headers;
  std::atomic<bool> accepting{true};  ///< new objects; those on their way may go on
  std::atomic<bool> stopping{true};   ///< takes nothing in: not yet, or no more
  std::atomic<uint64_t> running{0};   ///< operations that exist
};

/// A StoreRequest that owns its strings.
struct OwnedRequest {
  explicit OwnedRequest(const StoreRequest& request);
  StoreRequest view() const;

  std::string transfer_syntax_uid, sop_class_uid, sop_instance_uid, calling_ae_title, called_ae_title, peer_address,
      protocol, study_instance_uid;
};

}  // namespace fermata::archive
