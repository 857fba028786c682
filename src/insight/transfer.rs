//! Whether the agent passes the call to somebody else. An offer to do so is not yet a transfer.

use super::patterns::{Class, Patterns};

pub(super) fn patterns() -> Patterns {
    Patterns::new(CLASSES, TRANSFERS, EXCEPT)
}

const CLASSES: &[Class<'_>] = &[
    (
        "will",
        "(?:i'll|i will|let me|i'm|i am|we'll|we will|we're|we are|i shall|i'd better|i had better|i should|i must|allow me to|going to|i'd like to|i would like to|about to|while i|while we|until i|and i|then i|have to|need to) ",
    ),
    ("call", "(?:you|your call|this call|the call)"),
    (
        "colleague",
        "(?:one of (?:my|our) (?:<w> )?(?:colleagues|people|agents|specialists|experts)|(?:an?|my|our|the|another|some) (?:<w> )?(?:colleague|person|agent|human|advisor|adviser|specialist|expert|representative|supervisor|manager|operator|coworker|team member)|a member of (?:my|our|the) team|(?:someone|somebody)(?: else)?(?: from <w>(?: <w>)?)?)",
    ),
    (
        "desk",
        "(?:my|our|the|your) (?:<w> ){0,2}(?:team|department|desk|office|hotline|branch|hub|unit|line)",
    ),
    // These say it alone.
    (
        "move",
        "(?:transfer|connect|redirect|reroute|transferring|connecting|redirecting|rerouting|forward|forwarding|route|routing)",
    ),
    // These only with a direction.
    (
        "push",
        "(?:put|pass|pop|hand|switch|patch|putting|passing|popping|handing|switching|patching)",
    ),
    // These only with somebody at the end of it.
    (
        "bring",
        "(?:get|move|bring|send|take|getting|moving|bringing|sending|taking)",
    ),
    (
        "way",
        "(?:on|over|off|through|back|across|along|straight|in touch|in contact)",
    ),
];

const TRANSFERS: &[&str] = &[
    "<will>(?:<w> ){0,3}?<move> <call>",
    "<will>(?:<w> ){0,3}?<push> <call> (?:<w> )?(?:<way>|to|with)",
    "<will>(?:<w> ){0,3}?<bring> <call> (?:<way> )?(?:to|with) (?:<colleague>|<desk>|<w> (?:team|department))",
    "<will>(?:<w> ){0,3}?<bring> <call> (?:over|across|through) to",
    "<will>(?:<w> ){0,3}?(?:hand|handing) over to",
    "<will>(?:<w> ){0,3}?(?:hand|handing|pass|passing) (?:this|it|things) (?:over |on )?to <colleague>",
    "<will>(?:<w> ){0,3}?(?:get|getting) <call> (?:connected|transferred|through)",
    "(?:transferring|connecting|switching|handing over) (?:<w> )?to <colleague>",
    "(?:transferring|connecting|redirecting|rerouting|forwarding|patching) (?:<call>|now)",
    "(?:putting|passing|popping|switching|handing|sending|getting|moving) <call> (?:<way>|to)",
    "you(?:'re| are| will be|'ll be) (?:now |shortly )?(?:being )?(?:transferred|connected|redirected|forwarded|put through|handed over|passed on)",
    "<call> (?:is|will) (?:now )?(?:be |being )?(?:transferred|forwarded|redirected|routed|connected|put through|passed on)",
    // Somebody comes.
    "<will>(?:<w> ){0,3}?(?:get|getting|bring|bringing|fetch|fetching|find|finding|grab|have|call) (?:you )?(?:in )?<colleague> (?:on the (?:line|phone)|for you|into (?:this|the) call|in here|who|to take|to help you)",
    "<will>(?:<w> )?(?:get|getting|bringing|finding) you <colleague>",
    "<will>(?:get|getting|fetch|fetching|bring|bringing|call|calling) <colleague> [.,!]",
    "<colleague> (?:will |is |now |is now |has to |can now )*(?:take|takes|taking) (?:over|it)(?: from here| now| this call| the call| from me)? [.,!]",
    "<colleague> (?:will |is |now )*(?:take|takes|taking) (?:over )?(?:this|the|your) call",
    "<colleague> (?:will |is )*(?:take|takes|taking) (?:it|over) (?:from here|now)",
    "asked <colleague> to take (?:over|it|this|the call)",
    "<colleague> will (?:be (?:<w> )?with you|continue|join|pick up)",
    "here (?:is|comes) (?:<colleague>|my colleague)",
    // German
    "ich verbinde(?: sie)?(?: jetzt| nun| gleich| mit)?",
    "ich stelle sie (?:<w> ){0,4}durch",
    "ich leite (?:sie|ihren anruf|das gespräch) (?:<w> ){0,5}weiter",
    "ich (?:übergebe|(?:gebe|reiche) sie (?:<w> ){0,5}weiter)",
    "(?:ein|eine|mein|meine) (?:<w> )?(?:kollege|kollegin|mitarbeiter|mitarbeiterin|kollegen) (?:übernimmt|übernehmen)",
    "sie werden (?:<w> ){0,4}(?:verbunden|durchgestellt|weitergeleitet)",
    // Spanish
    "(?:le|lo|la|te|os|les) (?:transfiero|comunico|conecto|derivo)",
    "(?:le|lo|la|te|os|les) (?:paso|pongo) (?:con|a|al)",
    "(?:le|lo|la|te) estoy (?:transfiriendo|pasando|comunicando|conectando)",
    "(?:le|lo|la|te) voy a (?:pasar|transferir|comunicar|poner|conectar|derivar)",
    "(?:transfiero|desvío|paso) su llamada",
    // French
    "je (?:vous|te) (?:passe|transfère|connecte|redirige|bascule)",
    "je vais (?:vous|te) (?:passer|transférer|connecter|rediriger|mettre en)",
    "je (?:vous|te) mets en (?:relation|contact|communication|ligne)",
    "je (?:transfère|passe|redirige) votre appel",
    "(?:prendre|prend|prendra) le relais",
    // Italian, Portuguese, Dutch
    "(?:la|ti|vi) (?:passo|trasferisco|collego|metto in (?:contatto|linea))",
    "(?:vou|estou) (?:a )?(?:transferir|transferindo|passar|passando|encaminhar)",
    "ik verbind u",
];

const EXCEPT: &[&str] = &[
    // Denied, offered, or done before.
    "(?:not|won't|can't|cannot|couldn't|unable to|never|nobody|no one|hate to|sorry to) (?:<w> ){0,3}(?:<move>|<push>|<bring>) <call>",
    "(?:if|whether|before|unless|when) (?:<w> ){1,6}?(?:<move>|<push>|<bring>) <call>",
    "(?:put|putting) you on (?:the|a|our|hold|file)",
    "you were (?:<w> )?(?:transferred|connected|forwarded)",
    "<call> (?:<way> )?to the (?:<w> )?(?:page|portal|website|app|second|third|question|point|step)",
    "(?:kann|könnte|darf) (?:<w> ){0,2}(?:nicht|leider) (?:<w> ){0,2}verbinden",
];
