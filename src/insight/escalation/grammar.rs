//! Requests that nobody has listed: a wish, a way to reach somebody, and a party, in this order and
//! with nothing but filling between them; or somebody who has had enough of the machine.

use crate::insight::patterns::Class;

/// These build on the classes of [`super`].
pub(super) const CLASSES: &[Class<'_>] = &[
    // What may stand between a wish and what is wished for: no denial, and nobody else's doing.
    (
        "fill",
        "(?:<soft>|(?:i|we|you|me|us|it|if|that|this|to|be|been|get|getting|have|having|go|a|the|one|do|is|there|able|possible|way|chance|hope|could|can|may|might|would|will|want|wanted|need|needed|like|love|much|rather|prefer|try|trying|somehow|still|instead|directly|straight|again|today|once|for|quick|moment|second|minute|all|so|then|and|about|yourself|help) )",
    ),
    (
        "wish",
        "(?:<ask>|(?:i'd|we'd|i would|we would|much|would) (?:rather|prefer|sooner)|(?:i'm|we're|i am|we are) after|(?:i'll|we'll|i will|we will|i|we) only|(?:be|feel) (?:happier|easier|better)|(?:easiest|best|quicker|easier|simpler) (?:if|to)|would it be|any (?:hope|chance) of|the option (?:to|of)|time (?:i|we)|ready to|allowed to|not until (?:i|we)(?:'ve)?|unless (?:i|we)|until (?:i|we))",
    ),
    // Whose head the party is, with whatever it is called before: "one of your export planners".
    (
        "head",
        "(?:<role>|coordinators?|handlers?|dispatchers?|planners?|clerks?|adjusters?|administrators?|controllers?|receptionists?|attendants?|associates?|assistants|workers?|professionals?|individuals?|owners?|ceo|president|chief|leaders?|leads|higher ups?|decision makers?|foreman|expediters?|buyers?|directors?|heads|guys?|man|woman|men|women|lady|ladies|gentleman|girl|bloke|chap|folks|people|souls?|beings?|adults?|team|crew|department|dept|division|desk|unit|office|staff)",
    ),
    (
        "whose",
        "(?:an?|the|your|any|some|another|that|one of (?:your|the|those|these)|(?:any|some) of (?:your|the)|(?:any|some)(?:one|body) (?:of|from|in|at|on|over at) (?:your|the))",
    ),
    (
        "party",
        "(?:<anyone>|<who>|<folk>|<whose> (?:<w> ){0,3}?<head>|(?:dispatch|despatch|reception|headquarters|customer (?:relations|services)|human resources|the switchboard|the front office|upstairs))",
    ),
    // What leads to a party. The verbs of a conversation, of a line, and of what is to be settled.
    (
        "reach",
        "(?:(?:speak|speaking|talk|talking|chat|chatting|converse|communicate|interact|deal|dealing|consult|liaise|connect) (?:directly |straight |again |over |now )*(?:to|with)|(?:a|quick|brief|little|proper)+ ?(?:word|chat|conversation|call|talk) (?:with|from)|(?:get|getting|be|been|being) (?:<soft>)*(?:connected|transferred|put through|patched through|passed on|passed over|passed|handed over|handed|put|switched|forwarded|redirected|routed|escalated|in touch|hold|a hold|through) (?:over |on |straight |directly |back )*(?:to|with|of|onto)|(?:get|getting) (?:hold|a hold) of|in touch with|reach|reaching|catch|hear from|hearing from|answer from|help from|(?:explain|discuss|raise|settle|resolve|clarify|sort|go through|go over|talk|run|work|arrange|take) (?:<w> ){0,3}(?:with|to|by|past|through with))",
    ),
    // What a person is wanted for, and nobody who loads or signs.
    (
        "duty",
        "(?:(?:to|and|could|can|should) (?:<soft>)*(?:speak|talk|help|explain|look (?:at|into)|listen|deal|sort|take|assist|answer|handle|call|ring|phone|discuss|advise|review|solve|fix|clarify|come on)|(?:who|that) (?:<w> ){0,2}(?:can|could|knows?|understands?|speaks?|is able|has|handles?|deals|is|will|actually|works?|makes?|decides?|looks?|does)|which knows)",
    ),
    (
        "bring",
        "(?:get|give|find|fetch|grab|bring|put|pass|hand|call|involve|loop in|bring in|pull in|ask for|send|offer)",
    ),
    (
        "refuse",
        "(?:not|don't|do not|never|won't|will not|can't|cannot|hate|hating|refuse|refusing|stop|quit|tired|sick|fed up|bored|enough|done|finished|through|no more|no use|no point|rather than|instead of|without|avoid|pointless|useless|impossible|why am i|why do i|why are we|had it)",
    ),
    (
        "machine",
        "(?:robots?|bots?|chat ?bots?|voice ?bots?|computers?|machines?|recordings?|ai|a i|automated (?:<w>)|automation|automat|voice assistants?|virtual (?:<w>)|answering machines?|menus?|software|program|algorithm)",
    ),
];

