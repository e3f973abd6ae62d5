#pragma once
#include <memory>

#include "plugin_scene.hpp"

namespace fermata::plugin_check {

/// The service `I` of the plugin under test as a subject of the SDK's suites: opened late, closed and opened again.
template <class I, class Subject>
class StoredSubject : public Subject {
 public:
  explicit StoredSubject(PluginScene& scene) : scene_(scene) {}
  bool reopen() override {
    service_.reset();
    scene_.close();
    return !scene_.in_memory();
  }
  bool may_be_killed() const override { return scene_.survives_its_process(); }

 protected:
  I& service() {
    if (service_ == nullptr) service_ = scene_.take<I>();
    return *service_;
  }

 private:
  PluginScene& scene_;
  std::unique_ptr<I> service_;
};

}  // namespace fermata::plugin_check
