//! Whether the caller asks for a person, or for somebody of more authority.

use super::patterns::{Class, Patterns};

mod grammar;

/// What people are known to say, and what they may say by the grammar.
pub(super) fn patterns() -> Patterns {
    Patterns::new(
        &[CLASSES, grammar::CLASSES].concat(),
        &[REQUESTS, grammar::REQUESTS].concat(),
        &[EXCEPT, grammar::EXCEPT].concat(),
    )
}

const CLASSES: &[Class<'_>] = &[
    (
        "soft",
        "(?:please|just|really|now|maybe|perhaps|also|rather|actually|kindly|finally|simply|quickly) ",
    ),
    (
        "kind",
        "(?:real|live|actual|human|living|other|different|senior|customer|service|support|operations|account|billing|claims|sales|duty|line|floor|branch|area|regional|general|complaints|shift|available|next|proper|competent|qualified|experienced|breathing) ",
    ),
    (
        "boss",
        "managers?|supervisors?|superiors?|boss|bosses|management|team leader|team lead|director|head",
    ),
    (
        "role",
        "persons?|humans?|human being|representatives?|reps?|agents?|operators?|colleagues?|employees?|advisors?|advisers?|consultants?|specialists?|experts?|officers?|executives?|account managers?|staff|team members?|members? of (?:your )?(?:staff|team)|<boss>",
    ),
    (
        "det",
        "(?:an?|the|your|any|some|another|one of your|this|that) ",
    ),
    ("person", "<det>?<kind>*(?:<role>)"),
    // Anybody may drop a box off or sign for it: these are only spoken to.
    (
        "folk",
        "<det>?<kind>*(?:people|folks?|guys?|blokes?|lads?|fellas?|man|woman|lady|gentleman|adult|grown up)",
    ),
    (
        "anyone",
        "(?:someone|somebody|anyone|anybody|whoever|some one|some body)(?: else)?",
    ),
    (
        "desk",
        "(?:the |your )?(?:customer (?:service|support|care)|support|front desk|head office|complaints department|<w> department|<w> team|<w> desk|sales|billing|accounts|accounting|claims|operations|the office|your office)",
    ),
    ("who", "(?:<person>|<anyone>|<desk>)"),
    (
        "verb",
        "(?:want|wanna|need|like|love|prefer|wish|demand|request|insist|rather|must|have|going|ask|asking)",
    ),
    // What makes a request of the words that follow.
    (
        "ask",
        "(?:(?:i|we|i'd|we'd|i'm|i'll) (?:<w> ){0,3}<verb>|(?:if|whether|that) (?:i|we|you) <soft>*(?:can|could|may|might)|(?:hoping|wondering|looking|calling|ringing|phoning) to|make me|allow me|help me|(?:can|could|may|might|shall|will|would|can't|couldn't) (?:i|we|you)|let me|let us|let's|please|possible|better if (?:i|we)|feel better|would you mind|(?:a|any) (?:way|chance)|how (?:can|do|could) (?:i|we)|who (?:can|do|could|should) (?:i|we)|where (?:can|do) (?:i|we)|try|trying)",
    ),
    (
        "to",
        "(?:directly |straight |again |over |through |on )?(?:to|with|of) ",
    ),
    (
        "contact",
        "(?:(?:speak|speaking|talk|talking|chat|chatting|connected|transferred|put through|patched through|passed|passed on|handed over|referred|escalated|forwarded|get through|get hold|get a hold|a word|a chat|deal|dealing) <to>|(?:discuss|take up|go over|sort out|raise|clear up) (?:this|it|that|my <w>) with |(?:looked at|looked into|reviewed|handled|taken up|dealt with|checked|sorted out) (?:by|with) |reach )",
    ),
    (
        "transfer",
        "(?:put|pass|patch|transfer|connect|hand|switch|forward|route|redirect|putting|passing|patching|transferring|connecting|handing|switching|hook)",
    ),
    (
        "deny",
        "(?:don't|do not|didn't|did not|doesn't|never|not|needn't|won't|wouldn't|no need|without|instead of|no reason)",
    ),
    (
        "linked",
        "(?:(?:want|need|have|wish|like|think|believe|i|to|be|being|get|getting|for|ask|asked|asking|going|really|necessarily|actually|me) ){0,6}",
    ),
    (
        "german",
        "(?:(?:einem|einen|einer|ihrem|ihren|ihrer|dem|den|der|ihr) (?:<w> )?(?:menschen?|mitarbeiter(?:in)?|vorgesetzten?|chef(?:in)?|person|kollegen|kollegin|berater(?:in)?|manager|leiter(?:in)?)|jemand(?:em|en)?(?: anderem| anderen)?)",
    ),
    (
        "spanish",
        "(?:(?:una?|el|la|su|otra?|alg[uú]n) (?:<w> )?(?:personas?|humano|agente|supervisora?|jef[ea]|gerente|encargad[oa]|responsable|representante|operadora?|asesora?|ser humano)|alguien)",
    ),
    (
        "french",
        "(?:(?:une?|le|la|votre|l'|un autre) ?(?:<w> )?(?:personne|humain|être humain|conseillère?|conseiller|responsable|supérieur|superviseur|agent|manager|chef|directeur|collègue)|quelqu'un)",
    ),
];

