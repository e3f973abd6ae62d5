#include "property_list.hpp"

#include "clean_text.hpp"

namespace fermata::discovery {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : clean_text(text, text.size() * 3)) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

}  // namespace

PropertyList::PropertyList()
    : xml_(
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
          "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
          "<plist version=\"1.0\">\n<array>\n") {}

void PropertyList::begin() { xml_ += "<dict>\n"; }
void PropertyList::end() { xml_ += "</dict>\n"; }

void PropertyList::add(std::string_view key, std::string_view value) {
  add_element(key, "<string>" + escaped(value) + "</string>");
}
void PropertyList::add(std::string_view key, int64_t value) {
  add_element(key, "<integer>" + std::to_string(value) + "</integer>");
}
void PropertyList::add(std::string_view key, bool value) { add_element(key, value ? "<true/>" : "<false/>"); }

void PropertyList::add_element(std::string_view key, std::string_view element) {
  xml_ += "<key>" + escaped(key) + "</key>" + std::string(element) + '\n';
}

std::string PropertyList::finished() && { return std::move(xml_) + "</array>\n</plist>\n"; }

}  // namespace fermata::discovery
