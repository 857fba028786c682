//! Fetches what Twilio found out about one call.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::SystemTime;

use clap::Args;
use serde_json::{Value, json};
use voicera::words::CallId;
use voicera_transcripts::record::analysis::AnalysisRecord;
use voicera_transcripts::twilio::sync::{
    Intelligence, Patience, Session, State, SyncError, Synced,
};

use crate::commands::calls::{insights, no_call};
use crate::config::Problem;
use crate::layout::{Ink, harmless, wrap};
use crate::transcripts::Store;

#[derive(Debug, Args)]
pub(super) struct Wanted {
    /// The carrier's id of the call
    #[arg(value_name = "CALL")]
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Takes what is there, even if more is to come: a person has asked for it.
pub(super) async fn run(
    wanted: &Wanted,
    intelligence: &Intelligence,
    store: &Store,
    now: SystemTime,
    ink: Ink,
) -> anyhow::Result<(String, ExitCode)> {
    let call = CallId::new(&wanted.id);
    let synced = intelligence
        .sync(&*store.archive, &*store.sink, &call, Patience::Take, now)
        .await;
    let synced = synced.map_err(|error| refused(error, &wanted.id))?;
    let code = match synced.analysis {
        Some(_) => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    };
    // As it is kept, which is masked.
    let kept = store.archive.call(&call).await?;
    let kept = kept.ok_or_else(|| no_call(&wanted.id))?;
    let carriers = kept.analyses.iter();
    let mut carriers = carriers.filter(|kept| kept.origin.name() == "carrier");
    let analysis = carriers.next().filter(|_| synced.analysis.is_some());
    if wanted.json {
        let said = json!({
            "call": wanted.id,
            "sessions": synced.sessions.iter().map(session).collect::<Vec<_>>(),
            "analysis": analysis.map(AnalysisRecord::of),
        });
        return Ok((format!("{said:#}\n"), code));
    }
    let mut text = String::new();
    for session in &synced.sessions {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", ink.bold(&session.id));
        let state = state(session);
        let _ = writeln!(text, "{}", wrap(&harmless(&state), "  ", "  "));
    }
    match analysis {
        Some(analysis) => {
            text.push('\n');
            text += &insights(analysis, &kept.entries, ink);
        }
        None => {
            let _ = writeln!(text, "\n{}", wrap(what_to_do(&synced), "", ""));
        }
    }
    Ok((text, code))
}

fn refused(error: SyncError, id: &str) -> anyhow::Error {
    match error {
        SyncError::NoCall(_) => no_call(id),
        SyncError::NoSession(_) => {
            let what = format!("the call {id} has no session of Twilio's relay");
            let fix = "take a call that came over Twilio: `voicera calls` lists them";
            Problem::new("", what, fix).into()
        }
        error @ (SyncError::Twilio(_) | SyncError::Archive(_) | SyncError::Sink(_)) => error.into(),
    }
}

fn state(session: &Session) -> String {
    let transcript = session.transcript.as_deref().unwrap_or_default();
    let sentences = match session.sentences.len() {
        1 => "1 sentence".to_owned(),
        count => format!("{count} sentences"),
    };
    match &session.state {
        State::NotThere => "not there yet: Twilio has no transcript of it".to_owned(),
        State::Running(status) => format!("not there yet: the transcript {transcript} is {status}"),
        State::Operators(missing) => format!(
            "transcript {transcript}, {sentences}; not there yet: the results of {}",
            missing.join(", ")
        ),
        State::Failed(status) => format!("the transcript {transcript} came to nothing: {status}"),
        State::Complete => format!("transcript {transcript}, {sentences}, complete"),
    }
}

fn what_to_do(synced: &Synced) -> &'static str {
    let failed = |session: &Session| matches!(session.state, State::Failed(_));
    match synced.sessions.iter().all(failed) {
        true => {
            "Nothing was fetched, and nothing will come: see the transcript in Twilio's console."
        }
        false => {
            "Nothing was fetched. Twilio makes a transcript within minutes of the end of a call: \
             try again then. If none ever comes, check that the server ran with this \
             intelligence service when it took the call, and that the service's language is that \
             of the calls."
        }
    }
}

fn session(session: &Session) -> Value {
    let (state, detail) = match &session.state {
        State::NotThere => ("not_there", Value::Null),
        State::Running(status) => ("running", json!(status)),
        State::Operators(missing) => ("operators", json!(missing)),
        State::Failed(status) => ("failed", json!(status)),
        State::Complete => ("complete", Value::Null),
    };
    json!({
        "id": session.id,
        "transcript": session.transcript,
        "state": state,
        "detail": detail,
        "sentences": session.sentences.len(),
    })
}
