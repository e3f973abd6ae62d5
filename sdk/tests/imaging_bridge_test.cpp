#include <catch2/catch.hpp>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "fermata/frame_renderer.hpp"
#include "fermata/testing/sample_instance.hpp"
#include "fermata/testing/stored_instance.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"
#include "fermata/transcoder.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

std::string text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Counts how many of its kind there are.
class CountedObject final : public ObjectReader {
 public:
  explicit CountedObject(int& alive) : alive_(alive) { ++alive_; }
  ~CountedObject() override { --alive_; }
  uint64_t length() override { return 4711; }
  uint64_t read_at(uint64_t, std::span<std::byte>) override { return 0; }

 private:
  int& alive_;
};

class FakeFrameReader final : public FrameReader {
 public:
  explicit FakeFrameReader(std::unique_ptr<ObjectReader> object) : object_(std::move(object)) {}
  uint64_t count() override { return std::numeric_limits<uint64_t>::max(); }
  std::span<const std::byte> frame(uint64_t number, std::string_view transfer_syntax_uid) override {
    if (number == 0) throw Error(Code::not_found, "there is no frame 0: they count from 1");
    frame_ = std::to_string(number) + " as " + std::string(transfer_syntax_uid);
    return std::as_bytes(std::span(frame_));
  }

 private:
  std::unique_ptr<ObjectReader> object_;
  std::string frame_;
};

class FakeTranscoder final : public Transcoder {
 public:
  bool can(std::string_view from, std::string_view to) override { return from == "1" && to == "2"; }
  std::unique_ptr<ObjectReader> transcode(std::unique_ptr<ObjectReader> object, std::string_view from,
                                          std::string_view to) override {
    asked = std::string(from) + " to " + std::string(to);
    before();
    return object;
  }
  std::unique_ptr<FrameReader> frames(const InstanceRecord& record, std::unique_ptr<ObjectReader> object) override {
    given = std::make_unique<StoredInstance>(record);
    before();
    return std::make_unique<FakeFrameReader>(std::move(object));
  }

  std::function<void()> before = [] {};
  std::string asked;
  std::unique_ptr<StoredInstance> given;
};

class FakeRenderedFrame final : public RenderedFrame {
 public:
  std::span<const std::byte> bytes() override { return std::as_bytes(std::span(picture_)); }

 private:
  std::string picture_ = std::string("\x89PNG\0", 5);
};

class FakeRenderer final : public FrameRenderer {
 public:
  std::unique_ptr<RenderedFrame> render(const InstanceRecord& record, std::unique_ptr<ObjectReader> object,
                                        const Rendering& rendering) override {
    given = std::make_unique<StoredInstance>(record);
    length = object->length();
    wanted = rendering;
    media_type = rendering.media_type;
    before();
    return std::make_unique<FakeRenderedFrame>();
  }

  std::function<void()> before = [] {};
  std::unique_ptr<StoredInstance> given;
  uint64_t length = 0;
  Rendering wanted;
  std::string media_type;
};

}  // namespace

TEST_CASE("a transcoder's answers and results cross the boundary") {
  FakeTranscoder transcoder;
  const auto remote = through_boundary<Transcoder>(transcoder);
  CHECK(remote->can("1", "2"));
  CHECK_FALSE(remote->can("2", "1"));
  int alive = 0;
  {
    const auto result = remote->transcode(std::make_unique<CountedObject>(alive), "1.2.840", "");
    CHECK(transcoder.asked == "1.2.840 to ");
    CHECK(result->length() == 4711);
    CHECK(alive == 1);
  }
  CHECK(alive == 0);
}

