//! Looks at every call that has ended: the operators at once, then a model where one is asked.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use futures_util::{StreamExt as _, stream};
use tokio::sync::{OnceCell, mpsc, watch};
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval, timeout};
use voicera::insight::asked;
use voicera::insight::entities::Gazetteer;
use voicera::insight::operators::{self, Operators};
use voicera::insight::services::PhraseSet;
use voicera::insight::{Analysis, Insights, Origin};
use voicera::ports::archive::{State, Wanted, Which};
use voicera::ports::language_model::{ModelError, Piece};
use voicera::ports::transcript_sink::{Content, EndedLine, Entry};
use voicera::ports::{Archive, LanguageModel, TranscriptSink, chain};
use voicera::prompt::Prompt;
use voicera::words::{CallId, Ending};

use crate::config::{Config, Service};
use crate::knowledge;

/// How often the archive is asked for calls that were missed, by a killed process say, and for
/// those that are old enough to go.
const SWEEP: Duration = Duration::from_secs(60);

/// How long after its longest time a call without an ending is taken for one whose process was
/// killed.
const CERTAINLY_OVER: Duration = Duration::from_secs(3600);

/// The most calls that one sweep looks at.
const SWEPT: usize = 256;

/// How many calls a model is asked about at the same time.
const ASKED_AT_ONCE: usize = 4;

/// The longest answer of a model that is read, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Runs the operators over ended calls.
#[derive(Debug)]
pub struct Analyst {
    pub archive: Arc<dyn Archive>,
    pub sink: Arc<dyn TranscriptSink>,
    pub config: Config,
    /// Made when the first call has ended: they take some time and memory, and read every document.
    pub operators: OnceCell<Arc<Operators>>,
    /// How long calls are kept; without it, for ever.
    pub keep: Option<Duration>,
    /// Whom to tell next, where a model is asked about the call, too.
    pub then: Option<mpsc::Sender<CallId>>,
}

/// Asks a model about calls that the operators have looked at.
#[derive(Debug)]
pub struct Asker {
    pub archive: Arc<dyn Archive>,
    pub sink: Arc<dyn TranscriptSink>,
    pub model: Arc<dyn LanguageModel>,
    /// How long one answer may take.
    pub patience: Duration,
}

impl Analyst {
    /// Works until it is told to stop, and then until no call waits.
    pub async fn work(self, mut ended: mpsc::Receiver<CallId>, mut stop: watch::Receiver<()>) {
        let mut sweep = interval(SWEEP);
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = false;
        loop {
            let outcome = tokio::select! {
                biased;
                call = ended.recv() => match call {
                    Some(call) => self.analyse(&call).await,
                    None => return,
                },
                _ = sweep.tick() => self.sweep().await,
                _ = stop.changed() => {
                    ended.close();
                    Ok(())
                }
            };
            let failed = outcome.is_err();
            if let Err(error) = outcome
                && !failing
            {
                let error = chain(&*error);
                tracing::warn!(
                    error,
                    "ended calls are not analysed; they are tried again later"
                );
            }
            failing = failed;
        }
    }

    /// What a process before this one has left undone, and what is old enough to go.
    async fn sweep(&self) -> anyhow::Result<()> {
        let unanalysed = Wanted {
            state: State::Unanalysed,
            ..Wanted::latest(SWEPT)
        };
        let mut outcome = self.close_the_killed().await;
        for call in self.archive.calls(&unanalysed).await? {
            // One that cannot be looked at does not keep others waiting.
            outcome = self.analyse(&call.call.id).await.and(outcome);
        }
        let oldest = self
            .keep
            .and_then(|keep| SystemTime::now().checked_sub(keep));
        if let Some(oldest) = oldest {
            let forgotten = self.archive.forget(&Which::Before(oldest)).await?;
            if forgotten > 0 {
                tracing::info!(calls = forgotten, "old calls are deleted");
            }
        }
        outcome
    }

    /// Ends calls that cannot go on any more: their process was killed, or their ending was lost.
    async fn close_the_killed(&self) -> anyhow::Result<()> {
        let limits = &self.config.limits;
        let longest = limits.duration + limits.remembered_for + CERTAINLY_OVER;
        let Some(until) = SystemTime::now().checked_sub(longest) else {
            return Ok(());
        };
        let open = Wanted {
            state: State::Open,
            until: Some(until),
            ..Wanted::latest(SWEPT)
        };
        for call in self.archive.calls(&open).await? {
            let Some(transcript) = self.archive.call(&call.call.id).await? else {
                continue;
            };
            if let Some(last) = transcript.entries.last() {
                self.sink.append(&ending_after(last)).await?;
            }
        }
        Ok(())
    }

