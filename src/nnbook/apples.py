"""Short sentences about one apple each: the fruit, or the company. Written for this book (CC BY 4.0).

In every sentence only the words around *apple* decide the sense. Of the held-out sentences, the second half
comes in pairs of the same words in another order: "the apple boss eats pie", "the boss eats apple pie".

There what decides stands beside *apple*. In the far sentences it stands 4 to 12 words away, and each has a twin that
shares with it all words, all pairs and all triples of neighbouring words.
"""

FRUIT, COMPANY = 0, 1
SENSES = ("fruit", "company")

TRAINING_FRUIT = """\
I am eating a red apple.
She likes to eat an apple.
He peels the ripe apple.
We pick an apple in autumn.
The apple is ripe and sweet.
The apple tastes sour.
Apple is a sweet fruit.
Apple grows on a tree.
I washed the green apple.
They cook apple with sugar.
A worm lives in the apple.
She likes eating apple and pear.
The apple fell from the tree.
He bites into the apple.
Apple and banana are fruit.
The juicy apple is red.
I like apple with honey.
We eat apple in winter.
The store sells apple pie.
The engineer eats apple cake.
Apple juice on the phone.
Apple jam on the laptop.
The manager owns the apple tree.
The office is behind the apple orchard.
The company buys apple cider.
The watch fell into the apple sauce.
The boss drinks apple juice.
Apple cake for the engineer.
The apple tree hides the store.
The apple pie is near the laptop.
"""

TRAINING_COMPANY = """\
Apple is a rich company.
Apple sells a new phone.
She works for Apple.
The boss of Apple is famous.
Apple built a new laptop.
He owns stock of Apple.
Apple pays an engineer well.
They sued Apple in court.
Apple opened a store.
He works at Apple.
The shares of Apple rose.
Apple hired a manager.
Apple makes software.
Apple and a rival are in court.
She likes the software of Apple.
We invest in Apple.
Apple is a famous firm.
The profit of Apple fell.
The Apple store sells pie.
The Apple engineer eats cake.
Juice on the Apple phone.
Jam on the Apple laptop.
The Apple manager owns the tree.
The Apple office is behind the orchard.
The Apple company buys cider.
The Apple watch fell into the sauce.
The Apple boss drinks juice.
Cake for the Apple engineer.
The tree hides the Apple store.
The pie is near the Apple laptop.
"""

HELD_OUT_FRUIT = """\
I like eating apple.
The apple is sweet.
She peels a green apple.
Apple grows in autumn.
He bites into the red apple.
They pick the ripe apple.
A worm in the apple.
We cook apple with honey.
The sour apple fell from the tree.
I eat apple and banana.
Apple is a fruit.
She washed an apple.
The company sells apple juice.
The boss eats apple pie.
Apple cake on the laptop.
Apple juice for the manager.
The engineer buys apple jam.
The store is behind the apple tree.
The phone fell into the apple juice.
The apple cider is near the office.
The manager drinks apple cider.
The apple orchard hides the office.
The watch is near the apple pie.
Apple sauce for the boss.
"""

HELD_OUT_COMPANY = """\
Apple is a company.
She works at Apple.
Apple sells software.
The shares of Apple fell.
Apple hired an engineer.
They invest in Apple.
Apple opened a new office.
She sued Apple.
The boss of Apple is rich.
Apple built a phone.
He owns shares of Apple.
Apple makes a famous laptop.
The Apple company sells juice.
The Apple boss eats pie.
Cake on the Apple laptop.
Juice for the Apple manager.
The Apple engineer buys jam.
The Apple store is behind the tree.
The Apple phone fell into the juice.
The cider is near the Apple office.
The Apple manager drinks cider.
The orchard hides the Apple office.
The Apple watch is near the pie.
Sauce for the Apple boss.
"""

FAR_FRAMES = (  # a word for the fruit and one for the company; the one that is not denied says which apple it is
    "Apple means not a good {no} these days but a good {yes} these days.",
    "Apple means a good {yes} these days and not a good {no} these days.",
    "Not a good {no} these days but a good {yes} these days is called apple.",
    "A good {yes} these days and not a good {no} these days is called apple.",
)
FAR_FRUIT = ("tree", "pie", "juice", "jam", "cake", "cider")
FAR_COMPANY = ("phone", "laptop", "store", "firm", "watch", "office")
FAR_TRAINING_STEPS, FAR_HELD_OUT_STEPS = (1, 3), (0,)  # from a word of the one sense to its partner of the other

PAIRS_FROM = 12  # held-out sentences of one sense that stand alone; from here on each has a twin of the other sense


def training() -> tuple[list[str], list[int]]:
    """Return 60 sentences and the sense of their apple: 0 the fruit, 1 the company.

    >>> sentences, senses = training()
    >>> sentences[0], senses[0], len(sentences)
    ('I am eating a red apple.', 0, 60)
    """
    return _with_senses(TRAINING_FRUIT, TRAINING_COMPANY)


def held_out() -> tuple[list[str], list[int]]:
    """Return 48 other sentences and senses: 24 with fruit, then 24 with the company.

    In each 24, the last 12 have a twin at the same place of the other 24: the same words in another order.

    >>> sentences, senses = held_out()
    >>> sentences[13], sentences[24 + 13]
    ('The boss eats apple pie.', 'The Apple boss eats pie.')
    """
    return _with_senses(HELD_OUT_FRUIT, HELD_OUT_COMPANY)


def far_training() -> tuple[list[str], list[int]]:
    """Return 96 sentences whose apple is decided from afar, and senses: 48 with fruit, their twins with the company.

    >>> sentences, senses = far_training()
    >>> sentences[0], sentences[48]  # doctest: +NORMALIZE_WHITESPACE
    ('Apple means not a good laptop these days but a good tree these days.',
     'Apple means not a good tree these days but a good laptop these days.')
    """
    return _far(FAR_TRAINING_STEPS)


def far_held_out() -> tuple[list[str], list[int]]:
    """Return 48 other far sentences and senses: 24 with fruit, then their twins with the company.

    The same frames and words, but each joins a fruit word and a company word that no far training sentence joins.

    >>> sentences, senses = far_held_out()
    >>> sentences[6], senses[6], sentences[24 + 6], senses[24 + 6]  # doctest: +NORMALIZE_WHITESPACE
    ('Apple means a good tree these days and not a good phone these days.', 0,
     'Apple means a good phone these days and not a good tree these days.', 1)
    """
    return _far(FAR_HELD_OUT_STEPS)


def _far(steps: tuple[int, ...]) -> tuple[list[str], list[int]]:
    words = [
        (fruit, FAR_COMPANY[(place + step) % len(FAR_COMPANY)])
        for step in steps
        for place, fruit in enumerate(FAR_FRUIT)
    ]
    fruit_sentences = [frame.format(yes=fruit, no=company) for frame in FAR_FRAMES for fruit, company in words]
    company_sentences = [frame.format(yes=company, no=fruit) for frame in FAR_FRAMES for fruit, company in words]
    return fruit_sentences + company_sentences, [FRUIT] * len(fruit_sentences) + [COMPANY] * len(company_sentences)


def _with_senses(fruit: str, company: str) -> tuple[list[str], list[int]]:
    fruit_sentences, company_sentences = fruit.splitlines(), company.splitlines()
    senses = [FRUIT] * len(fruit_sentences) + [COMPANY] * len(company_sentences)
    return fruit_sentences + company_sentences, senses
