#pragma once
#include <string>
#include <string_view>

#include "language.hpp"

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
inline constexpr Text kCallback{"The other direction: it calls us", "Die Gegenrichtung: es ruft uns an"};

inline constexpr Text kOpen{"Somebody listens at {}.", "Unter {} nimmt jemand Verbindungen an."};
inline constexpr Text kNoHost{"The node has no host, so that it can't be called.",
                              "Der Knoten hat keine Adresse und kann nicht angerufen werden."};
inline constexpr Text kNoHostRemedy{
    "Enter the node's address, if images are to be sent to it. A node that only calls "
    "needs none.",
    "Tragen Sie die Adresse des Knotens ein, wenn Bilder an ihn gesendet werden sollen. "
    "Ein Knoten, der nur selbst anruft, braucht keine."};
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
    "Prüfen Sie den AE-Titel des Knotens (Groß- und Kleinschreibung zählt), und ob die "
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
inline constexpr Text kSendOk{"The test image has arrived: patient FERMATA^TEST. Delete it over there.",
                              "Das Testbild ist angekommen: Patient FERMATA^TEST. Löschen Sie es dort wieder."};
inline constexpr Text kSendRemedy{
    "Allow this archive to store on the other side, and check whether its disk is full: "
    "{}.",
    "Erlauben Sie diesem Archiv auf der Gegenseite das Speichern, und prüfen Sie, ob dort "
    "die Platte voll ist: {}."};
inline constexpr Text kHasCalled{"It has called and was let in, last at {}.",
                                 "Es hat angerufen und wurde eingelassen, zuletzt um {}."};
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