    async fn analyse(&self, call: &CallId) -> anyhow::Result<()> {
        // Deleted meanwhile: there is nothing to say of it.
        let Some(transcript) = self.archive.call(call).await? else {
            return Ok(());
        };
        // It goes on in another session, and ends again.
        let last = transcript.entries.last().map(|entry| &entry.content);
        if !matches!(last, Some(Content::Ended(_))) {
            return Ok(());
        }
        let operators = self.operators().await?;
        // Milliseconds of work, which no call should wait for.
        let insights = spawn_blocking(move || operators.analyse(&transcript.entries)).await?;
        let analysis = analysis(Origin::Operators, insights);
        self.sink.conclude(call, &analysis).await?;
        if let Some(then) = &self.then
            && then.try_send(call.clone()).is_err()
        {
            tracing::warn!(call.id = %call, "too many calls wait for a model to be asked about them");
        }
        Ok(())
    }

    async fn operators(&self) -> anyhow::Result<Arc<Operators>> {
        let make = async || {
            let config = self.config.clone();
            let made = spawn_blocking(move || operators(&config)).await?;
            anyhow::Ok(Arc::new(made))
        };
        self.operators.get_or_try_init(make).await.cloned()
    }
}

impl Asker {
    /// Works until nobody names calls any more.
    pub async fn work(self, calls: mpsc::Receiver<CallId>) {
        let calls = stream::unfold(calls, async |mut calls| {
            let call = calls.recv().await?;
            Some((call, calls))
        });
        let ask = async |call: CallId| {
            if let Err(error) = self.ask(&call).await {
                let error = chain(&*error);
                tracing::warn!(call.id = %call, error, "no model has analysed the call");
            }
        };
        calls.for_each_concurrent(ASKED_AT_ONCE, ask).await;
    }

    async fn ask(&self, call: &CallId) -> anyhow::Result<()> {
        let Some(transcript) = self.archive.call(call).await? else {
            return Ok(());
        };
        let entries = &transcript.entries;
        let Some(question) = asked::request(entries) else {
            return Ok(());
        };
        let reply = timeout(self.patience, self.read(question)).await;
        let (answer, model) = reply.context("the model did not answer in time")??;
        let insights = asked::answer(&answer, entries)
            .context("the model did not answer as it was asked to")?;
        let analysis = analysis(Origin::Model(model), insights);
        self.sink.conclude(call, &analysis).await?;
        Ok(())
    }

    /// The answer, as much of it as is read, and who wrote it.
    async fn read(&self, prompt: Prompt) -> Result<(String, String), ModelError> {
        let mut answer = String::new();
        let mut model = String::new();
        let mut reply = self.model.reply(prompt);
        while let Some(piece) = reply.next().await {
            match piece? {
                Piece::Text(text) if answer.len() + text.len() <= LONGEST_ANSWER => {
                    answer.push_str(&text);
                }
                Piece::Text(_) => break,
                Piece::Usage(usage) => model = usage.model,
                Piece::ToolCall(_) => {}
            }
        }
        Ok((answer, model))
    }
}

/// The ending of a call of which nobody wrote down how it ended.
fn ending_after(last: &Entry) -> Entry {
    let why = "the process that held the call was killed".to_owned();
    Entry {
        call: Arc::clone(&last.call),
        sequence: last.sequence + 1,
        turn: last.turn,
        at: last.at,
        content: Content::Ended(EndedLine {
            ending: Ending::Failed(why),
            turns: last.turn.0,
            duration: last.at,
        }),
    }
}

fn analysis(origin: Origin, insights: Insights) -> Analysis {
    Analysis {
        origin,
        at: SystemTime::now(),
        insights,
    }
}

/// The operators for the company's calls. It reads every document for the names in it.
fn operators(config: &Config) -> Operators {
    let mut gazetteer = Gazetteer::default();
    match knowledge::texts(config) {
        Ok(texts) => {
            for text in &texts {
                gazetteer.extend(&Gazetteer::read(text));
            }
        }
        Err(error) => {
            let error = format!("{error:#}");
            tracing::warn!(
                error,
                "the operators do not know the names in the documents"
            );
        }
    }
    let agent = &config.agent;
    let languages = std::iter::once(&agent.language).chain(&agent.languages);
    let settings = operators::Settings {
        agent: vec![agent.name.clone()],
        company: vec![agent.company.clone()],
        languages: languages.cloned().collect(),
        services: services(config),
        fallback: vec![agent.lines.fallback.clone()],
        names: gazetteer,
    };
    Operators::new(settings)
}

/// What callers are told apart by.
pub fn services(config: &Config) -> Vec<PhraseSet> {
    let Some(services) = &config.insight.services else {
        return PhraseSet::sample();
    };
    let phrases = |service: &Service| PhraseSet {
        label: service.label.clone(),
        exact: service.exact.clone(),
        fuzzy: service.fuzzy.clone(),
        except: service.except.clone(),
    };
    services.iter().map(phrases).collect()
}

#[cfg(test)]
mod tests;
