//! Assembles the hexagon: configuration, HTTP and commands.
//!
//! ```text
//! config       what a user has written down, read as data and checked
//! profile      who the agent is, for the core
//! plan         what the configuration amounts to, for people and programs
//! knowledge    opens what the documents are found with
//! transcripts  opens what keeps transcripts, and runs what works behind it
//! analysing    runs the operators over every call that has ended
//! asking       asks a model about it, too
//! carrier      what Twilio's APIs are asked with
//! assembly     opens what the configuration names
//! http         what is answered over HTTP
//! serve        takes calls until it is told to stop
//! connections  lets none of them idle
//! reading      reads an archive of any size
//! prices       what the configured models cost
//! moment       times as they are written and read
//! answering    asks the agent one question outside a call
//! commands     what the commands do that are neither `serve` nor `chat`
//! cli          the commands, and how they end
//! ```

pub mod config;

pub mod profile;

pub mod plan;

pub mod knowledge;

pub mod transcripts;

pub mod analysing;

pub mod asking;

pub mod carrier;

pub mod assembly;

pub mod http;

pub mod serve;

pub mod answering;

pub mod commands;

pub mod cli;

pub mod logging;

mod connections;

mod reading;

mod moment;

pub mod prices;

mod signals;

mod summary;

mod layout;

#[cfg(test)]
mod samples;
