"""The patient's questions in Spanish, each beside the English it translates. Not reviewed by a clinician.

A question is shown in Spanish only while its English is the one translated here.
"""

QUESTIONS: dict[str, tuple[str, str]] = {
    "ACNE_ACTIVE": (
        "Do you have any spots, pus spots or cysts now where we plan to treat?",
        "¿Tiene ahora granos, granos con pus o quistes donde vamos a tratar?",
    ),
    "INFECTION_BACTERIAL": (
        "Is the skin in the area infected? Is it hot, crusted or weeping, or is there a boil?",
        "¿Está infectada la piel de la zona? ¿Está caliente, con costras, supura o hay un forúnculo?",
    ),
    "INFECTION_VIRAL_HSV": (
        "Do you have a cold sore, blisters or herpes now, on or near the area?",
        "¿Tiene ahora una calentura, ampollas o herpes en la zona o cerca?",
    ),
    "INFECTION_VIRAL_OTHER": (
        "Do you have any warts or water warts in the area?",
        "¿Tiene verrugas o moluscos en la zona?",
    ),
    "INFECTION_FUNGAL": (
        "Do you have ringworm, thrush or a rash like that in the area? "
        "Please check under the breasts, the groin and the thighs.",
        "¿Tiene tiña, cándidas o un sarpullido parecido en la zona? "
        "Mire bajo los pechos, en las ingles y en los muslos.",
    ),
    "KELOID_ACTIVE_AREA": (
        "Do you have a raised scar that grows (a keloid) in the area?",
        "¿Tiene en la zona una cicatriz abultada que crece (un queloide)?",
    ),
    "SKIN_CANCER_AREA": (
        "Do you have skin cancer or a spot that changes in the area?",
        "¿Tiene cáncer de piel o una mancha que cambia en la zona?",
    ),
    "ECZEMA_PSORIASIS_ACTIVE": (
        "Do you have eczema, psoriasis or a sore rash in the area now?",
        "¿Tiene ahora eccema, psoriasis o un sarpullido que duele en la zona?",
    ),
    "ROSACEA_ACTIVE": (
        "Is your rosacea worse now in the area?",
        "¿Está peor ahora su rosácea en la zona?",
    ),
    "OPEN_WOUND": (
        "Do you have a cut, sore, graze or raw skin in the area?",
        "¿Tiene un corte, una llaga, un rasguño o la piel en carne viva en la zona?",
    ),
    "SUNBURN": ("Do you have sunburn in the area?", "¿Tiene la zona quemada por el sol?"),
    "TAN_FAKE_TAN": (
        "Have you had a tan, a sunbed or fake tan in the last few weeks?",
        "¿Se ha bronceado, ha tomado rayos UVA o ha usado autobronceador en las últimas semanas?",
    ),
    "HSV_HISTORY": (
        "Have you ever had cold sores on or near the area?",
        "¿Ha tenido alguna vez calenturas en la zona o cerca?",
    ),
    "KOEBNER_HISTORY": (
        "Did new patches ever come up where your skin was hurt? "
        "Think of psoriasis, lichen planus or vitiligo.",
        "¿Le han salido alguna vez manchas nuevas donde se hirió la piel? "
        "Piense en psoriasis, liquen plano o vitíligo.",
    ),
    "PIH_HISTORY": (
        "Do dark marks stay for a long time after spots or scratches?",
        "¿Le quedan mucho tiempo marcas oscuras después de granos o arañazos?",
    ),
    "ACTINIC_KERATOSIS": (
        "Do you have rough patches from the sun in the area?",
        "¿Tiene en la zona manchas ásperas por el sol?",
    ),
    "MOLE_RAISED": (
        "Do you have moles or raised marks in the area?",
        "¿Tiene lunares o marcas abultadas en la zona?",
    ),
    "TATTOO_PMU": (
        "Do you have a tattoo or make-up that does not wash off in the area?",
        "¿Tiene en la zona un tatuaje o maquillaje permanente?",
    ),
    "NUMB_AREA": ("Is the area numb?", "¿Tiene la zona dormida, sin sensibilidad?"),
    "SCAR_AGE_YOUNG": (
        "Is the scar or stretch mark less than 6 months old?",
        "¿Tiene la cicatriz o la estría menos de 6 meses?",
    ),
    "PREGNANT": ("Are you pregnant, or could you be?", "¿Está embarazada o podría estarlo?"),
    "BREASTFEEDING": ("Do you breastfeed or pump breast milk?", "¿Da el pecho o se saca leche?"),
    "SYSTEMIC_ILLNESS": ("Do you feel ill or have a fever today?", "¿Se siente mal o tiene fiebre hoy?"),
    "KELOID_TENDENCY": (
        "Have you or close family had a keloid or a scar that is very raised?",
        "¿Usted o su familia cercana han tenido un queloide o una cicatriz muy abultada?",
    ),
    "BLEEDING_DISORDER": (
        "Do you have a disease that makes you bleed or clot, such as haemophilia?",
        "¿Tiene una enfermedad que le hace sangrar o formar coágulos, como la hemofilia?",
    ),
    "IMMUNOSUPPRESSED": (
        "Is your immune system weak, or do you take a drug that makes it weak?",
        "¿Tiene las defensas bajas o toma una medicina que las baja?",
    ),
    "DIABETES_UNCONTROLLED": ("Do you have diabetes?", "¿Tiene diabetes?"),
    "WOUND_HEALING": ("Do your wounds heal slowly or badly?", "¿Se le curan las heridas despacio o mal?"),
    "AUTOIMMUNE_COLLAGEN": (
        "Do you have lupus or scleroderma? Or do you have a disease that is like one of these?",
        "¿Tiene lupus o esclerodermia? ¿O una enfermedad parecida?",
    ),
    "CARDIAC": (
        "Do you have a heart disease, a pacemaker or a heart beat problem?",
        "¿Tiene una enfermedad del corazón, un marcapasos o un problema del ritmo del corazón?",
    ),
    "LIVER_DISEASE": ("Do you have liver disease?", "¿Tiene una enfermedad del hígado?"),
    "METHAEMOGLOBIN_G6PD": (
        "Do you lack G6PD? Have you had methaemoglobin in your blood? "
        "Do you take a sulfa drug, dapsone, a nitrate, phenytoin or a drug for malaria?",
        "¿Le falta la enzima G6PD? ¿Ha tenido metahemoglobina en la sangre? "
        "¿Toma una sulfamida, dapsona, un nitrato, fenitoína o una medicina para la malaria?",
    ),
    "PSEUDOCHOLINESTERASE_PABA": (
        "Do you have an enzyme problem with numbing drugs? Are you allergic to PABA or sulfa drugs?",
        "¿Tiene un problema de enzimas con los anestésicos? ¿Tiene alergia al PABA o a las sulfamidas?",
    ),
    "EPILEPSY": ("Do you have epilepsy or fits?", "¿Tiene epilepsia o convulsiones?"),
    "VASOVAGAL": (
        "Do you faint when you see needles or blood?",
        "¿Se desmaya al ver agujas o sangre?",
    ),
    "ISOTRETINOIN_CURRENT": (
        "Do you take the drug isotretinoin now? You may know it as Roaccutane or Accutane.",
        "¿Toma ahora isotretinoína? Quizá la conozca como Roacutan o Accutane.",
    ),
    "ISOTRETINOIN_RECENT": (
        "Did you take isotretinoin in the last 6 months?",
        "¿Ha tomado isotretinoína en los últimos 6 meses?",
    ),
    "ANTICOAGULANT": (
        "Do you take a drug that thins the blood? It may be warfarin, apixaban, clopidogrel or aspirin "
        "each day. Do not stop it.",
        "¿Toma una medicina que hace la sangre más líquida? Puede ser warfarina, apixabán, clopidogrel o "
        "aspirina a diario. No deje de tomarla.",
    ),
    "CHEMO_RADIO_STEROID": (
        "Do you have cancer drugs, X-ray treatment or high-dose steroids? "
        "Will you start soon, or did you just stop?",
        "¿Recibe medicinas contra el cáncer, radioterapia o corticoides en dosis altas? "
        "¿Va a empezar pronto o acaba de dejarlos?",
    ),
    "PHOTOSENSITISING_DRUG": (
        "Do you take a drug that makes you burn fast in the sun? One is doxycycline.",
        "¿Toma una medicina con la que se quema pronto al sol? Una es la doxiciclina.",
    ),
    "NSAID_USE": (
        "Did you take a pain drug in the last 3 days? Think of ibuprofen, naproxen or aspirin.",
        "¿Ha tomado una medicina para el dolor en los últimos 3 días? "
        "Piense en ibuprofeno, naproxeno o aspirina.",
    ),
    "RADIOTHERAPY_FIELD": (
        "Have you had X-ray treatment for cancer in the area?",
        "¿Ha recibido radioterapia por un cáncer en la zona?",
    ),
    "BOTOX_RECENT": (
        "Have you had Botox or a shot like it in the area?",
        "¿Le han puesto bótox o una inyección parecida en la zona?",
    ),
    "FILLER_RECENT": ("Have you had filler in the area?", "¿Le han puesto relleno en la zona?"),
    "PEEL_LASER_RECENT": (
        "Have you had a peel, laser, IPL or skin sanding in the area?",
        "¿Le han hecho un peeling, láser, luz pulsada o dermoabrasión en la zona?",
    ),
    "SURGERY_AREA_RECENT": (
        "Have you had surgery in the area in the last 12 months?",
        "¿Le han operado en la zona en los últimos 12 meses?",
    ),
    "HAIR_REMOVAL_RECENT": (
        "Have you waxed, plucked or used hair cream in the area?",
        "¿Se ha depilado la zona con cera, pinzas o crema?",
    ),
    "TOPICAL_RETINOID_ACID": (
        "Do you use a strong cream in the area? Think of retinol, tretinoin, acids or benzoyl peroxide.",
        "¿Usa una crema fuerte en la zona? Piense en retinol, tretinoína, ácidos o peróxido de benzoílo.",
    ),
    "ALLERGY_ANAESTHETIC": (
        "Are you allergic to numbing cream or to a shot that numbs?",
        "¿Tiene alergia a la crema anestésica o a una inyección que duerme la piel?",
    ),
    "ALLERGY_METAL": (
        "Are you allergic to metal, nickel or steel?",
        "¿Tiene alergia al metal, al níquel o al acero?",
    ),
    "ALLERGY_LATEX": ("Are you allergic to latex?", "¿Tiene alergia al látex?"),
    "ALLERGY_TOPICAL": (
        "Did your skin go red or sore from a gel, serum, plaster or a wash that kills germs?",
        "¿Se le ha irritado la piel con un gel, un sérum, una tirita o un desinfectante?",
    ),
}

