"""The patient's questions in Arabic, by code and English label: a test language, reviewed by nobody.

It proves pages from right to left; it is not for patients. A question is shown in Arabic only while its
English is the one that the Spanish translates.
"""

QUESTIONS: dict[str, str] = {
    "ACNE_ACTIVE": "هل توجد الآن حبوب أو حبوب بقيح أو أكياس حيث ننوي العلاج؟",
    "INFECTION_BACTERIAL": "هل في جلد المنطقة التهاب؟ هل هو حار أو عليه قشرة أو يرشح أو فيه دمل؟",
    "INFECTION_VIRAL_HSV": "هل توجد الآن قرحة برد أو بثور أو هربس في المنطقة أو قربها؟",
    "INFECTION_VIRAL_OTHER": "هل توجد ثآليل أو مليساء في المنطقة؟",
    "INFECTION_FUNGAL": (
        "هل توجد سعفة أو فطريات أو طفح يشبهها في المنطقة؟ نرجو النظر تحت الثديين وفي أعلى الفخذين وعليهما."
    ),
    "KELOID_ACTIVE_AREA": "هل توجد في المنطقة ندبة بارزة تكبر (جدرة)؟",
    "SKIN_CANCER_AREA": "هل يوجد في المنطقة سرطان جلد أو بقعة تتغير؟",
    "ECZEMA_PSORIASIS_ACTIVE": "هل توجد الآن إكزيما أو صدفية أو طفح مؤلم في المنطقة؟",
    "ROSACEA_ACTIVE": "هل العد الوردي أسوأ الآن في المنطقة؟",
    "OPEN_WOUND": "هل يوجد في المنطقة جرح أو قرحة أو خدش أو جلد مكشوط؟",
    "SUNBURN": "هل في المنطقة حرق شمس؟",
    "TAN_FAKE_TAN": "هل كان هناك تسمير أو سرير تسمير أو كريم تسمير في الأسابيع الأخيرة؟",
    "HSV_HISTORY": "هل ظهرت من قبل قرحة برد في المنطقة أو قربها؟",
    "KOEBNER_HISTORY": "هل ظهرت من قبل بقع جديدة حيث جرح الجلد؟ مثل الصدفية أو الحزاز المسطح أو البهاق.",
    "PIH_HISTORY": "هل تبقى آثار داكنة وقتا طويلا بعد الحبوب أو الخدوش؟",
    "ACTINIC_KERATOSIS": "هل توجد بقع خشنة من الشمس في المنطقة؟",
    "MOLE_RAISED": "هل توجد شامات أو علامات بارزة في المنطقة؟",
    "TATTOO_PMU": "هل يوجد وشم أو مكياج دائم في المنطقة؟",
    "NUMB_AREA": "هل المنطقة بلا إحساس؟",
    "SCAR_AGE_YOUNG": "هل عمر الندبة أو علامة التمدد أقل من 6 أشهر؟",
    "PREGNANT": "هل يوجد حمل، أو هل هو ممكن؟",
    "BREASTFEEDING": "هل توجد رضاعة طبيعية أو شفط لحليب الثدي؟",
    "SYSTEMIC_ILLNESS": "هل يوجد شعور بالمرض أو حمى اليوم؟",
    "KELOID_TENDENCY": "هل ظهرت جدرة أو ندبة بارزة جدا، في جسمك أو عند أحد من عائلتك القريبة؟",
    "BLEEDING_DISORDER": "هل يوجد مرض يسبب النزف أو الجلطات، مثل الهيموفيليا؟",
    "IMMUNOSUPPRESSED": "هل المناعة ضعيفة، أو هل يستعمل دواء يضعفها؟",
    "DIABETES_UNCONTROLLED": "هل يوجد مرض السكري؟",
    "WOUND_HEALING": "هل تلتئم الجروح ببطء أو بشكل سيئ؟",
    "AUTOIMMUNE_COLLAGEN": "هل يوجد ذئبة أو تصلب الجلد؟ أو مرض يشبه أحدهما؟",
    "CARDIAC": "هل يوجد مرض في القلب أو منظم لضربات القلب أو مشكلة في النبض؟",
    "LIVER_DISEASE": "هل يوجد مرض في الكبد؟",
    "METHAEMOGLOBIN_G6PD": (
        "هل يوجد نقص في إنزيم G6PD؟ هل وجد ميتهيموغلوبين في الدم؟ هل يستعمل دواء سلفا أو دابسون "
        "أو نترات أو فينيتوين أو دواء للملاريا؟"
    ),
    "PSEUDOCHOLINESTERASE_PABA": (
        "هل توجد مشكلة إنزيم مع أدوية التخدير؟ هل توجد حساسية من PABA أو أدوية السلفا؟"
    ),
    "EPILEPSY": "هل يوجد صرع أو تشنجات؟",
    "VASOVAGAL": "هل يحدث إغماء عند رؤية الإبر أو الدم؟",
    "ISOTRETINOIN_CURRENT": "هل يستعمل الآن دواء إيزوتريتينوين؟ من أسمائه روأكوتان وأكوتان.",
    "ISOTRETINOIN_RECENT": "هل استعمل إيزوتريتينوين في آخر 6 أشهر؟",
    "ANTICOAGULANT": (
        "هل يستعمل دواء يميع الدم؟ قد يكون وارفارين أو أبيكسابان أو كلوبيدوغريل أو أسبرين كل يوم. "
        "لا يوقف هذا الدواء."
    ),
    "CHEMO_RADIO_STEROID": (
        "هل توجد أدوية للسرطان أو علاج بالأشعة أو كورتيزون بجرعة عالية؟ هل يبدأ ذلك قريبا أو انتهى للتو؟"
    ),
    "PHOTOSENSITISING_DRUG": "هل يستعمل دواء يجعل الجلد يحترق بسرعة في الشمس؟ منها دوكسيسيكلين.",
    "NSAID_USE": "هل استعمل دواء للألم في آخر 3 أيام؟ مثل إيبوبروفين أو نابروكسين أو أسبرين.",
    "RADIOTHERAPY_FIELD": "هل كان هناك علاج بالأشعة للسرطان في المنطقة؟",
    "BOTOX_RECENT": "هل كان هناك بوتوكس أو حقنة تشبهه في المنطقة؟",
    "FILLER_RECENT": "هل كان هناك فيلر في المنطقة؟",
    "PEEL_LASER_RECENT": "هل كان هناك تقشير أو ليزر أو ضوء نابض أو صنفرة في المنطقة؟",
    "SURGERY_AREA_RECENT": "هل كانت هناك عملية في المنطقة في آخر 12 شهرا؟",
    "HAIR_REMOVAL_RECENT": "هل أزيل الشعر من المنطقة بالشمع أو بالملقط أو بالكريم؟",
    "TOPICAL_RETINOID_ACID": (
        "هل يستعمل كريم قوي في المنطقة؟ مثل ريتينول أو تريتينوين أو أحماض أو بنزويل بيروكسيد."
    ),
    "ALLERGY_ANAESTHETIC": "هل توجد حساسية من كريم التخدير أو من حقنة التخدير؟",
    "ALLERGY_METAL": "هل توجد حساسية من المعدن أو النيكل أو الفولاذ؟",
    "ALLERGY_LATEX": "هل توجد حساسية من اللاتكس؟",
    "ALLERGY_TOPICAL": "هل احمر الجلد أو تألم من جل أو سيروم أو لاصق أو غسول يقتل الجراثيم؟",
}

