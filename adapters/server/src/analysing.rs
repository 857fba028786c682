//! Runs the operators over every call that has ended.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::{OnceCell, mpsc, watch};
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};
use voicera::insight::entities::Gazetteer;
use voicera::insight::operators::{self, Operators};
use voicera::insight::services::PhraseSet;
use voicera::insight::{Analysis, Origin};
use voicera::ports::archive::{State, Wanted, Which};
use voicera::ports::transcript_sink::{Content, EndedLine, Entry};
use voicera::ports::{Archive, TranscriptSink, chain};
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
        let analysis = Analysis {
            origin: Origin::Operators,
            at: SystemTime::now(),
            insights,
        };
        Ok(self.sink.conclude(call, &analysis).await?)
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
