#pragma once
#include <string>
#include <string_view>

#include "nodes/language.hpp"

namespace fermata::admin {

/// A sentence of the assistant in all its languages. "{}" stands for what is filled in.
struct Text {
  std::string_view english;
  std::string_view german;

  std::string in(Language language, std::string_view filling = {}) const {
    std::string text(language == Language::german ? german : english);
    if (const auto at = text.find("{}"); at != std::string::npos) text.replace(at, 2, filling);
    return text;
  }
};

namespace text {

inline constexpr Text kTcp{"Connection to {}", "Verbindung zu {}"};
inline constexpr Text kEcho{"DICOM echo (C-ECHO)", "DICOM-Echo (C-ECHO)"};
inline constexpr Text kQuery{"Query (C-FIND)", "Abfrage (C-FIND)"};
inline constexpr Text kSend{"Send a test image (C-STORE)", "Testbild senden (C-STORE)"};
inline constexpr Text kMove{"It sends the test image to us (C-MOVE)", "Es sendet uns das Testbild (C-MOVE)"};
inline constexpr Text kGet{"We fetch the test image (C-GET)", "Wir holen das Testbild (C-GET)"};
inline constexpr Text kRights{"What it may do here", "Was es hier darf"};
inline constexpr Text kCallback{"The other direction: it calls us", "Die Gegenrichtung: es ruft uns an"};

inline constexpr Text kOpen{"Somebody listens at {}.", "Unter {} nimmt jemand Verbindungen an."};
inline constexpr Text kNoHost{"The node has no host, so that it can't be called.",
                              "Das Gerät hat keine Adresse und kann nicht angerufen werden."};
inline constexpr Text kNoHostRemedy{
    "Enter the node's address, if images are to be sent to it. A node that only calls "
    "needs none.",
    "Tragen Sie die Adresse des Geräts ein, wenn Bilder dorthin gesendet werden sollen. "
    "Ein Gerät, das nur selbst anruft, braucht keine."};
inline constexpr Text kUnknownHost{"The name {} is not known in the network.",
                                   "Der Name {} ist im Netzwerk nicht bekannt."};
inline constexpr Text kUnknownHostRemedy{"Check the name, or enter the numeric address in its place.",
                                         "Prüfen Sie den Namen, oder tragen Sie stattdessen die Zahlenadresse ein."};
inline constexpr Text kRefused{"The machine {} is there, but nobody listens on this port.",
                               "Der Rechner {} ist da, aber auf diesem Port nimmt niemand Verbindungen an."};
inline constexpr Text kRefusedRemedy{
    "Check the port, and that the DICOM receiver (listener) of the other side is "
    "switched on.",
    "Prüfen Sie den Port, und ob der DICOM-Empfang (Listener) der Gegenseite "
    "eingeschaltet ist."};
inline constexpr Text kNoAnswer{"{} does not answer.", "{} antwortet nicht."};
inline constexpr Text kNoAnswerRemedy{
    "Check the address, whether the machine is on, and whether a firewall lets this "
    "port through.",
    "Prüfen Sie die Adresse, ob der Rechner läuft, und ob eine Firewall diesen Port "
    "durchlässt."};

inline constexpr Text kFirst{"Left out: the steps before have to succeed first.",
                             "Ausgelassen: Zuerst müssen die Schritte davor gelingen."};
inline constexpr Text kEchoOk{"The other side has answered.", "Die Gegenseite hat geantwortet."};
inline constexpr Text kEchoRemedy{
    "Check the AE title of the node (case counts), and whether the other side knows this "
    "archive: {}.",
    "Prüfen Sie den AE-Titel des Geräts (Groß- und Kleinschreibung zählt), und ob die "
    "Gegenseite dieses Archiv kennt: {}."};
inline constexpr Text kQueryOk{"The other side answers queries.", "Die Gegenseite beantwortet Abfragen."};
inline constexpr Text kQueryNotOffered{
    "The other side answers no queries. For a modality or a workstation that is "
    "usual.",
    "Die Gegenseite beantwortet keine Abfragen. Bei einer Modalität oder einem "
    "Arbeitsplatz ist das üblich."};
inline constexpr Text kQueryRemedy{"Give this archive the right to query on the other side: {}.",
                                   "Geben Sie diesem Archiv auf der Gegenseite das Recht zur Abfrage: {}."};
inline constexpr Text kSendNotAsked{"Left out: no test image was asked for.",
                                    "Ausgelassen: Es wurde kein Testbild verlangt."};
inline constexpr Text kSendOk{
    "The test image has arrived: patient FERMATA^TEST. Delete it over there: that is not possible from here.",
    "Das Testbild ist angekommen: Patient FERMATA^TEST. Löschen Sie es dort wieder: Von hier aus geht das nicht."};
inline constexpr Text kSendRemedy{
    "Allow this archive to store on the other side, and check whether its disk is full: "
    "{}.",
    "Erlauben Sie diesem Archiv auf der Gegenseite das Speichern, und prüfen Sie, ob dort "
    "die Platte voll ist: {}."};
inline constexpr Text kOurselves{"Left out: this node is this archive itself.",
                                 "Ausgelassen: Dieses Gerät ist dieses Archiv selbst."};
inline constexpr Text kNotArrived{"The other side says that it was done, but no image has come.",
                                  "Die Gegenseite meldet Erfolg, aber es ist kein Bild angekommen."};
inline constexpr Text kMoveOk{
    "The other side knows this archive and reaches it: the test image has come, and is removed here again.",
    "Die Gegenseite kennt dieses Archiv und erreicht es: Das Testbild ist angekommen und hier wieder gelöscht."};
inline constexpr Text kMoveNotOffered{
    "The other side can't be asked to send images. For a modality or a workstation that is usual.",
    "Die Gegenseite sendet keine Bilder auf Anfrage. Bei einer Modalität oder einem Arbeitsplatz ist das üblich."};
inline constexpr Text kMoveUnknown{"The other side does not know this archive as a destination (status A801).",
                                   "Die Gegenseite kennt dieses Archiv nicht als Ziel (Status A801)."};
inline constexpr Text kMoveUnknownRemedy{
    "Enter this archive on the other side as a node (destination, remote AE, location): {}.",
    "Tragen Sie dieses Archiv auf der Gegenseite als Gerät ein (Ziel, Remote AE, Location): {}."};
inline constexpr Text kMoveRemedy{
    "Check on the other side where it thinks this archive is: {}. Check that a firewall lets it through, and that the "
    "node may store here.",
    "Prüfen Sie auf der Gegenseite, wo sie dieses Archiv vermutet: {}. Prüfen Sie, ob eine Firewall sie durchlässt, "
    "und "
    "ob das Gerät hier speichern darf."};
inline constexpr Text kMoveRefused{"It has called to send the image and was refused here: {}.",
                                   "Es hat angerufen, um das Bild zu senden, und wurde hier abgewiesen: {}."};
inline constexpr Text kGetOk{"The test image has come over the same connection, and is removed here again.",
                             "Das Testbild ist über dieselbe Verbindung gekommen und hier wieder gelöscht."};
inline constexpr Text kGetNotOffered{
    "Images can't be fetched from the other side with C-GET. Many systems offer C-MOVE only.",
    "Von der Gegenseite lassen sich keine Bilder mit C-GET holen. Viele Systeme bieten nur C-MOVE an."};
inline constexpr Text kGetRemedy{"Give this archive the right to retrieve on the other side: {}.",
                                 "Geben Sie diesem Archiv auf der Gegenseite das Recht zum Abruf: {}."};
inline constexpr Text kMayAll{"It may store, query and fetch.", "Es darf speichern, suchen und abrufen."};
inline constexpr Text kMayFetch{"It may query and fetch, but not store.",
                                "Es darf suchen und abrufen, aber nicht speichern."};
inline constexpr Text kMayStoreOnly{"It may store, but not query and fetch both.",
                                    "Es darf speichern, aber nicht suchen und abrufen."};
inline constexpr Text kMayNothing{"It may do nothing but echo.", "Es darf nichts außer Echo."};
inline constexpr Text kRightsRemedy{
    "To let it fetch images from here, edit the node, and tick query and retrieve.",
    "Soll es hier Bilder abrufen, bearbeiten Sie das Gerät und wählen Sie „Suchen“ und „Abholen“."};
inline constexpr Text kFetchRemedy{
    "To fetch images from here, enter there: {}. With C-GET that is all; the program has to offer to take in images on "
    "the same connection (role selection: SCP), as viewers and DCMTK's getscu do.",
    "Um hier Bilder abzurufen, tragen Sie dort ein: {}. Mit C-GET genügt das; das Programm muss anbieten, auf "
    "derselben "
    "Verbindung Bilder anzunehmen (Role Selection: SCP), wie es Betrachter und getscu von DCMTK tun."};
inline constexpr Text kMoveTarget{
    "With C-MOVE, images go to where this node is: {}; its own AE title and port have to be those.",
    "Mit C-MOVE gehen die Bilder dorthin, wo dieses Gerät ist: {}; sein eigener AE-Titel und Port müssen so lauten."};
inline constexpr Text kMoveTargetMissing{
    "With C-MOVE nothing can be sent to {}, because this node has no address here.",
    "Mit C-MOVE kann an {} nichts gesendet werden, weil dieses Gerät hier keine Adresse hat."};
inline constexpr Text kHasCalled{"It has called and was let in, last on {}.",
                                 "Es hat angerufen und wurde eingelassen, zuletzt am {}."};
inline constexpr Text kWasRefused{"It has called and was refused: {}.", "Es hat angerufen und wurde abgewiesen: {}."};
inline constexpr Text kWasRefusedRemedy{"Admit it from the list of those who were refused; it called from {}.",
                                        "Lassen Sie es aus der Liste der Abgewiesenen zu; es rief an von {}."};
inline constexpr Text kNotCalled{"It has not called since the archive was started.",
                                 "Es hat nicht angerufen, seit das Archiv läuft."};
inline constexpr Text kNotCalledRemedy{
    "Enter this archive on the other side, and let it call: {}.",
    "Tragen Sie dieses Archiv auf der Gegenseite ein, und lassen Sie es anrufen: {}."};
inline constexpr Text kOwnNode{"AE title {}", "AE-Titel {}"};
inline constexpr Text kOwnAddress{", address {}", ", Adresse {}"};
inline constexpr Text kOwnPort{", port {}", ", Port {}"};

}  // namespace text
}  // namespace fermata::admin
