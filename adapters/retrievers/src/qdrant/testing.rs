//! A Qdrant server in this process, for tests: real gRPC on a loopback port, collections in
//! memory, exact searches. It refuses what the real one refuses, and filters on fields without an
//! index besides; requests that the adapter never makes are not implemented.

mod collections;

mod held;

mod points;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use ::qdrant_client::qdrant::collections_server::CollectionsServer;
use ::qdrant_client::qdrant::points_server::PointsServer;
use tokio::runtime::{Builder, Runtime};
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Status};

use held::Held;

/// A server that lives until it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

/// What happens to the requests that come from now on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weather {
    #[default]
    Fair,
    /// They are never answered.
    Silent,
    /// They are refused for now.
    Busy,
    /// The first one brings the server down, and every connection with it.
    Deadly,
    /// The first one that moves an alias does so and is told that it did not; the next one after
    /// it is refused, and then the weather is fair.
    Muddled,
    /// The next one is refused for now, and then the weather is fair.
    BusyOnce,
}

/// What every connection shares.
#[derive(Debug, Default)]
struct State {
    key: Option<String>,
    weather: Mutex<Weather>,
    held: Mutex<Held>,
    asked: Mutex<usize>,
    runtime: Mutex<Option<Runtime>>,
}

/// The requests that are not implemented.
macro_rules! refuse {
    ($($name:ident($request:ident) -> $response:ident;)*) => {$(
        fn $name<'s, 'a>(
            &'s self,
            _: tonic::Request<::qdrant_client::qdrant::$request>,
        ) -> std::pin::Pin<Box<dyn Future<Output = Result<
            tonic::Response<::qdrant_client::qdrant::$response>,
            tonic::Status,
        >> + Send + 'a>>
        where
            's: 'a,
            Self: 'a,
        {
            let message = concat!("this server knows no ", stringify!($name));
            Box::pin(async move { Err(tonic::Status::unimplemented(message)) })
        }
    )*};
}
use refuse;

impl Server {
    /// Starts one that wants no key.
    pub fn start() -> io::Result<Self> {
        Self::with(State::default())
    }

    /// Starts one that wants this key.
    pub fn with_key(key: &str) -> io::Result<Self> {
        Self::with(State {
            key: Some(key.to_owned()),
            ..State::default()
        })
    }

    fn with(state: State) -> io::Result<Self> {
        let mut server = Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            state: Arc::new(state),
        };
        server.address = server.listen()?;
        Ok(server)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn set(&self, weather: Weather) {
        *lock(&self.state.weather) = weather;
    }

    /// Takes it down with all its connections; what it holds is kept.
    pub fn stop(&self) {
        let runtime = lock(&self.state.runtime).take();
        // Not here: this may be a thread that runs async tasks, which must not wait.
        let stopping = thread::spawn(|| {
            if let Some(runtime) = runtime {
                runtime.shutdown_timeout(Duration::from_secs(5));
            }
        });
        let _ = stopping.join();
    }

    /// Brings it up again after [`Server::stop`], where it was.
    pub fn restart(&self) -> io::Result<()> {
        self.listen().map(drop)
    }

    /// The names of its collections.
    pub fn collections(&self) -> Vec<String> {
        lock(&self.state.held).collections.keys().cloned().collect()
    }

    /// How many requests it was sent.
    pub fn asked(&self) -> usize {
        *lock(&self.state.asked)
    }

    fn listen(&self) -> io::Result<SocketAddr> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("fake qdrant")
            .enable_all()
            .build()?;
        let within = runtime.enter();
        let incoming = TcpIncoming::bind(self.address)?;
        let address = incoming.local_addr()?;
        let serving = tonic::transport::Server::builder()
            .add_service(CollectionsServer::from_arc(Arc::clone(&self.state)))
            .add_service(PointsServer::from_arc(Arc::clone(&self.state)))
            .serve_with_incoming(incoming);
        runtime.spawn(serving);
        drop(within);
        *lock(&self.state.runtime) = Some(runtime);
        Ok(address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = lock(&self.state.runtime).take() {
            runtime.shutdown_background();
        }
    }
}

impl State {
    /// What is held, for a request that may have it.
    async fn enter<T>(&self, request: &Request<T>) -> Result<MutexGuard<'_, Held>, Status> {
        *lock(&self.asked) += 1;
        let weather = *lock(&self.weather);
        match weather {
            Weather::Fair | Weather::Muddled => {}
            Weather::Silent => std::future::pending().await,
            Weather::Busy => return Err(busy()),
            Weather::BusyOnce => {
                *lock(&self.weather) = Weather::Fair;
                return Err(busy());
            }
            Weather::Deadly => {
                if let Some(runtime) = lock(&self.runtime).take() {
                    runtime.shutdown_background();
                }
                std::future::pending().await
            }
        }
        let key = request.metadata().get("api-key");
        let key = key.and_then(|key| key.to_str().ok());
        match (&self.key, key) {
            (Some(wanted), Some(key)) if wanted == key => {}
            (None, _) => {}
            (Some(_), Some(_)) => return Err(Status::unauthenticated("Invalid API key or JWT")),
            (Some(_), None) => {
                return Err(Status::unauthenticated(
                    "Must provide an API key or an Authorization bearer token",
                ));
            }
        }
        Ok(lock(&self.held))
    }
}

fn busy() -> Status {
    Status::resource_exhausted("Too many requests")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