# Labels of follow-ups and their options, by the English.
LABELS: dict[str, str] = {
    "Fever too": "حمى أيضا",
    "Sunburn": "حرق شمس",
    "Last sun, sunbed or fake tan": "آخر شمس أو سرير تسمير أو كريم تسمير",
    "Start of the scar or mark": "بداية الندبة أو العلامة",
    "Well controlled": "مضبوط جيدا",
    "Disease": "المرض",
    "Heart medicines": "أدوية القلب",
    "Last dose": "آخر جرعة",
    "Medicine": "الدواء",
    "Since": "منذ",
    "Treatment": "العلاج",
    "Start": "البداية",
    "End": "النهاية",
    "Last treatment": "آخر علاج",
    "Injection": "الحقنة",
    "Kind": "النوع",
    "Operation": "العملية",
    "Hair removal": "إزالة الشعر",
    "Product": "المنتج",
    "Last use": "آخر استعمال",
    "Skin irritated or flaking": "جلد متهيج أو يتقشر",
    "Numbing agent": "مادة التخدير",
    "Metal": "المعدن",
    "Product or ingredient": "المنتج أو المادة",
    "No": "لا",
    "Yes": "نعم",
    "Not sure": "لا أعرف",
    "Scleroderma": "تصلب الجلد",
    "Lupus": "ذئبة",
    "Other": "آخر",
    "Now": "الآن",
    "Planned": "مخطط",
    "Ended": "انتهى",
    "Light peel, IPL or non-ablative laser": "تقشير خفيف أو ضوء نابض أو ليزر غير استئصالي",
    "Ablative fractional laser": "ليزر جزئي استئصالي",
    "Deep peel or dermabrasion": "تقشير عميق أو صنفرة",
    "Lidocaine": "ليدوكائين",
    "Prilocaine": "بريلوكائين",
    "Tetracaine": "تتراكائين",
    "Not sure or other": "لا أعرف أو آخر",
    "Stainless steel": "فولاذ لا يصدأ",
    "Rash from nickel earrings": "طفح من أقراط النيكل",
}
