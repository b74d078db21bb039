"""Names after a cue, in seven languages: introductions, titles, thanks to somebody, signatures."""

import re
from collections.abc import Iterator

_INTRODUCTION = re.compile(
    r"(?<!\w)(?:my name is|my name['’]s|i am called|mijn naam is|ik heet|jeg heter|"
    r"(?:navnet mitt|mitt navn) er|mani sauc|mans vārds ir|ich hei(?:ß|ss)e|mein name ist|"
    r"je m['’]appelle|mon nom est|me llamo|mi nombre es|"
    r"(?:name|naam|navn|vārds|nom|nombre)(?=:)):?(?=\s)",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"(?<!\w)(?:(?i:mevrouw|meneer|mijnheer|de heer|dokter|doctora?|doktor|professor|zuster|nurse|"
    r"verpleegkundige|sykepleier|lege|herr|fru|dakter[ei]s?|ārst[es]|docteure?|monsieur|madame|"
    r"señora?|doña|schwester|pfleger)|"
    r"(?i:mevr|mw|dhr|dr|prof|(?<![0-9] )hr|mrs?|mme|mlle|srta|sra|sr)\.?|"
    r"(?<!eine )(?<!einer )Frau|(?:Ms|Miss|Sir|Lady)\.?|[dD]on|"
    r"(?:(?<=à )|(?<=de )|(?<=par )|(?<=avec )|(?<=et ))M\.)(?=\s)"
)
_MET = re.compile(
    r"(?<!\w)(?:helped by|served by|spoke (?:to|with)|thanks to|"
    r"(?:employee|colleague|agent|staff member) (?:named|called)|geholpen door|bediend door|"
    r"gesproken met|met dank aan|collega|genaamd|hjulpet av|snakket med|takk til|ved navn|"
    r"runāju ar|paldies|vārdā|namens|aidée? par|servie? par|accueillie? par|grâce à|nommée?|"
    r"atendid[oa] por|gracias a|llamad[oa])(?=\s)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(?<!\w)(?:regards|sincerely|yours truly|groet(?:en|jes)?|mvh|hilsen|ar cieņu|grüßen?|gruß|"
    r"cordialement|saludos|atentamente),?(?=\s)",
    re.IGNORECASE,
)
_LATVIAN_TITLE = re.compile(
    r"(?<!\w)([^\W\d_]{2,30})\s(?:kungs|kungam|kungu|kundze|kundzei|kundzi)(?!\w)"
)
CUES = (_INTRODUCTION, _TITLE, _MET, _SIGNATURE, _LATVIAN_TITLE)
# One word of each cue above, in every form of it; "M." is looked for by itself.
_FORMS = (
    "name called naam heet heter navn navnet sauc vārds heiße heisse appelle nom llamo nombre "
    "mevrouw meneer mijnheer heer dokter doctor doctora doktor professor zuster nurse lege herr "
    "verpleegkundige sykepleier fru daktere dakteri dakteres dakteris ārste ārsts docteur docteure "
    "monsieur madame señor señora doña schwester pfleger mevr mw dhr dr prof hr mr mrs mme mlle "
    "srta sra sr frau ms miss sir lady don helped served spoke thanks named geholpen bediend "
    "gesproken dank collega genaamd hjulpet snakket takk runāju paldies vārdā namens aidé aidée "
    "servi servie accueilli accueillie grâce nommé nommée atendido atendida gracias llamado "
    "llamada regards sincerely truly groet groeten groetjes mvh hilsen cieņu grüße grüßen gruß "
    "cordialement saludos atentamente kungs kungam kungu kundze kundzei kundzi"
)
_CUE_WORDS = frozenset(_FORMS.split())
_WORDS = re.compile(r"\w+")
_FOLDED = re.compile("[İıſ]")  # match i and s where case is ignored, and are neither in lower case
_WORD = re.compile(r"\s{1,3}([^\W\d_](?:\.(?=\s)|[^\W\d_'’]?(?:[^\W\d_]|['’-](?=[^\W\d_])){0,30}))")
_PARTICLE_WORDS = "van de der den het ter ten te von vom zu zum zur la le du del los di da el al af"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_OTHER_WORDS = (
    "a an the not your our my i we it they he she this that you and but een de het niet niks "
    "wij ik jullie zij hij dat dit maar ikke jeg vi det den en et dette men nav es mēs tas šis "
    "bet nicht ich wir das die der ein eine sie er und aber pas je nous le la les un une ce "
    "cela mais no yo nosotros el los las una esto pero que is was customer service team "
    "klantenservice kundeservice kundenservice support helpdesk staff god good par "
    "however because what when every each just then so also still very if there more at on in "
    "for with all some nothing ook wel als dan nog alles heel zeer toch så også alt auch wenn "
    "dann sehr aussi si très tout también muy todo arī ļoti kā kad"
)
_NOT_NAMES = frozenset(_OTHER_WORDS.split())


def find_names(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield names that follow a cue, each as ``("name", start, end)``.

    Example:
        >>> list(find_names("Geholpen door Sandra van Dijk, top"))
        [('name', 14, 29)]
        >>> list(find_names("Mevrouw was erg vriendelijk"))
        []
    """
    if may_hold_name(text):
        yield from search_names(text)


def may_hold_name(text: str) -> bool:
    """Tell whether a text has a word of a cue: without one there is nothing to search for.

    Example:
        >>> may_hold_name("The parcel was late"), may_hold_name("Thanks to Kari")
        (False, True)
    """
    if not _CUE_WORDS.isdisjoint(_WORDS.findall(text.lower())):
        return True
    return "M." in text or _FOLDED.search(text) is not None


def search_names(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield names that follow a cue, whether or not the text has a word of one."""
    for cue in _INTRODUCTION.finditer(text):
        yield from _name_after(text, cue.end(), words=3, lower=True)
    for pattern, words in ((_TITLE, 2), (_MET, 2), (_SIGNATURE, 2)):
        for cue in pattern.finditer(text):
            shouted = cue[0].isupper() and len(cue[0]) > 2
            yield from _name_after(text, cue.end(), words=words, shouted=shouted)
    for match in _LATVIAN_TITLE.finditer(text):
        if match[1][0].isupper() and not match[1].isupper():
            yield "name", match.start(1), match.end(1)


def _name_after(
    text: str, position: int, *, words: int, lower: bool = False, shouted: bool = False
) -> Iterator[tuple[str, int, int]]:
    """Yield the name that starts at a position: so many capitalised words, particles between them.

    In a text that SHOUTS capitals tell nothing, so nothing is taken; after an introduction one word
    in lower case is.
    """
    start = end = None
    taken = 0
    while taken < words and (match := _WORD.match(text, position)):
        word = match[1]
        position = match.end()
        folded = word.lower()
        plain = lower and taken == 0 and folded not in _NOT_NAMES | _PARTICLES
        if plain or _is_name(word, shouted=shouted):
            start, end = match.start(1) if start is None else start, match.end(1)
            taken += 1
            if word[0].islower():
                break
        elif folded in _PARTICLES and not shouted:
            start = match.start(1) if start is None else start
        else:
            break
    if start is not None and end is not None:
        yield "name", start, end


def _is_name(word: str, *, shouted: bool) -> bool:
    if not word[0].isupper() or word.lower().rstrip(".") in _NOT_NAMES:
        return False
    return not (shouted and word.isupper())
