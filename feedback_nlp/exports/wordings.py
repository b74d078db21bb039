# ruff: noqa: E501  (tables of words)
"""What column headers say in nl, en, nb, lv, de, fr and es: patterns without case and accents.

Only words live here. What a match is worth, next to the values, is decided in ``columns.py``.
"""

import re
import unicodedata

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "œ": "oe", "ł": "l", "đ": "d"})
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS = re.compile(r"[\s_./\\-]+")


def plain(text: str) -> str:
    """Return a header or a value in lower case, without accents, words separated by one blank.

    Example:
        >>> plain("OverallRating"), plain("Kopējais_vērtējums")
        ('overall rating', 'kopejais vertejums')
    """
    return _SEPARATORS.sub(" ", unaccented(_CAMEL.sub(" ", text))).strip()


def unaccented(text: str) -> str:
    """Return text in lower case and without accents, punctuation as it was.

    Example:
        >>> unaccented("1 = Très bien")
        '1 = tres bien'
    """
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    lowered = lowered.translate(_LETTERS)
    return "".join(
        c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c)
    )


def _any_of(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


_RECORD = (
    r"(response|survey|record|comment|feedback|review|case|ticket|answer|submission|interview|"
    r"antwoord|reactie|enquete|svar|besvarelse|atbildes?|anketas?|aptaujas|antwort|fragebogen|"
    r"reponse|enquete|respuesta|encuesta)"
)
_PERSON = (
    r"(respondent|customer|client|user|member|participant|person|patient|guest|account|contact|"
    r"klant|deelnemer|gebruiker|kunde|deltaker|bruker|respondenta?|klienta?|dalibnieka?|lietotaja?|"
    r"kunden|teilnehmer|nutzer|repondant|utilisateur|participante|encuestado|cliente|usuario)"
)
_NUMBER = r"(id|nr|no|num|number|nummer|numurs|numero|key|code|kods)"
ID = _any_of(
    rf"^({_NUMBER}|uuid|guid|index|row|rij|rad|rinda|zeile|ligne|fila)$",
    rf"\b{_RECORD} ?{_NUMBER}$",
    rf"^{_NUMBER} (de |du |del |de la |de l'|van )?{_RECORD}",
)
RESPONDENT = _any_of(
    rf"^{_PERSON}( ?{_NUMBER})?$",
    rf"^{_PERSON}s? ?{_NUMBER}$",
    rf"^{_NUMBER} (de |du |del |de la |de l'|van )?{_PERSON}",
)

TEXT = _any_of(
    r"\bcomments?\b|\bfeedback\b|\breviews?\b|verbatim|\banswers?\b|\bremarks?\b|\bopinions?\b",
    r"\bexplanation|\breasons?\b|suggestion|\bmessage\b|\bbody\b|\btext\b|free text|\bnotes\b|open end|\bcomplaint",
    r"opmerking|toelichting|\breacties?\b|\bantwoord|commentaar|\breden\b|verbeterpunt|\btips?\b|\btekst\b|recensie",
    r"kommentar|tilbakemelding|begrunnelse|\bsvar\b|omtale|fritekst|\bmerknad|forslag",
    r"komentar|atsauksm|atbilde\b|pamatojum|ieteikum|piezim|\bteksts?\b|viedokl",
    r"anmerkung|begrundung|ruckmeldung|\bantwort|bemerkung|freitext|\bmeinung|rezension|vorschlag",
    r"commentaire|\bavis\b|remarque|\braisons?\b|\breponse|\btexte\b|temoignage",
    r"comentario|opinion(es)?\b|observacion|motivo|respuesta|resena|sugerencia|\btexto\b",
)
QUESTION_WORDS = _any_of(
    r"\bwhy\b|\bwhat\b|\bhow\b|tell us|describe|\bplease\b|improv|\bbetter\b|went (well|wrong)|\blik(e|ed) (most|best|least)|disliked?\b",
    r"\bwaarom\b|\bwat\b|\bhoe\b|vertel|omschrijf|verbeter|\bbeter\b|ging (er )?(goed|mis|fout)",
    r"\bhvorfor\b|\bhva\b|\bhvordan\b|fortell|beskriv|forbedr|\bbedre\b",
    r"\bkapec\b|\bkas\b|\bko\b|\bka\b|pastast|uzlabo|\blabak",
    r"\bwarum\b|\bwieso\b|\bwas\b|\bwie\b|beschreib|verbesser|\bbesser\b",
    r"\bpourquoi\b|qu'est|\bque(l|lle)?s?\b|comment (pou|avez|nous)|decri|amelior|\bmieux\b",
    r"\bpor que\b|\bque\b|\bcomo\b|describ|mejor",
    r"\bany (other|further|additional|more)\b|anything else|\boverige\b|andere opmerkingen|\bandre kommentar|\bciti komentar|\bsonstige|weitere an|autres? (commentaire|remarque)|otros comentarios",
)
PRAISE_OR_BLAME = _any_of(
    r"^(the )?(good|bad|pros?|cons?|plus|minus|positives?|negatives?|strengths?|weakness(es)?|likes?|dislikes?|praise|compliments?)$",
    r"^(positief|negatief|sterke punten|zwakke punten|pluspunten|minpunten|positivt|negativt|bra|darlig|pozitivi|negativi|plusi|minusi)$",
    r"^(positiv(es)?|negativ(es)?|lob|kritik|starken|schwachen|points? (forts?|faibles?|positifs?|negatifs?)|lo (bueno|malo|mejor|peor)|positivo|negativo)$",
)
STAFF = _any_of(
    r"\binternal\b|\bagent\b|\bstaff (note|comment|repl)|\b(owner|company|our|management|host)s? (response|reply|answer)|\breply\b|\bfollow ?up\b",
    r"\bintern(e|t)?\b|\bmedewerker\b|\biekseja|\binterne[rs]?\b",
)
TITLE = _any_of(
    r"\btitle\b|\bheading\b|\bheadline\b|\bsubject\b|\bsummary\b|\btitels?\b|\bonderwerp\b|\bkop\b|\btittel\b|\bemne\b|\boverskrift\b",
    r"virsrakst|\btemats?\b|\bbetreff\b|uberschrift|\btitre\b|\bobjet\b|\btitulo\b|\basunto\b",
)
QUESTION = re.compile(
    r"^(the )?(question|survey question|question text|vraag|vraagtekst|spørsmal|sporsmal|jautajums|frage|fragetext|pregunta)$"
)

RECOMMEND = _any_of(
    r"\brecommend|\brefer (us|a friend)|aanbeve+l|aanrad|aanraden|\baan te (be?velen|raden)|anbefal|ieteik|ieteiks?|ieteiktu",
    r"empfehl|empfohlen|recommand|recomend",
)
NPS = re.compile(r"\bnps\b|net ?promoter")
SATISFACTION = _any_of(
    r"\bcsat\b|satisf|tevreden|fornoyd|tilfreds|apmierin|zufrieden",
)
EXPERIENCE = re.compile(r"experience|ervaring|belevenis|opplevelse|pieredz|erfahrung|experiencia")
OVERALL = _any_of(
    r"\boverall\b|\btotal\b|\bgeneral\b|\balgemeen|algehele|\btotaal|\btotalt\b|samlet|\bhelhet|kopum|kopej|gesamt|\bglobale?\b|\bensemble\b"
)
RATING = _any_of(
    r"\bratings?\b|\brate\b|\brated\b|\bscores?\b|\bstars?\b|\bgrade\b|beoordel|\bcijfer|waardering|sterren|rapportcijfer",
    r"\bkarakter\b|vurder|terningkast|stjerne|vertejum|noverte|zvaigzn|\bballes\b|bewert|\bnote\b|\bsterne\b|\bpunkte\b",
    r"\bevaluation\b|\bnotation\b|etoiles?|puntuacion|valoracion|calificacion|\bnota\b|estrellas|\bpuntaje\b",
)
CES = _any_of(
    r"\bces\b|\beffort\b|\bease\b|\beasy\b|\beasily\b|\bdifficult|\bmoeite|\bgemak|makkelijk|\bmoeilijk|\binnsats|\benkelt\b|\blett\b",
    r"vanskelig|piepul|\bviegl|\bgrut|\baufwand|\beinfach|\bleicht|schwierig|\bfacil|\bdifficil|esfuerzo|sencillo",
)
EFFORT = _any_of(
    r"how (much|great|high) (\w+ ){0,4}effort|how (difficult|hard)|hoeveel moeite|hoe moeilijk|hvor (mye|stor) innsats|hvor vanskelig",
    r"cik (daudz|lielu?) (\w+ )?(pul|piepul)|cik grut|wie (viel|hoch|gross) (\w+ ){0,3}aufwand|wie schwierig",
    r"(combien d'|quel |quels )efforts?|(a quel point|combien) (\w+ ){0,3}difficile|cuanto esfuerzo|que tan dificil",
)

AGREE = _any_of(
    r"\bagree|\bstatement|\beens\b|\boneens\b|\bstelling|\b(u)?enig\b|\bpastand|piekrit|apgalvojum|\bstimm|zustimm|aussage",
    r"\baccord\b|affirmation|\bacuerdo\b|afirmacion",
)

DATE = _any_of(
    r"\bdate\b|\btime\b|\btimestamp\b|\bdatetime\b|\bwhen\b|\b(submitted|created|completed|recorded|answered|updated)( at| on)?\b",
    r"\bdatum|datum\b|tijdstip|\bingevuld|\bdato|dato\b|tidspunkt|\bdatums|\blaiks|\bzeit(punkt|stempel)?\b",
    r"\bheure|\bhorodat|\bfecha|\bhora\b|\bmonth\b|\bmaand\b",
)
DATE_OF_ANSWER = _any_of(
    r"\b(survey|response|review|feedback|submit|complet|answer|record|end|enquete|antwoord|ingevuld|svar|besvar|aptauja|atbilde|antwort)",
    r"\b(umfrage|reponse|enquete|respuesta|encuesta)",
)
BIRTH = re.compile(r"birth|\bdob\b|geboorte|fodsel|dzimsan|geburt|naissance|nacimiento")
LANGUAGE = re.compile(
    r"^(\w+ )?(language|lang|locale|taal|taalcode|sprak|sprakkode|valoda|sprache|langue|idioma)( code)?$"
)
OUTCOME = _any_of(
    RECOMMEND.pattern,
    r"\bagain\b|repurchase|\brenew|\bchurn|\bcancel|\bretain|\bresolved\b|\bwould (buy|return|visit|stay)|\bloyal",
    r"opnieuw|opgezegd|\bopzeg|\bigjen\b|\boppsagt|\batkal\b|\bwieder\b|gekundigt|\bde nouveau\b|resilie|otra vez|volveria|\bbaja\b",
)
COUNTED = _any_of(
    r"\b(number|count|size|age|wave|year|month|week|day|hour|quarter|store|shop|branch|region|code|zip|postcode|tier|group|version)\b",
    r"\b(visits?|orders?|nights?|children|persons?|people|amount|price|duration|quantity|qty|household|household|floor|room|line|lap)\b",
    r"\b(aantal|leeftijd|jaar|maand|filiaal|winkel|regio|groep|antall|alder|ar|butikk|skaits|vecums|gads|menesis|veikals)\b",
    r"\b(anzahl|alter|jahr|monat|filiale|nombre|age|annee|mois|magasin|numero|edad|ano|mes|tienda|cantidad)\b",
)

POSITIVE_END = _any_of(
    r"\b(good|excellent|satisfied|best|great|happy|agree|easy|likely|positive|well|perfect|very easy)\b",
    r"\bgoed|uitstekend|tevreden|makkelijk|gemakkelijk|\bbeste\b|waarschijnlijk|\beens\b|\bbra\b|\bgod\b|\bfornoyd|enig\b|\bsannsynlig",
    r"\blabi|\blabs|\blaba|teicam|izcil|apmierinat|\bviegli|\bpiekrit|\bgut\b|sehr gut|ausgezeichnet|zufrieden|\bbest|einfach|zutreffend|wahrscheinlich",
    r"\bbien\b|\bbon(ne)?\b|excellent|satisfait|d'accord|\bfacile|\bbueno|\bbuena|\bbien|excelente|satisfech|de acuerdo|\bfacil\b",
)
NEGATIVE_END = _any_of(
    r"\b(bad|poor|terrible|dissatisfied|unsatisfied|worst|awful|unhappy|disagree|difficult|unlikely|negative|not at all)\b",
    r"\bslecht|ontevreden|moeilijk|slechtst|onwaarschijnlijk|oneens|\bhelemaal niet|\bdarlig|misfornoyd|uenig|vanskelig|usannsynlig|ikke i det hele",
    r"\bslikt|neapmierinat|\bgruti|nepiekrit|\bschlecht|unzufrieden|ungenugend|mangelhaft|schwierig|unwahrscheinlich|uberhaupt nicht|trifft nicht",
    r"\bmauvais|\bmal\b|insatisfait|mecontent|pas d'accord|difficile|pas du tout|\bmalo|\bmala|\bpesim|insatisfech|en desacuerdo|\bdificil",
)
SCALE_RANGE = re.compile(
    r"(?<![\d.,/-])(\d{1,3}) ?(?:-|–|—|to|tot|tot en met|t/m|through|til|lidz|bis|a|hasta|jusqu'a|until|and|en|et|y|un|und) ?(\d{1,3})(?![\d.,/-])"
)
ANCHOR = re.compile(r"(?<!\d)(\d{1,3}) ?(?:=|:|\() ?([^\d=:;,()]+)")

YES = frozenset(["yes", "y", "true", "ja", "j", "jah", "oui", "si", "ja!"]) | {"sí", "jā"}
NO = frozenset(["no", "n", "false", "nee", "nein", "nei", "non", "ne"]) | {"nē"}
GROUPS = frozenset(
    [
        "promoter",
        "passive",
        "detractor",
        "promoters",
        "passives",
        "detractors",
        "neutral",
        "promotor",
    ]
)

LANGUAGES: dict[str, str] = {
    name: code
    for code, names in {
        "nl": "nl nld dut dutch nederlands hollands vlaams flemish niederlandisch neerlandais neerlandes holandes nederlandsk holandiesu niderlandiesu",
        "en": "en eng english engels engelsk anglu englisch anglais ingles",
        "nb": "nb no nn nob nor norwegian norsk bokmal noors norvegu norwegisch norvegien noruego",
        "lv": "lv lav lvs latvian latviesu lets latvisk lettisch letton leton latviski",
        "de": "de deu ger german deutsch duits tysk vacu allemand aleman",
        "fr": "fr fra fre french francais frans fransk francu franzosisch frances",
        "es": "es spa spanish espanol castellano spaans spansk spanu spanisch espagnol",
    }.items()
    for name in names.split()
}


def language_code(value: str) -> str:
    """Return the ISO 639-1 code of a language as a survey tool writes it, else ``unknown``.

    Example:
        >>> language_code("nl-NL"), language_code("Norsk (bokmål)"), language_code("klingon")
        ('nl', 'nb', 'unknown')
    """
    words = re.findall(r"[a-z]+", plain(value))
    return LANGUAGES.get(words[0], "unknown") if words else "unknown"
