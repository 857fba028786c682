use expect_test::{Expect, expect};

use super::*;

fn check(table: &str, expected: Expect) {
    let outcome = match toml::from_str::<Settings>(table) {
        Ok(settings) => settings
            .problems()
            .into_iter()
            .map(|problem| {
                assert!(problem.message.starts_with(&problem.key), "{problem:?}");
                format!("{}\n", problem.message)
            })
            .collect(),
        Err(error) => format!("not read: {}\n", error.message().trim_end()),
    };
    expected.assert_eq(&outcome);
}

#[test]
fn an_empty_table_is_the_default_and_has_no_problem() {
    assert_eq!(toml::from_str::<Settings>("").unwrap(), Settings::default());
    check("", expect![""]);
}

#[test]
fn every_setting_is_read_by_its_name() {
    check(
        r#"
        format = false
        pace = 14.5
        language = "en-US"
        tts_language = "multi"
        tts_provider = "ElevenLabs"
        voice = "UgBBYS2sOqTuMpoF3BR0-flash_v2_5-1.0_0.5_0.75"
        tts_text_normalization = "off"
        tts_language_text_normalization = false
        elevenlabs_text_normalization = "auto"
        transcription_language = "multi"
        transcription_provider = "deepgram"
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
        parameters = { tenant = "acme" }
        [[languages]]
        code = "es-US"
        tts_provider = "Amazon"
        voice = "Lupe-Neural"
        transcription_provider = "Google"
        speech_model = "telephony"
        "#,
        expect![""],
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    check(
        r#"voise = "x""#,
        expect![[r#"
            not read: unknown field `voise`, expected one of `format`, `pace`, `language`, `tts_language`, `tts_provider`, `voice`, `tts_text_normalization`, `tts_language_text_normalization`, `elevenlabs_text_normalization`, `transcription_language`, `transcription_provider`, `speech_model`, `asr_smart_format`, `deepgram_smart_format`, `hints`, `profanity_filter`, `partial_prompts`, `partial_prompt_on_hangup`, `speech_timeout`, `eot_threshold`, `eager_eot_threshold`, `turn_detection`, `include_in_prompt`, `echo_prompt_filtering`, `background_noise_reduction`, `interruptible`, `welcome_greeting_interruptible`, `interrupt_sensitivity`, `ignore_backchannel`, `dtmf_detection`, `report_input_during_agent_speech`, `preemptible`, `events`, `debug`, `application_reconnect`, `customer_name`, `conversation_configuration`, `conversation_id`, `languages`, `parameters`
        "#]],
    );
    check(
        r#"interruptible = "sometimes""#,
        expect![[r#"
        not read: unknown variant `sometimes`, expected one of `none`, `dtmf`, `speech`, `any`
    "#]],
    );
    check(
        r#"speech_timeout = "a while""#,
        expect![[r#"
        not read: "a while" is neither "auto" nor a time such as "900ms": expected number at 0
    "#]],
    );
}

#[test]
fn a_voice_belongs_to_its_provider() {
    check(
        r#"voice = "en-US-Journey-O""#,
        expect![[r#"
        voice is "en-US-Journey-O", a voice of Google, but the provider is ElevenLabs: set tts_provider = "Google", or choose a voice of ElevenLabs
    "#]],
    );
    check(
        r#"voice = "Joanna-Neural""#,
        expect![[r#"
        voice is "Joanna-Neural", a voice of Amazon, but the provider is ElevenLabs: set tts_provider = "Amazon", or choose a voice of ElevenLabs
    "#]],
    );
    check(
        "tts_provider = \"Google\"\nvoice = \"UgBBYS2sOqTuMpoF3BR0\"",
        expect![[r#"
            voice is "UgBBYS2sOqTuMpoF3BR0", a voice of ElevenLabs, but the provider is Google: set tts_provider = "ElevenLabs", or choose a voice of Google
        "#]],
    );
    check(
        "tts_provider = \"Google\"\nvoice = \"en-US-Chirp3-HD-Aoede\"",
        expect![[""]],
    );
    check(
        "voice = \"UgBBYS2sOqTuMpoF3BR0\"\nlanguages = [{ code = \"de-DE\", tts_provider = \"Amazon\" }]",
        expect![[r#"
            languages.de-DE.voice is "UgBBYS2sOqTuMpoF3BR0", a voice of ElevenLabs, but the provider is Amazon: set tts_provider = "ElevenLabs", or choose a voice of Amazon
        "#]],
    );
    // A form nobody knows is not judged.
    check(r#"voice = "some.new/voice""#, expect![[""]]);
}

#[test]
fn a_model_belongs_to_its_provider() {
    check(
        r#"speech_model = "telephony""#,
        expect![[r#"
        speech_model is "telephony", a model of Google, but the provider is Deepgram: set transcription_provider = "Google", or choose a model of Deepgram
    "#]],
    );
    check(
        "transcription_provider = \"Google\"\nspeech_model = \"nova-3-general\"\ndeepgram_smart_format = true",
        expect![[r#"
            speech_model is "nova-3-general", a model of Deepgram, but the provider is Google: set transcription_provider = "Deepgram", or choose a model of Google
            deepgram_smart_format does nothing while transcription_provider is Google: use asr_smart_format
        "#]],
    );
}

#[test]
fn a_language_that_is_detected_needs_who_can_detect_it() {
    check(
        "language = \"multi\"\ntts_provider = \"Google\"\ntranscription_provider = \"Google\"",
        expect![[r#"
            tts_provider is Google, but the language "multi" is spoken by ElevenLabs only: set tts_provider = "ElevenLabs", or name the language
            transcription_provider is Google, but the language "multi" is detected by Deepgram only: set transcription_provider = "Deepgram", or name the language
        "#]],
    );
    check(
        "transcription_language = \"multi\"\nspeech_model = \"nova-3-medical\"",
        expect![[r#"
            speech_model is "nova-3-medical", which does not detect the language "multi": choose nova-3-general, nova-2-general or flux
        "#]],
    );
    check(
        "languages = [{ code = \"multi\", tts_provider = \"Amazon\", transcription_provider = \"Google\" }]",
        expect![[r#"
            languages.multi.tts_provider is Amazon, but the language "multi" is spoken by ElevenLabs only: set tts_provider = "ElevenLabs", or name the language
            languages.multi.transcription_provider is Google, but the language "multi" is detected by Deepgram only: set transcription_provider = "Deepgram", or name the language
        "#]],
    );
}

#[test]
fn thresholds_and_times_have_ranges() {
    check(
        "pace = 0\neot_threshold = 0.95\neager_eot_threshold = 0.2\nspeech_timeout = \"6s\"",
        expect![[r#"
            pace is 0: choose 1 to 100
            speech_timeout is 6s: choose "auto" or 600ms to 5s
            eot_threshold is 0.95: choose 0.5 to 0.9
            eot_threshold is 0.95 but works with Deepgram Flux only: set speech_model = "flux", or remove it
            eager_eot_threshold is 0.2: choose 0.3 to 0.9
            eager_eot_threshold is 0.2 but works with Deepgram Flux only: set speech_model = "flux", or remove it
        "#]],
    );
    check(
        "speech_model = \"flux\"\neager_eot_threshold = 0.85",
        expect![[r#"
            eager_eot_threshold is 0.85, not below eot_threshold, which is 0.8: lower it
        "#]],
    );
    check(
        "pace = nan",
        expect![[r#"
        pace is NaN: choose 1 to 100
    "#]],
    );
}

#[test]
fn empty_doubled_and_reserved_values_are_named() {
    check(
        r#"
        voice = ""
        speech_model = " "
        customer_name = ""
        language = "English"
        hints = ["", "Rotterdam, Dubai"]
        elevenlabs_text_normalization = "on"
        tts_provider = "Amazon"
        languages = [{ code = "es-US" }, { code = "es-us" }, { voice = "x" }]
        parameters = { token = "mine", "" = "x", empty = "" }
        "#,
        expect![[r#"
            language is "English", not a language tag: write "en-US", say, or "multi"
            voice is empty: give it a value, or remove it
            elevenlabs_text_normalization does nothing while tts_provider is Amazon: use tts_text_normalization
            speech_model is empty: give it a value, or remove it
            hints has an empty phrase: remove it
            hints has "Rotterdam, Dubai", and a comma separates phrases: split it in two
            customer_name is empty: give it a value, or remove it
            languages.es-us.code is "es-us" a second time: remove one
            languages.2.code is missing or empty: give a language tag such as "es-US"
            parameters has an empty name: remove it or name it
            parameters.empty is empty: give it a value, or remove it
            parameters.token is taken by the token of each call: choose another name
        "#]],
    );
}

#[test]
fn hints_are_bounded() {
    let settings = Settings {
        hints: std::iter::repeat_n("x".repeat(101), 501).collect(),
        ..Settings::default()
    };
    assert_eq!(settings.problems().len(), 502);
}