TEST_CASE("a frame reader keeps the object it reads, and its frames cross") {
  FakeTranscoder transcoder;
  const auto remote = through_boundary<Transcoder>(transcoder);
  const SampleInstance sample("1", "1.1", "1.1.1");
  int alive = 0;
  {
    const auto frames = remote->frames(sample.record(), std::make_unique<CountedObject>(alive));
    CHECK(*transcoder.given == StoredInstance(sample.record()));
    CHECK(alive == 1);
    CHECK(frames->count() == std::numeric_limits<uint64_t>::max());
    CHECK(text(frames->frame(uint64_t{1} << 40, "1.2.3")) == "1099511627776 as 1.2.3");
    CHECK(code_of([&] { frames->frame(0, "1.2.3"); }) == Code::not_found);
    CHECK(text(frames->frame(2, "")) == "2 as ");
  }
  CHECK(alive == 0);
}

TEST_CASE("an object that was handed over ends also where the call fails") {
  FakeTranscoder transcoder;
  FakeRenderer renderer;
  transcoder.before = renderer.before = [] { throw Error(Code::corrupt, "the frame is damaged"); };
  const auto remote_transcoder = through_boundary<Transcoder>(transcoder);
  const auto remote_renderer = through_boundary<FrameRenderer>(renderer);
  const SampleInstance sample("1", "1.1", "1.1.1");
  int alive = 0;
  const auto object = [&] { return std::make_unique<CountedObject>(alive); };
  CHECK(code_of([&] { remote_transcoder->transcode(object(), "1", "2"); }) == Code::corrupt);
  CHECK(code_of([&] { remote_transcoder->frames(sample.record(), object()); }) == Code::corrupt);
  CHECK(code_of([&] { remote_renderer->render(sample.record(), object(), {}); }) == Code::corrupt);
  CHECK(alive == 0);
}

TEST_CASE("what a rendering asks for crosses whole, and so does the picture") {
  FakeRenderer renderer;
  const auto remote = through_boundary<FrameRenderer>(renderer);
  const SampleInstance sample("1", "1.1", "1.1.1");
  int alive = 0;
  Rendering wanted;
  wanted.frame = uint64_t{1} << 33;
  wanted.media_type = "image/png";
  wanted.quality = 77;
  wanted.has_window = true;
  wanted.voi = Rendering::Voi::sigmoid;
  wanted.window_center = -40.25;
  wanted.window_width = 1e9;
  wanted.viewport_width = 4000000000u;
  wanted.viewport_height = 3;
  wanted.source_x = 0.5;
  wanted.source_y = -1;
  wanted.source_width = -100.125;
  wanted.source_height = 200;
  const auto picture = remote->render(sample.record(), std::make_unique<CountedObject>(alive), wanted);
  CHECK(text(picture->bytes()) == std::string("\x89PNG\0", 5));
  CHECK(*renderer.given == StoredInstance(sample.record()));
  CHECK(renderer.length == 4711);
  CHECK(alive == 0);
  CHECK(renderer.media_type == "image/png");
  const auto& arrived = renderer.wanted;
  CHECK(arrived.frame == wanted.frame);
  CHECK(arrived.quality == 77);
  CHECK(arrived.has_window);
  CHECK(arrived.voi == Rendering::Voi::sigmoid);
  CHECK(arrived.window_center == -40.25);
  CHECK(arrived.window_width == 1e9);
  CHECK(arrived.viewport_width == 4000000000u);
  CHECK(arrived.viewport_height == 3);
  CHECK(arrived.source_x == 0.5);
  CHECK(arrived.source_y == -1);
  CHECK(arrived.source_width == -100.125);
  CHECK(arrived.source_height == 200);
}

TEST_CASE("a rendering that asks for nothing arrives as such") {
  FakeRenderer renderer;
  const auto remote = through_boundary<FrameRenderer>(renderer);
  const SampleInstance sample("1", "1.1", "1.1.1");
  int alive = 0;
  remote->render(sample.record(), std::make_unique<CountedObject>(alive), {});
  CHECK(renderer.wanted.frame == 1);
  CHECK(renderer.media_type == "image/jpeg");
  CHECK_FALSE(renderer.wanted.has_window);
  CHECK(renderer.wanted.voi == Rendering::Voi::linear);
  CHECK(renderer.wanted.viewport_width == 0);
  CHECK(renderer.wanted.source_width == 0);
}
