#include "upper-layer/upper_layer.hpp"

#include <arpa/inet.h>
#include <dcmtk/dcmnet/dcmlayer.h>
#include <dcmtk/dcmnet/dcmtrans.h>
#include <dcmtk/dcmnet/diutil.h>
#include <dcmtk/dcmnet/dul.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <mutex>

#include "fermata/error.hpp"
#include "fermata/implementation.hpp"

namespace fermata::dimse {
namespace {

constexpr std::chrono::milliseconds kAbortWait{1000};
constexpr uint8_t kServiceProvider = 2;   // as the source of A-ABORT
constexpr int kUpperLayerTimeout = 3600;  // seconds: it is the Socket that limits every wait

/// DCMTK takes an accepted socket from a process-wide variable, and starts its state machine on first use.
std::mutex& dcmtk_globals() {
  static std::mutex mutex;
  return mutex;
}

/// DCMTK's view of a Socket. DCMTK deletes it when the connection ends, the Socket lives on.
class SocketConnection : public DcmTransportConnection {
 public:
  SocketConnection(std::shared_ptr<Socket> socket, int decoy)
      : DcmTransportConnection(-1), socket_(std::move(socket)), decoy_(decoy) {}
  ~SocketConnection() override { drop_decoy(); }
  SocketConnection(const SocketConnection&) = delete;
  SocketConnection& operator=(const SocketConnection&) = delete;

  OFCondition serverSideHandshake() override { return EC_Normal; }
  OFCondition clientSideHandshake() override {
    drop_decoy();
    return EC_Normal;
  }
  OFCondition renegotiate(const char*) override { return EC_Normal; }
  ssize_t read(void* buffer, size_t count) override {
    return static_cast<ssize_t>(socket_->read(std::span(static_cast<std::byte*>(buffer), count)));
  }
  ssize_t write(void* buffer, size_t count) override {
    if (socket_->write(std::span(static_cast<const std::byte*>(buffer), count))) return static_cast<ssize_t>(count);
    errno = EIO;  // DCMTK would try again on EINTR
    return -1;
  }
  void close() override { socket_->close(); }
  void closeTransportConnection() override { socket_->close(); }
  unsigned long getPeerCertificateLength() override { return 0; }
  unsigned long getPeerCertificate(void*, unsigned long) override { return 0; }
  /// Asked to wait, it says yes at once: `read` waits as long as the Socket allows.
  OFBool networkDataAvailable(int seconds) override { return seconds > 0 || socket_->readable(); }
  OFBool isTransparentConnection() override { return OFFalse; }
  OFString& dumpConnectionParameters(OFString& text) override { return text; }

 private:
  void drop_decoy() {
    if (decoy_ >= 0) ::close(decoy_);
    decoy_ = -1;
  }

  std::shared_ptr<Socket> socket_;
  int decoy_;
};

/// Gives DCMTK our connection in place of the one that it has, or believes to have, opened.
class HandOver : public DcmTransportLayer {
 public:
  using Take = std::function<DcmTransportConnection*(int descriptor)>;
  explicit HandOver(Take take) : take_(std::move(take)) {}
  DcmTransportConnection* createConnection(DcmNativeSocketType descriptor, OFBool) override {
    return take_(descriptor);
  }

 private:
  Take take_;
};

/// One network object of DCMTK for one association: it is only a place for the transport layer.
class Network {
 public:
  Network(T_ASC_NetworkRole role, HandOver::Take take) {
    dcmDisableGethostbyaddr.set(OFTrue);  // else every peer would wait until a DNS server has its name, or has none
    if (ASC_initializeNetwork(role, 0, kUpperLayerTimeout, &network_).bad())
      throw Error(Code::internal, "DCMTK's network layer can't be started");
    ASC_setTransportLayer(network_, new HandOver(std::move(take)), 1);
  }
  ~Network() { ASC_dropNetwork(&network_); }
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  T_ASC_Network* get() { return network_; }

 private:
  T_ASC_Network* network_ = nullptr;
};

/// Something on this machine that DCMTK can connect to.
///
/// DCMTK insists on connecting by itself, and only to IPv4 addresses and names, with limits of whole seconds. So it
/// connects to this, and gets the real connection afterwards.
class Decoy {
 public:
  Decoy() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (descriptor_ < 0 || ::bind(descriptor_, generic, length) != 0 || ::listen(descriptor_, 1) != 0 ||
        ::getsockname(descriptor_, generic, &length) != 0)
      throw Error(Code::unavailable, "the loopback interface can't be used");
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~Decoy() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Decoy(const Decoy&) = delete;
  Decoy& operator=(const Decoy&) = delete;
  const std::string& address() const { return address_; }

