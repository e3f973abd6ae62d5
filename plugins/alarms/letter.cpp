#include "letter.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "fermata/dicom/json_text.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::alarms {
namespace json = boost::json;
namespace {

constexpr std::size_t kWord = 42;  // bytes of text in an encoded word, which leaves its line 77 characters (RFC 2047 2)

std::string_view name_of(Notice::Kind kind) {
  switch (kind) {
    case Notice::Kind::raised:
      return "raised";
    case Notice::Kind::worse:
      return "worse";
    case Notice::Kind::still:
      return "still";
    case Notice::Kind::resolved:
      break;
  }
  return "resolved";
}

std::string_view words_of(const Notice& notice) {
  if (notice.kind == Notice::Kind::resolved) return "Over";
  if (notice.kind == Notice::Kind::still) return "Still";
  return notice.what.level == ConditionLevel::failing ? "Failing" : "Warning";
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string base64(std::string_view text) {
  std::string out;
  dicom::json::append_base64(out, std::as_bytes(std::span(text)));
  return out;
}

/// Text of a header field: as it is, or in encoded words that do not cut a character in two.
std::string field_text(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    auto length = std::min(kWord, text.size());
    while (length > 1 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) --length;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base64(text.substr(0, length)) + "?=";
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace

std::string subject_of(const Sender& sender, const Notices& notices) {
  const bool one = notices.size() == 1;
  std::string text = sender.name + ": ";
  if (one) return text.append(words_of(notices.front())).append(": ").append(notices.front().what.text);
  return text + std::to_string(notices.size()) + " messages";
}

std::string text_of(const Sender& sender, const Notices& notices) {
  std::string text;
  for (const auto& notice : notices) {
    text.append(words_of(notice)).append(": ").append(notice.what.text) += "\r\n";
    if (notice.kind != Notice::Kind::resolved && !notice.what.remedy.empty()) text += notice.what.remedy + "\r\n";
    text += "Since " + utc_text(notice.what.since_us, "%Y-%m-%d %H:%M:%S UTC") + ", from " + notice.what.plugin +
            "\r\n\r\n";
  }
  if (!sender.url.empty()) text += sender.url + "\r\n";
  return text;
}

std::string json_of(const Sender& sender, const Notices& notices) {
  json::array alarms;
  for (const auto& notice : notices)
    alarms.push_back(json::object{{"kind", name_of(notice.kind)},
                                  {"plugin", notice.what.plugin},
                                  {"condition", notice.what.condition},
                                  {"level", notice.what.level == ConditionLevel::failing ? "failing" : "warning"},
                                  {"since", rfc3339(notice.what.since_us)},
                                  {"text", notice.what.text},
                                  {"remedy", notice.what.remedy}});
  return json::serialize(json::object{
      {"archive", sender.name}, {"url", sender.url}, {"text", subject_of(sender, notices)}, {"alarms", alarms}});
}

std::string mail_of(const Sender& sender, const Envelope& envelope, const Notices& notices, int64_t now_us,
                    std::string_view id) {
  const auto domain = envelope.from.substr(envelope.from.find('@') + 1);
  std::string to;
  for (const auto& address : envelope.to) to += (to.empty() ? "" : ", ") + address;
  return "Date: " + utc_text(now_us, "%a, %d %b %Y %H:%M:%S +0000") + "\r\nFrom: " + envelope.from + "\r\nTo: " + to +
         "\r\nSubject: " + field_text(subject_of(sender, notices)) + "\r\nMessage-ID: <" + std::string(id) + "@" +
         domain +
         ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n" +
         [text = base64(text_of(sender, notices))] {
           std::string lines;
           for (std::size_t i = 0; i < text.size(); i += 76) lines += text.substr(i, 76) + "\r\n";
           return lines;
         }();
}

}  // namespace fermata::alarms
