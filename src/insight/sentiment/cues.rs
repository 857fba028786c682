//! What turns a word round or makes it stronger, and what people say on the phone when they are
//! pleased or have had enough, whatever the words are rated.

use crate::insight::patterns::Class;

pub(super) const NEGATIONS: [&str; 38] = [
    "not", "no", "never", "nobody", "none", "nothing", "neither", "nor", "without", "hardly",
    "barely", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "cant", "cannot",
    "couldnt", "wont", "wouldnt", "shouldnt", "havent", "hasnt", "hadnt", "aint", "nicht", "kein",
    "keine", "nie", "pas", "jamais", "nunca", "ni", "tampoco", "sin",
];

pub(super) const BOOSTERS: [&str; 34] = [
    "very",
    "really",
    "so",
    "extremely",
    "absolutely",
    "completely",
    "totally",
    "incredibly",
    "such",
    "quite",
    "too",
    "most",
    "more",
    "much",
    "truly",
    "highly",
    "utterly",
    "super",
    "pretty",
    "bloody",
    "damn",
    "sehr",
    "wirklich",
    "total",
    "völlig",
    "muy",
    "tan",
    "demasiado",
    "realmente",
    "très",
    "vraiment",
    "trop",
    "tellement",
    "complètement",
];

pub(super) const DAMPERS: [&str; 14] = [
    "bit", "little", "slightly", "somewhat", "kind", "kinda", "sort", "rather", "almost",
    "bisschen", "etwas", "poco", "algo", "peu",
];

pub(super) const BUT: [&str; 6] = ["but", "however", "though", "aber", "pero", "mais"];

/// Words that begin a question where no mark ends it.
pub(super) const ASKING: [&str; 42] = [
    "what", "how", "which", "when", "where", "who", "is", "are", "do", "does", "can", "could",
    "may", "will", "would", "should", "tell", "was", "wie", "wo", "wann", "wer", "welche", "kann",
    "können", "gibt", "qué", "que", "cuánto", "cuándo", "dónde", "cómo", "puedo", "combien",
    "comment", "quel", "quelle", "quels", "où", "quand", "est", "puis",
];

/// Words that begin a question, and a grievance as well: "have you an office", "why is it late".
pub(super) const INVITING: [&str; 9] = [
    "have", "has", "had", "did", "were", "am", "why", "shall", "any",
];

pub(super) const CLASSES: &[Class<'_>] = &[
    ("nobody", "(?:nobody|no one|noone|none of you)"),
    (
        "day",
        "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday|tomorrow|last week|this morning)",
    ),
    // What is said of what went well, and in scorn of what did not.
    (
        "fine",
        "(?:great|brilliant|lovely|wonderful|fantastic|perfect|marvellous|nice|super|terrific|charming)",
    ),
    (
        "they",
        "(?:i|we|you|they|he|she|it|your <w>|my <w>|our <w>)",
    ),
];

