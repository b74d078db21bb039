"""Plain comparisons ("sooner than expected", "dearer than ever"): no model gets worse at these.

Written for this test, and in no data that a model learns from. Floors are what each tagger reads
rightly, less two for what a change elsewhere may cost.
"""

import pandas as pd
import pytest

from feedback_nlp import load_tagger

FLOORS = {"rules": 56, "compact": 74, "accurate": 97}
SIDES = {"+": "positive", "-": "negative"}
COMPARED = """
en + Shipped on Monday, here on Tuesday, a day ahead of the date they gave
en - The sofa turned up nine days after the date they had given me
en + Cheaper than the chemist in our village
en - I could have bought this for half the money two streets away
en + Nicer staff than in most hotels I have stayed at
en - The waiters were a lot less friendly than on our first visit
en + Signing up was easier than I feared
en - Your new site is harder to find things on than the old one
en + The soup was even tastier than my mother's
en - Smaller portions than we remembered
en + Much cleaner than the photos suggested
en - The room was dirtier than any hostel I know
en + Refund came through three days early
en - Dearer than ever
en + This is the best garage I have been to
nl + De monteur was er een uur eerder dan gezegd
nl - De bank kwam negen dagen na de afgesproken datum
nl + Goedkoper dan de apotheek in ons dorp
nl - Twee straten verder betaal je de helft
nl + Vriendelijker personeel dan in de meeste hotels
nl - De bediening was een stuk minder aardig dan bij ons eerste bezoek
nl + Aanmelden ging makkelijker dan gevreesd
nl - Op de nieuwe site is alles lastiger te vinden dan op de oude
nl + De soep was nog lekkerder dan die van mijn moeder
nl - Kleinere porties dan we ons herinnerden
nl + Veel schoner dan de foto's deden vermoeden
nl - De kamer was viezer dan welke herberg ook
nl + Terugbetaling kwam drie dagen eerder binnen dan verwacht
nl - Duurder dan ooit
nl + Dit is de beste garage waar ik ben geweest
de + Der Techniker kam eine Stunde eher als angekündigt
de - Das Sofa kam neun Tage nach dem genannten Termin
de + Günstiger als die Apotheke bei uns im Dorf
de - Zwei Straßen weiter zahlt man die Hälfte
de + Freundlicheres Personal als in den meisten Hotels
de - Die Bedienung war deutlich unfreundlicher als bei unserem ersten Besuch
de + Die Anmeldung ging leichter als befürchtet
de - Auf der neuen Seite findet man alles schwerer als auf der alten
de + Die Suppe war noch leckerer als die von meiner Mutter
de - Kleinere Portionen, als wir in Erinnerung hatten
de + Viel sauberer, als die Fotos vermuten ließen
de - Das Zimmer war schmutziger als jede Jugendherberge
de + Die Rückzahlung kam drei Tage früher als erwartet
de - Teurer denn je
de + Die beste Werkstatt, in der ich je war
fr + Le technicien est venu une heure plus tôt qu'annoncé
fr - Le canapé est arrivé neuf jours après la date donnée
fr + Moins cher que la pharmacie de notre village
fr - Deux rues plus loin, on paie la moitié
fr + Un personnel plus aimable que dans la plupart des hôtels
fr - Les serveurs étaient bien moins gentils que lors de notre première visite
fr + L'inscription était plus facile que je ne le craignais
fr - Sur le nouveau site, tout est plus dur à trouver que sur l'ancien
fr + La soupe était encore meilleure que celle de ma mère
fr - Des portions plus petites que dans notre souvenir
fr + Bien plus propre que les photos ne le laissaient penser
fr - La chambre était plus sale que n'importe quelle auberge
fr + Le remboursement est arrivé trois jours plus tôt que prévu
fr - Plus cher que jamais
fr + Le meilleur garage où je sois allé
es + El técnico vino una hora antes de lo anunciado
es - El sofá llegó nueve días después de la fecha que me dieron
es + Más barato que la farmacia de nuestro pueblo
es - Dos calles más allá se paga la mitad
es + Un personal más amable que en la mayoría de los hoteles
es - Los camareros fueron mucho menos simpáticos que en nuestra primera visita
es + Darse de alta fue más fácil de lo que temía
es - En la web nueva todo es más difícil de encontrar que en la vieja
es + La sopa estaba aún más rica que la de mi madre
es - Raciones más pequeñas de lo que recordábamos
es + Mucho más limpio de lo que parecía en las fotos
es - La habitación estaba más sucia que cualquier albergue
es + El reembolso llegó tres días antes de lo esperado
es - Más caro que nunca
es + El mejor taller en el que he estado
nb + Teknikeren kom en time før varslet tid
nb - Sofaen kom ni dager etter datoen jeg fikk oppgitt
nb + Billigere enn apoteket i bygda vår
nb - To gater unna betaler man halvparten
nb + Hyggeligere ansatte enn på de fleste hoteller
nb - Kelnerne var mye mindre vennlige enn på vårt første besøk
nb + Det var lettere å melde seg inn enn jeg fryktet
nb - På den nye nettsiden er alt vanskeligere å finne enn på den gamle
nb + Suppen var enda bedre enn den mor lager
nb - Mindre porsjoner enn vi husket
nb + Mye renere enn bildene tydet på
nb - Rommet var skitnere enn noe vandrerhjem
nb + Refusjonen kom tre dager tidligere enn ventet
nb - Dyrere enn noensinne
nb + Det beste verkstedet jeg har vært på
lv + Meistars ieradās stundu agrāk, nekā teica
lv - Dīvāns atnāca deviņas dienas pēc norādītā datuma
lv + Lētāk nekā mūsu ciema aptiekā
lv - Divas ielas tālāk par to pašu prasa pusi
lv + Laipnāki darbinieki nekā vairumā viesnīcu
lv - Viesmīļi bija daudz nelaipnāki nekā mūsu pirmajā reizē
lv + Pieteikties bija vieglāk, nekā baidījos
lv - Jaunajā vietnē visu ir grūtāk atrast nekā vecajā
lv + Zupa bija vēl garšīgāka nekā manai mammai
lv - Porcijas mazākas, nekā atcerējāmies
lv + Daudz tīrāks, nekā likās fotogrāfijās
lv - Istaba bija netīrāka par jebkuru hosteli
lv + Naudu atmaksāja trīs dienas agrāk, nekā gaidīju
lv - Dārgāk nekā jebkad
lv + Labākais serviss, kurā esmu bijis
"""


@pytest.mark.parametrize("name", FLOORS)
def test_plain_comparisons_are_read(name):
    rows = [line.split(" ", 2) for line in COMPARED.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=["language", "side", "text"])
    frame.insert(0, "comment_id", frame.index.astype(str))
    mentions = load_tagger(name).tag_frame(frame.drop(columns="side")).mentions
    judged = mentions[mentions["polarity"].isin(SIDES.values())]
    said = judged.groupby(judged["comment_id"].astype(str))["polarity"].agg(set)
    meant = frame["side"].map(SIDES).map(lambda side: {side})
    right = frame["comment_id"].map(said) == meant
    assert right.sum() >= FLOORS[name], frame["text"][~right].tolist()
