#pragma once
#include "fermata/bridge/dimse_association.hpp"
#include "fermata/dimse_client.hpp"

namespace fermata::bridge {

inline fermata_dimse_destination to_c(const DimseDestination& d) {
  return {sizeof(fermata_dimse_destination), 0, str(d.ae_title), str(d.caller_address), str(d.calling_ae_title)};
}
template <>
struct Wire<const DimseDestination&> {
  using c = const fermata_dimse_destination*;
  static DimseDestination from(c given) {
    const auto v = complete(*given);
    return {view(v.ae_title), view(v.caller_address), view(v.calling_ae_title)};
  }
};

/// A list of contexts, each with a list of its own: both live as long as the expression that makes the call.
template <>
struct Wire<std::span<const DimseContext>> {
  using c = fermata_dimse_contexts;
  struct ToC {
    std::vector<Strings> transfer_syntaxes;
    std::vector<fermata_dimse_context> contexts;
    explicit ToC(std::span<const DimseContext> list) {
      transfer_syntaxes.reserve(list.size());
      for (const auto& context : list)
        contexts.push_back({str(context.abstract_syntax), transfer_syntaxes.emplace_back(context.transfer_syntaxes),
                            static_cast<uint32_t>(context.role), 0});
    }
    operator c() const { return {contexts.data(), contexts.size()}; }
  };
  struct FromC {
    std::vector<std::vector<std::string_view>> transfer_syntaxes;
    std::vector<DimseContext> contexts;
    explicit FromC(c list) {
      transfer_syntaxes.reserve(list.count);
      for (uint64_t i = 0; i < list.count; ++i) {
        const auto& context = list.data[i];
        contexts.push_back({view(context.abstract_syntax),
                            transfer_syntaxes.emplace_back(views(context.transfer_syntaxes)),
                            static_cast<DimseRole>(context.role)});
      }
    }
    operator std::span<const DimseContext>() const { return contexts; }
  };
  static FromC from(c list) { return FromC(list); }
};

template <>
struct Bridge<DimseClient> {
  using Table = fermata_dimse_client_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&DimseClient::open>::call};
    return &t;
  }
  class Proxy final : public DimseClient, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::unique_ptr<DimseAssociation> open(const DimseDestination& destination,
                                           std::span<const DimseContext> contexts) override {
      const auto c = to_c(destination);
      const Wire<std::span<const DimseContext>>::ToC list(contexts);
      return get<std::unique_ptr<DimseAssociation>>(&Table::open, &c, static_cast<fermata_dimse_contexts>(list));
    }
  };
};

}  // namespace fermata::bridge
