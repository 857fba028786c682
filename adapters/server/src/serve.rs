//! Takes calls until it is told to stop.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context as _;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use voicera::ports::Ports;
use voicera::profile::Profile;
use voicera_retrievers::index::reload::Reload;
use voicera_transports::conversation_relay::signature::{Keys, SharedKey};
use voicera_transports::conversation_relay::{self, ConversationRelay, Parts, Security};
use voicera_transports::switchboard::Switchboard;

use crate::assembly;
use crate::cli;
use crate::commands::gaps;
use crate::config::{Config, Environment, Problem};
use crate::connections;
use crate::http::api::Feed;
use crate::http::{self, Readiness};
use crate::knowledge::{self, Keeping};
use crate::prices;
use crate::signals::{Signals, Wish};
use crate::summary;
use crate::transcripts::Transcripts;

/// How long requests may take that are still being answered when every call is over.
const LAST_REQUESTS: Duration = Duration::from_secs(1);

/// How many calls may knock at the same moment.
const BACKLOG: u32 = 4096;

/// Serves until the first signal, lets calls finish, and answers when all is over.
///
/// # Errors
///
/// When it cannot start.
pub async fn run(config: &Config, environment: &Environment, begun: Instant) -> anyhow::Result<()> {
    let files = allow_open_sockets();
    let mut assembly = assembly::build(config, environment).await?;
    let speech = {
        let config = config.clone();
        spawn_blocking(move || speech(&config)).await??
    };
    let listener = listen(config)?;
    let address = listener.local_addr().context("the socket has no address")?;
    let knowledge = assembly.knowledge.clone();
    let keeping = match assembly.keeper.take() {
        Some(keeper) => Some(keeper.start()?),
        None => None,
    };
    let indexes = keeping.as_ref().map(Keeping::handles).unwrap_or_default();
    let transcripts = assembly.transcripts;
    let api = api(config, environment, &transcripts, &indexes);
    let notified = transcripts.notified.clone();
    transcripts.give_up_unclaimed(config).await;
    let working = transcripts.start(config);
    let speaking = Speaking {
        profile: assembly.profile,
        ports: assembly.ports,
        speech,
    };
    let switchboard = Switchboard::new(config.limits.to_switchboard());
    let carrier = carrier(config, environment, speaking, &switchboard)?;
    let readiness = Readiness::new(Arc::clone(&switchboard));
    let intelligence = http::intelligence::router(carrier.clone(), notified);
    let pages = carrier.router().merge(intelligence);
    let router = http::router(pages, readiness.clone(), api);
    // Before anybody can read the address: whoever does may send a signal at once.
    let mut signals = Signals::listen().context("the system sends no signals")?;
    summary::show(config, address, &knowledge, begun);

    let (over, told) = watch::channel(());
    let limits = connections::Limits {
        connections: config.limits.connections.min(files / 4),
        head: config.limits.head,
    };
    let served = pin!(connections::serve(listener, router, limits, told));
    let stopped = async {
        reload_until_stopped(&mut signals, &indexes).await;
        readiness.stop();
        tracing::info!(
            calls = switchboard.live(),
            "stopping: no new calls; a second signal stops at once"
        );
        let shutdown = &config.shutdown;
        let closed = switchboard.close(shutdown.grace, shutdown.farewell);
        tokio::select! {
            left = closed => {
                if left > 0 {
                    tracing::warn!(calls = left, "calls are cut off");
                }
            }
            () = signals.next() => std::process::exit(cli::STOPPED.into()),
        }
        over.send_replace(());
        // The server ends by itself; who keeps a connection open is not waited for.
        sleep(LAST_REQUESTS).await;
    };
    tokio::select! {
        () = served => {}
        () = stopped => {}
    }
    working.stop().await;
    // Nobody waits for an update that is under way: the end of the process leaves the index as it was.
    std::thread::spawn(move || drop(keeping));
    tracing::info!("stopped");
    Ok(())
}

