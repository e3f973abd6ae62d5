#include "store/native_xml_reader.hpp"

#include <expat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fermata/dicom/json_text.hpp"
#include "fermata/error.hpp"
#include "limit_reached.hpp"
#include "store/attribute_draft.hpp"
#include "store/value_encoder.hpp"

namespace fermata::dicomweb {
namespace {

using dicom::Tag;
using Content = AttributeDraft::Content;
using Kind = AttributeDraft::Kind;

constexpr Tag kTransferSyntaxUid{0x0002, 0x0010};
constexpr std::size_t kLargestGap = 65536;  ///< of numbers of values
constexpr std::size_t kPieceOfText = 1 << 20;

constexpr std::array<std::string_view, 3> kGroups{"Alphabetic", "Ideographic", "Phonetic"};
constexpr std::array<std::string_view, 5> kComponents{"FamilyName", "GivenName", "MiddleName", "NamePrefix",
                                                      "NameSuffix"};

std::string_view local_name(std::string_view qualified) {
  const auto colon = qualified.find(':');
  return colon == std::string_view::npos ? qualified : qualified.substr(colon + 1);
}

/// The parts with a separator between them, none at the end.
template <std::size_t Count>
std::string joined(const std::array<std::string, Count>& parts, char separator) {
  std::size_t count = Count;
  while (count > 0 && parts[count - 1].empty()) --count;
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) text += separator;
    text += parts[i];
  }
  return text;
}

}  // namespace