const REQUESTS: &[&str] = &[
    "<ask> (?:<w> ){0,4}<contact><who>",
    "^(?:<soft>)*(?:speak|talk|speaking|talking) (?:to|with) <who>",
    // Whoever may be spoken to, unless it is denied, done or only asked about.
    "(?:speak|talk|chat|a word|a chat|conversation|discussion) <to>(?:<person>|<anyone>)",
    "(?:hear|know|have|get) (?:it|that|this) from <who>",
    "(?:<person>|<anyone>) (?:(?:from|in|at) (?:<w> ){1,2})?<soft>*(?:to|could|can|would) <soft>*(?:phone|ring|call|contact|email|reach|get back to|speak to|talk to) (?:me|us)",
    "(?:who(?:'s| is)|what(?:'s| is) the name of) your (?:<w> )?<boss>",
    "if (?:i|we) (?:spoke|talked|could speak|could talk) <to><who>",
    "flesh and blood",
    "(?:<person>|<anyone>) (?:<w> ){0,3}(?:pick up|picks up|answers?) (?:the|this|my) (?:phone|call)",
    "(?:<who>|<folk>) (?:(?:that|who|here|there|in|at|from) (?:<w> ){0,3})?(?:i|we) (?:can|could|may|might) (?:speak|talk|chat|have a word|deal|discuss)(?: to| with)?",
    "<ask> (?:<w> ){0,4}(?:speak|speaking|talk|talking|chat|chatting|connected|put through|a word|a chat) <to><folk>",
    "who (?:<w> ){0,2}(?:can|could|may|do|should|must) (?:i|we) <soft>*(?:speak|talk) (?:to|with)",
    "(?:any|some) (?:real|live|actual|living) (?:people|persons?|folks?|humans?|agents?|advisors?)",
    "(?:told|supposed|advised) to ask for <person>",
    "(?:(?:i|we|i'd|we'd|i'll) (?:<w> ){0,2}(?:want|wanna|need|like|love|prefer|demand|request|insist on|have to have|rather have|ask for)|(?:can|could|may|might) (?:i|we) <soft>*(?:have|get)) (?:<w> ){0,2}?<det>(?:<kind>)*(?:human|human being|person|supervisor|superior|representative|operator|live agent|real agent|manager|boss)",
    "(?:asking|asked you) for <person>",
    "<ask> (?:<w> ){0,2}?(?:real|live|actual) (?:person|human|agent|people)",
    // To be passed on.
    "<transfer> (?:me|us|my call|the call|this call) (?:on |over |through |back |up |directly )*(?:to|with)",
    "<transfer> (?:me|us) (?:over|through)",
    "<transfer> (?:this|it) (?:over |on )?to <who>",
    "(?:transfer|forward|redirect) my call",
    "(?:take|bring|get|send|move|direct|give|find|fetch|grab) me <soft>*(?:over |through |back )?(?:to )?<who>",
    "(?:get|put|have|bring) <who> (?:on|in on|into) (?:the|this) (?:line|phone|call)",
    "(?:get|put) (?:<person>|him|her|them) on",
    "<who> (?:from (?:<w> ){1,2})?<soft>*(?:to )?(?:call|ring|phone) (?:me|us)(?: back)?",
    "(?:call|callback|call back|ring) from <who>",
    "(?:pop|send|bring|get|steer|move) (?:me|us) <soft>*(?:through|over|across) to",
    "who(?:'s| is) <soft>*in charge (?:here|there|over there|around)",
    "(?:can|could|will|would) (?:an?|your|the|one of your) <kind>*(?:humans?|person|colleague|<boss>|members? of staff|specialist|expert|representative) (?:<w> ){0,3}(?:help|take over|handle|assist|look|sort|deal)",
    "(?:(?:can|could|will|would) you|let's|let us|please) <soft>*(?:get|find|bring|fetch|grab|call|involve|ask) (?:me )?(?:your|an?|the) (?:<kind>)*(?:<boss>|human|person|colleague)",
    "(?:is|are) (?:your|the|an?|any) (?:<kind>)*(?:<boss>) (?:available|there|around|free)",
    "(?:is|are|isn't|aren't) there (?:any |some |an? )?(?:<kind>)*(?:humans?|persons?|people|agents?|representatives?|operators?|manager|supervisor|anyone|anybody|someone|somebody) (?:<w> ){0,2}(?:there|here|available|(?:i|we) can|(?:i|we) could|to talk|to speak)",
    // Somebody who can do more.
    "(?:need|want|get|give me|get me|to|prefer|have|with) (?:someone|somebody) (?:real|higher|senior|competent|human|above|in charge|responsible|higher up|further up|with (?:an?|any|some|more|the) <w>|(?:on|from) your (?:side|team)|with (?:<w> )?(?:experience|authority|power|knowledge)|who (?:can |will |really |actually )*(?:help|decide|understands?|knows?|solve|fix|answer|care))",
    "(?:need|want|have|get) (?:someone|somebody) else",
    "(?:someone|somebody|anyone|anybody) real",
    "(?:speak|talk|someone|somebody|anyone|person) (?:<w> ){0,4}(?:not|instead of|rather than) (?:an?|this|the|some) (?:<w> )?(?:robot|bot|machine|computer|recording)",
    "<ask> (?:<w> ){0,5}with your (?:<kind>)*(?:<boss>)",
    "<ask> (?:<w> ){0,3}escalat(?:e|ed|ing)",
    "escalate (?:this|it|that|my|the|our)",
    "(?:raise|take|bring) (?:this|it|that|my <w>) (?:up )?(?:with|to) (?:your|the|an?) (?:<w> )?(?:<role>|level)",
    "(?:take|bring) (?:this|it|that|my <w>) (?:to the next|to a|one|<w>) (?:<w> )?(?:level|up|higher|further)(?: level| up)?",
    "complain to (?:your|the|a) <soft>*<kind>*(?:<role>)",
    "complaint with (?:your|the|a) <kind>*(?:<role>)",
    "(?:<boss>|in charge|someone|somebody) (?:[^ ]+ ){0,10}(?:want to|need to|like to|let me|can i) (?:speak|talk) (?:to|with) (?:them|him|her)",
    "(?:formal|official) complaint",
    // Nothing but the word.
    "^(?:no |yes |ok |okay |again |i said |<soft>|<det>|<kind>|person |human |agent |representative |rep |operator |manager |supervisor )*(?:person|human|human being|agent|representative|operator|manager|supervisor)(?: please| now)*$",
    "(?:human|person|representative|operator|supervisor|(?:<kind>)agent) please",
    // German
    "(?:möchte|will|würde|kann|könnte|muss|darf|lassen sie|ich hätte) (?:<w> ){0,4}(?:mit )?(?:(?:<german>)) (?:<w> )?(?:sprechen|reden|telefonieren|haben)",
    "(?:möchte|will|brauche) (?:<w> ){0,2}(?:einen|ihren) (?:<w> )?(?:menschen|vorgesetzten|chef|mitarbeiter)",
    "(?:verbinden|stellen) sie mich",
    "geben sie mir (?:bitte )?(?:<german>)",
    "(?:bitte )?(?:einen|ihren) (?:<w> )?(?:mitarbeiter|menschen|vorgesetzten|chef)(?: bitte)?$",
    // Spanish
    "(?:quiero|quisiera|necesito|gustaría|puedo|podría|prefiero|déjeme) (?:<w> )?hablar con (?:<spanish>)",
    "^(?:<w> )?hablar con (?:<spanish>)",
    "(?:páseme|pasame|comuníqueme|transfiérame|póngame|conécteme) (?:<w> )?con",
    "me (?:comunique|pase|transfiera|conecte|ponga) con",
    "que me (?:atienda|llame|ayude|contacte) (?:<spanish>)",
    "(?:puede|podría|puedes) (?:comunicar|pasar|transferir|poner|conectar)(?:me)? con",
    // French
    "(?:veux|voudrais|souhaite|dois|préfère|aimerais|puis je|peux|pourrais je|laissez moi) (?:<w> )?parler (?:à|avec|au) (?:<french>)",
    "(?:pouvez vous|pourriez vous|vous pouvez) me (?:passer|transférer|mettre en|connecter)",
    "(?:pourrais je|pourrais|voudrais|aimerais|veux|puis je|peux) (?:<w> )?avoir (?:<french>)",
    "que (?:<french>) me (?:rappelle|réponde|aide|contacte)",
    "être (?:mise?|transférée?|connectée?) (?:en relation )?(?:avec|à)",
    "(?:passez moi|transférez moi|mettez moi en (?:relation|contact|communication))",
];

