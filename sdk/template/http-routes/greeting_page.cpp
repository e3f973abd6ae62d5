#include "greeting_page.hpp"

#include "fermata/dicom/json_text.hpp"
#include "fermata/error.hpp"

namespace your_plugin {
namespace {

constexpr std::size_t kLongestName = 64;

}  // namespace

void GreetingPage::handle(fermata::HttpRequest& request, fermata::HttpResponse& response) {
  const auto person = request.parameter("person");
  if (person.size() > kLongestName)
    throw fermata::Error(fermata::Code::invalid, "a person's name has at most 64 bytes here");
  std::string body = "{\"greeting\":";
  fermata::dicom::json::append_string(body, greeting_ + " " + std::string(person));
  body += '}';
  response.header("Content-Type", "application/json");
  response.write(std::as_bytes(std::span(body)));
}

}  // namespace your_plugin
