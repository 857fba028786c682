//! Opens what keeps transcripts, and runs what works behind it.
//!
//! ```text
//! a call ─▶ Masked ─▶ Told ─▶ Fanout ─┬▶ the archive ─▶ its outbox ─▶ webhook, Twilio, a model
//!                       │             └▶ copies: files, standard output
//!                       ├▶ who listens
//!                       └▶ the analyst reads the archive, and concludes from the beginning again,
//!                          as do those that bring what Twilio and the model find
//! ```

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use async_trait::async_trait;
use futures_util::future::join_all;
use tokio::sync::{Notify, OnceCell, mpsc, watch};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;
use voicera::insight::{Analysis, Origin};
use voicera::masking::{Masked, Masker, contacts};
use voicera::ports::{Archive, TranscriptSink};
use voicera::words::CallId;
use voicera_transcripts::delivery::{self, Courier, Deliverer, Route, SendError};
use voicera_transcripts::outbox::{Outbox, Parcel, Subscription, Wants};
use voicera_transcripts::sqlite::Access;
use voicera_transcripts::twilio::sync::{Delivery, Intelligence};
use voicera_transcripts::{Fanout, Jsonl, Live, Sqlite, Stdout, Webhook, live, postgres};

use crate::analysing::Analyst;
use crate::asking::{self, Asker};
use crate::config::{Config, Environment, MODEL, Problem, TWILIO, Transcript};
use crate::{assembly, carrier, knowledge};

mod told;

mod notified;

mod unclaimed;

pub use notified::{Notified, Taken};

use notified::Syncing;
use told::Told;

/// How long what is under way may take when the server stops, each kind of it.
const LAST_WORK: Duration = Duration::from_secs(3);

/// An archive that is open.
#[derive(Clone, Debug)]
pub struct Store {
    pub archive: Arc<dyn Archive>,
    pub outbox: Arc<dyn Outbox>,
    pub sink: Arc<dyn TranscriptSink>,
}

/// What keeps transcripts, open and not yet at work.
#[derive(Debug)]
pub struct Transcripts {
    /// Takes what is said as it was said.
    pub sink: Arc<dyn TranscriptSink>,
    /// Where transcripts are kept in an archive.
    pub store: Option<Store>,
    pub live: Arc<Live>,
    pub masker: Masker,
    /// Where what Twilio finds out comes into the archive.
    pub notified: Option<Notified>,
    syncing: Option<Syncing>,
    fanout: Arc<Fanout>,
    ended: mpsc::Receiver<CallId>,
    routes: Vec<(Route, delivery::Settings)>,
}

/// What works behind the transcripts. Dropping it stops it at once; nothing is lost that is in an
/// archive.
#[derive(Debug)]
pub struct Working {
    fanout: Arc<Fanout>,
    stop: watch::Sender<()>,
    analysing: Option<JoinHandle<()>>,
    syncing: Option<JoinHandle<()>>,
    deliverers: Vec<Deliverer>,
}

/// Opens everything that is configured.
///
/// # Errors
///
/// When something cannot be opened; the message names the setting.
pub async fn open(config: &Config, environment: &Environment) -> anyhow::Result<Transcripts> {
    let masker = masker(config, environment).await?;
    let store = store(config, environment, Access::Keep).await?;
    let live = Arc::new(Live::new(&live::Settings::default()));
    let mut sinks = Vec::new();
    if let Some(store) = &store {
        sinks.push(("archive".to_owned(), Arc::clone(&store.sink)));
    }
    sinks.extend(copies(config)?);
    let fanout = Arc::new(Fanout::new(sinks));
    let written = Arc::new(Notify::new());
    let (told, ended) = Told::before(
        Arc::clone(&fanout) as _,
        Arc::clone(&live),
        Arc::clone(&written),
    );
    let sink: Arc<dyn TranscriptSink> = Arc::new(Masked::new(Arc::new(told), masker.clone()));
    let findings = match &store {
        Some(store) => findings(config, environment, store, &sink)?.map(Arc::new),
        None => None,
    };
    let routes = match &store {
        Some(store) => routes(
            config,
            environment,
            store,
            &sink,
            findings.as_ref(),
            &written,
        )?,
        None => Vec::new(),
    };
    let (notified, syncing) = findings.map(notified::of).unzip();
    Ok(Transcripts {
        sink,
        store,
        live,
        masker,
        notified,
        syncing,
        fanout,
        ended,
        routes,
    })
}

