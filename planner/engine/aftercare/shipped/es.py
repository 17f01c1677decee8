"""Textos en español (mismas filas que en.py). Not reviewed by a native clinician."""

from typing import Final

NAME: Final = "Español"
REVIEWED_BY_NATIVE_CLINICIAN: Final = False
WEEKDAYS: Final = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
MONTHS: Final = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic")

LABELS: Final = (
    ("date.day", "{weekday} {day} {month}", ""),
    ("date.day_only", "{weekday} {day}", ""),
    ("date.day_year", "{weekday} {day} {month} {year}", ""),
    ("date.moment", "{day}, {time}", ""),
    ("date.range", "{first} a {last}", ""),
    ("time.range", "{first} a {last}", ""),
    ("duration.hour", "{n} hora", ""),
    ("duration.hours", "{n} horas", ""),
    ("duration.minutes", "{n} min", ""),
    ("duration.both", "{hours} y {minutes}", ""),
    ("gap.days", "{n} d", ""),
    ("gap.weeks", "{n} sem", ""),
    ("gap.both", "{weeks} sem {days} d", ""),
    ("sheet.title", "Su piel tras las microagujas", ""),
    ("sheet.visit", "Visita {n} de {m}", ""),
    ("sheet.treated", "Zona tratada: {areas}", ""),
    ("sheet.used", "Usado hoy: {products}", ""),
    ("sheet.when", "Cuándo", ""),
    ("sheet.normal", "Qué es normal", ""),
    ("sheet.todo", "Qué hacer", ""),
    ("sheet.do", "Haga", ""),
    ("sheet.do_not", "No haga", ""),
    ("sheet.note", "Nota de {practitioner}:", ""),
    ("when.until", "hasta {moment}", ""),
    ("when.day", "día {n}", ""),
    ("when.days", "días {first} a {last}", ""),
    ("when.from", "Desde {day}", ""),
    ("footer.approved", "Texto versión {version}, {language}, aprobado {on} por {by}", ""),
    ("footer.draft", "Texto versión {version}, {language}, borrador: sin aprobar", ""),
    ("footer.reference", "{record} · V{n}", ""),
)

