#include "store/json_reader.hpp"

#include <array>
#include <boost/json/basic_parser_impl.hpp>
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

constexpr Tag kTransferSyntaxUid{0x0002, 0x0010};

/// A member of an attribute's object (PS3.18 F.2.2).
bool is_known(std::string_view member) {
  return member == "vr" || member == "Value" || member == "InlineBinary" || member == "BulkDataURI";
}

/// The events of the parser. Each place in the text knows what may stand there.
class Handler {
 public:
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;
  using ErrorCode = boost::json::error_code;

  Handler(const AttributeDictionary& dictionary, JsonReader::Take take)
      : dictionary_(dictionary), take_(std::move(take)) {}

  bool on_document_begin(ErrorCode&) { return true; }
  bool on_document_end(ErrorCode&) { return true; }
  bool on_array_begin(ErrorCode&);
  bool on_array_end(std::size_t, ErrorCode&);
  bool on_object_begin(ErrorCode&);
  bool on_object_end(std::size_t, ErrorCode&);
  bool on_key_part(std::string_view text, std::size_t, ErrorCode&) { return collect(text); }
  bool on_key(std::string_view text, std::size_t, ErrorCode&);
  bool on_string_part(std::string_view text, std::size_t, ErrorCode&) { return collect(text); }
  bool on_string(std::string_view text, std::size_t, ErrorCode&) { return scalar(AttributeDraft::Kind::text, text); }
  bool on_number_part(std::string_view text, ErrorCode&) { return collect(text); }
  bool on_int64(int64_t, std::string_view text, ErrorCode&) { return scalar(AttributeDraft::Kind::number, text); }
  bool on_uint64(uint64_t, std::string_view text, ErrorCode&) { return scalar(AttributeDraft::Kind::number, text); }
  bool on_double(double, std::string_view text, ErrorCode&) { return scalar(AttributeDraft::Kind::number, text); }
  bool on_bool(bool, ErrorCode&);
  bool on_null(ErrorCode&) { return scalar(AttributeDraft::Kind::none, {}); }
  bool on_comment_part(std::string_view, ErrorCode&) { return true; }
  bool on_comment(std::string_view, ErrorCode&) { return true; }

  std::string place() const;
  [[noreturn]] void fail(const std::string& what) const;
  [[noreturn]] void fail_too_deep() const;

 private:
  enum class Place : uint8_t {
    text,         ///< nothing was read yet
    data_sets,    ///< in the outermost array
    data_set,     ///< in an object of attributes
    attribute,    ///< in the object of one attribute
    values,       ///< in the array of its values
    value,        ///< in an object that is an item or a person name, before its first key
    person_name,  ///< in an object of component groups
    binary,       ///< in an array where one InlineBinary or BulkDataURI should stand
    ignored,      ///< below a key that nobody knows
  };

  bool collect(std::string_view text) {
    characters_.append(text);
    return true;
  }
  bool scalar(AttributeDraft::Kind kind, std::string_view last);
  void begin_data_set();
  void begin_attribute(std::string_view key);
  void attribute_member(std::string_view key);
  void set_member(AttributeDraft::Kind kind);
  void add_component_group(AttributeDraft::Kind kind);
  void end_person_name();
  void end_item();
  void end_attribute();
  void end_data_set();

  const AttributeDictionary& dictionary_;
  const JsonReader::Take take_;
  std::vector<Place> places_{Place::text};
  std::vector<DataSetDraft> data_sets_;
  std::vector<AttributeDraft> attributes_;
  std::size_t complete_ = 0;
  std::string characters_;  ///< of a key, string or number that came in pieces
  std::string member_;      ///< the key whose value comes next
  std::array<std::string, 3> component_groups_;
  std::string transfer_syntax_uid_;
};

using Kind = AttributeDraft::Kind;
using Content = AttributeDraft::Content;

bool Handler::on_array_begin(ErrorCode&) {
  switch (places_.back()) {
    case Place::text:
      places_.push_back(Place::data_sets);
      return true;
    case Place::attribute:
      if (member_ == "Value") {
        places_.push_back(Place::values);
      } else if (member_ == "InlineBinary" || member_ == "BulkDataURI") {
        places_.push_back(Place::binary);
      } else if (member_ == "vr") {
        fail("\"vr\" is no text");
      } else {
        places_.push_back(Place::ignored);
      }
      return true;
    case Place::ignored:
      places_.push_back(Place::ignored);
      return true;
    default:
      fail("an array makes no sense here");
  }
}

