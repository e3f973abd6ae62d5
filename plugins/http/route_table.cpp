#include "route_table.hpp"

#include <algorithm>

#include "fermata/error.hpp"
#include "fields.hpp"

namespace fermata::http {
namespace {

using Methods = std::map<std::string, std::unique_ptr<Route>, std::less<>>;

struct Segment {
  enum class Kind { text, one, rest } kind;
  std::string text;  ///< or the parameter's name
};

[[noreturn]] void reject(std::string_view path, const std::string& reason) {
  throw Error(Code::invalid, "the route \"" + std::string(path) + "\" " + reason);
}

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

Segment parse_segment(std::string_view path, std::string_view text) {
  if (text.find_first_of("{}") == std::string_view::npos) {
    for (const char c : text)
      if (c <= ' ' || c >= 0x7f || c == '%' || c == '?' || c == '#')
        reject(path, "has a character that does not stand for itself in a path; use letters, digits and -._~");
    return {Segment::Kind::text, std::string(text)};
  }
  if (text.size() < 2 || text.front() != '{' || text.back() != '}')
    reject(path, "has more than {name} between two slashes");
  auto name = text.substr(1, text.size() - 2);
  const bool rest = name.ends_with("...");
  if (rest) name.remove_suffix(3);
  if (!is_name(name)) reject(path, "has a parameter whose name is not made of a-z, 0-9 and _");
  return {rest ? Segment::Kind::rest : Segment::Kind::one, std::string(name)};
}

std::vector<Segment> parse_template(std::string_view path) {
  if (!path.starts_with('/')) reject(path, "does not begin with \"/\"");
  std::vector<Segment> segments;
  for (std::size_t begin = 1; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    if (!segments.empty() && segments.back().kind == Segment::Kind::rest) reject(path, "goes on after {name...}");
    if (end == begin && end != path.size()) reject(path, "has \"//\"");
    segments.push_back(parse_segment(path, path.substr(begin, end - begin)));
    begin = end + 1;
  }
  return segments;
}

std::vector<std::string> names_of(std::string_view path, const std::vector<Segment>& segments) {
  std::vector<std::string> names;
  for (const auto& segment : segments) {
    if (segment.kind == Segment::Kind::text) continue;
    if (std::find(names.begin(), names.end(), segment.text) != names.end())
      reject(path, "has two parameters named " + segment.text);
    names.push_back(segment.text);
  }
  return names;
}

/// What is left of a path for `{name...}`. Empty segments and slashes inside of one would lead elsewhere in a folder.
bool joined_rest(const std::vector<std::string>& segments, std::size_t from, std::string& rest) {
  for (auto i = from; i < segments.size(); ++i) {
    if (segments[i].empty() && i + 1 != segments.size()) return false;
    if (segments[i].find_first_of("/\\") != std::string::npos) return false;
    if (i > from) rest += '/';
    rest += segments[i];
  }
  return true;
}

}  // namespace

struct RouteTable::Node {
  std::map<std::string, Node, std::less<>> texts;
  std::unique_ptr<Node> one;
  Methods here;
  Methods rest;
};

/// One walk through the tree: the first route in the order of precedence, or the methods of all that have the path.
class RouteTable::Search {
 public:
  Search(std::string_view method, const std::vector<std::string>& segments) : method_(method), segments_(segments) {}

  Found run(const Node& root) {
    if (!at(root, 0)) found_.parameters.clear();
    return std::move(found_);
  }

 private:
  bool at(const Node& node, std::size_t depth) {
    if (depth == segments_.size()) return take(node.here) || at_rest(node, depth);
    if (const auto child = node.texts.find(segments_[depth]); child != node.texts.end() && at(child->second, depth + 1))
      return true;
    if (node.one && !segments_[depth].empty()) {
      values_.push_back(segments_[depth]);
      if (at(*node.one, depth + 1)) return true;
      values_.pop_back();
    }
    return at_rest(node, depth);
  }

  bool at_rest(const Node& node, std::size_t depth) {
    std::string rest;
    if (node.rest.empty() || depth == segments_.size() || !joined_rest(segments_, depth, rest)) return false;
    values_.push_back(std::move(rest));
    if (take(node.rest)) return true;
    values_.pop_back();
    return false;
  }

  bool take(const Methods& methods) {
    if (const auto entry = methods.find(method_); entry != methods.end()) {
      found_.route = entry->second.get();
      found_.allowed.clear();
      for (std::size_t i = 0; i < values_.size(); ++i)
        found_.parameters.emplace_back(found_.route->names[i], std::move(values_[i]));
      return true;
    }
    for (const auto& [method, route] : methods) found_.allowed.insert(method);
    return false;
  }

  const std::string_view method_;
  const std::vector<std::string>& segments_;
  std::vector<std::string> values_;
  Found found_;
};

RouteTable::RouteTable() : root_(std::make_unique<Node>()) {}
RouteTable::~RouteTable() = default;

void RouteTable::add(const HttpRoute& route, HttpHandler& handler) {
  if (!is_token(route.method) ||
      std::any_of(route.method.begin(), route.method.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
    reject(route.path, "has the method \"" + std::string(route.method) + "\"; write one such as GET");
  if (route.method == "HEAD" || route.method == "OPTIONS" || route.method == "CONNECT" || route.method == "TRACE")
    reject(route.path, "asks for " + std::string(route.method) + ", which the server answers itself");
  const auto segments = parse_template(route.path);
  auto* node = root_.get();
  Methods* methods = &node->here;
  for (const auto& segment : segments) {
    if (segment.kind == Segment::Kind::rest) {
      methods = &node->rest;
      break;
    }
    if (segment.kind == Segment::Kind::one && !node->one) node->one = std::make_unique<Node>();
    node = segment.kind == Segment::Kind::one ? node->one.get() : &node->texts[segment.text];
    methods = &node->here;
  }
  const auto names = names_of(route.path, segments);
  auto& entry = (*methods)[std::string(route.method)];
  if (entry)
    throw Error(Code::conflict, "the route " + std::string(route.method) + " " + std::string(route.path) +
                                    " is taken by " + entry->path + "; give one of the two another path");
  entry = std::make_unique<Route>(Route{std::string(route.method), std::string(route.path),
                                        std::string(route.permission), &handler, names, std::string(route.operation)});
  list_.push_back(entry.get());
}

RouteTable::Found RouteTable::find(std::string_view method, const std::vector<std::string>& segments) const {
  auto found = Search(method, segments).run(*root_);
  if (found.route != nullptr || segments.size() < 2 || !segments.back().empty()) return found;
  auto shorter = segments;
  shorter.pop_back();
  auto again = Search(method, shorter).run(*root_);
  return again.route != nullptr || found.allowed.empty() ? again : found;
}

}  // namespace fermata::http