/// Masks as configured, and never what the documents tell every caller.
async fn masker(config: &Config, environment: &Environment) -> anyhow::Result<Masker> {
    let mut rules = config.masking.to_rules(environment);
    if rules.emails || rules.phones {
        let config = config.clone();
        let texts = spawn_blocking(move || knowledge::texts(&config)).await??;
        rules.ours = texts.iter().flat_map(|text| contacts(text)).collect();
    }
    Ok(Masker::new(rules))
}

/// Opens the archive for a command, to read from it or to change it. Nothing is created.
///
/// # Errors
///
/// When there is none, or it cannot be opened.
pub async fn archive(
    config: &Config,
    environment: &Environment,
    access: Access,
) -> anyhow::Result<Store> {
    let store = store(config, environment, access).await?;
    store.ok_or_else(|| {
        let what = "no archive keeps the calls";
        let fix = "add [[transcripts]] with kind = \"sqlite\" to voicera.toml";
        Problem::new("", what.to_owned(), fix).into()
    })
}

/// Opens the archive for a command that adds to it what is found out about calls. All of that is
/// masked, as everything that is kept.
///
/// # Errors
///
/// When there is none, or it cannot be opened.
pub async fn concluding(config: &Config, environment: &Environment) -> anyhow::Result<Store> {
    let store = archive(config, environment, Access::Change).await?;
    let masker = masker(config, environment).await?;
    Ok(Store {
        sink: Arc::new(Masked::new(store.sink, masker)),
        ..store
    })
}

async fn store(
    config: &Config,
    environment: &Environment,
    access: Access,
) -> anyhow::Result<Option<Store>> {
    for (transcript, index) in config.transcripts.iter().zip(0..) {
        let place = || format!("`transcripts[{index}]`");
        match transcript {
            Transcript::Sqlite(settings) => {
                let (settings, subscriptions) = (settings.clone(), subscriptions(config));
                let open = move || Sqlite::open(&settings, access, subscriptions);
                let store = spawn_blocking(open).await?.with_context(place)?;
                return Ok(Some(Store::of(store)));
            }
            Transcript::Postgres(settings) => {
                let store = postgres(settings, environment, access, subscriptions(config)).await;
                return store.with_context(place).map(Some);
            }
            Transcript::Jsonl(_)
            | Transcript::Stdout
            | Transcript::Webhook(_)
            | Transcript::Twilio(_) => {}
        }
    }
    Ok(None)
}

impl Store {
    fn of(store: impl Archive + Outbox + TranscriptSink) -> Self {
        let store = Arc::new(store);
        Self {
            archive: Arc::clone(&store) as _,
            outbox: Arc::clone(&store) as _,
            sink: store,
        }
    }
}

#[cfg(feature = "postgres")]
async fn postgres(
    settings: &postgres::Settings,
    environment: &Environment,
    access: Access,
    subscriptions: Vec<Subscription>,
) -> anyhow::Result<Store> {
    let url = environment.secret(&settings.url).unwrap_or_default();
    let store = voicera_transcripts::Postgres::open(settings, &url, access, subscriptions);
    Ok(Store::of(store.await?))
}

#[cfg(not(feature = "postgres"))]
async fn postgres(
    _: &postgres::Settings,
    _: &Environment,
    _: Access,
    _: Vec<Subscription>,
) -> anyhow::Result<Store> {
    let what = "this build has no PostgreSQL";
    let fix = "build it with `cargo build --release --features postgres`";
    Err(Problem::new("", what.to_owned(), fix).into())
}