SHEET: Final = (
    (
        "normal.first_day.white",
        "Está roja, caliente y tirante, como una quemadura leve de sol. Algo hinchada, con puntos de sangre.",
        "6.1 0-4 h; 6.1 Day 0; 6.3 FST I-III",
    ),
    (
        "normal.first_day.brown",
        "Está caliente y tirante, y algo hinchada. Hay puntos de sangre.",
        "6.1 0-4 h; 6.1 Day 0; 6.3 FST IV-VI",
    ),
    (
        "normal.brown",
        "En la piel morena y negra, la rojez puede verse morada, gris o más oscura, o casi no verse.",
        "6.3 FST IV-VI",
    ),
    ("normal.day_1.shallow.white", "Ya casi no está roja. Está seca.", "6.1 Day 1; 6.3 Depth <= 0.5 mm"),
    ("normal.day_1.medium.white", "Menos roja. Está seca.", "6.1 Day 1; 6.3 Depth 0.8-1.5 mm"),
    ("normal.day_1.deep.white", "Aún roja y seca. Puede salir un morado.", "6.1 Day 1; 6.3 Depth >= 2 mm"),
    ("normal.day_1.shallow.brown", "Menos caliente y tirante. Está seca.", "6.1 Day 1; 6.3 FST IV-VI"),
    ("normal.day_1.medium.brown", "Menos caliente y tirante. Está seca.", "6.1 Day 1; 6.3 FST IV-VI"),
    (
        "normal.day_1.deep.brown",
        "Aún caliente y seca. Puede salir un morado.",
        "6.1 Day 1; 6.3 Depth >= 2 mm; 6.3 FST IV-VI",
    ),
    ("normal.days_2_3", "Puede picar y pelarse un poco.", "6.1 Days 2-3"),
    (
        "normal.days_2_3.deep",
        "Puede picar, pelarse un poco y aún doler.",
        "6.1 Days 2-3; 6.3 Depth >= 2 mm",
    ),
    ("normal.days_4", "Se pela. Hay costras finas.", "6.1 Days 4-7"),
    (
        "normal.days_4.deep",
        "Se pela. Hay costras finas. Un morado se va poco a poco.",
        "6.1 Days 4-7; 6.3 Depth >= 2 mm",
    ),
    ("normal.week_2", "La piel ya se ve calmada.", "6.1 Week 2"),
    ("normal.after", "Cambia poco a poco, en semanas.", "6.1 To next session"),
    (
        "normal.after.last",
        "Cambia poco a poco, durante meses. El resultado no es igual en todas las personas.",
        "6.1 After last session; 1.44",
    ),
    ("todo.touch", "No la toque hasta {until}.", "6.1 0-4 h"),
    ("todo.clinic_only", "Deje solo lo que le pusimos.", "6.1 0-4 h; 6.1 Day 0"),
    ("todo.wash", "Lave con agua tibia y seque sin frotar.", "6.1 Day 1; 6.2 Washing"),
    ("todo.moisturise", "Crema suave 3 o 4 veces al día.", "6.1 Day 1"),
    ("todo.spf_start", "SPF {spf} desde {start}.", "6.2 Sun; 10.13"),
    ("todo.same_care", "Los mismos cuidados.", "6.1 Days 2-3"),
    (
        "todo.make_up_clean",
        "Maquillaje mineral con brochas limpias, si la piel está cerrada.",
        "6.1 Days 2-3",
    ),
    (
        "todo.resume",
        "Crema suave y SPF {spf} cada día. Gimnasio y piscina, si la piel está lisa.",
        "6.1 Days 4-7; 6.2 Exercise",
    ),
    (
        "todo.week_2",
        "SPF {spf} cada día. Sus cremas de siempre, si no se pela.",
        "6.1 Week 2; 6.2 Retinoids, AHA/BHA, benzoyl peroxide",
    ),
    ("todo.after", "Cuidado con el sol. No use agujas en casa.", "6.1 To next session"),
    ("do.hands", "Tóquela solo con las manos limpias", "6.1 0-4 h"),
    ("do.listed_products", "Use solo lo que le dijimos que va bien", "6.2 Serums"),
    ("do.sun.face", "Sombra y gorro hasta {moment}", "6.2 Sun; 6.1 Day 0"),
    ("do.sun.body", "Tápela del sol hasta {moment}", "6.2 Sun; 6.3 Trunk/limbs"),
    ("do.sun.both", "Sombra, gorro y ropa hasta {moment}", "6.2 Sun; 6.3 Trunk/limbs"),
    ("do.pillow", "Duerma con una funda de almohada limpia", "6.2 Bedding/clothes"),
    ("do.cotton", "Ropa suelta de algodón. Ducha tibia", "6.3 Trunk/limbs; 6.2 Washing"),
    ("do.cotton.breast", "Sostén suave y ropa suelta. Ducha tibia", "6.3 Breast; 6.2 Washing"),
    ("do.cool", "Si nota calor: algo frío en un paño limpio", "6.1 0-4 h; 6.2 Cold pack"),
    (
        "do.cool.swollen",
        "Salió con la piel hinchada: algo frío en un paño limpio alivia",
        "6.1 0-4 h; 6.2 Cold pack; 5 immediate reaction",
    ),
    ("do.blood", "Seque la sangre con una gasa limpia", "6.2 Bleeding spots"),
    ("do.drink", "Beba como siempre", "6.2 Hydration"),
    ("do.pain", "Si le duele: paracetamol. No deje lo que le dio su médico", "6.2 Pain relief"),
    (
        "do_not.first_day.face",
        "Maquillaje, crema para el sol, alcohol, baño caliente: no hasta {moment}",
        "6.2 Make-up; 6.1 Day 0; 10.13",
    ),
    (
        "do_not.first_day.body",
        "Crema para el sol, alcohol, baño caliente: no hasta {moment}",
        "6.1 Day 0; 10.13",
    ),
    (
        "do_not.heat",
        "Gimnasio, sauna, piscina, mar, afeitar: no hasta {moment}, con la piel lisa",
        "6.2 Exercise; 6.2 Sauna, steam, hot tub, pool, sea; 6.2 Shaving",
    ),
    ("do_not.nipple", "Crema cerca del pezón", "6.3 Breast"),
    ("do_not.tight.breast", "Sostén que apriete: no hasta {moment}", "6.3 Breast; 6.3 Trunk/limbs"),
    ("do_not.tight.abdomen", "Cinturón que apriete, ejercicio de tripa: no hasta {moment}", "6.3 Abdomen"),
    ("do_not.tight.hips_thighs", "Andar mucho, bici, ropa que apriete: no hasta {moment}", "6.3 Hips/thighs"),
    ("do_not.tight.trunk_limbs", "Ropa que apriete o roce: no hasta {moment}", "6.3 Trunk/limbs"),
    (
        "do_not.anti_inflammatory",
        "Ibuprofeno, si no es de receta: no hasta {day}",
        "6.2 Pain relief; 10.15",
    ),
    (
        "do_not.actives",
        "Retinol, ácidos, peróxido de benzoilo, vitamina C, exfoliante: no hasta {day}, y no si se pela",
        "6.2 Retinoids, AHA/BHA, benzoyl peroxide; 6.2 Vitamin C",
    ),
    (
        "do_not.week_2",
        "Rayos UVA, cera, peeling, láser, relleno, toxina: no hasta {day}",
        "6.1 Week 2; 6.2 Shaving",
    ),
    ("do_not.pick", "Rascar o quitar costras: puede dejar marca", "6.2 Picking"),
    ("call.heading", "Llame el mismo día al {phone} si", "6.4 Same day"),
    (
        "call.worse.white",
        "está más caliente, roja o le duele más después de {day}",
        "6.4 Same day; 6.1 Days 2-3",
    ),
    (
        "call.worse.brown",
        "está más caliente, oscura o le duele más después de {day}",
        "6.4 Same day; 6.3 FST IV-VI",
    ),
    ("call.spreads.white", "la rojez se extiende", "6.4 Same day"),
    ("call.spreads.brown", "la zona caliente y con dolor crece", "6.4 Same day; 6.3 FST IV-VI"),
    ("call.pus", "ve pus", "6.4 Same day"),
    ("call.fever", "le da fiebre o tiene escalofríos", "6.4 Same day"),
    ("call.blisters", "le sale un herpes o ampollas que duelen", "6.4 Same day, blisters"),
    ("call.bleeding", "aún sangra tras apretar fuerte 10 min", "6.4 Same day, bleeding"),
    ("call.swelling", "se hincha mucho", "6.4 Same day, bleeding"),
    (
        "call.soon",
        "Llame en 1 o 2 días: granos o bultos que pican, o piel aún muy roja después de {day}.",
        "6.4 1-2 days",
    ),
    (
        "call.soon.brown",
        "Llame en 1 o 2 días: granos o bultos que pican, o piel aún caliente o con dolor después de {day}.",
        "6.4 1-2 days; 6.3 FST IV-VI",
    ),
    (
        "call.patches",
        "Avise, a más tardar en su próxima visita: manchas oscuras o claras, líneas, una marca con relieve.",
        "6.4 Next visit or call",
    ),
    (
        "call.patches.brown",
        "Avise pronto: manchas oscuras o claras, líneas, una marca con relieve. En la piel morena"
        " y negra salen más manchas oscuras.",
        "6.4 Next visit or call; 6.3 FST IV-VI; 10.9",
    ),
    ("call.eye", "¿Le duele un ojo o ve peor? Vaya ya a urgencias de ojos.", "6.4 Same day, eye"),
    (
        "call.emergency",
        "¿Le cuesta respirar, se le hincha la cara, los labios o la lengua, se desmaya o "
        "convulsiona? Llame ya al "
        "{number}.",
        "6.4 Emergency",
    ),
    (
        "call.emergency.numbing",
        "¿Le cuesta respirar, se le hincha la cara, los labios o la lengua, se desmaya o "
        "convulsiona? ¿Labios azules "
        "o grises, o el pulso rápido o raro tras la crema anestésica? Llame ya al {number}.",
        "6.4 Emergency; 4.3",
    ),
    ("next.heading", "Su próxima visita: {moment}", ""),
    ("next.review_heading", "Su revisión: {moment}", ""),
    ("next.with", "Con {practitioner}, {room}. Calcule {duration}.", ""),
    (
        "next.stop",
        "Deje el retinol y las cremas con ácidos el {day}.",
        "6.2 Retinoids, AHA/BHA, benzoyl peroxide",
    ),
    (
        "next.tell",
        "Llame antes si cree que puede estar embarazada, si tiene una infección o si le dan un "
        "fármaco nuevo.",
        "6.1 To next session",
    ),
    ("next.none_heading", "Aún no tiene fecha para su próxima visita", ""),
    ("next.call", "Llame al {phone} para pedirla.", ""),
    ("next.last_heading", "Su revisión: desde {day}", "6.5 >= 90 d after last"),
    (
        "next.last_why",
        "Esta fue la última visita de su plan. En la revisión vemos con usted cómo quedó.",
        "6.5 >= 90 d after last",
    ),
)

