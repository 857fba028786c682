//! Assembles the hexagon: configuration, HTTP and commands.
//!
//! ```text
//! config       what a user has written down, read as data and checked
//! profile      who the agent is, for the core
//! plan         what the configuration amounts to, for people and programs
//! assembly     opens what the configuration names
//! http         what is answered over HTTP
//! serve        takes calls until it is told to stop
//! connections  lets none of them idle
//! evaluate     asks the questions of a knowledge base
//! cli          the commands, and how they end
//! ```

pub mod config;

pub mod profile;

pub mod plan;

pub mod assembly;

pub mod http;

pub mod serve;

pub mod evaluate;

pub mod cli;

pub mod logging;

mod connections;

mod signals;

mod summary;

mod layout;
