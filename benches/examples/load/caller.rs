//! A caller: gets its call answered, asks its questions and holds every word against the script.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::http;
use crate::marks::{Marks, TurnMarks};
use crate::process::Kind;
use crate::script::{self, Place};
use crate::tally::Tally;

/// A reply that takes longer is lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// An interrupting caller does so after so many words.
const HEARD_BEFORE_INTERRUPTION: usize = 6;

/// What the callers of a load have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Habits {
    pub(crate) turns: usize,
    /// From the end of a reply to the next question.
    pub(crate) pause: Duration,
    /// The words of a reply.
    pub(crate) words: usize,
    /// How many replies of a hundred are interrupted.
    pub(crate) interrupted: usize,
    pub(crate) reports: Reports,
}

/// What the carrier reports of the agent's voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reports {
    /// That it begins and ends.
    Speaker,
    /// Every piece it has played, too.
    Played,
}

/// An open call.
#[derive(Debug)]
pub(crate) struct Caller {
    number: usize,
    socket: WebSocketStream<TcpStream>,
}

#[derive(Debug, Deserialize)]
struct Frame<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    token: Cow<'a, str>,
    #[serde(default)]
    last: bool,
}

impl Caller {
    /// Has the call answered by the webhook, and opens the socket that it names.
    pub(crate) async fn call(
        number: usize,
        kind: Kind,
        address: SocketAddr,
    ) -> anyhow::Result<Self> {
        let sid = format!("CA{number:032x}");
        let parameters = match kind {
            Kind::Relay => BTreeMap::new(),
            Kind::Voicera => answered(&sid, address).await?,
        };
        let stream = TcpStream::connect(address)
            .await
            .context("the socket is refused")?;
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default().read_buffer_size(4096);
        let url = format!("ws://{address}/relay");
        let upgrade = client_async_with_config(url, stream, Some(config)).await;
        let (socket, _) = upgrade.context("the upgrade is refused")?;
        let mut caller = Self { number, socket };
        let setup = json!({
            "type": "setup", "sessionId": format!("VX{number:032x}"), "callSid": sid,
            "accountSid": "AC00000000000000000000000000000001", "parentCallSid": "",
            "from": "+14155550100", "to": "+14155550199", "forwardedFrom": "",
            "callerName": "", "callType": "PSTN", "direction": "inbound",
            "callStatus": "IN_PROGRESS", "customParameters": parameters,
        });
        caller.send(setup.to_string()).await?;
        Ok(caller)
    }

    /// Asks all questions, the first one at its time; the call stays open.
    pub(crate) async fn talk(
        &mut self,
        habits: Habits,
        first: Instant,
        marks: &Marks,
        tally: &mut Tally,
    ) -> anyhow::Result<()> {
        let mut next = first;
        for turn in 0..habits.turns {
            self.pause(next, tally).await?;
            let place = Place {
                call: self.number,
                turn,
            };
            let marked = marks.of(place).context("a turn without marks")?;
            let complete = self.ask(place, habits, marks, marked, tally).await?;
            // Who interrupts has something to say.
            next = Instant::now()
                + if complete {
                    habits.pause
                } else {
                    habits.pause / 5
                };
        }
        self.pause(Instant::now() + Duration::from_millis(500), tally)
            .await
    }

    /// Asks one question; answers whether the reply was heard to its end.
    async fn ask(
        &mut self,
        place: Place,
        habits: Habits,
        marks: &Marks,
        marked: &TurnMarks,
        tally: &mut Tally,
    ) -> anyhow::Result<bool> {
        let prompt = json!({
            "type": "prompt", "voicePrompt": script::question(place), "lang": "en-US", "last": true,
        })
        .to_string();
        let tokens = script::reply(place, habits.words);
        let stops = (place.call * 31 + place.turn * 17) % 100 < habits.interrupted;
        marks.set(&marked.asked);
        self.send(prompt).await?;
        tally.turns += 1;
        let mut heard = String::new();
        let patience = Instant::now() + PATIENCE;
        loop {
            let Some(text) = self.text(patience).await? else {
                tally.hold(&tokens, &heard);
                bail!("no reply to turn {} of call {}", place.turn, place.call);
            };
            if !text.token.is_empty() {
                if heard.is_empty() {
                    marks.set(&marked.heard);
                    self.report("agentSpeaking", "on").await?;
                }
                if habits.reports == Reports::Played {
                    self.report("tokensPlayed", &text.token).await?;
                }
                heard.push_str(&text.token);
            }
            let said = script::tokens_within(&tokens, heard.len());
            if stops && said >= HEARD_BEFORE_INTERRUPTION {
                let interrupt = json!({
                    "type": "interrupt", "utteranceUntilInterrupt": heard,
                    "durationUntilInterruptMs": 1200,
                });
                marks.set(&marked.interrupted);
                self.send(interrupt.to_string()).await?;
                self.report("agentSpeaking", "off").await?;
                tally.hold_beginning(&tokens, &heard);
                return Ok(false);
            }
            if text.last {
                tally.hold(&tokens, &heard);
                self.report("agentSpeaking", "off").await?;
                return Ok(true);
            }
        }
    }

    /// Listens until the next question is due. Nobody should speak.
    async fn pause(&mut self, until: Instant, tally: &mut Tally) -> anyhow::Result<()> {
        while let Some(text) = self.text(until).await? {
            tally.unasked += usize::from(!text.token.is_empty());
        }
        Ok(())
    }

    async fn report(&mut self, name: &str, value: &str) -> anyhow::Result<()> {
        let info = json!({"type": "info", "name": name, "value": value});
        self.send(info.to_string()).await
    }

    async fn send(&mut self, frame: String) -> anyhow::Result<()> {
        let sent = self.socket.send(Message::text(frame)).await;
        sent.context("the call is gone")
    }

    /// The next words; `None` once the time has come.
    async fn text(&mut self, until: Instant) -> anyhow::Result<Option<Text>> {
        while let Ok(message) = timeout_at(until, self.socket.next()).await {
            let message = message.context("the socket is closed")?;
            let Message::Text(text) = message.context("the socket broke")? else {
                continue;
            };
            let frame: Frame<'_> = serde_json::from_str(&text)?;
            match &*frame.kind {
                "text" => {
                    let (token, last) = (frame.token.into_owned(), frame.last);
                    return Ok(Some(Text { token, last }));
                }
                "end" => bail!("the call was ended"),
                _ => {}
            }
        }
        Ok(None)
    }
}

struct Text {
    token: String,
    last: bool,
}

/// The parameters of the TwiML that answers the call.
async fn answered(sid: &str, address: SocketAddr) -> anyhow::Result<BTreeMap<String, String>> {
    let form = format!(
        "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01&CallSid={sid}\
         &CallStatus=ringing&Direction=inbound&From=%2B14155550100&To=%2B14155550199"
    );
    let response = http::post(address, "/call", &form).await?;
    if !response.is_ok() {
        bail!(
            "the call is not answered: {} {}",
            response.head,
            response.body
        );
    }
    let parameters = response.body.split("<Parameter ").skip(1);
    let parameters = parameters.filter_map(|parameter| {
        let name = attribute(parameter, "name")?;
        Some((name, attribute(parameter, "value")?))
    });
    Ok(parameters.collect())
}

fn attribute(element: &str, name: &str) -> Option<String> {
    let (_, value) = element.split_once(&format!("{name}=\""))?;
    let (value, _) = value.split_once('"')?;
    let value = value
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    Some(value.replace("&amp;", "&"))
}
