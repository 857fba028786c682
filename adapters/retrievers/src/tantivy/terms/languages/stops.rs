//! Folded words that carry no meaning in a question: function words, and what people say around
//! what they want to know. Apostrophes are left out, as the analysis leaves them out.

pub(super) const ENGLISH: &str = "
a an the this that these those there here
i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself
she her hers herself it its itself they them their theirs themselves
who whom whose which what when where why how
am is are was were be been being do does did doing done have has had having
can could will would shall should may might must ought
not no nor only own same so than too very just
and but or if because as until while of at by for with about against between into through during
before after to from in on off over under again further then once
all any both each few more most other some such one ones
im ive id ill youre youve youd youll hes shes theyre theyve theyd theyll weve wed were
isnt arent wasnt werent dont doesnt didnt havent hasnt hadnt cant couldnt wont wouldnt shouldnt
mustnt neednt whats whos wheres whens hows thats theres heres lets aint
hello hi hey good morning afternoon evening bye goodbye please thanks thank welcome sorry excuse
okay ok yes yeah yep yup no nope nah sure right alright well um umm uh uhh er erm hmm mm mhm ah oh
wow huh anyway anyways basically actually really literally honestly kinda gonna wanna gotta
know knows tell told say says said saying explain want wants wanted wanting wonder wondering wondered
think thinks thinking thought mean means meant guess suppose believe feel ask asking asked question questions
hear heard understand got get gets getting give gives show let like also even still though although
something anything everything someone anyone thing things stuff kind sort bit lot lots much many
now maybe perhaps else every etc via regarding please talk talking curious interested
btw fyi pls plz help
";

pub(super) const GERMAN: &str = "
der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner
ich mich mir mein meine meinen meinem meiner du dich dir dein deine er ihn ihm sein seine sie ihr ihre
ihren ihrem ihrer es wir uns unser unsere unseren unserem unserer euch euer eure man sich
wer wen wem wessen was wann wo wohin woher warum wieso weshalb wie welche welcher welches welchen welchem
bin bist ist sind war waren wart sein gewesen habe hast hat haben hatte hatten habt
werde wirst wird werden wurde wurden worden kann kannst konnen konnte konnten konnt muss musst mussen
musste soll sollst sollen sollte will willst wollen wollte darf durfen mag mogen mochte mochten
wurde wurden tun tut getan
und oder aber denn weil dass ob wenn als so nicht auch noch nur schon sehr mehr
in im ins an am ans auf aus bei beim mit nach seit von vom zu zum zur durch fur gegen ohne um bis uber
unter vor zwischen hinter neben
hier da dort dann jetzt nun mal doch ja nein
hallo guten tag morgen abend gruss gott servus moin tschuss bitte danke okay ok gut ahm ah aha hm also
genau eigentlich wirklich vielleicht halt eben einfach irgendwie
weiss wissen sagen sagt erklaren fragen frage wissen gerne gern denke denken meine meinen glaube glauben
gibt geben
";

pub(super) const SPANISH: &str = "
el la los las un una unos unas lo al del
yo me mi mis mio tu te ti tus usted ustedes su sus el ella ello ellos ellas le les se nos nosotros
nuestro nuestra nuestros nuestras vosotros vuestro
que quien quienes cual cuales cuando donde adonde como porque cuanto cuanta cuantos cuantas
este esta estos estas ese esa esos esas aquel aquella eso esto aquello
soy eres es somos son era eran fue fueron ser sido estoy estas esta estamos estan estaba estar
he ha has hay han habia haber hemos tengo tiene tienen tener puedo puede pueden podria podrian poder
debo debe deben hacer hace hacen hago quiero quiere queria quisiera
y e o u ni pero sino si no tambien muy mas menos ya aun todavia
a ante bajo con contra de desde durante en entre hacia hasta para por segun sin sobre tras
aqui ahi alli ahora entonces pues bueno vale claro
hola buenos buenas dias tardes noches adios gracias por favor perdon disculpe oiga mire eh ah este
saber se sabe decir dice dime digame decirme explicar preguntar pregunta gustaria creo cree pienso
algo alguien cosa cosas
";

pub(super) const FRENCH: &str = "
le la les l un une des du de d au aux
je j me m moi mon ma mes tu te t toi ton ta tes il elle on lui se s son sa ses nous notre nos vous
votre vos ils elles leur leurs eux y en
qui que qu quoi quel quelle quels quelles quand ou comment pourquoi combien dont
ce c cet cette ces ca cela ceci celui celle ceux
suis es est sommes etes sont etait etaient etre ete sera serait ai as a avons avez ont avait avoir eu
peux peut pouvez peuvent pouvoir pourrais pourrait pourriez dois doit devez doivent fais fait faites
faire veux veut voulez voudrais voudrait vouloir
et mais ou donc or ni car si ne n pas plus moins tres aussi encore deja
a dans par pour sur sous avec sans chez vers entre depuis pendant avant apres jusque jusqu
ici la alors maintenant puis
bonjour bonsoir salut allo merci svp plait sil revoir pardon excusez oui non euh ah bah ben bon voila
bien d accord ok
savoir sais sait dire dites dis expliquer demander question aimerais pense pensez crois croyez
quelque chose choses quelqu un
";