bool Handler::on_array_end(std::size_t, ErrorCode&) {
  places_.pop_back();
  return true;
}

bool Handler::on_object_begin(ErrorCode&) {
  switch (places_.back()) {
    case Place::text:
    case Place::data_sets:
      begin_data_set();
      return true;
    case Place::data_set:
      places_.push_back(Place::attribute);
      return true;
    case Place::values:
      places_.push_back(Place::value);
      return true;
    case Place::attribute:
      if (member_ == "vr" || member_ == "InlineBinary" || member_ == "BulkDataURI")
        fail("\"" + member_ + "\" is no text");
      places_.push_back(member_ == "Value" ? Place::value : Place::ignored);
      return true;
    case Place::ignored:
      places_.push_back(Place::ignored);
      return true;
    default:
      fail("an object makes no sense here");
  }
}

bool Handler::on_object_end(std::size_t, ErrorCode&) {
  const auto place = places_.back();
  switch (place) {
    case Place::value:
      attributes_.back().add_item({});
      break;
    case Place::person_name:
      end_person_name();
      break;
    case Place::attribute:
      end_attribute();
      break;
    case Place::data_set:
      end_data_set();
      break;
    default:
      break;
  }
  places_.pop_back();
  return true;
}

bool Handler::on_key(std::string_view last, std::size_t, ErrorCode&) {
  characters_.append(last);
  const auto key = std::exchange(characters_, {});
  switch (places_.back()) {
    case Place::data_set:
      begin_attribute(key);
      break;
    case Place::value:
      if (key == "Alphabetic" || key == "Ideographic" || key == "Phonetic") {
        places_.back() = Place::person_name;
        member_ = key;
      } else {
        places_.pop_back();
        begin_data_set();
        begin_attribute(key);
      }
      break;
    case Place::attribute:
      attribute_member(key);
      break;
    default:
      member_ = key;
  }
  return true;
}

bool Handler::on_bool(bool, ErrorCode&) {
  const bool matters = places_.back() == Place::attribute ? is_known(member_) : places_.back() != Place::ignored;
  if (matters) fail("true and false are no values of DICOM");
  return true;
}

bool Handler::scalar(Kind kind, std::string_view last) {
  characters_.append(last);
  switch (places_.back()) {
    case Place::values:
      attributes_.back().add(kind, characters_);
      break;
    case Place::person_name:
      add_component_group(kind);
      break;
    case Place::attribute:
    case Place::binary:
      set_member(kind);
      break;
    case Place::ignored:
      break;
    default:
      fail("a single value makes no sense here");
  }
  characters_.clear();
  return true;
}

void Handler::begin_data_set() {
  if (data_sets_.size() > JsonReader::kDeepestSequence) fail_too_deep();
  data_sets_.emplace_back();
  places_.push_back(Place::data_set);
}

void Handler::begin_attribute(std::string_view key) {
  const auto tag = parse_tag(key);
  if (!tag) fail("the name of an attribute has eight hexadecimal digits");
  if (tag->group() == 0xfffe) fail("items and delimiters are no attributes");
  attributes_.emplace_back(*tag);
}

void Handler::attribute_member(std::string_view key) {
  member_ = key;
  auto& attribute = attributes_.back();
  const auto content = key == "Value"          ? Content::values
                       : key == "InlineBinary" ? Content::inline_binary
                       : key == "BulkDataURI"  ? Content::reference
                                               : Content::none;
  if (content == Content::none) return;
  if (attribute.content() != Content::none) fail("only one of Value, InlineBinary and BulkDataURI may be there");
  attribute.set_content(content);
}

