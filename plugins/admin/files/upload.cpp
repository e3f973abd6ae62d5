#include "files/upload.hpp"

#include <deque>

#include "fermata/query_parameters.hpp"
#include "files/uploaded_file.hpp"
#include "files/zip_reader.hpp"
#include "json_body.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr std::size_t kBuffer = 256 * 1024;
constexpr std::string_view kZip = "PK\x03\x04";
constexpr std::string_view kEmptyZip = "PK\x05\x06";
/// Files of one request that wait for the disk: enough to share the wait.
constexpr std::size_t kMostPending = 8;

/// The body in pieces, each valid until the next. Its first bytes can be looked at before.
class Body {
 public:
  explicit Body(HttpRequest& request) : request_(request), buffer_(kBuffer) {}

  bool begins_with(std::string_view text) {
    while (held_ < text.size()) {
      const auto count = request_.read(std::span(buffer_).subspan(held_));
      if (count == 0) return false;
      held_ += static_cast<std::size_t>(count);
    }
    return std::string_view(reinterpret_cast<const char*>(buffer_.data()), held_).starts_with(text);
  }
  std::span<const std::byte> read() {
    const auto count = held_ != 0 ? held_ : static_cast<std::size_t>(request_.read(buffer_));
    held_ = 0;
    return std::span(buffer_).first(count);
  }

 private:
  HttpRequest& request_;
  std::vector<std::byte> buffer_;
  std::size_t held_ = 0;
};

/// Writes results in the order of their files, as they come.
class Results {
 public:
  Results(HttpResponse& response, const Journal& journal) : response_(response), journal_(journal) {}

  void add(std::future<UploadResult> result) {
    pending_.push_back(std::move(result));
    while (pending_.size() > kMostPending) write_first();
  }
  void finish() {
    while (!pending_.empty()) write_first();
    write(begun_ ? "]}" : "{\"results\":[]}");
  }

 private:
  void write_first() {
    const auto result = pending_.front().get();
    pending_.pop_front();
    const bool taken = result.outcome != "refused" && result.outcome != "not_dicom";
    journal_.count(taken ? "uploads_total" : "uploads_refused_total", 1);
    const auto text = json::serialize(json::object{{"file", utf8(result.file)},
                                                   {"outcome", result.outcome},
                                                   {"reason", utf8(result.reason)},
                                                   {"study_instance_uid", utf8(result.study_instance_uid)},
                                                   {"sop_instance_uid", utf8(result.sop_instance_uid)}});
    write((begun_ ? ",\n" : "{\"results\":[\n") + text);
    begun_ = true;
    response_.flush();
  }
  void write(std::string_view text) { response_.write(std::as_bytes(std::span(text))); }

  HttpResponse& response_;
  const Journal& journal_;
  std::deque<std::future<UploadResult>> pending_;
  bool begun_ = false;
};

std::future<UploadResult> refusal(std::string file, std::string reason) {
  std::promise<UploadResult> promise;
  promise.set_value({std::move(file), "refused", std::move(reason), {}, {}});
  return promise.get_future();
}

class Unpacking {
 public:
  Unpacking(Archive& archive, HttpRequest& request, const Upload::Limits& limits, Results& results)
      : archive_(archive), request_(request), limits_(limits), results_(results) {}

  void run(Body& body, const std::string& name) {
    try {
      ZipReader zip([&body] { return body.read(); });
      while (zip.next()) {
        if (++files_ > limits_.files) throw Error(Code::invalid, "it holds more files than may be unpacked");
        unpack(zip);
      }
    } catch (const Error& error) {
      if (error.code() != Code::invalid) throw;
      results_.add(refusal(name, error.what()));
    }
  }

 private:
  void unpack(ZipReader& zip) {
    UploadedFile file(archive_, zip.name(), request_.peer_address());
    try {
      for (auto bytes = zip.read(); !bytes.empty(); bytes = zip.read()) {
        unpacked_ += bytes.size();
        if (unpacked_ > limits_.unpacked) throw Error(Code::invalid, "it holds more bytes than may be unpacked");
        file.append(bytes);
      }
    } catch (const Error& error) {
      results_.add(file.finish(error.what()));
      throw;
    }
    results_.add(file.finish());
  }

  Archive& archive_;
  HttpRequest& request_;
  const Upload::Limits& limits_;
  Results& results_;
  uint64_t files_ = 0;
  uint64_t unpacked_ = 0;
};

}  // namespace

void Upload::add_to(api::Routes& routes) {
  routes.add("POST", "/api/upload", "studies.store",
             {.summary = "Store a DICOM file, or those in a ZIP",
              .group = "studies",
              .parameters = {{"name", "the file's name, for the results"}},
              .body = R"({"type":"string","format":"binary"})",
              .body_type = "application/octet-stream"},
             [this](auto& request, auto& response) { answer(request, response); });
}

void Upload::answer(HttpRequest& request, HttpResponse& response) const {
  const QueryParameters parameters(request.query());
  const std::string name(parameters.find("name").value_or("file"));
  response.header("Content-Type", "application/json");
  response.header("Cache-Control", "no-store");
  Body body(request);
  Results results(response, journal_);
  if (body.begins_with(kZip) || body.begins_with(kEmptyZip)) {
    Unpacking(archive_, request, limits_, results).run(body, name);
  } else {
    UploadedFile file(archive_, name, request.peer_address());
    for (auto bytes = body.read(); !bytes.empty(); bytes = body.read()) file.append(bytes);
    results.add(file.finish());
  }
  results.finish();
}

}  // namespace fermata::admin