 private:
  int descriptor_;
  std::string address_;
};

constexpr std::size_t kPduAndPdvHeaders = 12;

void put_big_endian(std::span<std::byte> into, uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) into[i] = static_cast<std::byte>(value >> (24 - 8 * i) & 0xff);
}

/// Says that an association is over, and by whose doing (PS3.8 9.3.8).
void send_abort(Socket& socket, uint8_t source, uint8_t reason) {
  const std::array<std::byte, 10> pdu{std::byte{7},     {}, {}, {}, {}, std::byte{4}, {}, {}, std::byte{source},
                                      std::byte{reason}};
  const auto end = Socket::Clock::now() + kAbortWait;
  socket.set_deadline(end);
  // Closed with bytes unread, the connection would be reset, and A-ABORT might get lost with it.
  if (socket.write(pdu) && socket.flush())
    for (std::array<std::byte, 4096> unread; Socket::Clock::now() < end && socket.read(unread) > 0;) continue;
  socket.close();
}

std::string fault_text(const Socket& socket) {
  switch (socket.fault()) {
    case Socket::Fault::timed_out:
      return "the peer kept quiet for too long";
    case Socket::Fault::stalled:
      return "the peer sent too little in too long a time";
    case Socket::Fault::failed:
      return "the network connection failed";
    default:
      return "the peer closed the connection";
  }
}

std::string condition_text(const OFCondition& condition, const Socket& socket) {
  if (condition == DUL_PEERABORTEDASSOCIATION) return "the peer aborted";
  if (socket.fault() != Socket::Fault::none) return fault_text(socket);
  return std::string("the peer broke the upper layer protocol: ") + condition.text();
}

}  // namespace

AssociationParameters make_parameters(uint32_t maximum_pdu) {
  T_ASC_Parameters* made = nullptr;
  if (ASC_createAssociationParameters(&made, static_cast<long>(maximum_pdu)).bad())
    throw Error(Code::out_of_memory, "no memory for an association");
  AssociationParameters parameters(made);
  OFStandard::strlcpy(made->ourImplementationClassUID, kImplementationClassUid.data(),
                      sizeof made->ourImplementationClassUID);
  OFStandard::strlcpy(made->ourImplementationVersionName, kImplementationVersionName.data(),
                      sizeof made->ourImplementationVersionName);
  return parameters;
}

UpperLayer receive_request(const std::shared_ptr<Socket>& socket, uint32_t maximum_pdu) {
  std::unique_lock lock(dcmtk_globals());
  // DCMTK asks for the connection right after it has looked at the variable, and reads afterwards: the lock is held for
  // microseconds, however slow the peer is.
  const auto release = [&] {
    dcmExternalSocketHandle.set(-1);
    lock.unlock();
  };
  dcmExternalSocketHandle.set(socket->descriptor());
  T_ASC_Association* made = nullptr;
  OFCondition condition;
  {
    Network network(NET_ACCEPTOR, [&](int) {
      release();
      return new SocketConnection(socket, -1);
    });
    condition = ASC_receiveAssociation(network.get(), &made, static_cast<long>(maximum_pdu));
  }
  if (lock.owns_lock()) release();
  UpperLayer upper_layer(made);
  if (condition.bad()) {
    const auto why = condition_text(condition, *socket);
    if (socket->fault() == Socket::Fault::none) send_abort(*socket, kServiceProvider, abort_reason::kInvalidParameter);
    throw AssociationLost(why);
  }
  OFStandard::strlcpy(made->params->ourImplementationClassUID, kImplementationClassUid.data(),
                      sizeof made->params->ourImplementationClassUID);
  OFStandard::strlcpy(made->params->ourImplementationVersionName, kImplementationVersionName.data(),
                      sizeof made->params->ourImplementationVersionName);
  return upper_layer;
}

UpperLayer send_request(const std::shared_ptr<Socket>& socket, AssociationParameters parameters) {
  const Decoy decoy;
  std::unique_ptr<Network> network;
  {
    const std::lock_guard lock(dcmtk_globals());
    network = std::make_unique<Network>(NET_REQUESTOR,
                                        [&](int descriptor) { return new SocketConnection(socket, descriptor); });
  }
  ASC_setPresentationAddresses(parameters.get(), "", decoy.address().c_str());
  T_ASC_Association* made = nullptr;
  const auto condition = ASC_requestAssociation(network->get(), parameters.get(), &made);
  if (made != nullptr) static_cast<void>(parameters.release());  // the association owns them now
  UpperLayer upper_layer(made);
  if (condition == DUL_ASSOCIATIONREJECTED) {
    T_ASC_RejectParameters rejection{};
    ASC_getRejectParameters(made->params, &rejection);
    throw Error(Code::refused, rejection_text(rejection));
  }
  if (condition.bad()) throw Error(Code::unavailable, condition_text(condition, *socket));
  return upper_layer;
}

