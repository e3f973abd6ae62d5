#include "publisher.hpp"

#include <avahi-common/error.h>
#include <avahi-common/strlst.h>

#include <memory>
#include <utility>

namespace fermata::discovery {
namespace {

constexpr unsigned kMostNames = 100;

using TxtList = std::unique_ptr<AvahiStringList, decltype(&avahi_string_list_free)>;

TxtList txt_list(const OwnService& service) {
  AvahiStringList* list = nullptr;
  for (const auto& entry : txt_record(service)) list = avahi_string_list_add(list, entry.c_str());
  return {avahi_string_list_reverse(list), &avahi_string_list_free};
}

}  // namespace

Publisher::Publisher(OwnService service, Journal journal)
    : service_(std::move(service)), journal_(std::move(journal)) {}

void Publisher::publish(AvahiClient& client) {
  if (group_ != nullptr) return;
  attempts_ = 0;  // whoever had the name may be gone
  group_ = avahi_entry_group_new(&client, changed, this);
  if (group_ == nullptr)
    failed(avahi_client_errno(&client));
  else
    add(*group_);
}

void Publisher::withdraw() {
  if (group_ != nullptr) avahi_entry_group_free(std::exchange(group_, nullptr));
}

void Publisher::add(AvahiEntryGroup& group) {
  const auto txt = txt_list(service_);
  int result = AVAHI_OK;
  do
    result =
        avahi_entry_group_add_service_strlst(&group, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, AvahiPublishFlags{},
                                             name().c_str(), kServiceType, nullptr, nullptr, service_.port, txt.get());
  while (result == AVAHI_ERR_COLLISION && ++attempts_ < kMostNames);
  if (result == AVAHI_OK) result = avahi_entry_group_commit(&group);
  if (result != AVAHI_OK) failed(result);
}

void Publisher::changed(AvahiEntryGroup* group, AvahiEntryGroupState state, void* self) {
  auto& publisher = *static_cast<Publisher*>(self);
  if (state == AVAHI_ENTRY_GROUP_ESTABLISHED) publisher.announced();
  if (state == AVAHI_ENTRY_GROUP_FAILURE) publisher.failed(avahi_client_errno(avahi_entry_group_get_client(group)));
  if (state == AVAHI_ENTRY_GROUP_COLLISION) {
    ++publisher.attempts_;
    avahi_entry_group_reset(group);
    publisher.add(*group);
  }
}

void Publisher::announced() const {
  const auto announced = name();
  if (announced == service_.ae_title)
    journal_.log(LogLevel::info, "the archive is announced on the local network",
                 {{"ae_title", announced}, {"port", std::to_string(service_.port)}});
  else
    journal_.log(LogLevel::warning,
                 "another station on the local network is announced by the archive's AE title, so the archive is by "
                 "another name. Viewers will call it by that name: the archive accepts that unless "
                 "check_called_ae_title is on. Give each station an AE title of its own",
                 {{"ae_title", service_.ae_title}, {"announced", announced}, {"port", std::to_string(service_.port)}});
}

void Publisher::failed(int error) const {
  journal_.log(LogLevel::warning, "the archive can't be announced on the local network",
               {{"ae_title", service_.ae_title}, {"reason", avahi_strerror(error)}});
}

}  // namespace fermata::discovery
