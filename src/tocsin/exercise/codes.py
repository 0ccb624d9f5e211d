"""The code book of an exercise whose scenario brings none: short agreed texts, so that both teams can send them.

Every centre logs the same book at the start, as a scenario's own; what a code says is then agreed by hash.
"""

from msgspec import structs

from tocsin.sim.parts import BookFile
from tocsin.sim.scenario import Scenario

BOOK = BookFile(
    word="ZENIT",
    text=(
        {"en": "We see {1} objects. How many do you see?",
         "ru": "Видим объектов: {1}. Сколько видите вы?",
         "fr": "Nous voyons {1} objets. Combien en voyez-vous ?"},
        {"en": "The launch that you see is ours, announced and harmless.",
         "ru": "Пуск, который вы видите, наш, объявлен и безопасен.",
         "fr": "Le lancement que vous voyez est le nôtre, annoncé et sans danger."},
        {"en": "We launched nothing. Look at your sensors.",
         "ru": "Мы ничего не запускали. Проверьте свои средства.",
         "fr": "Nous n'avons rien lancé. Vérifiez vos capteurs."},
        {"en": "Our sensors report a fault. Do not rely on our tracks until we say so.",
         "ru": "Наши средства сообщают об отказе. Не полагайтесь на наши трассы, пока не скажем.",
         "fr": "Nos capteurs signalent un défaut. Ne vous fiez pas à nos pistes avant avis contraire."},
        {"en": "Call us by voice within {1} minutes.",
         "ru": "Вызовите нас голосом в течение {1} минут.",
         "fr": "Appelez-nous de vive voix dans les {1} minutes."},
    ),
)  # fmt: skip


def with_codes(scenario: Scenario) -> Scenario:
    """The scenario, with the book above where it has none of its own."""
    return scenario if scenario.codebook else structs.replace(scenario, codebook=(BOOK,))
