"""Residence: titles and papers by their legal basis, the asylum procedure, identity documents.

The codes of :class:`ResidenceBasis` are stored; rules name them without the prefix ``AUFENTHG_``.
"""

from domain.labels import Vocabulary


class ResidenceBasis(Vocabulary):
    """The legal basis of a stay (reference 2.4; at the end the bases that only older files carry)."""

    ASYLG_63A = "ASYLG_63A", "Ankunftsnachweis", "proof of arrival"
    ASYLG_55 = "ASYLG_55", "Aufenthaltsgestattung", "permission to stay pending asylum"
    AUFENTHG_60A = "AUFENTHG_60A", "Duldung (§ 60a)", "toleration (§ 60a)"
    AUFENTHG_60A_2_3 = "AUFENTHG_60A_2_3", "Ermessensduldung", "discretionary toleration"
    AUFENTHG_60B = (
        "AUFENTHG_60B",
        "Duldung bei ungeklärter Identität (§ 60b)",
        "toleration, identity not clarified (§ 60b)",
    )
    AUFENTHG_60C = "AUFENTHG_60C", "Ausbildungsduldung (§ 60c)", "toleration for training (§ 60c)"
    AUFENTHG_60D = (
        "AUFENTHG_60D",
        "Beschäftigungsduldung (§ 60d)",
        "toleration for employment (§ 60d)",
    )
    AUFENTHG_81_3 = "AUFENTHG_81_3", "Erlaubnisfiktion (§ 81 Abs. 3)", "fictional permit (§ 81(3))"
    AUFENTHG_81_4 = (
        "AUFENTHG_81_4",
        "Fortgeltungsfiktion (§ 81 Abs. 4)",
        "fictional continuation (§ 81(4))",
    )
    AUFENTHG_81_5 = (
        "AUFENTHG_81_5",
        "Fiktionsbescheinigung (§ 81 Abs. 5)",
        "certificate of fiction (§ 81(5))",
    )
    AUFENTHG_22 = "AUFENTHG_22", "Aufnahme aus dem Ausland (§ 22)", "admission from abroad (§ 22)"
    AUFENTHG_23_1 = (
        "AUFENTHG_23_1",
        "Landesaufnahme (§ 23 Abs. 1)",
        "admission by a Land (§ 23(1))",
    )
    AUFENTHG_23_2 = (
        "AUFENTHG_23_2",
        "Kontingentaufnahme (§ 23 Abs. 2)",
        "quota admission (§ 23(2))",
    )
    AUFENTHG_23_4 = "AUFENTHG_23_4", "Resettlement (§ 23 Abs. 4)", "resettlement (§ 23(4))"
    AUFENTHG_24 = "AUFENTHG_24", "Vorübergehender Schutz (§ 24)", "temporary protection (§ 24)"
    AUFENTHG_25_1 = (
        "AUFENTHG_25_1",
        "Asylberechtigung (§ 25 Abs. 1)",
        "entitlement to asylum (§ 25(1))",
    )
    AUFENTHG_25_2_FL = (
        "AUFENTHG_25_2_FL",
        "Flüchtlingsschutz (§ 25 Abs. 2)",
        "refugee protection (§ 25(2))",
    )
    AUFENTHG_25_2_SUB = (
        "AUFENTHG_25_2_SUB",
        "Subsidiärer Schutz (§ 25 Abs. 2)",
        "subsidiary protection (§ 25(2))",
    )
    AUFENTHG_25_3 = (
        "AUFENTHG_25_3",
        "Abschiebungsverbot (§ 25 Abs. 3)",
        "ban on deportation (§ 25(3))",
    )
    AUFENTHG_25_4 = (
        "AUFENTHG_25_4",
        "Vorübergehender Aufenthalt (§ 25 Abs. 4 S. 1)",
        "temporary stay (§ 25(4) s. 1)",
    )
    AUFENTHG_25_4_2 = (
        "AUFENTHG_25_4_2",
        "Außergewöhnliche Härte (§ 25 Abs. 4 S. 2)",
        "exceptional hardship (§ 25(4) s. 2)",
    )
    AUFENTHG_25_4A = (
        "AUFENTHG_25_4A",
        "Betroffene von Menschenhandel (§ 25 Abs. 4a)",
        "victims of trafficking (§ 25(4a))",
    )
    AUFENTHG_25_4B = (
        "AUFENTHG_25_4B",
        "Betroffene von Schwarzarbeit (§ 25 Abs. 4b)",
        "victims of illegal employment (§ 25(4b))",
    )
    AUFENTHG_25_5 = (
        "AUFENTHG_25_5",
        "Ausreise unmöglich (§ 25 Abs. 5)",
        "departure impossible (§ 25(5))",
    )
    AUFENTHG_25A = (
        "AUFENTHG_25A",
        "Gut integrierte Jugendliche (§ 25a)",
        "well integrated young people (§ 25a)",
    )
    AUFENTHG_25B = (
        "AUFENTHG_25B",
        "Nachhaltige Integration (§ 25b)",
        "sustained integration (§ 25b)",
    )
    AUFENTHG_104C = (
        "AUFENTHG_104C",
        "Chancen-Aufenthaltsrecht (§ 104c)",
        "opportunity residence right (§ 104c)",
    )
    AUFENTHG_16A = "AUFENTHG_16A", "Berufsausbildung (§ 16a)", "vocational training (§ 16a)"
    AUFENTHG_16B = "AUFENTHG_16B", "Studium (§ 16b)", "study (§ 16b)"
    AUFENTHG_16D = (
        "AUFENTHG_16D",
        "Anerkennung ausländischer Abschlüsse (§ 16d)",
        "recognition of qualifications (§ 16d)",
    )
    AUFENTHG_16F = (
        "AUFENTHG_16F",
        "Sprachkurs, Schulbesuch (§ 16f)",
        "language course, school (§ 16f)",
    )
    AUFENTHG_16G = (
        "AUFENTHG_16G",
        "Berufsausbildung für Ausreisepflichtige (§ 16g)",
        "training for people obliged to leave (§ 16g)",
    )
    AUFENTHG_17 = (
        "AUFENTHG_17",
        "Suche nach Ausbildung oder Studium (§ 17)",
        "search for training or study (§ 17)",
    )
    AUFENTHG_18A = (
        "AUFENTHG_18A",
        "Fachkraft mit Berufsausbildung (§ 18a)",
        "skilled worker, vocational (§ 18a)",
    )
    AUFENTHG_18B = (
        "AUFENTHG_18B",
        "Fachkraft mit akademischer Ausbildung (§ 18b)",
        "skilled worker, academic (§ 18b)",
    )
    AUFENTHG_18C = (
        "AUFENTHG_18C",
        "Niederlassungserlaubnis für Fachkräfte (§ 18c)",
        "settlement permit for skilled workers (§ 18c)",
    )
    AUFENTHG_18D = "AUFENTHG_18D", "Forschung (§ 18d)", "research (§ 18d)"
    AUFENTHG_18G = "AUFENTHG_18G", "Blaue Karte EU (§ 18g)", "EU Blue Card (§ 18g)"
    AUFENTHG_19C = (
        "AUFENTHG_19C",
        "Sonstige Beschäftigung (§ 19c)",
        "other employment (§ 19c)",
    )
    AUFENTHG_19D = (
        "AUFENTHG_19D",
        "Qualifizierte Geduldete (§ 19d)",
        "qualified tolerated persons (§ 19d)",
    )
    AUFENTHG_20 = "AUFENTHG_20", "Arbeitsplatzsuche (§ 20)", "job search (§ 20)"
    AUFENTHG_20A = "AUFENTHG_20A", "Chancenkarte (§ 20a)", "opportunity card (§ 20a)"
    AUFENTHG_21 = "AUFENTHG_21", "Selbständige Tätigkeit (§ 21)", "self-employment (§ 21)"
    AUFENTHG_28 = "AUFENTHG_28", "Familie Deutscher (§ 28)", "family of Germans (§ 28)"
    AUFENTHG_29 = "AUFENTHG_29", "Familiennachzug (§ 29)", "family reunification (§ 29)"
    AUFENTHG_30 = "AUFENTHG_30", "Ehegattennachzug (§ 30)", "spouse (§ 30)"
    AUFENTHG_31 = (
        "AUFENTHG_31",
        "Eigenständiges Recht der Ehegatten (§ 31)",
        "independent right of spouses (§ 31)",
    )
    AUFENTHG_32 = "AUFENTHG_32", "Kindernachzug (§ 32)", "child (§ 32)"
    AUFENTHG_36 = "AUFENTHG_36", "Eltern und Sonstige (§ 36)", "parents and others (§ 36)"
    AUFENTHG_36A = (
        "AUFENTHG_36A",
        "Familie subsidiär Schutzberechtigter (§ 36a)",
        "family of subsidiary protected (§ 36a)",
    )
    AUFENTHG_38A = (
        "AUFENTHG_38A",
        "Daueraufenthalt-EU aus anderem Staat (§ 38a)",
        "EU long-term resident from another state (§ 38a)",
    )
    AUFENTHG_9 = "AUFENTHG_9", "Niederlassungserlaubnis (§ 9)", "settlement permit (§ 9)"
    AUFENTHG_9A = (
        "AUFENTHG_9A",
        "Erlaubnis zum Daueraufenthalt-EU (§ 9a)",
        "EU long-term residence permit (§ 9a)",
    )
    AUFENTHG_26_3 = (
        "AUFENTHG_26_3",
        "Niederlassungserlaubnis nach Schutz (§ 26 Abs. 3)",
        "settlement permit after protection (§ 26(3))",
    )
    AUFENTHG_26_4 = (
        "AUFENTHG_26_4",
        "Niederlassungserlaubnis, humanitär (§ 26 Abs. 4)",
        "settlement permit, humanitarian (§ 26(4))",
    )
    AUFENTHG_28_2 = (
        "AUFENTHG_28_2",
        "Niederlassungserlaubnis, Familie Deutscher (§ 28 Abs. 2)",
        "settlement permit, family of Germans (§ 28(2))",
    )
    AUFENTHG_35 = (
        "AUFENTHG_35",
        "Niederlassungserlaubnis für Kinder (§ 35)",
        "settlement permit for children (§ 35)",
    )
    FREIZUEGG_EU = "FREIZUEGG_EU", "Freizügigkeit EU", "EU free movement"
    FREIZUEGG_EU_5 = (
        "FREIZUEGG_EU_5",
        "Aufenthaltskarte (§ 5 FreizügG/EU)",
        "residence card (§ 5 FreizügG/EU)",
    )
    FREIZUEGG_EU_4A = (
        "FREIZUEGG_EU_4A",
        "Daueraufenthaltsrecht (§ 4a FreizügG/EU)",
        "permanent residence right (§ 4a FreizügG/EU)",
    )
    BVFG_4 = "BVFG_4", "Spätaussiedler (§ 4 BVFG)", "late repatriate (§ 4 BVFG)"
    BVFG_7 = "BVFG_7", "Angehörige (§ 7 BVFG)", "relatives of late repatriates (§ 7 BVFG)"
    DEUTSCH = "DEUTSCH", "Deutsche Staatsangehörigkeit", "German citizenship"
    VISA_C = "VISA_C", "Schengen-Visum (C)", "Schengen visa (C)"
    VISA_D = "VISA_D", "Nationales Visum (D)", "national visa (D)"
    VISA_FREE = "VISA_FREE", "Visumfreier Aufenthalt", "visa-free stay"
    UKRAINE_AUFENTH_UEV = (
        "UKRAINE_AUFENTH_UEV",
        "Ukraine-Aufenthalts-Übergangsverordnung",
        "Ukraine transition regulation",
    )
    AUFENTHG_15A = "AUFENTHG_15A", "Verteilung (§ 15a)", "distribution (§ 15a)"
    AUFENTHG_16_1_OLD = (
        "AUFENTHG_16_1_OLD",
        "Studium (§ 16 Abs. 1 a. F.)",
        "study (§ 16(1), old)",
    )
    AUFENTHG_16_5_OLD = (
        "AUFENTHG_16_5_OLD",
        "Sprachkurs, Schulbesuch (§ 16 Abs. 5 a. F.)",
        "language course, school (§ 16(5), old)",
    )
    AUFENTHG_18_4_OLD = (
        "AUFENTHG_18_4_OLD",
        "Qualifizierte Beschäftigung (§ 18 Abs. 4 a. F.)",
        "qualified employment (§ 18(4), old)",
    )
    AUFENTHG_60A_2_4 = (
        "AUFENTHG_60A_2_4",
        "Duldung zur Ausbildung (§ 60a Abs. 2 S. 4 a. F.)",
        "toleration for training (§ 60a(2) s. 4, old)",
    )
    AUSLG = "AUSLG", "Aufenthalt nach dem AuslG", "stay under the AuslG"
    AUSLG_23 = "AUSLG_23", "Familie Deutscher (§ 23 AuslG)", "family of Germans (§ 23 AuslG)"
    AUSLG_UNBEFRISTET = (
        "AUSLG_UNBEFRISTET",
        "Unbefristete Aufenthaltserlaubnis",
        "unlimited residence permit",
    )
    AUSLG_BERECHTIGUNG = (
        "AUSLG_BERECHTIGUNG",
        "Aufenthaltsberechtigung",
        "residence entitlement",
    )
    AUSLG_BEFUGNIS = "AUSLG_BEFUGNIS", "Aufenthaltsbefugnis", "residence authorisation"
    BUEMA = "BUEMA", "Meldung als asylsuchend (BüMA)", "registration as asylum seeker (BüMA)"


