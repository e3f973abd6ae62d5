// DICOMweb over a connection that is kept: STOW-RS, WADO-RS (study, metadata, frame) and QIDO-RS.
#include <random>
#include <stdexcept>

#include "http_connection.hpp"
#include "object_template.hpp"
#include "study_query.hpp"
#include "work.hpp"

namespace fermata::benchmark {
namespace {

constexpr const char* kBoundary = "between-the-objects";
constexpr const char* kJson = "Accept: application/dicom+json\r\n";

Done checked(const HttpConnection::Answer& answer) {
  if (answer.status != 200) throw std::runtime_error("HTTP status " + std::to_string(answer.status));
  return {answer.body, 1, answer.first_byte_us};
}

std::string uri_encoded(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string s;
  for (const char c : text)
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '*')
      s += c;
    else
      s += {'%', kDigits[static_cast<uint8_t>(c) >> 4], kDigits[c & 15]};
  return s;
}

class Stow final : public Work {
 public:
  Stow(const LoadOptions& o, unsigned connection)
      : connection_(o.port),
        batch_(o.batch),
        portion_(o.portion(connection)),
        before_(std::string("\r\n--") + kBoundary + "\r\nContent-Type: application/dicom\r\n\r\n"),
        end_(std::string("\r\n--") + kBoundary + "--\r\n"),
        object_(before_ + file(Study(0), 0, o.shape), o.shape) {
    const auto length = object_.place(Study(0), 0).size() * batch_ + end_.size();
    head_ = connection_.head("POST", o.path + "/studies",
                             std::string("Content-Type: multipart/related; type=\"application/dicom\"; boundary=") +
                                 kBoundary + "\r\nContent-Length: " + std::to_string(length) + "\r\n" + kJson);
  }
  Done once(uint64_t n) override {
    body_.clear();
    for (uint64_t i = n * batch_; i < (n + 1) * batch_; ++i)
      body_ += object_.place(Study(portion_.study(i)), portion_.image(i));
    body_ += end_;
    checked(connection_.exchange(head_, body_));
    return {body_.size(), batch_, {}};
  }

 private:
  HttpConnection connection_;
  const uint64_t batch_;
  const Portion portion_;
  const std::string before_, end_;
  ObjectTemplate object_;
  std::string head_, body_;
};

/// GET of something of a study by chance.
class Retrieve final : public Work {
 public:
  Retrieve(const LoadOptions& o, unsigned connection)
      : connection_(o.port), options_(o), random_(connection + 1), query_(study_query(o.key)) {
    if (query_ == nullptr) throw std::invalid_argument("there is no key " + o.key);
  }
  Done once(uint64_t n) override {
    const Study study(options_.first_study + random_() % options_.studies);
    return checked(connection_.exchange(head(study, n)));
  }

 private:
  std::string head(const Study& study, uint64_t n) const {
    const auto base = options_.path + "/studies";
    const auto of_study = base + "/" + study.uid;
    if (options_.kind == "metadata") return connection_.head("GET", of_study + "/metadata", kJson);
    if (options_.kind == "qido") {
      char tag[9];
      std::snprintf(tag, sizeof tag, "%04X%04X", query_->group, query_->element);
      return connection_.head("GET", base + "?" + tag + "=" + uri_encoded(query_->value(study)), kJson);
    }
    if (options_.kind == "frame") {
      const auto image = of_study + "/series/" + study.series_uid() + "/instances/" + study.instance_uid(0);
      return connection_.head("GET", image + "/frames/" + std::to_string(1 + n * 7919 % options_.shape.frames),
                              "Accept: multipart/related; type=\"application/octet-stream\"\r\n");
    }
    return connection_.head("GET", of_study,
                            "Accept: multipart/related; type=\"application/dicom\"; transfer-syntax=*\r\n");
  }
  HttpConnection connection_;
  const LoadOptions options_;
  std::mt19937_64 random_;
  const StudyQuery* query_;
};

}  // namespace

std::unique_ptr<Work> http_work(const LoadOptions& o, unsigned connection) {
  if (o.kind == "stow") return std::make_unique<Stow>(o, connection);
  if (o.kind == "wado" || o.kind == "metadata" || o.kind == "frame" || o.kind == "qido")
    return std::make_unique<Retrieve>(o, connection);
  return nullptr;
}

}  // namespace fermata::benchmark
