"""The people of the demo: twelve students, a teacher, an assistant, an administrator; all invented."""

from hub_cli.demo.models import DemoPerson

AMINA = DemoPerson("amina", "Amina", "Benali")
LUCAS = DemoPerson("lucas", "Lucas", "Moreau")
FATOU = DemoPerson("fatou", "Fatou", "Diallo")
LINH = DemoPerson("linh", "Linh", "Nguyen")
MAELLE = DemoPerson("maelle", "Maëlle", "Le Goff")
MEHDI = DemoPerson("mehdi", "Mehdi", "Haddad")
SOFIA = DemoPerson("sofia", "Sofia", "Ferreira")
JEAN_BAPTISTE = DemoPerson("jean-baptiste", "Jean-Baptiste", "Hoarau")
CHLOE = DemoPerson("chloe", "Chloé", "Martin")
NOAM = DemoPerson("noam", "Noam", "Cohen")
ZOE = DemoPerson("zoe", "Zoé", "Kowalska")
PRIYA = DemoPerson("priya", "Priya", "Sivakumar")

KARIM = DemoPerson("karim", "Karim", "Mansouri")
INES = DemoPerson("ines", "Inès", "Delgado")
ADMINISTRATOR = DemoPerson("admin", "Camille", "Roussel")

STUDENTS = (AMINA, LUCAS, FATOU, LINH, MAELLE, MEHDI, SOFIA, JEAN_BAPTISTE, CHLOE, NOAM, ZOE, PRIYA)


def people() -> tuple[DemoPerson, ...]:
    """Everyone who can sign in to the demo, Amina first: she is the student of the story."""
    return (*STUDENTS, KARIM, INES, ADMINISTRATOR)
