//! English.

use rust_stemmers::Algorithm;

use super::{Data, Demand, Figures};

pub(super) const DATA: Data = Data {
    algorithm: Algorithm::English,
    stop: "a about after again all am an and any are as at be because been before being both but \
           by can cannot could did do does doing don doesn didn couldn wouldn shouldn aren haven hasn hadn weren mustn down during each else ever few for from had \
           has have having he her here hers him his how i if in into is isn it its itself just let ll \
           many long often me more most much must my no nor not now of off on once only or other our ours out \
           over per re s shall she should so some such t than that the their theirs them then \
           there these they this those through to too under until up upon us ve very was wasn we \
           were what when where whether which while who whom whose why will with won within \
           would yes you your yours d m um uh er erm hmm oh well please hi hello hey okay ok",
    common: "able accept actual actually advance afternoon ago allow allowed alone already also always \
             another anybody anyone anything anyway apply around ask available away back bad \
             basically become begin behind believe besides best better between big bit bring busy \
             call came care case certain certainly chance check choose come concern consider \
             correct couple currently day deal different double drop early easy either end enough \
             even evening every everybody everyone everything exact exactly example exist expect \
             explain fact far feel figure fill find fine first follow fond forget full \
             further gave general generally get getting give given go goes going gone gonna good \
             got great group guess guy guys half handle happen happens hard hear heard help hold \
             hope idea imagine important include information inquire instead interested involve \
             involved issue keep kind know known last late lately later latest least leave less \
             life like likely line little longer look looking lot love made main make making \
             man many matter may maybe mean means meant meet mention middle might mind minute \
             mine mistake moment morning move moving myself name near need needed needs never new \
             next nice nobody none normal normally nothing number obviously offer offers often \
             old one ones open option order own owner part particular past people perhaps \
             person place plan plus point possible possibly prefer pretty probably problem proper \
             properly provide purpose put question quick quickly quite rather reach ready real \
             really reason receive regarding regular require required responsible rest right run \
             said same saw say see seem seems send ship serious service set several show side simple \
             simply since sir situation small somebody somehow someone something sometimes soon \
             sorry sort sound speak special specific start stay step still stop story stuff suggest \
             support supposed sure take taken taking talk tell thank thanks thing things think \
             though thought today together told tomorrow tonight took top total totally towards \
             tried trouble true try trying turn twice type understand unfortunately use used \
             useful using usual usually various want wanted wants watch way week whatever \
             whole wish without wonder wondering word work worked working world worried worry \
             worth wrong yeah year years yesterday yet do're having kinds sorts types business \
             company guys folks customer submit agree accept ahead advance admit advise afford announce appear approach arrange assist \
             assume attend avoid aware belong borrow calm catch cause commit compare complete confirm \
             confuse connect continue contribute convince count create curious decide demand depend describe \
             deserve determine develop discover discuss dream due eager eat encourage enjoy ensure enter except \
             face fail fair familiar fit focus force form glad grow guide hate honest hurry identify ignore \
             improve increase inform insist intend introduce invite join jump laugh lead lean learn let listen lower \
             manage mark master meantime mess minimum obtain occur otherwise perform pick play point politely \
             prepare present presumably produce proceed promise prove pull push raise realise realize recommend recently \
             refer reply respond result ridiculous rough roughly rush satisfy scared shout shut silly sit \
             sleep spend split stand strange stuck stupid succeed suit suppose surprise tend terrible \
             tired touch unclear unhappy unsure upset wake walk weird welcome wherever wide \
             everywhere anywhere somewhere city town topic method date month colour color size fast slow cover",
    before_names: "from to in on at for into of via between near with and",
    negations: "not",
    conjunctions: "and or",
    plural: "s",
    means: "by through via using",
    copulas: "is are means stands was were",
    definitions: &[
        "what is",
        "what are",
        "what does",
        "what do",
        "mean",
        "stand for",
    ],
    capitals_are_names: true,
    ones: "a an one",
    numbers: &[
        ("zero", 0),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("eleven", 11),
        ("twelve", 12),
        ("thirteen", 13),
        ("fourteen", 14),
        ("fifteen", 15),
        ("sixteen", 16),
        ("seventeen", 17),
        ("eighteen", 18),
        ("nineteen", 19),
        ("twenty", 20),
        ("thirty", 30),
        ("forty", 40),
        ("fifty", 50),
        ("sixty", 60),
        ("seventy", 70),
        ("eighty", 80),
        ("ninety", 90),
        ("hundred", 100),
        ("thousand", 1000),
    ],
    same: &[
        "e mail|e mails|emails|mail address = email",
        "ft|feet|footer|footers = foot",
        "kg|kgs|kilo|kilos|kilograms|kilogramme|kilogrammes = kilogram",
        "lb|lbs|pounds weight = pound",
        "cut off|cut offs|cutoffs = cutoff",
        "web site|web sites|websites|web page|webpage|web address|homepage = website",
        "log in|sign in|log on|signs in|logs in|sign on = login",
        "last mile = lastmile",
        "us dollar|us dollars|usa dollar|usa dollars|american dollars = usd",
        "euros = eur",
        "euro = eur",
        "united states of america|united states|u s|u s a|the us|the states|america = usa",
        "european union|the eu|europe = eu",
        "united kingdom|great britain|britain|england = uk",
        "united arab emirates|the emirates = uae",
        "los angeles|l a|la = losangeles",
        "new york city|nyc|new york = newyork",
        "saudis|the saudis|saudi|saudi arabia = saudiarabia",
        "by ship|a ship|the ship|ships|on ship|on a ship|by boat = vessel",
        "q 4|fourth quarter|last quarter = q4",
        "q 1|first quarter = q1",
        "twenty four seven|24 7 = aroundtheclock",
        "round the clock|around the clock|day and night|24 hours a day = aroundtheclock",
        "head office|head offices|head quarters|headquarter|headquartered = headquarters",
        "self service = selfservice",
        // Apart from customers and from what is good, whose stems they share.
        "customs = douane",
        "goods = merchandise",
        "work out|works out|worked out = calculate",
        "put together|put them together|put it together = combine",
        "not make = miss",
        "found = find",
        "sent = send",
        "paid = pay",
        "lost = lose",
        "left = leave",
        "told = tell",
        "bought = buy",
        "sold = sell",
        "gave|given = give",
        "flew|flown = fly",
        "broke|broken = break",
        "wrote|written = write",
        "drove|driven = drive",
        "kept = keep",
        "held = hold",
        "built = build",
        "made = make",
        "spent = spend",
        "met = meet",
        "chose|chosen = choose",
        "hs code|hs codes|tariff code|tariff codes|h s code|customs code = hscode",
    ],
    related: &[
        "phone telephone hotline call",
        "call reach contact",
        "email write mail",
        "website portal online internet login web site",
        "online portal",
        "app mobile",
        "mobile phone cellphone smartphone",
        "myself self selfservice yourself",
        "night aroundtheclock midnight weekend holiday sunday",
        "headquarters base located location main seat",
        "where location locate situated address",
        "office branch location",
        "price cost rate charge fee tariff quote pay expensive cheap",
        "cost expensive costly",
        "charge bill invoice",
        "bill invoice",
        "pay settle payment",
        "pay due",
        "liable liability damage compensate compensation pay",
        "card creditcard",
        "sea ocean vessel ship boat sail maritime voyage",
        "vessel depart sail",
        "air plane fly flight airplane aircraft airline airport",
        "rail train railway",
        "road truck lorry driver trucking",
        "leave depart departure sail",
        "arrive arrival get reach",
        "duration transit time journey take last",
        "transport mode freight transportation",
        "move transport ship carry",
        "send ship deliver shipment shipping export",
        "deliver delivery door",
        "merchandise cargo freight stuff product shipment load",
        "shipment cargo parcel package consignment order delivery merchandise",
        "container box",
        "document paper paperwork form",
        "document certificate",
        "certificate certification approval licence license permit",
        "rule regulation law requirement convention standard comply",
        "need require requirement required must necessary",
        "code number",
        "extra additional further other more",
        "special additional",
        "book booking reserve reservation",
        "change amend amendment modify edit alter correct",
        "miss late missed",
        "late delay delayed",
        "missing disappear lose loss",
        "damage break",
        "dispute object objection contest complain disagree wrong",
        "complain complaint unhappy problem",
        "next level escalate escalation",
        "top level highest",
        "boss manager supervisor escalation",
        "claim report",
        "track trace follow locate whereabouts status find where",
        "update notification notify notice alert inform tell news",
        "status update",
        "status change event",
        "store storage keep warehouse stock",
        "pallet skid",
        "label relabel labelling",
        "repack repacking",
        "combine consolidate consolidation together",
        "cool cold chill refrigerate temperature reefer",
        "frozen freeze chill",
        "medicine pharmaceutical pharma drug medication",
        "food meal fish fruit meat perishable",
        "flammable fire burn",
        "forbidden prohibit restrict ban allow permit banned",
        "danger dangerous hazardous hazard risk",
        "wood wooden timber",
        "insurance insure cover insured",
        "currency money dollar eur usd",
        "limit limited maximum tight scarce",
        "limit liability",
        "scarce limited space hard",
        "duty tax douane import",
        "import importer",
        "export exporter",
        "inspection inspect check inspector",
        "hub center centre",
        "country nation",
        "deadline cutoff latest",
        "file filing submit lodge",
        "solve resolve fix",
        "operate active serve",
        "kind type sort",
        "hour time",
        "time hour",
        "open hour close",
        "copy scan scanned pdf photocopy",
        "original paper hardcopy",
        "weigh weight",
        "big large oversized oversize huge",
        "large machinery machine excavator tractor vehicle equipment",
        "small compact little",
        "tall high height",
        "quick fast speed urgent",
        "first level 1",
        "second 2",
        "third 3",
        "mean stand definition",
        "calculate compute charge depend",
        "christmas holiday december",
        "year quarter",
        "end q4",
        "december q4",
        "collect pickup pick",
        "appointment visit book",
        "doctor physician",
        "begin start",
        "finish end",
        "buy purchase order",
        "cancel cancellation",
        "refund reimburse",
        "child kid children",
        "car vehicle parking",
        "park parking",
        "guarantee warranty",
        "spoil perish",
    ],
    within: &[
        "eu: austria belgium bulgaria croatia cyprus czechia denmark estonia finland france \
         germany greece hungary ireland italy latvia lithuania luxembourg malta netherlands \
         holland poland portugal romania slovakia slovenia spain sweden german french italian \
         spanish dutch polish european",
        "middleeast: saudiarabia uae qatar kuwait bahrain oman jordan lebanon iraq israel yemen",
        "usa: american",
        "china: chinese",
        "india: indian",
        "uk: british english",
        "nigeria: nigerian",
        "kenya: kenyan",
        "tanzania: tanzanian",
        "saudiarabia: saudi",
    ],
    time_units: "second minute hour day week month quarter year weekday",
    days: "monday tuesday wednesday thursday friday saturday sunday weekend noon midnight",
    currencies: "usd eur sgd gbp chf dollar euro pound cent franc penny pence",
    cues: &[
        ("where", Figures::PLACE, Demand::Hint),
        ("which city", Figures::PLACE, Demand::Hint),
        ("which cities", Figures::PLACE, Demand::Hint),
        ("what cities", Figures::PLACE, Demand::Hint),
        ("how do i", Figures::MEANS, Demand::Hint),
        ("how do we", Figures::MEANS, Demand::Hint),
        ("how can i", Figures::MEANS, Demand::Hint),
        ("how can we", Figures::MEANS, Demand::Hint),
        ("how to", Figures::MEANS, Demand::Hint),
        ("how will i", Figures::MEANS, Demand::Hint),
        ("how will we", Figures::MEANS, Demand::Hint),
        ("office hours", Figures::CLOCK, Demand::Soft),
        ("opening hours", Figures::CLOCK, Demand::Soft),
        ("business hours", Figures::CLOCK, Demand::Soft),
        ("open hours", Figures::CLOCK, Demand::Soft),
        ("write to", Figures::EMAIL, Demand::Soft),
        ("how long", Figures::PERIOD, Demand::Firm),
        ("how many days", Figures::PERIOD, Demand::Firm),
        ("how many hours", Figures::PERIOD, Demand::Firm),
        ("how many weeks", Figures::PERIOD, Demand::Firm),
        ("how many months", Figures::PERIOD, Demand::Firm),
        ("how fast", Figures::PERIOD, Demand::Firm),
        ("how quick", Figures::PERIOD, Demand::Firm),
        ("how quickly", Figures::PERIOD, Demand::Firm),
        ("how soon", Figures::PERIOD, Demand::Firm),
        ("how far ahead", Figures::WHEN, Demand::Firm),
        ("how far in advance", Figures::WHEN, Demand::Firm),
        ("how late", Figures::WHEN, Demand::Firm),
        ("by when", Figures::WHEN, Demand::Firm),
        ("until when", Figures::WHEN, Demand::Firm),
        ("up to when", Figures::WHEN, Demand::Firm),
        ("what time", Figures::WHEN, Demand::Firm),
        ("transit time", Figures::PERIOD, Demand::Soft),
        ("deadline", Figures::WHEN, Demand::Soft),
        ("when", Figures::WHEN, Demand::Soft),
        ("how much", Figures::MONEY, Demand::Firm),
        ("how expensive", Figures::MONEY, Demand::Firm),
        ("price", Figures::MONEY, Demand::Soft),
        ("prices", Figures::MONEY, Demand::Soft),
        ("rate", Figures::MONEY, Demand::Soft),
        ("rates", Figures::MONEY, Demand::Soft),
        ("cost", Figures::MONEY, Demand::Soft),
        ("costs", Figures::MONEY, Demand::Soft),
        ("quote", Figures::MONEY, Demand::Soft),
        ("charge", Figures::MONEY, Demand::Soft),
        ("how many", Figures::NUMBER, Demand::Soft),
        ("email", Figures::EMAIL, Demand::Soft),
        ("phone number", Figures::PHONE, Demand::Soft),
        ("telephone number", Figures::PHONE, Demand::Soft),
        ("hotline", Figures::PHONE, Demand::Soft),
        ("website", Figures::LINK, Demand::Soft),
    ],
    lead_ins: &[
        "and",
        "what about",
        "how about",
        "or",
        "but",
        "what if",
        "same for",
        "also",
        "so what about",
        "okay and",
        "ok and",
    ],
    pointers: "it that this they them there those these one same",
    dangling: "it this that they these those he she such further",
    references: &[
        "described under",
        "listed under",
        "explained under",
        "found under",
        "see under",
        "such",
        "below",
        "as follows",
    ],
    focusing: "what which who whose how",
    question_words: "what when where which who whose how why can could do does did is are will \
                     would should may",
    small_talk: &[
        (
            "hello|hi|hey|hello there|hi there|hey there|good morning|good afternoon|good evening|\
             hello hello|good day",
            "Hello! How can I help you?",
        ),
        (
            "thanks|thank you|thank you very much|thank you so much|thanks a lot|many thanks|\
             thanks very much|great thanks|great thank you|perfect thank you|perfect thanks|\
             that's all thank you|that's all thanks|that was helpful|that helps|that's helpful|\
             no thank you|no thanks|thank you for your help|thanks for your help",
            "You're welcome.",
        ),
        (
            "who are you|what are you|what's your name|what is your name|who am i talking to|\
             who am i speaking to|who am i speaking with|who is this|who's this|are you a robot|\
             are you a machine|are you a bot|are you human|are you a human|are you real|\
             are you a real person|am i talking to a machine|am i talking to a robot|are you an ai|\
             what can you do|what can you help me with|what can you do for me|how can you help me",
            "I'm the automated assistant, and I answer questions from our documents.",
        ),
        (
            "how are you|how are you doing|how are you today|how is it going|how's it going",
            "I'm fine, thank you. How can I help you?",
        ),
        (
            "bye|goodbye|good bye|bye bye|see you|have a nice day|have a good day",
            "Goodbye, and thank you for calling.",
        ),
        (
            "yes|yeah|yes please|ok|okay|sure|i have a question|i have another question|\
             i have one more question|can you help me|can i ask you something|can i ask a question|\
             can you hear me|are you there",
            "Yes, please go ahead.",
        ),
    ],
    fillers: "um uh er erm hmm oh well please so okay ok then now just actually",
    nothing_more: "That is all I can say about it.",
};
