//! Spanish.

use rust_stemmers::Algorithm;

use super::{Data, Demand, Figures};

pub(super) const DATA: Data = Data {
    algorithm: Algorithm::Spanish,
    stop: "a al algo ante antes aquí así aunque cada como cómo con contra cual cuál cuáles cuando \
           cuándo cuánta cuántas cuánto cuántos de del desde donde dónde durante e el él ella ellas \
           ellos en entre era es esa ese eso esos esta está están este esto estos fue ha hacia han hasta \
           hay la las le les lo los más me mi mis mucho muy nada ni no nos nosotros nuestra nuestro o os \
           otra otro para pero por porque pues que qué quien quién quiénes se sea ser si sí sin sobre \
           son su sus también tan tanto te tiene tienen todo todos tu tus un una uno unos unas usted \
           ustedes y ya yo hola buenos buenas días tardes favor eh pues bueno",
    common: "ayuda ayudar buscar cosa cosas cuestión dar decir deber encontrar enviar explicar forma \
             general gente gracias gustar gustaría haber hablar hacer información ir llamar llegar \
             llevar necesitar necesito necesita ofrecer pasar pedir persona poder posible pregunta \
             preguntar problema puedo puede pueden querer quiero quisiera recibir saber tener tengo \
             tipo tipos tomar trabajar usar venir ver hoy ahora mañana tarde pronto bien mejor nuevo \
             grande pequeño empresa cliente ciudad lugar normalmente clase",
    before_names: "a de en desde hasta hacia entre para por vía",
    negations: "no",
    conjunctions: "y e o u",
    plural: "s",
    means: "por mediante con vía través",
    copulas: "es son significa era eran",
    definitions: &["qué es", "qué son", "qué significa", "qué quiere decir"],
    capitals_are_names: true,
    numbers: &[
        ("cero", 0),
        ("dos", 2),
        ("tres", 3),
        ("cuatro", 4),
        ("cinco", 5),
        ("seis", 6),
        ("siete", 7),
        ("ocho", 8),
        ("nueve", 9),
        ("diez", 10),
        ("once", 11),
        ("doce", 12),
        ("quince", 15),
        ("veinte", 20),
        ("treinta", 30),
        ("cuarenta", 40),
        ("cincuenta", 50),
        ("sesenta", 60),
        ("setenta", 70),
        ("ochenta", 80),
        ("noventa", 90),
        ("cien", 100),
        ("mil", 1000),
    ],
    same: &[
        "correo electrónico|correos electrónicos|e mail|correo = email",
        "kg|kilo|kilos|kilogramos = kilogramo",
        "euros|euro|eur = eur",
        "estados unidos|ee uu = usa",
        "página web|sitio web|la web = web",
        "24 7|las 24 horas = aroundtheclock",
    ],
    related: &[
        "teléfono número llamar móvil",
        "email escribir",
        "web internet portal línea",
        "precio coste costo costar cuesta cuestan tarifa pagar caro vale",
        "pagar pago factura",
        "horario abrir abierto abren cerrar cierran hora",
        "dirección calle ubicación sede oficina",
        "entrega entregar envío enviar",
        "cita reservar reserva pedir",
        "cambiar cambio modificar cancelar anular",
        "daño dañado roto reclamación",
        "documento documentos papeles",
        "domingo fin festivo",
        "tardar demora plazo duración",
    ],
    within: &["europa: españa francia alemania italia portugal"],
    time_units: "segundo minuto hora día semana mes año",
    currencies: "eur usd euro dólar céntimo peso",
    cues: &[
        ("cuánto tiempo", Figures::PERIOD, Demand::Firm),
        ("cuánto tarda", Figures::PERIOD, Demand::Firm),
        ("cuánto tardan", Figures::PERIOD, Demand::Firm),
        ("cuántos días", Figures::PERIOD, Demand::Firm),
        ("cuántas horas", Figures::PERIOD, Demand::Firm),
        ("hasta cuándo", Figures::WHEN, Demand::Firm),
        ("a qué hora", Figures::WHEN, Demand::Firm),
        ("cuándo", Figures::WHEN, Demand::Soft),
        ("cuánto cuesta", Figures::MONEY, Demand::Firm),
        ("cuánto cuestan", Figures::MONEY, Demand::Firm),
        ("cuánto vale", Figures::MONEY, Demand::Firm),
        ("precio", Figures::MONEY, Demand::Soft),
        ("cuántos", Figures::NUMBER, Demand::Firm),
        ("cuántas", Figures::NUMBER, Demand::Firm),
        ("email", Figures::EMAIL, Demand::Soft),
        ("teléfono", Figures::PHONE, Demand::Soft),
        ("horario", Figures::CLOCK, Demand::Soft),
        ("dónde", Figures::PLACE, Demand::Hint),
        ("cómo puedo", Figures::MEANS, Demand::Hint),
    ],
    lead_ins: &["y", "o", "pero", "qué tal", "y si", "también"],
    pointers: "eso esto esa ese este esta ello lo allí",
    dangling: "eso esto ese esa este esta estos estas ello tal tales",
    references: &["véase", "descrito en", "abajo", "siguiente", "siguientes"],
    focusing: "qué cuál cuáles quién quiénes cómo cuándo dónde",
    question_words: "qué cuál cuáles quién cómo cuándo dónde cuánto cuánta cuántos cuántas puedo puede \
                     pueden es son hay tiene tienen",
    small_talk: &[
        (
            "hola|buenos días|buenas tardes|buenas noches|buenas",
            "¡Hola! ¿En qué puedo ayudarle?",
        ),
        ("gracias|muchas gracias|no gracias|eso es todo", "De nada."),
        (
            "quién es usted|quién eres|cómo se llama|con quién hablo|es usted un robot|es una máquina|qué puede hacer",
            "Soy el asistente automático y respondo a preguntas con nuestros documentos.",
        ),
        (
            "cómo está|cómo estás|qué tal",
            "Bien, gracias. ¿En qué puedo ayudarle?",
        ),
        (
            "adiós|hasta luego|que tenga un buen día",
            "Adiós y gracias por llamar.",
        ),
        (
            "sí|vale|sí por favor|tengo una pregunta|puede ayudarme",
            "Sí, dígame.",
        ),
    ],
    fillers: "eh pues bueno favor por sí entonces ahora vale",
    nothing_more: "Es todo lo que puedo decirle al respecto.",
};