const EXCEPT: &[&str] = &[
    // Denied.
    "<deny> <linked>(?:<contact>)?<who>",
    "<deny> <linked>(?:<transfer>|escalate) (?:me|us|it|this)",
    "rather not (?:<w> ){0,3}(?:<contact>|transferred)",
    "(?:do|does|did|will|would) (?:i|we|he|she|they|you|anyone) (?:<w> )?(?:have|need) to (?:speak|talk|chat) <to><who>",
    "(?:i'll|we'll|i will|we will|you|he|she|they) (?:speak|talk|had a word|a chat|had a chat|a conversation|a discussion) <to><who>",
    "(?:had|have had|nice|lovely|great|good) (?:<w> ){0,3}(?:word|chat|conversation|discussion) <to><who>",
    // It was before, or somebody else did it.
    "(?:they|he|she|someone|who) put me",
    "(?:need|want|have) <who> (?:on site|at the|at our)",
    "(?:never|not|he|she|they) (?:asking|asked) for <person>",
    // The person's what, or a person of somebody else.
    "(?:person|human|agent|manager|supervisor|operator|representative)'s (?:name|number|email|address|signature|approval|details|fees?|job|office|licence)",
    "<det>?(?:human resources|(?:customs|shipping|contact|operator) (?:licence|license|agents?|fees?|name|number|details|person))",
    "(?:someone|somebody|anyone|anybody) (?:to|who can|that can) (?:load|unload|pick|deliver|sign|move|drive|carry|collect|receive|check|open|lift)",
    // German, Spanish, French
    "(?:nicht|kein|keine|keinen|keinem|keiner) (?:<w> ){0,4}(?:sprechen|reden|menschen|mitarbeiter|chef|verbinden)",
    "no (?:<w> )?(?:quiero|necesito|quisiera|hace falta) (?:<w> )?hablar con (?:<w> ){0,2}<w>",
    "(?:n'ai|ne|n') (?:<w> ){0,2}pas (?:<w> ){0,2}parler (?:à|avec) <w>",
];