class FictionKind(Vocabulary):
    """What a Fiktionsbescheinigung certifies; the office itself may print the wrong letter."""

    PERMITTED = "81_3", "Erlaubnisfiktion (§ 81 Abs. 3)", "fictional permit (§ 81(3))"
    CONTINUED = "81_4", "Fortgeltungsfiktion (§ 81 Abs. 4)", "fictional continuation (§ 81(4))"
    CERTIFIED = "81_5", "Fiktionsbescheinigung (§ 81 Abs. 5)", "certificate (§ 81(5))"
    PRELIMINARY = "81_5a", "Vorläufige Bescheinigung (§ 81 Abs. 5a)", "preliminary (§ 81(5a))"


class ApplicationKind(Vocabulary):
    """What a title is applied for as."""

    FIRST = "erst", "Ersterteilung", "first title"
    RENEWAL = "verlaengerung", "Verlängerung", "renewal"
    CHANGE = "wechsel", "Wechsel des Zwecks", "change of purpose"


class WorkNote(Vocabulary):
    """The note on work in a Gestattung or Duldung."""

    FORBIDDEN = "verboten", "Beschäftigung verboten", "work forbidden"
    BY_PERMIT = "mit_erlaubnis", "Beschäftigung mit Erlaubnis", "work by permit"
    ALLOWED = "gestattet", "Beschäftigung gestattet", "work allowed"


