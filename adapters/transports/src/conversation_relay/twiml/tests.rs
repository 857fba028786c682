use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

fn check(table: &str, expected: Expect) {
    let settings = toml::from_str(table).unwrap();
    expected.assert_eq(&pretty(&connected(&settings)));
}

#[test]
fn the_default_reports_what_was_heard() {
    check(
        "",
        expect![[r#"
        <?xml version="1.0"
            encoding="UTF-8"?>
        <Response>
        <Connect action="https://voice.example.com/call/ended?a=1&amp;b=2">
        <ConversationRelay url="wss://voice.example.com/relay"
            welcomeGreeting="Hello, &quot;you&quot;!"
            intelligenceService="GA1"
            language="en-US"
            transcriptionProvider="Deepgram"
            interruptible="any"
            ignoreBackchannel="true"
            dtmfDetection="true"
            reportInputDuringAgentSpeech="any"
            events="speaker-events tokens-played">
        <Language code="es-US"/>
        <Parameter name="token"
            value="1.0.mac"/>
        </ConversationRelay>
        </Connect>
        </Response>
    "#]],
    );
}

#[test]
fn every_setting_is_written() {
    check(
        r#"
        language = "en-GB"
        tts_language = "multi"
        tts_provider = "ElevenLabs"
        voice = "UgBBYS2sOqTuMpoF3BR0"
        tts_text_normalization = "off"
        tts_language_text_normalization = false
        elevenlabs_text_normalization = "auto"
        transcription_language = "multi"
        transcription_provider = "Deepgram"
        speech_model = "flux"
        asr_smart_format = true
        deepgram_smart_format = true
        hints = ["bill of lading", "FCL"]
        profanity_filter = false
        partial_prompts = true
        partial_prompt_on_hangup = true
        speech_timeout = "900ms"
        eot_threshold = 0.7
        eager_eot_threshold = 0.4
        turn_detection = true
        include_in_prompt = ["turn-state", "prompt-segments"]
        echo_prompt_filtering = true
        background_noise_reduction = "on"
        interruptible = "speech"
        welcome_greeting_interruptible = "none"
        interrupt_sensitivity = "medium"
        ignore_backchannel = false
        dtmf_detection = false
        report_input_during_agent_speech = "dtmf"
        preemptible = true
        events = ["speaker-events", "tokens-played", "config-updated"]
        debug = ["debugging"]
        application_reconnect = true
        customer_name = "Acme"
        conversation_configuration = "conv_configuration_1"
        conversation_id = "conv_1"
        parameters = { tenant = "acme", "a b" = "c" }
        [[languages]]
        code = "es-US"
        tts_provider = "Amazon"
        voice = "Lupe-Neural"
        tts_text_normalization = "on"
        tts_language_text_normalization = true
        transcription_provider = "Google"
        speech_model = "telephony"
        asr_smart_format = false
        hints = ["flete"]
        "#,
        expect![[r#"
            <?xml version="1.0"
                encoding="UTF-8"?>
            <Response>
            <Connect action="https://voice.example.com/call/ended?a=1&amp;b=2">
            <ConversationRelay url="wss://voice.example.com/relay"
                welcomeGreeting="Hello, &quot;you&quot;!"
                welcomeGreetingInterruptible="none"
                intelligenceService="GA1"
                applicationReconnect="true"
                customerName="Acme"
                conversationConfiguration="conv_configuration_1"
                conversationId="conv_1"
                language="en-GB"
                ttsLanguage="multi"
                ttsProvider="ElevenLabs"
                voice="UgBBYS2sOqTuMpoF3BR0"
                ttsTextNormalization="off"
                ttsLanguageTextNormalization="false"
                elevenlabsTextNormalization="auto"
                transcriptionLanguage="multi"
                transcriptionProvider="Deepgram"
                speechModel="flux"
                asrSmartFormat="true"
                deepgramSmartFormat="true"
                hints="bill of lading,FCL"
                profanityFilter="false"
                partialPrompts="true"
                partialPromptOnHangup="true"
                speechTimeout="900"
                eotThreshold="0.7"
                eagerEotThreshold="0.4"
                turnDetection="true"
                includeInPrompt="turn-state prompt-segments"
                echoPromptFiltering="true"
                backgroundNoiseReduction="on"
                interruptible="speech"
                interruptSensitivity="medium"
                ignoreBackchannel="false"
                dtmfDetection="false"
                reportInputDuringAgentSpeech="dtmf"
                preemptible="true"
                events="speaker-events tokens-played config-updated"
                debug="debugging">
            <Language code="es-US"
                ttsProvider="Amazon"
                voice="Lupe-Neural"
                ttsTextNormalization="on"
                ttsLanguageTextNormalization="true"
                transcriptionProvider="Google"
                speechModel="telephony"
                asrSmartFormat="false"
                hints="flete"/>
            <Parameter name="a b"
                value="c"/>
            <Parameter name="tenant"
                value="acme"/>
            <Parameter name="token"
                value="1.0.mac"/>
            </ConversationRelay>
            </Connect>
            </Response>
        "#]],
    );
}

#[test]
fn nothing_is_written_for_an_empty_value() {
    let settings = toml::from_str("events = []\ncustomer_name = \"\"\nvoice = \"\\u0001\"");
    let document = connected(&settings.unwrap());
    assert!(!document.contains("=\"\""), "{document}");
    assert!(!document.contains(" voice="), "{document}");
}

#[test]
fn a_person_takes_over_by_number_sip_or_queue() {
    let task = r#"{"summary":"a <b> & \"c\""}"#;
    let written = |target| pretty(&hand_over(None, &target, task));
    expect![[r#"
        <?xml version="1.0"
            encoding="UTF-8"?>
        <Response>
        <Dial>
        <Number>+14155550123</Number>
        </Dial>
        </Response>
    "#]]
    .assert_eq(&written(HandoffTarget::Number("+14155550123".to_owned())));
    expect![[r#"
        <?xml version="1.0"
            encoding="UTF-8"?>
        <Response>
        <Dial>
        <Sip>sip:a@b?x=1&amp;y</Sip>
        </Dial>
        </Response>
    "#]]
    .assert_eq(&written(HandoffTarget::Sip("sip:a@b?x=1&y".to_owned())));
    expect![[r#"
        <?xml version="1.0"
            encoding="UTF-8"?>
        <Response>
        <Enqueue workflowSid="WW1">
        <Task>{&quot;summary&quot;:&quot;a &lt;b&gt; &amp; \&quot;c\&quot;&quot;}</Task>
        </Enqueue>
        </Response>
    "#]]
    .assert_eq(&written(HandoffTarget::Workflow("WW1".to_owned())));
}

#[test]
fn a_sentence_is_said_before_the_end() {
    let sentence = Sentence {
        text: "All lines are busy & closed.".to_owned(),
        language: &Language::default(),
    };
    expect![[r#"
        <?xml version="1.0"
            encoding="UTF-8"?>
        <Response>
        <Say language="en-US">All lines are busy &amp; closed.</Say>
        <Hangup/>
        </Response>
    "#]]
    .assert_eq(&pretty(&say_and_hang_up(sentence.clone())));
    expect![[r#"
        <?xml version="1.0"
            encoding="UTF-8"?>
        <Response>
        <Say language="en-US">All lines are busy &amp; closed.</Say>
        <Dial>
        <Number>+1</Number>
        </Dial>
        </Response>
    "#]]
    .assert_eq(&pretty(&hand_over(
        Some(sentence),
        &HandoffTarget::Number("+1".to_owned()),
        "",
    )));
    expect![[r#"
        <?xml version="1.0"
            encoding="UTF-8"?>
        <Response>
        <Hangup/>
        </Response>
    "#]]
    .assert_eq(&pretty(&hang_up()));
    expect![[r#"
        <?xml version="1.0"
            encoding="UTF-8"?>
        <Response/>
    "#]]
    .assert_eq(&pretty(&nothing()));
}

proptest! {
    #[test]
    fn any_text_is_read_back_as_it_was(
        url in any::<String>(),
        greeting in any::<String>(),
        hint in any::<String>(),
        parameters in proptest::collection::btree_map(any::<String>(), any::<String>(), 0..4),
        task in any::<String>(),
    ) {
        let settings = Settings { hints: vec![hint.clone()], parameters, ..Settings::default() };
        let document = connect(&Connect { url: &url, greeting: &greeting, ..plain(&settings) });
        let document = roxmltree::Document::parse(&document).unwrap();
        let relay = document.descendants().find(|n| n.has_tag_name("ConversationRelay")).unwrap();
        prop_assert_eq!(relay.attribute("url").unwrap_or_default(), legal(&url));
        prop_assert_eq!(relay.attribute("welcomeGreeting").unwrap_or_default(), legal(&greeting));
        prop_assert_eq!(relay.attribute("hints").unwrap_or_default(), legal(&hint));
        let read = relay.children().filter(|n| n.has_tag_name("Parameter")).map(|n| {
            let of = |name| n.attribute(name).unwrap_or_default().to_owned();
            (of("name"), of("value"))
        });
        let read = read.filter(|(name, _)| name != "token").collect::<BTreeMap<_, _>>();
        let meant = settings.parameters.iter().map(|(name, value)| (legal(name), legal(value)));
        prop_assert_eq!(read, meant.filter(|(name, _)| name != "token").collect::<BTreeMap<_, _>>());

        let document = hand_over(None, &HandoffTarget::Workflow("WW1".to_owned()), &task);
        let document = roxmltree::Document::parse(&document).unwrap();
        let read = document.descendants().find(|n| n.has_tag_name("Task"));
        prop_assert_eq!(read.and_then(|n| n.text()).unwrap_or_default(), legal(&task));
    }
}

/// What is left of a text once it has lost what no XML can hold.
fn legal(text: &str) -> String {
    let illegal = |c: &char| matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
    text.chars().filter(|c| !illegal(c)).collect()
}

fn connected(settings: &Settings) -> String {
    connect(&plain(settings))
}

fn plain(settings: &Settings) -> Connect<'_> {
    static LANGUAGES: std::sync::LazyLock<[Language; 2]> =
        std::sync::LazyLock::new(|| [Language::new("en-US"), Language::new("es-US")]);
    Connect {
        url: "wss://voice.example.com/relay",
        action: "https://voice.example.com/call/ended?a=1&b=2",
        settings,
        language: &LANGUAGES[0],
        languages: &LANGUAGES[1..],
        greeting: "Hello, \"you\"!",
        intelligence_service: Some("GA1"),
        token: "1.0.mac",
    }
}

/// One attribute or element a line, so that a difference shows.
fn pretty(document: &str) -> String {
    let mut lines = document.replace("><", ">\n<").replace("\" ", "\"\n    ");
    lines.push('\n');
    lines
}