class NativeXmlReader::Parser {
 public:
  explicit Parser(const AttributeDictionary& dictionary) : dictionary_(dictionary), expat_(XML_ParserCreate(nullptr)) {
    if (expat_ == nullptr) throw std::bad_alloc();
    XML_SetUserData(expat_, this);
    XML_SetElementHandler(
        expat_,
        [](void* self, const char* name, const char** attributes) {
          guarded(self, [&](Parser& parser) { parser.begin_element(local_name(name), attributes); });
        },
        [](void* self, const char*) { guarded(self, [](Parser& parser) { parser.end_element(); }); });
    XML_SetCharacterDataHandler(expat_, [](void* self, const char* text, int length) {
      guarded(self, [&](Parser& parser) { parser.characters({text, static_cast<std::size_t>(length)}); });
    });
    XML_SetStartDoctypeDeclHandler(expat_, [](void* self, const char*, const char*, const char*, int) {
      guarded(self, [](Parser& parser) { parser.fail("a document type (DTD) is not accepted"); });
    });
  }
  ~Parser() { XML_ParserFree(expat_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  void write(std::string_view text, bool last) {
    do {
      const auto piece = text.substr(0, kPieceOfText);
      text.remove_prefix(piece.size());
      const bool end = last && text.empty();
      const auto status = XML_Parse(expat_, piece.data(), static_cast<int>(piece.size()), end ? 1 : 0);
      if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
      if (status == XML_STATUS_ERROR) fail(XML_ErrorString(XML_GetErrorCode(expat_)));
    } while (!text.empty());
  }

  Metadata take() {
    if (!complete_) fail("there is no NativeDicomModel");
    return std::move(*complete_);
  }

 private:
  enum class Place : uint8_t { document, data_set, attribute, text, person_name, group, component, ignored };

  template <class Step>
  static void guarded(void* self, Step&& step) {
    auto& parser = *static_cast<Parser*>(self);
    if (parser.failure_) return;
    try {
      step(parser);
    } catch (...) {
      parser.failure_ = std::current_exception();
      XML_StopParser(parser.expat_, XML_FALSE);
    }
  }

  void begin_element(std::string_view name, const char** attributes) {
    places_.push_back(place_of(name, attributes));
    text_.clear();
  }

  Place place_of(std::string_view name, const char** attributes) {
    switch (places_.back()) {
      case Place::document:
        if (name != "NativeDicomModel") fail("the outermost element is no NativeDicomModel");
        data_sets_.emplace_back();
        return Place::data_set;
      case Place::data_set:
        if (name != "DicomAttribute") return Place::ignored;
        begin_attribute(attributes);
        return Place::attribute;
      case Place::attribute:
        return content_of_attribute(name, attributes);
      case Place::person_name: {
        const auto group = std::find(kGroups.begin(), kGroups.end(), name);
        if (group == kGroups.end()) return Place::ignored;
        group_ = static_cast<std::size_t>(group - kGroups.begin());
        components_ = {};
        return Place::group;
      }
      case Place::group: {
        const auto component = std::find(kComponents.begin(), kComponents.end(), name);
        if (component == kComponents.end()) return Place::ignored;
        component_ = static_cast<std::size_t>(component - kComponents.begin());
        return Place::component;
      }
      case Place::text:
      case Place::component:
        fail("there is an element where only text may be");
      case Place::ignored:
        break;
    }
    return Place::ignored;
  }

  Place content_of_attribute(std::string_view name, const char** attributes) {
    auto& attribute = attributes_.back();
    if (name == "Value" || name == "PersonName" || name == "Item") {
      attribute.set_content(Content::values);
      fill_up_to(attribute, value_of(attributes, "number"));
      if (name == "Value") return Place::text;
      if (name == "PersonName") {
        groups_ = {};
        return Place::person_name;
      }
      if (data_sets_.size() > kDeepestSequence)
        throw LimitReached(400, "nesting",
                           "the Native DICOM Model is wrong: sequences are nested too deeply, more than " +
                               std::to_string(kDeepestSequence));
      data_sets_.emplace_back();
      return Place::data_set;
    }
    if (name != "InlineBinary" && name != "BulkData") return Place::ignored;
    if (attribute.count() != 0) fail("there is more than one value");
    attribute.set_content(name == "BulkData" ? Content::reference : Content::inline_binary);
    if (name == "InlineBinary") return Place::text;
    const auto uri = value_of(attributes, "uri");
    attribute.add(Kind::text, uri.empty() ? value_of(attributes, "uuid") : uri);
    return Place::ignored;
  }

  void begin_attribute(const char** attributes) {
    const auto keyword = value_of(attributes, "keyword");
    const auto given = value_of(attributes, "tag");
    const auto tag = given.empty() && !keyword.empty() ? dictionary_.tag(keyword) : parse_tag(given);
    if (!tag) fail("the tag of an attribute has eight hexadecimal digits");
    if (tag->group() == 0xfffe) fail("items and delimiters are no attributes");
    attributes_.emplace_back(*tag);
    attributes_.back().set_vr(std::string(value_of(attributes, "vr")));
    attributes_.back().set_private_creator(std::string(value_of(attributes, "privateCreator")));
  }

  /// Values that are left out before number `text` are empty.
  void fill_up_to(AttributeDraft& attribute, std::string_view text) {
    if (text.empty()) return;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number <= attribute.count() ||
        number - attribute.count() > kLargestGap)
      fail("the number of a value does not follow the one before");
    while (attribute.count() + 1 < number) attribute.add(Kind::none, {});
  }

  void end_element() {
    const auto place = places_.back();
    places_.pop_back();
    switch (place) {
      case Place::text:
        attributes_.back().add(text_.empty() ? Kind::none : Kind::text, text_);
        break;
      case Place::component:
        components_[component_] = text_;
        break;
      case Place::group:
        groups_[group_] = joined(components_, '^');
        break;
      case Place::person_name:
        attributes_.back().add(Kind::name, joined(groups_, '='));
        break;
      case Place::attribute:
        end_attribute();
        break;
      case Place::data_set:
        end_data_set();
        break;
      case Place::document:
      case Place::ignored:
        break;
    }
  }

  void end_attribute() {
    auto& attribute = attributes_.back();
    if (attribute.tag() == kTransferSyntaxUid) transfer_syntax_uid_ = attribute.characters();
    checked([&] { std::move(attribute).put_into(data_sets_.back(), dictionary_); });
    attributes_.pop_back();
  }

  void end_data_set() {
    auto draft = std::move(data_sets_.back());
    checked([&] {
      if (data_sets_.size() > 1)
        attributes_.back().add_item(std::move(draft).finish_item());
      else
        complete_ = Metadata{std::move(draft).finish(), transfer_syntax_uid_};
    });
    data_sets_.pop_back();
  }

  template <class Step>
  void checked(Step&& step) {
    try {
      step();
    } catch (const Error& error) {
      fail(error.what());
    }
  }

  void characters(std::string_view text) {
    if (places_.back() == Place::text || places_.back() == Place::component) text_ += text;
  }

  static std::string_view value_of(const char** attributes, std::string_view name) {
    for (; *attributes != nullptr; attributes += 2)
      if (name == attributes[0]) return attributes[1];
    return {};
  }

  [[noreturn]] void fail(const std::string& what) const {
    std::string place;
    for (std::size_t i = 0; i < attributes_.size(); ++i) {
      std::string name(8, '0');
      dicom::json::put_tag(name.data(), attributes_[i].tag());
      place += (i == 0 ? "" : "/") + name;
      if (i + 1 < data_sets_.size()) place += "/Item " + std::to_string(attributes_[i].count() + 1);
    }
    throw Error(Code::invalid, "the DICOM XML is wrong at " + (place.empty() ? "its outermost level" : place) +
                                   " in line " + std::to_string(XML_GetCurrentLineNumber(expat_)) + ": " + what);
  }

  const AttributeDictionary& dictionary_;
  const XML_Parser expat_;
  std::exception_ptr failure_;
  std::vector<Place> places_{Place::document};
  std::vector<DataSetDraft> data_sets_;
  std::vector<AttributeDraft> attributes_;
  std::string text_;
  std::array<std::string, 3> groups_;
  std::array<std::string, 5> components_;
  std::size_t group_ = 0, component_ = 0;
  std::string transfer_syntax_uid_;
  std::optional<Metadata> complete_;
};

NativeXmlReader::NativeXmlReader(const AttributeDictionary& dictionary)
    : parser_(std::make_unique<Parser>(dictionary)) {}

NativeXmlReader::~NativeXmlReader() = default;

void NativeXmlReader::feed(std::string_view text) { parser_->write(text, false); }

Metadata NativeXmlReader::finish() {
  parser_->write({}, true);
  return parser_->take();
}

}  // namespace fermata::dicomweb