class TitleWork(Vocabulary):
    """Which work a title allows."""

    UNRESTRICTED = "unbeschränkt", "unbeschränkt", "unrestricted"
    CERTAIN = "bestimmte", "bestimmte Beschäftigung", "certain employment"
    NONE = "keine", "keine Beschäftigung", "no employment"


class AsylumProcedure(Vocabulary):
    """In which procedure an asylum application runs."""

    REGULAR = "regulär", "regulär", "regular"
    ACCELERATED = "beschleunigt", "beschleunigt", "accelerated"
    BORDER = "grenz", "Grenzverfahren", "border procedure"
    DUBLIN = "dublin", "Dublin-Verfahren", "Dublin procedure"
    AMMR = "AMMR", "Zuständigkeit nach AMMR", "responsibility under the AMMR"
    SUBSEQUENT = "folge", "Folgeantrag", "subsequent application"


class AsylumOutcome(Vocabulary):
    """What an asylum decision says."""

    ASYLUM = "asyl", "Asylberechtigung", "entitlement to asylum"
    REFUGEE = "fluechtling", "Flüchtlingseigenschaft", "refugee status"
    SUBSIDIARY = "subsidiaer", "Subsidiärer Schutz", "subsidiary protection"
    DEPORTATION_BAN = "abschiebungsverbot", "Abschiebungsverbot", "ban on deportation"
    REFUSED = "abgelehnt", "abgelehnt", "refused"
    MANIFESTLY_UNFOUNDED = "ou", "offensichtlich unbegründet", "manifestly unfounded"
    INADMISSIBLE = "unzulaessig", "unzulässig", "inadmissible"
    DISCONTINUED = "eingestellt", "eingestellt", "discontinued"


