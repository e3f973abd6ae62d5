#include "store/store.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "acceptance.hpp"
#include "fermata/dicom/json_writer.hpp"
#include "instance-files/file_head.hpp"
#include "limit_reached.hpp"
#include "problem.hpp"
#include "resource.hpp"
#include "retrieve/native_xml_writer.hpp"
#include "store/described_instances.hpp"
#include "store/store_report.hpp"

namespace fermata::dicomweb {
namespace {

constexpr std::size_t kFinishingThreads = 16;
constexpr std::size_t kBuffer = 256 * 1024;
constexpr std::size_t kMostUnusable = 1000;  // parts that are no DICOM file
constexpr std::string_view kDicom = "application/dicom";
constexpr std::string_view kJson = "application/dicom+json";
constexpr std::string_view kPlainJson = "application/json";
constexpr std::string_view kXml = "application/dicom+xml";

constexpr const char* kAccepted =
    "application/dicom, or multipart/related with type application/dicom, application/dicom+json or "
    "application/dicom+xml";

bool is_description(std::string_view type) { return type == kJson || type == kXml; }

[[noreturn]] void refuse_type(const std::string& type) {
  throw Problem(415, (type.empty() ? "a body without a Content-Type" : "a body of type " + type) +
                         " can't be stored; accepted are " + kAccepted);
}

/// A body that is one thing.
class WholeBody {
 public:
  explicit WholeBody(HttpRequest& request) : request_(request), buffer_(kBuffer) {}
  std::span<const std::byte> read() {
    return std::span(buffer_).first(static_cast<std::size_t>(request_.read(buffer_)));
  }

 private:
  HttpRequest& request_;
  std::vector<std::byte> buffer_;
};

/// The first of the media types that the client accepts; JSON where it can take neither: what was stored matters more.
std::string_view report_type(HttpRequest& request) {
  struct Choice {
    std::string_view type;
    bool as_stored = true;
  };
  const auto accepted = accepted_media(request, QueryParameters(request.query()));
  const auto choice =
      best_of(std::span<const MediaRange>(accepted), [](const MediaRange& range) -> std::optional<Choice> {
        for (const auto type : {kJson, kPlainJson, kXml})
          if (range.includes(type)) return Choice{type};
        return {};
      });
  return choice ? choice->type : kJson;
}

/// A DICOM file on its way into the archive.
class ReceivedFile {
 public:
  explicit ReceivedFile(StoreSession& session) : session_(session) {}

  /// What can't be stored is swallowed.
  void append(std::span<const std::byte> bytes) {
    guarded([&] {
      if (!begun_ && !head_.feed(bytes)) return;
      if (!begun_) begin();
      if (operation_) operation_->append(bytes);
    });
  }
  /// The file is complete. `name` is for a failure, if it has no better one. False: it was no file.
  bool finish(const std::string& name) {
    guarded([&] {
      if (begun_) return;
      head_.finish();
      begin();
    });
    const bool usable = begun_;
    if (result_.sop_instance_uid.empty() && !operation_) result_.comment = name + ": " + result_.comment;
    auto& result = session_.add();
    result = std::move(result_);
    if (operation_) session_.finish(std::move(operation_), result);
    return usable;
  }

 private:
  template <class Step>
  void guarded(Step&& step) {
    if (failed_) return;
    try {
      step();
    } catch (const Error& error) {
      failed_ = true;
      operation_.reset();
      result_.take(error);
      if (error.code() == Code::corrupt) result_.reason = reason::kCannotUnderstand;
    }
  }

  void begin() {
    begun_ = true;
    result_.sop_class_uid = head_.sop_class_uid();
    result_.sop_instance_uid = head_.sop_instance_uid();
    operation_ = session_.begin(result_, head_.transfer_syntax_uid());
    if (operation_) operation_->append(head_.surplus());
  }

  StoreSession& session_;
  instance_files::FileHead head_;
  StoreResult result_;
  std::unique_ptr<StoreOperation> operation_;
  bool begun_ = false;
  bool failed_ = false;
};

/// A body that is anything but files would have an answer as long as itself, to a client that still sends and does not
/// read. It is refused in a sentence, unless something of it was stored.
void refuse_unusable(StoreSession& session) {
  const std::string why = "more than " + std::to_string(kMostUnusable) + " of its parts are no DICOM file";
  const auto& results = session.wait();
  if (std::all_of(results.begin(), results.end(), [](const auto& r) { return r.kind == StoreResult::Kind::failed; }))
    throw Problem(400, "The multipart body is wrong: " + why + ".");
  throw Error(Code::invalid, "the multipart body is wrong: " + why);
}

/// A body that breaks off is an error of the request as long as nothing has come of it, and one of its results
/// otherwise.
void note_broken_body(const Error& error, StoreSession& session) {
  if (error.code() != Code::invalid || session.wait().empty()) throw;
  auto& result = session.add();
  result.take(error);
  result.reason = reason::kCannotUnderstand;
}

void take_in_files(MultipartReader& parts, StoreSession& session) {
  std::size_t count = 0;
  std::size_t unusable = 0;
  try {
    do {
      ReceivedFile file(session);
      for (auto bytes = parts.read(); !bytes.empty(); bytes = parts.read()) file.append(bytes);
      if (!file.finish("part " + std::to_string(++count)) && ++unusable > kMostUnusable) refuse_unusable(session);
    } while (parts.next());
  } catch (const Problem&) {
    throw;
  } catch (const Error& error) {
    note_broken_body(error, session);
  }
}

/// Counts, at the end of a request, that it had more parts than it may have.
class PartsWatch {
 public:
  PartsWatch(const MultipartReader& parts, const Journal& journal) : parts_(parts), journal_(journal) {}
  ~PartsWatch() {
    if (parts_.has_too_many()) journal_.count("limit_parts_total", 1);
  }
  PartsWatch(const PartsWatch&) = delete;
  PartsWatch& operator=(const PartsWatch&) = delete;

