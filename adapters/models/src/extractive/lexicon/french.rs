//! French.

use rust_stemmers::Algorithm;

use super::{Data, Demand, Figures};

pub(super) const DATA: Data = Data {
    algorithm: Algorithm::French,
    stop: "à afin ai alors après au aucun aussi autre aux avant avec avez avoir beaucoup car ce cela \
           ces cet cette ceux chaque chez ci comme comment dans de des depuis dès donc dont du elle \
           elles en encore entre est et étaient était être eu eux faut font ici il ils j je jusque l la \
           là le les leur leurs longtemps lors lui ma mais me même mes moi mon ne ni non nos notre nous \
           on ont or ou où oui par pas pendant peu peut peuvent plus pour pourquoi pouvez puis puisque qu \
           quand que quel quelle quelles quels qui quoi sa sans se sera ses si son sont sous suis sur ta \
           te tes toi ton tous tout toute toutes très trop tu un une vers vos votre vous y bonjour bonsoir \
           euh ben bon voilà combien",
    common: "aide aider aimer aimerais aller besoin bien chercher chose client combien comprendre \
             connaître demander devoir dire donner entreprise envoyer expliquer faire général gens \
             genre grand heure information matin merci mieux montrer moment normal nouveau obtenir \
             offrir parler passer personne petit plaît pouvoir prendre problème proposer question \
             recevoir regarder savoir société sorte sortes souhaiter tenir travailler trouver type \
             types utiliser venir ville voir voudrais vouloir veux aujourd'hui demain maintenant vite \
             normalement lieu façon",
    before_names: "à de en au aux depuis vers entre pour par via dans",
    negations: "pas",
    conjunctions: "et ou",
    plural: "s",
    means: "par via avec moyen",
    copulas: "est sont signifie désigne était",
    definitions: &[
        "qu'est ce que",
        "qu est ce que",
        "que signifie",
        "que veut dire",
        "c'est quoi",
    ],
    capitals_are_names: true,
    numbers: &[
        ("zéro", 0),
        ("deux", 2),
        ("trois", 3),
        ("quatre", 4),
        ("cinq", 5),
        ("six", 6),
        ("sept", 7),
        ("huit", 8),
        ("neuf", 9),
        ("dix", 10),
        ("onze", 11),
        ("douze", 12),
        ("quinze", 15),
        ("vingt", 20),
        ("trente", 30),
        ("quarante", 40),
        ("cinquante", 50),
        ("soixante", 60),
        ("cent", 100),
        ("mille", 1000),
    ],
    same: &[
        "e mail|e mails|mail|courriel|courriels|adresse mail = email",
        "kg|kilo|kilos|kilogrammes = kilogramme",
        "euros|euro|eur = eur",
        "états unis = usa",
        "site web|site internet|site = website",
        "24 7|24 h|24 heures = aroundtheclock",
    ],
    related: &[
        "téléphone numéro appeler joindre",
        "email écrire contacter",
        "website internet portail ligne",
        "prix coût coûter tarif payer cher",
        "payer paiement facture régler",
        "horaires ouvrir ouvert ouverture fermer fermé heure",
        "adresse rue siège bureau situé",
        "livraison livrer envoi expédier expédition",
        "rendez réserver réservation commander commande",
        "changer changement modifier annuler annulation",
        "dommage endommagé cassé réclamation",
        "document documents papiers",
        "dimanche week férié",
        "durer durée délai temps",
    ],
    within: &["europe: france allemagne espagne italie belgique portugal"],
    time_units: "seconde minute heure jour semaine mois an année",
    currencies: "eur usd chf euro dollar franc centime",
    cues: &[
        ("combien de temps", Figures::PERIOD, Demand::Firm),
        ("combien de jours", Figures::PERIOD, Demand::Firm),
        ("combien d heures", Figures::PERIOD, Demand::Firm),
        ("jusqu à quand", Figures::WHEN, Demand::Firm),
        ("à quelle heure", Figures::WHEN, Demand::Firm),
        ("quand", Figures::WHEN, Demand::Soft),
        ("combien coûte", Figures::MONEY, Demand::Firm),
        ("combien coûtent", Figures::MONEY, Demand::Firm),
        ("quel prix", Figures::MONEY, Demand::Firm),
        ("prix", Figures::MONEY, Demand::Soft),
        ("tarif", Figures::MONEY, Demand::Soft),
        ("combien de", Figures::NUMBER, Demand::Firm),
        ("email", Figures::EMAIL, Demand::Soft),
        ("numéro de téléphone", Figures::PHONE, Demand::Soft),
        ("horaires", Figures::CLOCK, Demand::Soft),
        ("où", Figures::PLACE, Demand::Hint),
        ("comment puis je", Figures::MEANS, Demand::Hint),
    ],
    lead_ins: &["et", "ou", "mais", "et pour", "qu en est il", "aussi"],
    pointers: "cela ça celui celle ceux ce cette y en",
    dangling: "il elle ils elles cela ça celui celle ceux ce cet cette ces tel telle tels",
    references: &["voir", "décrit dans", "ci dessous", "suivant", "suivants"],
    focusing: "quel quelle quels quelles qui quoi comment quand où",
    question_words: "quel quelle quels quelles qui quoi que comment quand où combien pourquoi est puis \
                     peut pouvez avez",
    small_talk: &[
        (
            "bonjour|bonsoir|salut|allô",
            "Bonjour ! Comment puis-je vous aider ?",
        ),
        (
            "merci|merci beaucoup|non merci|c'est tout",
            "Je vous en prie.",
        ),
        (
            "qui êtes vous|qui es tu|comment vous appelez vous|à qui je parle|êtes vous un robot|êtes vous une machine",
            "Je suis l'assistant automatique et je réponds à partir de nos documents.",
        ),
        (
            "comment allez vous|ça va",
            "Bien, merci. Comment puis-je vous aider ?",
        ),
        (
            "au revoir|bonne journée|bonne soirée",
            "Au revoir et merci de votre appel.",
        ),
        (
            "oui|d'accord|oui s'il vous plaît|j'ai une question|pouvez vous m'aider",
            "Oui, je vous écoute.",
        ),
    ],
    fillers: "euh ben bon alors oui donc maintenant",
    nothing_more: "C'est tout ce que je peux vous dire à ce sujet.",
};
