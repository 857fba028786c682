//! What the carrier is told to do with a call, as TwiML.

use std::time::Duration;

use voicera::words::Language;

use super::handoff::HandoffTarget;
use super::settings::{LanguageSettings, Settings, SpeechTimeout};
use super::token;
use xml::Xml;

mod xml;

/// Everything that connects a call to the relay.
#[derive(Debug)]
pub(super) struct Connect<'a> {
    /// The websocket, `wss://…`.
    pub(super) url: &'a str,
    /// What the carrier asks when the session is over.
    pub(super) action: &'a str,
    pub(super) settings: &'a Settings,
    /// What the agent speaks where the settings do not say.
    pub(super) language: &'a Language,
    /// What the agent may switch to during the call.
    pub(super) languages: &'a [Language],
    /// What the carrier says first. Nothing when the call goes on after a loss.
    pub(super) greeting: &'a str,
    /// Where the carrier's own analysis of the transcript is kept.
    pub(super) intelligence_service: Option<&'a str>,
    pub(super) token: &'a str,
}

/// A sentence the carrier itself says.
#[derive(Clone, Debug)]
pub(super) struct Sentence<'a> {
    pub(super) text: String,
    pub(super) language: &'a Language,
}

/// Connects the call to the relay.
pub(super) fn connect(connect: &Connect<'_>) -> String {
    let mut xml = Xml::new();
    xml.open("Response");
    xml.open("Connect");
    xml.attribute("action", connect.action);
    xml.open("ConversationRelay");
    write_session(&mut xml, connect);
    write_speaking(&mut xml, connect);
    write_listening(&mut xml, connect.settings);
    write_manners(&mut xml, connect.settings);
    write_languages(&mut xml, connect);
    write_parameters(&mut xml, connect);
    xml.finish()
}

/// Says a sentence and hangs up.
pub(super) fn say_and_hang_up(sentence: Sentence<'_>) -> String {
    let mut xml = Xml::new();
    xml.open("Response");
    write_sentence(&mut xml, &sentence);
    xml.open("Hangup");
    xml.finish()
}

pub(super) fn hang_up() -> String {
    let mut xml = Xml::new();
    xml.open("Response");
    xml.open("Hangup");
    xml.finish()
}

/// Passes the caller to a person, with a sentence before it where one is due.
/// `task` tells the person's desk about the call, as a JSON object, where there is something to tell.
pub(super) fn hand_over(
    sentence: Option<Sentence<'_>>,
    target: &HandoffTarget,
    task: &str,
) -> String {
    let mut xml = Xml::new();
    xml.open("Response");
    if let Some(sentence) = sentence {
        write_sentence(&mut xml, &sentence);
    }
    match target {
        HandoffTarget::Number(number) => {
            xml.open("Dial");
            xml.open("Number");
            xml.text(number);
        }
        HandoffTarget::Sip(sip) => {
            xml.open("Dial");
            xml.open("Sip");
            xml.text(sip);
        }
        HandoffTarget::Workflow(workflow) => {
            xml.open("Enqueue");
            xml.attribute("workflowSid", workflow.as_str());
            if !task.is_empty() {
                xml.open("Task");
                xml.text(task);
            }
        }
    }
    xml.finish()
}

/// Does nothing: the call is over.
pub(super) fn nothing() -> String {
    let mut xml = Xml::new();
    xml.open("Response");
    xml.finish()
}

fn write_sentence(xml: &mut Xml, sentence: &Sentence<'_>) {
    xml.open("Say");
    xml.attribute("language", sentence.language.as_str());
    xml.text(&sentence.text);
    xml.close();
}

fn write_session(xml: &mut Xml, connect: &Connect<'_>) {
    let settings = connect.settings;
    xml.attribute("url", connect.url);
    xml.attribute("welcomeGreeting", connect.greeting);
    let interruptible = settings.welcome_greeting_interruptible;
    xml.attribute(
        "welcomeGreetingInterruptible",
        interruptible.map(|kind| kind.as_str()),
    );
    xml.attribute("intelligenceService", connect.intelligence_service);
    xml.attribute("applicationReconnect", settings.application_reconnect);
    xml.attribute("customerName", settings.customer_name.as_deref());
    xml.attribute(
        "conversationConfiguration",
        settings.conversation_configuration.as_deref(),
    );
    xml.attribute("conversationId", settings.conversation_id.as_deref());
}

