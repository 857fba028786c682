//! What carries a call: each transport hears a caller and drives the engine.

pub mod conversation_relay;

pub mod direct;

pub mod switchboard;

pub mod terminal;
