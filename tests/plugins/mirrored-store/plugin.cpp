#include "fermata/plugin.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "fermata/periodic.hpp"
#include "fermata_plugin_schema.hpp"
#include "mirror_repair.hpp"
#include "mirrored_blob_store.hpp"
#include "repair_command.hpp"

namespace mirrored_store {
namespace {

using namespace fermata;

// tutorial: plugin
class MirroredStorePlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<BlobStore, Command>;
  using Needs = fermata::Needs<Many<BlobStore>>;

  MirroredStorePlugin(Host host, Config config)
      : host_(std::move(host)),
        second_is_main_(config["main"].string() == "second"),
        repair_every_(config["repair_every"].duration()) {}

  void start() override {
    auto stores = host_.all<BlobStore>();
    if (stores.size() != 2)
      throw Error(Code::invalid, "it mirrors two blob stores, and there are " + std::to_string(stores.size()) +
                                     " beside it; enable two under \"plugins:\"");
    main_ = std::move(stores[second_is_main_ ? 1 : 0]);
    copy_ = std::move(stores[second_is_main_ ? 0 : 1]);
    store_.emplace(*main_, *copy_, Journal(host_));
    command_.emplace(*main_, *copy_);
    host_.publish<BlobStore>(*store_);
    host_.publish<Command>(*command_);
  }
  // tutorial: end

  // tutorial: work
  void serve() override {
    repair_.start(repair_every_, Journal(host_), [this] { repair(); });
  }
  void drain(std::chrono::milliseconds) override {
    draining_ = true;
    repair_.stop();
  }
  void stop() noexcept override {
    draining_ = true;
    repair_.stop();
    store_.reset();
  }

 private:
  void repair() {
    const auto tell = [&](std::string_view key, std::string_view what) {
      host_.warning(what, {{"key", std::string(key)}});
    };
    const auto report =
        MirrorRepair(*main_, *copy_, MirrorRepair::Lost::report).run(tell, [this] { return !draining_; });
    host_.info("the copy is compared", {{"copied", std::to_string(report.copied)},
                                        {"only_in_copy", std::to_string(report.only_in_copy)},
                                        {"failed", std::to_string(report.failed)}});
  }
  // tutorial: end

  const Host host_;
  const bool second_is_main_;
  const std::chrono::milliseconds repair_every_;
  std::unique_ptr<BlobStore> main_;
  std::unique_ptr<BlobStore> copy_;
  std::optional<MirroredBlobStore> store_;
  std::optional<RepairCommand> command_;
  std::atomic<bool> draining_{false};
  Periodic repair_;
};

}  // namespace
}  // namespace mirrored_store

FERMATA_PLUGIN(mirrored_store::MirroredStorePlugin);
