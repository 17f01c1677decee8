"""Spanish consent texts, line by line as in the English ones."""

NOTICE = "Texto no revisado por un profesional sanitario de lengua materna española."

AIM_HEADING = "Por qué viene"
_ACNE = (
    "Usted tiene cicatrices de acné.",
    "Queremos que se vean menos.",
)
_STRIAE = (
    "Usted tiene estrías.",
    "Queremos que se noten menos y que la piel se vea y se sienta más lisa.",
)
AIMS = {
    "ACNE_MIXED": _ACNE,
    "ACNE_ROLLING": _ACNE,
    "ACNE_BOXCAR": _ACNE,
    "ACNE_ICEPICK": _ACNE,
    "SCAR_SURG_TRAUMA": (
        "Usted tiene una cicatriz de una operación o de un accidente.",
        "Queremos que se vea menos.",
    ),
    "STRIAE_RUBRAE": _STRIAE,
    "STRIAE_ALBAE": _STRIAE,
    "FINE_LINES_TEXTURE": (
        "Usted tiene líneas finas, o la piel áspera o de tono desigual.",
        "Queremos una piel más lisa y de tono más parejo.",
    ),
    "NECK_LINES": (
        "Usted tiene líneas en el cuello.",
        "Queremos que se vean menos.",
    ),
}

BEFORE_RISKS = (
    (
        "Qué hacemos",
        (
            "Primero hablamos de lo que usted espera.",
            "Vemos si este tratamiento es bueno para usted.",
            "Ponemos una crema que duerme la piel para que sea más fácil.",
            "Ponemos un gel y pasamos agujas finas por la piel.",
            "Las agujas hacen heridas muy pequeñas.",
            "Al curarse, la piel hace colágeno nuevo.",
            "Al final ponemos una crema que ayuda a curar.",
            "El tratamiento dura de 15 a 60 minutos.",
            "Una sola visita no basta.",
            "Casi todos vienen de 4 a 6 veces, con 4 a 6 semanas entre visitas.",
        ),
    ),
    (
        "Qué es normal",
        (
            "Puede sentir algo de molestia, aun con la crema.",
            "La piel puede estar caliente, roja y algo hinchada, como una quemadura de sol leve.",
            "En la piel morena y negra, lo rojo puede verse morado, gris o más oscuro, o no verse bien.",
            "Puede ver gotas pequeñas de sangre ese día.",
            "La piel puede doler, picar, estar seca o pelarse.",
            "Puede haber costras pequeñas o un moratón.",
            "En casi todos, esto dura de 1 a 3 días.",
            "Las costras y los moratones pueden durar hasta 10 días.",
        ),
    ),
)

RISKS_HEADING = "Qué puede salir mal"
RISKS = (
    "Rara vez la piel se infecta, o hay una alergia a un producto. La alergia puede ser grave.",
    "La crema que duerme la piel puede hacer que se sienta mal. Muy rara vez es grave.",
    "El herpes del labio puede volver.",
    "Pueden salir granos o bultos blancos pequeños.",
    "Pueden salir manchas oscuras y durar semanas, meses o años.",
    "Esto pasa más en la piel morena y negra.",
    "Pueden salir manchas claras.",
    "Puede salir una cicatriz nueva, alta o en líneas finas. Puede quedarse.",
    "Puede salir un sarpullido, o bultos en la piel que duran.",
    "Los ganglios pueden doler unos días.",
    "Puede desmayarse.",
    "Se puede dañar un nervio o un ojo.",
)
_STRIAE_PATCHES = ("En un estudio de estrías, a unas 2 de cada 10 personas les salieron manchas oscuras.",)
MORE_RISKS = {"STRIAE_RUBRAE": _STRIAE_PATCHES, "STRIAE_ALBAE": _STRIAE_PATCHES}

RESULTS_HEADING = "Qué puede esperar"
RESULTS = (
    "El resultado no es igual para todos.",
    "Algunas personas ven poco cambio.",
    "Puede ver un primer cambio después de unas pocas visitas.",
    "El mejor resultado llega después de la última visita.",
    "La piel puede seguir cambiando durante meses.",
)
_NO_CURE = ("Ningún tratamiento quita las estrías del todo.",)
MORE_RESULTS = {
    "ACNE_ICEPICK": ("Las cicatrices hondas y estrechas cambian menos que las otras.",),
    "STRIAE_RUBRAE": _NO_CURE,
    "STRIAE_ALBAE": _NO_CURE,
}

AFTER_RESULTS = (
    (
        "Qué hace usted",
        (
            "No tome el sol y use protector solar como dice su hoja.",
            "No se toque ni se rasque las costras.",
            "No use productos fuertes en la piel.",
            "Siga la hoja que le damos después de cada visita.",
            "Díganos enseguida si está o puede estar embarazada.",
            "Díganos si da el pecho, toma una medicina nueva o tiene la piel infectada.",
        ),
    ),
    (
        "Usted decide",
        (
            "Puede decir que no. Puede parar cuando quiera, también en medio de una visita.",
            "No tiene que decir por qué.",
            "Pregunte todo lo que quiera antes de firmar.",
        ),
    ),
)
