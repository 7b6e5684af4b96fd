"""Invented names, as they are found in German towns: with every mark that a letter can carry."""

# Salutation and given names
GIVEN_NAMES = [
    ("MS", "Anneliese"), ("MR", "Bernd"), ("MS", "Chiara"), ("MR", "Dariusz"), ("MS", "Elif"),
    ("MR", "Frank-Walter"), ("MS", "Gülsüm"), ("MR", "Holger"), ("MS", "Ingrid"), ("MR", "Jürgen"),
    ("MS", "Katarzyna"), ("MR", "Levent"), ("MS", "Marie-Luise"), ("MR", "Niels"), ("MS", "Özlem"),
    ("MR", "Paweł"), ("MS", "Quirine"), ("MR", "Ruben"), ("MS", "Svenja"), ("MR", "Tjark"),
    ("MS", "Undine"), ("MR", "Volker"), ("MS", "Wencke"), ("MR", "Xaver"), ("MS", "Yasemin"),
    ("MR", "Zoran"), ("MS", "Ángela"), ("MR", "Björn"), ("MS", "Clémence"), ("MR", "Dušan"),
    ("", "Eden"), ("MR", "Fiete"), ("MS", "Gesa"), ("MR", "Hamid"), ("MS", "Iris"), ("MR", "Jakub"),
    ("MS", "Kirsten"), ("MR", "Lutz"), ("MS", "Mareike"), ("MR", "Nguyên"), ("MS", "Olena"),
    ("MR", "Per"), ("MS", "Roswitha"), ("MR", "Sönke"), ("MS", "Trúc Mai"), ("MR", "Ulf"),
    ("MS", "Valentina"), ("MR", "Wolfgang"), ("MS", "Zeynep"), ("MR", "Åke"), ("MS", "Beate"),
    ("MR", "Cem"), ("", "Robin"), ("MR", "Dieter"), ("MS", "Franziska"), ("MR", "Gerrit"),
    ("MS", "Heike"), ("MR", "Igor"), ("MS", "Janina"), ("MR", "Karl-Heinz"), ("MS", "Lioba"),
]  # fmt: skip

FAMILY_NAMES = [
    "Ackermann", "Brückner", "Çelik", "Dähnhardt", "Ehlers-Nowak", "Fröhlich", "Głowacki", "Hünerbein",
    "Ivanović", "Jansen", "Kästner", "Lütkehaus", "Möllers", "Nègre", "Öztürk", "Przybylski", "Quandt",
    "Röhrig", "Süß", "Tönnies", "Ünal", "Völker", "Wrzesniewski", "Yılmaz", "Zöllner", "Arslan", "Böttcher",
    "Czerny", "Drëws", "Eğilmez", "Fährmann", "Gößling", "Hübner", "Iskenderoğlu", "Jürgens", "Köhncke",
    "Łapiński", "Mühlhausen", "Nölke", "Obermüller", "Pfäffle", "Rübenach", "Schöneberg", "Thießen", "Uhlířová",
    "Väth", "Wünsche", "Zänker", "Bräutigam", "Cárdenas", "Dürkop", "Eßer", "Førde", "Grünewald", "Höfer",
    "Jäschke", "Kříž", "Lößnitz", "Märtens", "Nüßlein", "Özkan", "Pötzsch", "Rößner", "Šimić", "Trüper",
    "Vögele", "Weißenborn", "Zühlke", "Ćosić", "von der Heide", "zu Löwenfels", "van den Bergh",
]  # fmt: skip