# Labels of follow-ups and their options, by the English.
LABELS: dict[str, str] = {
    "Fever too": "También fiebre",
    "Sunburn": "Quemadura",
    "Last sun, sunbed or fake tan": "Último sol, rayos UVA o autobronceador",
    "Start of the scar or mark": "Comienzo de la cicatriz o estría",
    "Well controlled": "Bien controlada",
    "Disease": "Enfermedad",
    "Heart medicines": "Medicinas para el corazón",
    "Last dose": "Última dosis",
    "Medicine": "Medicina",
    "Since": "Desde",
    "Treatment": "Tratamiento",
    "Start": "Comienzo",
    "End": "Fin",
    "Last treatment": "Último tratamiento",
    "Injection": "Inyección",
    "Kind": "Tipo",
    "Operation": "Operación",
    "Hair removal": "Depilación",
    "Product": "Producto",
    "Last use": "Último uso",
    "Skin irritated or flaking": "Piel irritada o que se pela",
    "Numbing agent": "Anestésico",
    "Metal": "Metal",
    "Product or ingredient": "Producto o ingrediente",
    "No": "No",
    "Yes": "Sí",
    "Not sure": "No lo sé",
    "Scleroderma": "Esclerodermia",
    "Lupus": "Lupus",
    "Other": "Otra",
    "Now": "Ahora",
    "Planned": "Previsto",
    "Ended": "Terminado",
    "Light peel, IPL or non-ablative laser": "Peeling suave, luz pulsada o láser no ablativo",
    "Ablative fractional laser": "Láser fraccionado ablativo",
    "Deep peel or dermabrasion": "Peeling profundo o dermoabrasión",
    "Lidocaine": "Lidocaína",
    "Prilocaine": "Prilocaína",
    "Tetracaine": "Tetracaína",
    "Not sure or other": "No lo sé u otro",
    "Stainless steel": "Acero inoxidable",
    "Rash from nickel earrings": "Sarpullido con pendientes de níquel",
}