/// Who is sent what.
fn subscriptions(config: &Config) -> Vec<Subscription> {
    let subscription = |transcript: &Transcript| match transcript {
        Transcript::Webhook(settings) => Some(Subscription {
            destination: settings.name.clone(),
            wants: settings.events.wants(),
        }),
        Transcript::Twilio(_) => Some(Subscription {
            destination: TWILIO.to_owned(),
            wants: Wants::Calls,
        }),
        Transcript::Sqlite(_)
        | Transcript::Postgres(_)
        | Transcript::Jsonl(_)
        | Transcript::Stdout => None,
    };
    let model = asking::model(config).map(|_| Subscription {
        destination: MODEL.to_owned(),
        wants: Wants::Calls,
    });
    let transcripts = config.transcripts.iter();
    transcripts.filter_map(subscription).chain(model).collect()
}

/// Files and streams beside the archive.
fn copies(config: &Config) -> anyhow::Result<Vec<(String, Arc<dyn TranscriptSink>)>> {
    let mut sinks = Vec::new();
    for (transcript, index) in config.transcripts.iter().zip(0..) {
        match transcript {
            Transcript::Jsonl(settings) => {
                let sink = Jsonl::open(settings);
                let sink = sink.map_err(|error| {
                    let error = anyhow::Error::new(error);
                    let what = format!("`transcripts[{index}].path`: {error:#}");
                    Problem::new("", what, "let this user write it, or choose another path")
                })?;
                let name = settings.path.display().to_string();
                sinks.push((name, Arc::new(sink) as Arc<dyn TranscriptSink>));
            }
            Transcript::Stdout => {
                let sink = Stdout::new().context("standard output cannot take transcripts")?;
                sinks.push(("stdout".to_owned(), Arc::new(sink) as _));
            }
            Transcript::Sqlite(_)
            | Transcript::Postgres(_)
            | Transcript::Webhook(_)
            | Transcript::Twilio(_) => {}
        }
    }
    Ok(sinks)
}

fn routes(
    config: &Config,
    environment: &Environment,
    store: &Store,
    sink: &Arc<dyn TranscriptSink>,
    findings: Option<&Arc<Findings>>,
    written: &Arc<Notify>,
) -> anyhow::Result<Vec<(Route, delivery::Settings)>> {
    let mut routes = Vec::new();
    let mut add = |destination: &str, courier: Arc<dyn Courier>, settings: &delivery::Settings| {
        let route = Route {
            destination: destination.to_owned(),
            outbox: Arc::clone(&store.outbox),
            courier,
            written: Arc::clone(written),
        };
        routes.push((route, settings.clone()));
    };
    for (transcript, index) in config.transcripts.iter().zip(0..) {
        match transcript {
            Transcript::Webhook(settings) => {
                let secret = environment.secret(&settings.secret).unwrap_or_default();
                let old = settings.old_secret.as_deref();
                let old = old.and_then(|name| environment.secret(name));
                let archive = Arc::clone(&store.archive);
                let courier = Webhook::new(settings, &secret, old.as_ref(), archive);
                let courier = courier.with_context(|| format!("`transcripts[{index}]`"))?;
                add(&settings.name, Arc::new(courier), &settings.delivery);
            }
            Transcript::Twilio(settings) => {
                if let Some(findings) = findings {
                    add(TWILIO, Arc::clone(findings) as _, &settings.delivery);
                }
            }
            Transcript::Sqlite(_)
            | Transcript::Postgres(_)
            | Transcript::Jsonl(_)
            | Transcript::Stdout => {}
        }
    }
    if let Some(model) = asking::model(config) {
        let asker = Asker {
            archive: Arc::clone(&store.archive),
            sink: Arc::clone(sink),
            model: assembly::one(model, config, environment)?,
        };
        add(MODEL, Arc::new(asker), &config.insight.delivery());
    }
    Ok(routes)
}

