#include "fermata/plugin.hpp"

#include "fermata/frame_renderer.hpp"
#include "fermata/transcoder.hpp"
#include "fermata_plugin_schema.hpp"
#include "lossless_transcoder.hpp"
#include "memory.hpp"
#include "rendering/renderer.hpp"

namespace fermata::codecs {
namespace {

class CodecsPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<Transcoder, FrameRenderer>;
  using Needs = fermata::Needs<>;

  CodecsPlugin(const Host& host, Config config)
      : host_(host), memory_(config["transcoding_memory"].size(), config["spool_folder"].string()) {}

  void start() override {
    host_.publish<Transcoder>(transcoder_);
    host_.publish<FrameRenderer>(renderer_);
  }

 private:
  Host host_;
  Memory memory_;
  LosslessTranscoder transcoder_{memory_};
  Renderer renderer_{memory_};
};

}  // namespace
}  // namespace fermata::codecs

FERMATA_PLUGIN(fermata::codecs::CodecsPlugin);
