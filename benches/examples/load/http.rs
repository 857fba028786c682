//! As much of an HTTP client as a load needs.

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn is_ok(&self) -> bool {
        self.head.starts_with("HTTP/1.1 200")
    }
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> anyhow::Result<Response> {
    send(
        address,
        format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"),
    )
    .await
}

pub(crate) async fn post(address: SocketAddr, path: &str, form: &str) -> anyhow::Result<Response> {
    let length = form.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
    );
    send(address, request).await
}

async fn send(address: SocketAddr, request: String) -> anyhow::Result<Response> {
    let mut socket = TcpStream::connect(address).await?;
    socket.write_all(request.as_bytes()).await?;
    let mut response = String::new();
    socket.read_to_string(&mut response).await?;
    let parts = response.split_once("\r\n\r\n");
    let (head, body) = parts.context("an answer that is not HTTP")?;
    Ok(Response {
        head: head.to_owned(),
        body: body.to_owned(),
    })
}
