//! Takes connections and lets none of them idle: who sends no request has to make room for callers.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

/// The longest head of a request, in bytes.
const HEAD_BYTES: usize = 32 * 1024;

/// How much of the server those may have who carry no call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The most connections; the next one waits until one of them closes or becomes a call.
    pub(crate) connections: usize,
    /// How long one may take to send the head of a request, the wait before it included.
    pub(crate) head: Duration,
}

/// Serves until `over` changes, and then until the requests of that moment are answered.
pub(crate) async fn serve(
    mut listener: TcpListener,
    router: Router,
    limits: Limits,
    mut over: watch::Receiver<()>,
) {
    let most = u32::try_from(limits.connections).unwrap_or(u32::MAX).max(1);
    let places = Arc::new(Semaphore::new(most as usize));
    let told = over.clone();
    let accepting = async {
        // The places are never closed.
        while let Ok(place) = Arc::clone(&places).acquire_owned().await {
            let (stream, peer) = Listener::accept(&mut listener).await;
            let connection = carry(stream, peer, router.clone(), limits.head, told.clone());
            tokio::spawn(async move {
                connection.await;
                drop(place);
            });
        }
    };
    tokio::select! {
        () = accepting => {}
        _ = over.changed() => {}
    }
    // Who comes now is refused, and need not wait to learn it.
    drop(listener);
    let _ = places.acquire_many(most).await;
}

/// Answers the requests of a connection until it closes or becomes the socket of a call.
async fn carry(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    head: Duration,
    mut over: watch::Receiver<()>,
) {
    // A word of speech must not wait for the next one to fill a packet. A socket that cannot be
    // told is broken, and whoever reads it will notice.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_buf_size(HEAD_BYTES);
    let connection = http.serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection.with_upgrades());
    let served = tokio::select! {
        served = connection.as_mut() => served,
        _ = over.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection broke");
    }
}