pub(super) const GRIEVANCES: &[&str] = &[
    "<nobody> (?:<w> ){0,2}(?:apologi[sz]ed|bothered|explained|responded|came|wants|call|calls|called|answer|answers|answered|help|helps|care|cares|tell|tells|told|listen|listens|picks|reply|replies|knows|can tell|can help|seems)",
    "nobody answer",
    "(?:been )?waiting (?:for )?(?:<w> )?(?:<w> )?(?:hours?|days?|weeks?|months?|ages|forever)",
    "on hold (?:for|since|again|all)|(?:minutes|hours?|ages|time|day|morning) on hold",
    // Scorn
    "<fine> (?:so )?now (?:i've|we've|you've|they've|it's)|<fine> (?:another|just what i needed)",
    "well that's just <fine>|oh <fine> (?:you|more)",
    "(?:<fine>|good) (?:job|work|going) [^ ]+ing",
    "(?:thanks|thank you|cheers) for nothing",
    "are you (?:<w> )?(?:having a laugh|kidding|joking|serious|deaf)",
    "(?:oh )?come on (?:seriously|now|man|mate|guys|please)|oh come on",
    "how (?:hard|difficult) (?:can|could|is) (?:it|this|that)",
    "is it (?:really |too |so )+(?:hard|difficult|much)",
    "what an? (?:<w> )?(?:shambles|mess|joke|farce|disgrace|nightmare|waste|shame|letdown|circus|fiasco|cheek|disaster)",
    // Patience that is over
    "(?:wit's|wits|tether|rope) end|end of my (?:tether|rope|patience)|had it (?:up to|with)|(?:last|final) straw|beyond a joke|enough is enough|robbery",
    "(?:not (?:one|a single (?:one|person|soul))|none|neither) of (?:you|them|your)",
    "(?:does|did|will|can) (?:anyone|anybody|someone) (?:<w> )?(?:care|listen|work|ever)",
    "(?:my|our|a|to|the) (?:lawyers?|solicitors?|attorney|ombudsman)|(?:to|in) court|(?:sue|suing) (?:you|them|your)|legal action",
    "(?:everything|nothing|anything|half of what) (?:<w> ){0,5}(?:was|is|works?|arrived) (?:wrong|false|late|broken|a lie|useless)",
    "(?:clearly|plainly|obviously|definitely) (?:was|is|did|has|had|were|are) not|(?:clearly|plainly|obviously|definitely) (?:wasn't|isn't|didn't|hasn't)",
    "wasted (?:my|our|a|the) (?:<w> ){0,2}(?:time|day|morning|afternoon|money|week|evening)",
    "been (?:sat|sitting|stuck|lying|standing|stood|rotting)",
    "could have (?:<w> ){0,5}(?:faster|quicker|sooner|myself)",
    "(?:said|promised|told me|told us) (?:<w> ){0,3}<day> (?:and|but) (?:<w> )?(?:it's|it is|now|here|today|nothing)",
    "(?:was|were|been) told (?:[^ ]+ ){0,14}(?:and|but) (?:then )?(?:<nobody>|nothing|nowhere)",
    "and <nobody> (?:did|has|was|is|knew|came|rang|phoned|showed)",
    "<nobody> (?:<w> )?(?:rings|rang|phones|phoned|emails|emailed|writes|shows|showed|turned|has a clue|did anything)",
    "(?:get|sort|pull) your (?:act|finger|selves)|do your job|sort (?:it|this) out",
    "(?:you|your) (?:people|lot|company|firm|outfit) (?:<w> )?(?:never|always|keep|can't|don't|cannot|couldn't)",
    "each time (?:i|we) (?:<w> ){0,3}told",
    "(?:in|to) bits|in pieces",
    "(?:second|third|fourth|fifth|sixth|tenth|hundredth|umpteenth) time (?:i|we|this|that|i've|we've|i'm|you|you've|now|in a row)",
    "how many times",
    "over and over",
    "(?:is|it's|this is|that's|way|far|much) (?:<w> )?too (?:expensive|late|slow|long|high|complicated|much)",
    "too (?:expensive|slow|late for)",
    "not (?:good enough|acceptable|fair|what i (?:asked|ordered|paid)|helpful|happy|very helpful|satisfied|amused|okay|professional|right)",
    "(?:doesn't|does not|didn't|did not|don't|isn't) (?:<w> )?(?:help|work|make (?:any )?sense|care|listen|understand me|helping)",
    "never (?:<w> )?(?:again|use|ship|work with|works?|arrives?|updates?|arrived|answers?|calls?|on time|used you|book)",
    "no sense",
    "waste of (?:<w> )?(?:time|money)",
    "wasting (?:my|our) (?:time|money)",
    "(?:had|have had) enough",
    "fed up|sick of|sick and tired|tired of",
    "rip off|ripped off|a joke|shame on|big mess|a mess",
    "(?:want|get) my money back",
    "(?:same|wrong) (?:problem|mistake|error|information|thing|invoice) again",
    "(?:wrong|giving me the wrong|keep giving|keeps giving) (?:information|answer|answers)",
    "(?:still|yet again|again) (?:hasn't|haven't|not|no|don't have|waiting|nothing|wrong|broken|late)",
    "another (?:delay|problem|mistake|excuse)",
    "you (?:<w> )?(?:promised|refuse|lied|are not listening|aren't listening|never listen|don't listen|charged (?:me|us) twice|keep|lost (?:my|our))",
    "(?:losing|lose|lost) (?:<w> ){0,4}(?:money|customers?|business|contracts?)",
    "(?:business|customers?|money) elsewhere",
    "not (?:<w> )?(?:helping|listening|working|interested)",
    "how can you (?:be|do|say|call|let)",
    "can't believe",
    "(?:expected|deserve) (?:better|more)",
    "repeat myself",
    "not (?:an|a) (?:answer|way to treat)",
    "(?:don't|do not|didn't) (?:like|trust|appreciate|want to hear)",
    "regret",
    "for (?:<w> )?sake",
    "(?:kidding|joking) (?:me|right)?",
    "because of (?:you|your)",
    "why (?:is|are|do|does|can't|don't|won't) (?:<w> ){0,4}(?:always|never|ever|even|still|so (?:hard|slow|complicated|difficult))",
    "(?:messed|screwed) (?:it |this |that )?up",
    "(?:losing|lost|out of) (?:my |our )?patience",
    "(?:is |it's )?always the same|(?:takes|taking|took) (?:forever|ages)",
    "(?:don't|do not|can't) understand why",
    "what (?:kind|sort) of (?:a )?<w> (?:is|are) (?:this|that|you)",
    "(?:don't|doesn't|didn't|can't) even",
    "no (?:excuse|explanation|apology)",
    "so (?:hard|difficult|complicated|slow)",
    "qué mal|qué vergüenza",
    // German, Spanish, French
    "niemand (?:<w> )?(?:hilft|ruft|meldet|antwortet|weiß)",
    "zu (?:teuer|spät|lange|langsam)",
    "schon wieder|zum dritten mal|reicht mir",
    "nadie (?:<w> )?(?:ayuda|llama|contesta|responde|sabe)",
    "harto de|harta de|demasiado caro",
    "personne ne (?:<w> )?(?:répond|rappelle|aide|sait)",
    "trop cher|marre de|ras le bol",
];