/// What brings Twilio's findings, where it is configured.
fn findings(
    config: &Config,
    environment: &Environment,
    store: &Store,
    sink: &Arc<dyn TranscriptSink>,
) -> anyhow::Result<Option<Findings>> {
    let mut transcripts = config.transcripts.iter();
    let is_twilio = |transcript: &Transcript| matches!(transcript, Transcript::Twilio(_));
    let Some(index) = transcripts.position(is_twilio) else {
        return Ok(None);
    };
    let intelligence = carrier::intelligence(config, environment)
        .with_context(|| format!("`transcripts[{index}]`"))?;
    Ok(Some(Findings {
        intelligence,
        archive: Arc::clone(&store.archive),
        sink: Arc::clone(sink),
    }))
}

/// Brings what Twilio finds out about a call into the archive.
#[derive(Debug)]
struct Findings {
    intelligence: Intelligence,
    archive: Arc<dyn Archive>,
    sink: Arc<dyn TranscriptSink>,
}

#[async_trait]
impl Courier for Findings {
    async fn send(&self, parcel: &Parcel) -> Result<(), SendError> {
        let (archive, sink) = (&*self.archive, &*self.sink);
        let call = archive.call(parcel.subject.call()).await;
        let call = call.map_err(|error| SendError::Unavailable(error.into()))?;
        // Twilio's own word may have come first; to conclude again would only tell it twice.
        let is_new = |analysis: &Analysis| {
            matches!(analysis.origin, Origin::Carrier(_)) && analysis.at >= parcel.written
        };
        if call.is_some_and(|call| call.analyses.iter().any(is_new)) {
            return Ok(());
        }
        let delivered = self
            .intelligence
            .deliver(archive, sink, parcel, SystemTime::now());
        match delivered.await {
            Delivery::Done => Ok(()),
            Delivery::Later { trouble } => Err(SendError::Unavailable(trouble.into())),
            Delivery::Dead { trouble } => Err(SendError::Refused(trouble.into())),
        }
    }
}

impl Transcripts {
    /// Gives up what waits for destinations that are not configured any more, for a server whose
    /// archive it is: a conversation in the terminal may know fewer.
    pub async fn give_up_unclaimed(&self, config: &Config) {
        if let Some(store) = &self.store {
            unclaimed::give_up(&*store.outbox, &subscriptions(config)).await;
        }
    }

    /// Sets to work what analyses calls and sends them; nothing without an archive to do it from.
    pub fn start(self, config: &Config) -> Working {
        let (stop, told) = watch::channel(());
        let analysing = self.store.map(|store| {
            let analyst = Analyst {
                archive: store.archive,
                sink: self.sink,
                config: config.clone(),
                operators: OnceCell::new(),
                keep: config.transcripts.iter().find_map(Transcript::keep),
            };
            tokio::spawn(analyst.work(self.ended, told))
        });
        let deliverers = self.routes.into_iter();
        Working {
            fanout: self.fanout,
            stop,
            analysing,
            syncing: self.syncing.map(|syncing| tokio::spawn(syncing.work())),
            deliverers: deliverers
                .map(|(route, settings)| Deliverer::start(route, &settings))
                .collect(),
        }
    }
}

impl Working {
    /// Ends it all: calls that have ended are analysed, copies written, and what is being sent has
    /// a moment to arrive. What is left is done after the next start.
    pub async fn stop(mut self) {
        self.stop.send_replace(());
        if let Some(syncing) = &self.syncing {
            // What it was told of waits in the outbox, too.
            syncing.abort();
        }
        if let Some(analysing) = &mut self.analysing {
            // What takes longer is done after the next start.
            let _ = timeout(LAST_WORK, analysing).await;
        }
        let deliverers = self.deliverers.drain(..);
        join_all(deliverers.map(|deliverer| deliverer.stop(LAST_WORK))).await;
        self.fanout.close().await;
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        for task in [&self.analysing, &self.syncing].into_iter().flatten() {
            task.abort();
        }
    }
}