class AppealKind(Vocabulary):
    """By which remedy a decision is fought."""

    ACTION = "klage", "Klage", "action"
    OBJECTION = "widerspruch", "Widerspruch", "objection"
    INTERIM = "eil", "Eilantrag", "application for interim relief"
    INACTION = "untaetigkeit", "Untätigkeitsklage", "action for failure to act"


class AppealOutcome(Vocabulary):
    """How a remedy ended."""

    GRANTED = "granted", "stattgegeben", "granted"
    DISMISSED = "dismissed", "zurückgewiesen", "dismissed"
    PARTIAL = "partial", "teilweise stattgegeben", "partly granted"
    REVERSED = "reversed", "aufgehoben", "reversed"
    WITHDRAWN = "withdrawn", "zurückgenommen", "withdrawn"


class IdentityMeans(Vocabulary):
    """What proves an identity."""

    PASSPORT = "pass", "Pass", "passport"
    ID = "id", "Personalausweis", "identity card"
    BIRTH_CERTIFICATE = "birth_cert", "Geburtsurkunde", "birth certificate"
    OTHER = "other", "anderer Nachweis", "other evidence"


class PassportKind(Vocabulary):
    """Kinds of passports and travel documents."""

    NATIONAL = "nationalpass", "Nationalpass", "national passport"
    REFUGEE = "RA_fluechtling", "Reiseausweis für Flüchtlinge", "refugee travel document"
    FOREIGNER = "RA_auslaender", "Reiseausweis für Ausländer", "travel document for foreigners"


class ResidenceScope(Vocabulary):
    """To which area somebody is bound (reference 2.5 B; cases W40)."""

    LAND = "land", "Land", "Land"
    MUNICIPALITY = "gemeinde", "Gemeinde", "municipality"
    FACILITY = "einrichtung", "Einrichtung", "facility"


class DecidingBody(Vocabulary):
    """Who decided."""

    AUTHORITY = "authority", "Behörde", "authority"
    COURT = "court", "Gericht", "court"


class GrantOrRefusal(Vocabulary):
    """How an application ended."""

    GRANTED = "granted", "bewilligt", "granted"
    REFUSED = "refused", "abgelehnt", "refused"