 private:
  const MultipartReader& parts_;
  const Journal& journal_;
};

}  // namespace

Store::Store(Archive& archive, const AttributeDictionary& dictionary, const Settings& settings, Journal journal,
             const AuditNotes& notes)
    : archive_(archive),
      dictionary_(dictionary),
      root_(settings.root),
      temporary_folder_(settings.temporary_folder),
      maximum_parts_(settings.maximum_parts),
      temporary_space_(settings.temporary_space),
      journal_(std::move(journal)),
      description_memory_(std::max(settings.description_memory, DescribedInstances::least_memory()),
                          "requests to store with much metadata", "description_memory", journal_),
      notes_(notes),
      threads_(kFinishingThreads) {}

void Store::answer(HttpRequest& request, HttpResponse& response) {
  const auto encoding = request.header("Content-Encoding");
  if (!encoding.empty() && encoding != "identity") throw Problem(415, "a body with a Content-Encoding is not accepted");
  StoreSession session(archive_, threads_, Resource::of(request).study, request.peer_address());
  try {
    take_in(request, session);
  } catch (const Error& error) {
    if (const auto* reached = dynamic_cast<const LimitReached*>(&error))
      journal_.count("limit_" + reached->limit() + "_total", 1);
    notes_.stored(request, session.wait());  // what came before stays
    throw;
  }
  notes_.stored(request, session.wait());
  report(request, response, session.wait());
}

void Store::take_in(HttpRequest& request, StoreSession& session) {
  const auto type = MediaType::parse(request.header("Content-Type"));
  if (type.name == "multipart/related") return take_in_parts(request, type, session);
  WholeBody body(request);
  if (type.name == kDicom) {
    ReceivedFile file(session);
    for (auto bytes = body.read(); !bytes.empty(); bytes = body.read()) file.append(bytes);
    file.finish("the body");
  } else if (is_description(type.name)) {
    DescribedInstances described(dictionary_, description_memory_, temporary_folder_, temporary_space_);
    described.add(type, {}, [&body] { return body.read(); });
    described.store(session);
  } else {
    refuse_type(type.name);
  }
}

void Store::take_in_parts(HttpRequest& request, const MediaType& type, StoreSession& session) {
  MultipartReader parts(
      type.parameter("boundary"), [&](std::span<std::byte> into) { return request.read(into); }, maximum_parts_);
  const PartsWatch watch(parts, journal_);
  if (!parts.next()) throw Error(Code::invalid, "the multipart body has no parts");
  auto root = MediaType::parse(type.parameter("type")).name;
  if (root.empty()) root = MediaType::parse(parts.header("content-type")).name;
  if (root == kDicom)
    take_in_files(parts, session);
  else if (is_description(root))
    take_in_descriptions(parts, session);
  else
    refuse_type(root);
}

void Store::take_in_descriptions(MultipartReader& parts, StoreSession& session) {
  DescribedInstances described(dictionary_, description_memory_, temporary_folder_, temporary_space_);
  do {
    const auto type = MediaType::parse(parts.header("content-type"));
    const std::string location(parts.header("content-location"));
    described.add(type, location, [&parts] { return parts.read(); });
  } while (parts.next());
  described.store(session);
}

void Store::report(HttpRequest& request, HttpResponse& response, const std::deque<StoreResult>& results) const {
  const auto module = store_report(results, std::string(request.base_url()) + root_);
  const auto type = report_type(request);
  const auto status = status_of(results);
  uint64_t failed = 0;
  for (const auto& result : results) failed += result.kind == StoreResult::Kind::failed ? 1 : 0;
  journal_.count("stores_total", results.size() - failed);
  journal_.count("stores_refused_total", failed);
  response.status(status);
  if (status == 503) response.header("Retry-After", "30");
  response.header("Content-Type", type);
  const auto take = [&](std::string_view text) { response.write(std::as_bytes(std::span(text))); };
  if (type == kXml) {
    NativeXmlWriter writer(dictionary_, take);
    writer.write(dicom::DataSetView(module));
    writer.flush();
  } else {
    dicom::JsonWriter writer(take);
    writer.write(dicom::DataSetView(module));
    writer.flush();
  }
}

}  // namespace fermata::dicomweb