fn write_speaking(xml: &mut Xml, connect: &Connect<'_>) {
    let settings = connect.settings;
    let language = settings.language.as_deref();
    xml.attribute("language", language.unwrap_or(connect.language.as_str()));
    xml.attribute("ttsLanguage", settings.tts_language.as_deref());
    xml.attribute("ttsProvider", settings.tts_provider.map(|p| p.as_str()));
    xml.attribute("voice", settings.voice.as_deref());
    let normalization = settings.tts_text_normalization;
    xml.attribute("ttsTextNormalization", normalization.map(|n| n.as_str()));
    xml.attribute(
        "ttsLanguageTextNormalization",
        settings.tts_language_text_normalization,
    );
    let normalization = settings.elevenlabs_text_normalization;
    xml.attribute(
        "elevenlabsTextNormalization",
        normalization.map(|n| n.as_str()),
    );
}

fn write_listening(xml: &mut Xml, settings: &Settings) {
    xml.attribute(
        "transcriptionLanguage",
        settings.transcription_language.as_deref(),
    );
    let provider = settings.transcription_provider;
    xml.attribute("transcriptionProvider", provider.map(|p| p.as_str()));
    xml.attribute("speechModel", settings.speech_model.as_deref());
    xml.attribute("asrSmartFormat", settings.asr_smart_format);
    xml.attribute("deepgramSmartFormat", settings.deepgram_smart_format);
    xml.attribute("hints", settings.hints.join(",").as_str());
    xml.attribute("profanityFilter", settings.profanity_filter);
    xml.attribute("partialPrompts", settings.partial_prompts);
    xml.attribute("partialPromptOnHangup", settings.partial_prompt_on_hangup);
    xml.attribute("speechTimeout", settings.speech_timeout);
    xml.attribute("eotThreshold", settings.eot_threshold);
    xml.attribute("eagerEotThreshold", settings.eager_eot_threshold);
    xml.attribute("turnDetection", settings.turn_detection);
    let parts = settings.include_in_prompt.iter().map(|part| part.as_str());
    xml.attribute("includeInPrompt", list(parts).as_str());
    xml.attribute("echoPromptFiltering", settings.echo_prompt_filtering);
    xml.attribute(
        "backgroundNoiseReduction",
        settings.background_noise_reduction.as_deref(),
    );
}

fn write_manners(xml: &mut Xml, settings: &Settings) {
    xml.attribute("interruptible", settings.interruptible.as_str());
    let sensitivity = settings.interrupt_sensitivity;
    xml.attribute("interruptSensitivity", sensitivity.map(|s| s.as_str()));
    xml.attribute("ignoreBackchannel", settings.ignore_backchannel);
    xml.attribute("dtmfDetection", settings.dtmf_detection);
    xml.attribute(
        "reportInputDuringAgentSpeech",
        settings.report_input_during_agent_speech.as_str(),
    );
    xml.attribute("preemptible", settings.preemptible);
    let events = settings.events.iter().map(|event| event.as_str());
    xml.attribute("events", list(events).as_str());
    let debug = settings.debug.iter().map(|event| event.as_str());
    xml.attribute("debug", list(debug).as_str());
}

fn write_languages(xml: &mut Xml, connect: &Connect<'_>) {
    let settings = &connect.settings.languages;
    for language in settings {
        write_language(xml, language);
    }
    for language in connect.languages {
        let code = language.as_str();
        if !settings.iter().any(|l| l.code.eq_ignore_ascii_case(code)) {
            write_language(
                xml,
                &LanguageSettings {
                    code: code.to_owned(),
                    ..LanguageSettings::default()
                },
            );
        }
    }
}

fn write_language(xml: &mut Xml, language: &LanguageSettings) {
    xml.open("Language");
    xml.attribute("code", language.code.as_str());
    xml.attribute("ttsProvider", language.tts_provider.map(|p| p.as_str()));
    xml.attribute("voice", language.voice.as_deref());
    let normalization = language.tts_text_normalization;
    xml.attribute("ttsTextNormalization", normalization.map(|n| n.as_str()));
    xml.attribute(
        "ttsLanguageTextNormalization",
        language.tts_language_text_normalization,
    );
    let provider = language.transcription_provider;
    xml.attribute("transcriptionProvider", provider.map(|p| p.as_str()));
    xml.attribute("speechModel", language.speech_model.as_deref());
    xml.attribute("asrSmartFormat", language.asr_smart_format);
    xml.attribute("hints", language.hints.join(",").as_str());
    xml.close();
}

fn write_parameters(xml: &mut Xml, connect: &Connect<'_>) {
    let parameters = connect.settings.parameters.iter();
    let parameters = parameters.map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in parameters.chain([(token::PARAMETER, connect.token)]) {
        xml.open("Parameter");
        xml.attribute("name", name);
        xml.attribute("value", value);
        xml.close();
    }
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

impl xml::Value for SpeechTimeout {
    fn write(&self, to: &mut String) {
        match self {
            Self::Auto => to.push_str("auto"),
            Self::After(time) => time.write(to),
        }
    }
}

impl xml::Value for Duration {
    fn write(&self, to: &mut String) {
        to.push_str(&self.as_millis().to_string());
    }
}

#[cfg(test)]
mod tests;