T_ASC_SC_ROLE dcmtk_role(Role role) {
  switch (role) {
    case Role::scu:
      return ASC_SC_ROLE_SCU;
    case Role::scp:
      return ASC_SC_ROLE_SCP;
    case Role::both:
      return ASC_SC_ROLE_SCUSCP;
    default:
      return ASC_SC_ROLE_DEFAULT;
  }
}

std::string rejection_text(const T_ASC_RejectParameters& rejection) {
  const std::string how = rejection.result == ASC_RESULT_REJECTEDTRANSIENT ? " (for now)" : "";
  switch (rejection.reason) {
    case ASC_REASON_SU_APPCONTEXTNAMENOTSUPPORTED:
      return "it does not support the DICOM application context" + how;
    case ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED:
      return "it does not know our AE title" + how;
    case ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED:
      return "it does not answer to this AE title" + how;
    case ASC_REASON_SP_ACSE_PROTOCOLVERSIONNOTSUPPORTED:
      return "it does not support our protocol version" + how;
    case ASC_REASON_SP_PRES_TEMPORARYCONGESTION:
      return "it is congested" + how;
    case ASC_REASON_SP_PRES_LOCALLIMITEXCEEDED:
      return "it has too many associations open" + how;
    default:
      return "it gives no reason" + how;
  }
}

void Association::Transport::check() const {
  if (lost || released) throw AssociationLost(lost ? why_lost : "the association was released");
}

void Association::Transport::lose(const std::string& why) {
  lost = true;
  why_lost = why;
  throw AssociationLost(why);
}

void Association::Transport::abort(uint8_t source, uint8_t reason) noexcept {
  if (!released && socket->fault() == Socket::Fault::none) send_abort(*socket, source, reason);
}

bool Association::Transport::next_pdv(Pdv& pdv) {
  switch (reader.next(pdv)) {
    case PdvReader::Event::pdv:
      return true;
    case PdvReader::Event::release_requested:
      return false;
    case PdvReader::Event::aborted:
      lose("the peer aborted");
    case PdvReader::Event::closed:
      if (socket->fault() == Socket::Fault::stalled) limit_reached("stall");
      if (socket->fault() == Socket::Fault::timed_out) limit_reached("idle");
      lose(fault_text(*socket));
    case PdvReader::Event::too_long:
      limit_reached("pdu");
      break;
    case PdvReader::Event::broken:
      break;
  }
  abort(kServiceProvider, reader.reason());
  lose("the peer broke the upper layer protocol: " + reader.problem());
}

void Association::Transport::answer_release() {
  static constexpr std::array<std::byte, 10> kReleaseResponse{std::byte{6}, {}, {}, {}, {}, std::byte{4}};
  releasing();
  socket->write(kReleaseResponse);
  flush();
}

std::size_t Association::Transport::largest_fragment() const {
  constexpr auto kHeaders = kPduAndPdvHeaders;
  const std::size_t peer = upper_layer->params->theirMaxPDUReceiveSize;
  const std::size_t maximum = peer == 0 ? ASC_MAXIMUMPDUSIZE : std::min<std::size_t>(peer, ASC_MAXIMUMPDUSIZE);
  if (maximum > 2 * kHeaders) return (maximum - kHeaders) & ~std::size_t{1};
  return (std::max<std::size_t>(maximum, 8) - 6) & ~std::size_t{1};  // it counts the header of the PDV, PS3.8 D.1
}

/// One P-DATA-TF PDU for each fragment (PS3.8 9.3.5). DCMTK would copy every byte to put these few before it.
void Association::Transport::write(uint8_t context_id, DUL_DATAPDV kind, bool last, std::span<const std::byte> bytes) {
  const auto largest = largest_fragment();
  do {
    const auto piece = bytes.first(std::min(largest, bytes.size()));
    bytes = bytes.subspan(piece.size());
    const unsigned control = (kind == DUL_COMMANDPDV ? 1 : 0) | (last && bytes.empty() ? 2 : 0);
    std::array<std::byte, kPduAndPdvHeaders> headers{std::byte{4}};
    put_big_endian(std::span(headers).subspan(2), static_cast<uint32_t>(piece.size() + 6));
    put_big_endian(std::span(headers).subspan(6), static_cast<uint32_t>(piece.size() + 2));
    headers[10] = static_cast<std::byte>(context_id);
    headers[11] = static_cast<std::byte>(control);
    if (!socket->write(headers) || !socket->write(piece)) lose(fault_text(*socket));
  } while (!bytes.empty());
}

void Association::Transport::flush() {
  if (!socket->flush()) lose(fault_text(*socket));
}

}  // namespace fermata::dimse
