#include "routes.hpp"

#include "problem.hpp"
#include "resource.hpp"

namespace fermata::dicomweb {
namespace {

/// Notes whether a body has begun: from there on nothing can be said any more.
class NotedResponse final : public HttpResponse {
 public:
  explicit NotedResponse(HttpResponse& response) : response_(response) {}
  bool begun() const { return begun_; }

  void status(uint32_t code) override { response_.status(code); }
  void header(std::string_view name, std::string_view value) override { response_.header(name, value); }
  void write(std::span<const std::byte> data) override {
    begun_ = true;
    response_.write(data);
  }
  void flush() override { response_.flush(); }

 private:
  HttpResponse& response_;
  bool begun_ = false;
};

}  // namespace

void Routes::Handler::handle(HttpRequest& request, HttpResponse& response) {
  NotedResponse noted(response);
  try {
    answer_(request, noted);
  } catch (const Problem& problem) {
    if (noted.begun()) throw Error(Code::internal, problem.what());
    if (is_gone(request, problem))
      answer(response, Problem(410, Resource::of(request).name() + " was removed from the archive"));
    else
      answer(response, problem);
  }
}

bool Routes::Handler::is_gone(HttpRequest& request, const Problem& problem) const {
  if (removed_ == nullptr || problem.status() != 404 || request.method() != "GET") return false;
  const auto resource = Resource::of(request);
  return (request.sees_all_studies() || request.sees_study(resource.study)) && removed_->contains(resource);
}

void Routes::add(std::string_view method, std::string_view path, std::string_view permission, Answer answer,
                 Media media) {
  auto& handler = handlers_.emplace_back(std::move(answer), removed_);
  const auto whole = root_ + std::string(path);
  router_.add({method, whole, permission}, handler);
  entries_.push_back({std::string(method), std::string(path), std::move(media)});
}

}  // namespace fermata::dicomweb