/// Reads the documents again at every hangup signal, until one of the others.
async fn reload_until_stopped(signals: &mut Signals, indexes: &[Reload]) {
    while signals.any().await == Wish::Reload {
        if indexes.is_empty() {
            tracing::warn!("there is no index to reload; restart to read the documents again");
        }
        indexes.iter().for_each(Reload::request);
    }
}

fn listen(config: &Config) -> anyhow::Result<TcpListener> {
    let address = config.listen;
    let listener = bind(address).map_err(|error| {
        let fix = match error.kind() {
            io::ErrorKind::AddrNotAvailable => {
                "this machine has no such address: set `listen` in voicera.toml to one of its \
                 own, or to \"0.0.0.0:8080\" for all of them"
            }
            io::ErrorKind::PermissionDenied => {
                "choose a port above 1023 with `listen` in voicera.toml or the variable PORT"
            }
            _ => {
                "stop the program that does, or choose another address with `listen` in \
                 voicera.toml, or another port with the variable PORT"
            }
        };
        Problem::new("", format!("cannot listen on {address}: {error}"), fix)
    })?;
    Ok(listener)
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A restart must not wait for the connections of the process before. Elsewhere the option
    // would let two servers have the port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Every call holds a socket, and systems allow few by default. Answers how many files may be open.
fn allow_open_sockets() -> usize {
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or_else(|error| {
        tracing::debug!(%error, "the limit of open files stays as it is");
        u64::MAX
    });
    usize::try_from(files).unwrap_or(usize::MAX)
}

/// What the carrier is told of the voice and the recogniser.
fn speech(config: &Config) -> anyhow::Result<conversation_relay::Settings> {
    let mut speech = config.speech.clone();
    let hints = knowledge::hints(config).context("there are no hints for the recogniser")?;
    for hint in hints {
        if !speech.hints.contains(&hint) {
            speech.hints.push(hint);
        }
    }
    Ok(speech)
}

/// What programs are answered from.
fn api(
    config: &Config,
    environment: &Environment,
    transcripts: &Transcripts,
    indexes: &[Reload],
) -> http::api::Parts {
    let store = transcripts.store.as_ref();
    let live = Arc::clone(&transcripts.live);
    let key = config.api.key.as_deref();
    http::api::Parts {
        archive: store.map(|store| Arc::clone(&store.archive)),
        outbox: store.map(|store| Arc::clone(&store.outbox)),
        live: Some(Feed::new(live, config.api.listeners)),
        indexes: indexes.to_vec(),
        prices: prices::of(&config.models),
        open: gaps::settings(config),
        masker: transcripts.masker.clone(),
        key: key.and_then(|name| environment.secret(name)),
        now: SystemTime::now,
    }
}

/// What a call is held with.
struct Speaking {
    profile: Arc<Profile>,
    ports: Ports,
    speech: conversation_relay::Settings,
}

fn carrier(
    config: &Config,
    environment: &Environment,
    speaking: Speaking,
    switchboard: &Arc<Switchboard>,
) -> anyhow::Result<ConversationRelay> {
    let twilio = &config.twilio;
    let auth_token = twilio.auth_token.as_deref();
    let shared = twilio.shared_keys.iter().filter_map(|key| {
        Some(SharedKey {
            id: key.id.clone(),
            secret: environment.secret(&key.secret)?,
        })
    });
    let relay = ConversationRelay::new(Parts {
        settings: speaking.speech,
        intelligence_service: twilio.intelligence_service.clone(),
        security: Security {
            public_url: config.public_url.clone(),
            keys: Keys {
                auth_token: auth_token.and_then(|name| environment.secret(name)),
                shared: shared.collect(),
            },
        },
        limits: config.relay.clone(),
        handoff: config.handoff.target.clone(),
        busy: config.agent.busy.clone(),
        profile: speaking.profile,
        ports: speaking.ports,
        switchboard: Arc::clone(switchboard),
    });
    relay.context("the system gives no random numbers")
}
