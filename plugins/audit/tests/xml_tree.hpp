#pragma once
#include <expat.h>

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::audit_trail {

/// An element of a well-formed document; a document that is not well-formed is std::invalid_argument.
struct XmlElement {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;
  std::vector<XmlElement> children;

  std::vector<const XmlElement*> all(std::string_view wanted) const {
    std::vector<const XmlElement*> found;
    for (const auto& child : children)
      if (child.name == wanted) found.push_back(&child);
    return found;
  }
  const XmlElement& one(std::string_view wanted) const {
    const auto found = all(wanted);
    if (found.size() != 1) throw std::invalid_argument(std::to_string(found.size()) + " of " + std::string(wanted));
    return *found.front();
  }
};

inline XmlElement parse_xml(std::string_view document) {
  struct State {
    XmlElement root;
    std::vector<XmlElement*> open{&root};
  } state;
  XML_Parser parser = XML_ParserCreate("UTF-8");
  XML_SetUserData(parser, &state);
  XML_SetElementHandler(
      parser,
      [](void* data, const char* name, const char** attributes) {
        auto& open = static_cast<State*>(data)->open;
        auto& element = open.back()->children.emplace_back();
        element.name = name;
        for (; *attributes != nullptr; attributes += 2) element.attributes[attributes[0]] = attributes[1];
        open.push_back(&element);
      },
      [](void* data, const char*) { static_cast<State*>(data)->open.pop_back(); });
  XML_SetCharacterDataHandler(parser, [](void* data, const char* text, int length) {
    static_cast<State*>(data)->open.back()->text.append(text, static_cast<std::size_t>(length));
  });
  const auto status = XML_Parse(parser, document.data(), static_cast<int>(document.size()), 1);
  const std::string problem = status == XML_STATUS_OK ? "" : XML_ErrorString(XML_GetErrorCode(parser));
  XML_ParserFree(parser);
  if (!problem.empty()) throw std::invalid_argument(problem + " in " + std::string(document));
  return state.root.children.at(0);
}

}  // namespace fermata::audit_trail
