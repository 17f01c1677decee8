"""English consent texts. The row of the clinical facts stands behind each line that rests on one."""

NOTICE = ""

AIM_HEADING = "Why you are here"
_ACNE = (
    "You have acne scars.",  # 1.04
    "The aim is to make them show less.",
)
_STRIAE = (
    "You have stretch marks.",  # 1.03
    "The aim is to fade them and to make your skin look and feel more even.",  # 1.03
)
AIMS = {
    "ACNE_MIXED": _ACNE,
    "ACNE_ROLLING": _ACNE,
    "ACNE_BOXCAR": _ACNE,
    "ACNE_ICEPICK": _ACNE,
    "SCAR_SURG_TRAUMA": (
        "You have a scar from surgery or from an accident.",  # 1.05
        "The aim is to make it show less.",
    ),
    "STRIAE_RUBRAE": _STRIAE,
    "STRIAE_ALBAE": _STRIAE,
    "FINE_LINES_TEXTURE": (
        "You have fine lines, or skin that feels rough or looks uneven.",  # 1.06
        "The aim is smoother skin with a more even tone.",
    ),
    "NECK_LINES": (
        "You have lines on your neck.",
        "The aim is to make them show less.",
    ),
}

BEFORE_RISKS = (
    (
        "What we do",
        (
            "First we talk about what you hope for.",  # 1.13, 1.14
            "We check that the treatment is right for you.",  # 1.31
            "We put on a numbing cream to make it easier for you.",  # 1.15
            "We put on a gel and move fine needles over your skin.",  # 1.16, 1.17
            "The needles make tiny wounds.",  # 1.02
            "As they heal, your skin makes new collagen.",  # 1.02
            "At the end we put on a healing cream.",  # 1.19
            "The treatment takes 15 to 60 minutes.",  # 1.20
            "One visit is not enough.",  # 1.48
            "Most people come 4 to 6 times, with 4 to 6 weeks between visits.",  # 1.22, 1.25
        ),
    ),
    (
        "What is normal",
        (
            "You may feel some discomfort, even with the cream.",  # 10.11
            "Your skin may be warm, red and a bit swollen, like mild sunburn.",  # 1.33, 6.1
            "On brown and black skin, redness may look purple, grey or darker, or be hard to see.",  # 6.3
            "You may see small spots of blood on the day.",  # 6.1
            "Your skin may feel sore, dry or itchy. It may flake.",  # 8 EXP_PAIN, EXP_DRY_FLAKE, EXP_ITCH
            "Small scabs or a bruise may show.",  # 1.32, 8 EXP_SCAB, EXP_BRUISE
            "For most people this takes 1 to 3 days.",  # 10.12
            "Scabs and bruises may take up to 10 days.",  # 8 EXP_SCAB, 10.12
        ),
    ),
)

RISKS_HEADING = "What can go wrong"
RISKS = (
    "Rarely, the skin gets infected, or you react to a product. A reaction can be severe.",  # 1.34
    "The numbing cream can make you unwell. Very rarely, this is serious.",  # AE_LAST, AE_METHB
    "Cold sores may come back.",  # AE_HSV
    "Spots or small white bumps may come.",  # AE_MILIA_ACNE
    "Dark patches may come and stay for weeks, months or years.",  # AE_PIH
    "This is more likely on brown and black skin.",  # 10.9
    "Pale patches may come.",  # AE_HYPOPIGMENT
    "You may get a new scar: raised, or in thin lines. It may stay.",  # AE_TRAM_TRACK, AE_HYPERTROPHIC_KELOID
    "You may get a rash, or lumps in the skin that last.",  # AE_CONTACT_DERM, AE_GRANULOMA
    "Your glands may feel sore for some days.",  # AE_LYMPH_NODE
    "You may faint.",  # AE_SYNCOPE
    "A nerve or an eye could be hurt.",  # AE_OCULAR, AE_NERVE
)
_STRIAE_PATCHES = ("In one study of stretch marks, about 2 in 10 people got dark patches.",)  # AE_PIH
MORE_RISKS = {"STRIAE_RUBRAE": _STRIAE_PATCHES, "STRIAE_ALBAE": _STRIAE_PATCHES}

RESULTS_HEADING = "What you can expect"
RESULTS = (
    "The result is not the same for everyone.",  # 1.44
    "Some people see little change.",  # 1.45
    "You may see a first change after a few visits.",  # 1.47
    "The best result comes after the last visit.",  # 1.47
    "Your skin may go on changing for months.",  # 6.1 After last session
)
_NO_CURE = ("No treatment takes stretch marks away for good.",)  # 1.46
MORE_RESULTS = {
    "ACNE_ICEPICK": ("Deep, narrow scars change less than other acne scars.",),  # 2.2 ACNE_ICEPICK
    "STRIAE_RUBRAE": _NO_CURE,
    "STRIAE_ALBAE": _NO_CURE,
}

AFTER_RESULTS = (
    (
        "What you do",
        (
            "Stay out of the sun and wear sunscreen as your sheet says.",  # 1.38, 6.1
            "Do not pick or scratch.",  # 1.41
            "Do not use harsh products on your skin.",  # 1.39
            "Follow the sheet that we give you after each visit.",  # 1.43
            "Tell us at once if you are or may be pregnant.",  # 1.28, 6.1 To next session
            "Tell us if you breastfeed, take a new medicine or have a skin infection.",  # 1.29, 6.1
        ),
    ),
    (
        "You decide",
        (
            "You can say no. You can stop at any time, even in the middle of a visit.",
            "You do not have to say why.",
            "Ask us all you want to know before you sign.",
        ),
    ),
)