ITINERARY: Final = (
    ("plan.title", "Sus {n} visitas", ""),
    ("plan.title_one", "Su visita", ""),
    ("plan.span", "{first} a {last}", ""),
    (
        "plan.caption",
        "Las franjas grises son los mejores días para cada visita: de {min} a {max} después de la"
        " anterior. Su piel "
        "necesita ese tiempo para sanar.",
        "2.1 Spacing",
    ),
    ("plan.axis_visit", "Visita {n}: {day}.", ""),
    ("plan.axis_gap", "Luego {gap}.", ""),
    ("plan.visit", "Visita", ""),
    ("plan.date", "Fecha", ""),
    ("plan.time", "Hora", ""),
    ("plan.with", "Con", ""),
    ("plan.stop", "Deje retinol y ácidos", "6.2 Retinoids, AHA/BHA, benzoyl peroxide"),
    ("plan.came", "Vino", ""),
    ("plan.before", "Antes de cada visita", ""),
    ("before.clean", "Venga con la piel limpia y sin maquillaje", "5 photos"),
    ("before.tan", "Nada de rayos UVA ni tomar el sol {n} días antes", "3.3 TAN_FAKE_TAN"),
    ("before.wax", "Ni cera ni crema para el vello {n} días antes", "3.3 HAIR_REMOVAL_RECENT"),
    ("before.numbing", "No use su propia crema anestésica", "4.2 Patient brought or applied own cream"),
    ("before.medicine", "No deje lo que le dio su médico", "3.2 ANTICOAGULANT; 6.2 Pain relief"),
    ("plan.tell", "Avise antes de salir de casa si", ""),
    ("tell.pregnant", "está o puede estar embarazada, o da el pecho", "3.1 PREGNANT; 3.1 BREASTFEEDING"),
    (
        "tell.skin",
        "tiene granos, un herpes, un sarpullido o una herida",
        "3.1 ACNE_ACTIVE; 3.1 INFECTION_VIRAL_HSV; 3.3 OPEN_WOUND",
    ),
    ("tell.unwell", "se siente mal o tiene fiebre", "3.2 SYSTEMIC_ILLNESS"),
    ("tell.burnt", "se quemó al sol", "3.3 SUNBURN"),
    ("tell.medicine", "toma un fármaco nuevo", "6.1 To next session"),
    (
        "tell.filler",
        "le pusieron relleno o toxina, o le hicieron un peeling o láser",
        "3.3 FILLER_RECENT; 3.3 BOTOX_RECENT; 3.3 PEEL_LASER_RECENT",
    ),
    ("plan.change", "¿Necesita otra fecha?", ""),
    (
        "change.call",
        "Llame al {phone}. Si una visita cambia, vemos los plazos y le damos fechas nuevas para las otras.",
        "",
    ),
    ("change.length", "Cada visita dura hasta {duration}.", ""),
    (
        "change.length_numbing",
        "Cada visita dura hasta {duration}, con {numbing} para la crema anestésica.",
        "",
    ),
    ("plan.footer", "Impreso el {on}. Pregunte por las últimas fechas.", ""),
)