pub(super) const PRAISE: &[&str] = &[
    "(?:thank you|thanks) (?:<w> )?(?:so|very|ever so) much",
    "thanks a (?:lot|million|bunch)",
    "(?:many|huge|big) thanks",
    "(?:very|really|so|been) helpful",
    "(?:helps|helped) (?:me |us )?(?:a lot|so much|very much)",
    "(?:great|good|big|huge) help",
    "(?:just|exactly|all) (?:what|as) (?:i|we) (?:needed|wanted|hoped)",
    "(?:saved|made) my (?:day|week)",
    "(?:great|good|nice|excellent|fantastic|wonderful|amazing) (?:job|work|news|service|price)",
    "(?:can't|cannot|couldn't|could not) fault|hats off|fair play|keep (?:it up|up the)|on the dot|in one piece|over the moon",
    "never (?:<w> ){0,2}(?:had|have|has been|been) (?:an?|any|one|the slightest) (?:<w> )?(?:problem|issue|complaint|trouble|delay)s?",
    "never (?:<w> ){0,2}(?:had|have) (?:problems|issues|trouble)",
    "(?:do|does|did|doing|done) an? (?:<w> )?(?:fine|good|great|grand|cracking|super|excellent|wonderful|terrific) (?:job|work)",
    "(?:took|taking|taken|takes) (?:<w> )?(?:good|great|excellent|wonderful) care",
    "(?:spot|bang) on|(?:top|first) (?:notch|class|rate)|top marks|works? (?:beautifully|wonderfully|a treat)",
    "better than (?:i|we|i'd|we'd) (?:<w> )?(?:hoped|expected|dared|thought)",
    "absolute (?:star|legend|gem|angel|lifesaver|diamond|treasure|pleasure)",
    "such an? (?:relief|pleasure|lovely|help|good)",
    "(?:thank you|thanks) ever so",
    "well done|no complaints|no problems? at all|no trouble|what a relief|not bad",
    "(?:faster|cheaper|quicker|easier|better|sooner) than (?:<w> )?(?:<w> )?(?:thought|expected|hoped|feared)",
    "(?:everything|it all|all) (?:went|arrived|worked) (?:<w> )?(?:well|smoothly|fine|perfectly|safe)",
    "safe and sound|on time and",
    "(?:works|work) (?:for me|great|fine|well|perfectly)",
    "that(?:'s| is) (?:<w> )?(?:quick|fast|easy|cheap)",
    "(?:very|so|that) (?:quick|easy|simple|fast|kind)",
    "no idea how much (?:that|this|you)",
    "off my (?:mind|shoulders)",
    "(?:couldn't|could not|can't) ask for (?:more|better)",
    "(?:you|you're|you are|guys|they) (?:<w> )?the best",
    "(?:been|you are|you're|what) an? (?:<w> )?(?:star|angel|hero|gem|lifesaver|legend|pleasure)",
    "can't complain|couldn't be happier",
    "(?:appreciate) (?:it|that|your|this|the)",
    // German, Spanish, French
    "vielen dank|sehr gut|sehr geholfen|freut mich",
    "muchas gracias|muy amable|me alegro",
    "merci (?:beaucoup|infiniment)|c'est (?:parfait|super|génial)",
];

/// What is said to be polite and tells nothing.
pub(super) const COURTESIES: &[&str] = &[
    "good (?:morning|afternoon|evening|day|night)",
    "(?:nice|pleased|good|great|lovely) to (?:meet|talk|speak|hear from)",
    "(?:have|have a) (?:<w> )?(?:nice|good|great|lovely) (?:<w> )?(?:day|weekend|evening|one|time)",
    "good (?:question|luck|to know)|how are you|you're welcome|all the best|no worries",
    "(?:best|good|right|great) (?:way|time|place|foods?|wishes|regards)",
    "(?:worst|best) case|ist gut|alles gut|schon gut|gut danke|na gut",
    "guten (?:tag|morgen|abend)|gute nacht|schönen (?:tag|abend)",
    "buen(?:os|as) (?:días|tardes|noches)|buen día|bonne (?:journée|soirée)",
];