pub(super) const REQUESTS: &[&str] = &[
    "<wish> (?:<fill>){0,8}<reach> <party>",
    // Somebody who is there, and may be spoken to.
    "(?:is|are|isn't|aren't|have|got|there's|any|must be|surely) (?:<w> ){0,2}?<party> (?:<w> ){0,5}?(?:i|we) (?:can|could|may|might|should) (?:<soft>)*(?:speak|talk|deal|discuss|ask|reach|contact|get hold|explain|turn|chat|have a)",
    "(?:is|are) there (?:<w> ){0,2}?(?:<anyone>|<whose> (?:<kind>)*(?:<head>)) (?:<w> ){0,2}?(?:alive|human|real|free|around|available|on duty|in the office|at your end|behind (?:this|the))",
    // Bring somebody, for what people are spoken to.
    "<bring> (?:me |us )?(?:<soft>)*(?:<anyone>|<whose> (?:<w> ){0,3}?<head>) <duty>",
    "(?:i|we) (?:<fill>){0,3}(?:need|want|require|prefer|would like|love) (?:<whose> )?(?:<kind>)*(?:<role>|<folk>) <duty>",
    "(?:put|get) (?:<party>) on (?:who|that|please|now|instead|for me)",
    "<bring> (?:me|us) (?:<soft>)*(?:to |on to |over to |through to )?<whose> (?:<w> ){0,2}?(?:person|human|manager|supervisor|boss|superior|director|agent|representative|rep|operator|colleague|advisor|employee|coordinator|handler|dispatcher|planner|specialist)",
    "(?:can|could|may|might) (?:i|we) (?:<soft>)*(?:have|get|see) (?:<desk>|<whose> (?:<kind>)*(?:person|human|manager|supervisor|representative|operator|colleague|advisor|member of staff)|somebody|someone) (?:please|now|on|instead|then)",
    // To be passed on, to wherever.
    "(?:transfer|connect|redirect) (?:me|us)(?: please| now| then| already| instead| elsewhere| somewhere| back| over)*$",
    "(?:please|just|then|and|you) (?:transfer|connect|redirect|put) (?:me|us)(?: through)? (?:i|i'm|you|this|because|as|it|it's|and|enough|we|before)",
    "<wish> (?:<fill>){0,6}(?:be|get) (?:<soft>)*(?:transferred|connected|put through|patched through|handed over|redirected|forwarded) (?:over |on |straight |back )*(?:to|with)",
    "(?:would you|could you|can you|mind|consider) (?:<soft>)*(?:transferring|connecting|putting|passing|redirecting|patching|handing) (?:me|us|my call|this call|the call)",
    "(?:can|could|may) (?:i|we) (?:<soft>)*(?:speak|talk) (?:to|with) <w> (?:<w> )?(?:please|in (?:your|the)|from (?:your|the)|at your)",
    // Enough of the machine.
    "<refuse> (?:<w> ){0,8}?(?:speak|speaking|talk|talking|chat|chatting|deal|dealing|explain|explaining|repeat|repeating|argue|arguing|discuss|discussing|listen|listening|stuck|shouting|yelling|conversation|reasoning|answer|answering|helped|served|told) (?:<w> ){0,3}?(?:to|with|by|at) (?:<w> ){0,2}?<machine>",
    "(?:get past|getting past|go past|past|bypass|skip|skipping|around|rid of|get off|off|escape|out of|turn off|switch off|shut off|stop|quit|enough of|enough with|had it with|done with|fed up with|sick of|tired of|no more|hate|can't stand|cut) (?:with )?(?:all )?(?:this|the|your|these|that|of this|of these) (?:<w> ){0,2}?(?:robots?|bots?|chat ?bots?|automated|automation|recordings?|recorded|ai|a i|voice assistant|voice menu|phone menu|menus?|computer voice|answering machine|robotic|virtual)",
    "(?:get past|getting past|go past|bypass|skip|skipping|talking to|speaking to) this (?:<w> )?(?:machine|computer|thing|system)",
    "(?:a |the )?(?:human|person|people|someone|somebody|anyone) (?:<w> ){0,4}?(?:not|instead of|rather than|and no|isn't|who's not|who is not) (?:an?|this|the|some|your|talking to an?) (?:<w> )?<machine>",
];

pub(super) const EXCEPT: &[&str] = &[
    "<deny> <linked>(?:<reach> )<party>",
    "<deny> <linked>(?:<bring>) (?:me |us )?<party>",
    "(?:not|without) (?:transferring|connecting|putting|passing|talking|speaking|dealing)",
    // The machine does well, or nobody minds it.
    "(?:don't|doesn't|wouldn't|didn't|not|never|won't|can't|couldn't) (?:even |really |actually )*(?:mind|care|matter|bother|hurt|notice|noticed|realise|realize|know|knew|tell|guess|think|feel|sound|seem|believe)(?: <w>){0,7} <machine>",
    // Who is meant is asked for by others, or comes into it later.
    "(?:<reach>|<contact>) ?<party> (?:here |first |then |about it )*(?:and|before|then) (?:i |i'll |we'll |we )?(?:call|ring|phone|get|come|let|book|confirm|decide|order)",
    "(?:reach|contact|catch|get|getting) <party> (?:by|on) (?:email|mail|post|whatsapp|fax)",
    "<party>(?:s)? (?:<w> )?(?:name|email|mail|address|hours|details|extension|approval|signature|licence|license|fees?)",
    "<reach> (?:my|our|his|their|you|customs)(?: <w>)?",
    "(?:speak|talk) (?:to|with) (?:my|our|his|their|you|both|each|customs|myself)(?: <w>)?",
    "(?:<anyone>|<whose> (?:<w> ){0,3}?<head>) (?:to|who can|that can|who could) (?:<soft>)*(?:load|unload|pick|deliver|sign|move|drive|carry|collect|receive|check|open|lift|take (?:the|my|our|these|delivery)|help (?:load|unload|carry|lift|move|with the))",
    "(?:i|we|he|she|they|who|customer|driver|wife|boss) (?:have |has |had |already |just |only )+(?:spoke|spoken|talked|dealt|chatted|been (?:transferred|connected)) ?(?:to|with)? ?(?:<party>)?",
];