/// A value right below an attribute, or alone in an array there.
void Handler::set_member(Kind kind) {
  auto& attribute = attributes_.back();
  if (member_ == "Value") return attribute.add(kind, characters_);
  if (!is_known(member_)) return;
  if (kind == Kind::number) fail("\"" + member_ + "\" is no text");
  if (member_ == "vr") {
    attribute.set_vr(std::exchange(characters_, {}));
  } else if (kind == Kind::none) {
    attribute.set_content(Content::none);
  } else {
    if (attribute.count() != 0) fail("\"" + member_ + "\" is more than one text");
    attribute.add(kind, characters_);
  }
}

void Handler::add_component_group(Kind kind) {
  if (kind == Kind::number) fail("a component group of a person name is no text");
  auto& group = component_groups_[member_ == "Alphabetic" ? 0 : member_ == "Ideographic" ? 1 : 2];
  if (member_ == "Alphabetic" || member_ == "Ideographic" || member_ == "Phonetic")
    group = std::exchange(characters_, {});
}

void Handler::end_person_name() {
  auto groups = std::exchange(component_groups_, {});
  std::size_t count = groups.size();
  while (count > 1 && groups[count - 1].empty()) --count;
  characters_ = groups[0];
  for (std::size_t i = 1; i < count; ++i) characters_ += '=' + groups[i];
  attributes_.back().add(Kind::name, characters_);
  characters_.clear();
}

void Handler::end_attribute() {
  auto& attribute = attributes_.back();
  if (attribute.tag() == kTransferSyntaxUid) transfer_syntax_uid_ = attribute.characters();
  try {
    std::move(attribute).put_into(data_sets_.back(), dictionary_);
  } catch (const Error& error) {
    fail(error.what());
  }
  attributes_.pop_back();
}

void Handler::end_data_set() {
  auto draft = std::move(data_sets_.back());
  const bool item = data_sets_.size() > 1;
  try {
    if (item)
      attributes_.back().add_item(std::move(draft).finish_item());
    else
      take_({std::move(draft).finish(), std::exchange(transfer_syntax_uid_, {})});
  } catch (const LimitReached&) {
    throw;
  } catch (const Error& error) {
    if (error.code() != Code::invalid) throw;
    fail(error.what());
  }
  data_sets_.pop_back();
  if (!item) ++complete_;
}

std::string Handler::place() const {
  std::string text = "[" + std::to_string(complete_) + "]";
  for (std::size_t i = 0; i < attributes_.size(); ++i) {
    std::string name(8, '0');
    dicom::json::put_tag(name.data(), attributes_[i].tag());
    text += "/" + name;
    if (i + 1 < data_sets_.size()) text += "/Value[" + std::to_string(attributes_[i].count()) + "]";
  }
  return text;
}

void Handler::fail(const std::string& what) const {
  throw Error(Code::invalid, "the DICOM JSON is wrong at " + place() + ": " + what);
}

void Handler::fail_too_deep() const {
  throw LimitReached(400, "nesting",
                     "the DICOM JSON is wrong at " + place() + ": sequences are nested too deeply, more than " +
                         std::to_string(JsonReader::kDeepestSequence));
}

boost::json::parse_options options() {
  boost::json::parse_options options;
  options.max_depth = 4 * (JsonReader::kDeepestSequence + 2);
  return options;
}

}  // namespace

class JsonReader::Parser {
 public:
  Parser(const AttributeDictionary& dictionary, Take take) : parser_(options(), dictionary, std::move(take)) {}

  void write(bool more, std::string_view text) {
    boost::json::error_code error;
    if (!parser_.done() || !more) {
      const auto used = parser_.write_some(more, text.data(), text.size(), error);
      text.remove_prefix(used);
    }
    if (error == boost::json::error::too_deep) parser_.handler().fail_too_deep();
    if (error) parser_.handler().fail(error.message());
    if (text.find_first_not_of(" \t\r\n") != std::string_view::npos)
      parser_.handler().fail("there is more after the end");
  }

 private:
  boost::json::basic_parser<Handler> parser_;
};

JsonReader::JsonReader(const AttributeDictionary& dictionary, Take take)
    : parser_(std::make_unique<Parser>(dictionary, std::move(take))) {}

JsonReader::~JsonReader() = default;

void JsonReader::feed(std::string_view text) { parser_->write(true, text); }

void JsonReader::finish() { parser_->write(false, {}); }

}  // namespace fermata::dicomweb
