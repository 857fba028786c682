//! A fake [`Outbox`].

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use async_trait::async_trait;
use voicera::ports::archive::ArchiveError;

use crate::outbox::{Claim, Outbox, Outcome, Parcel, State, Subject};

/// Parcels in memory. It insists that only what was claimed is settled, and only once.
#[derive(Clone, Debug, Default)]
pub struct Tray {
    slots: Arc<Mutex<Vec<Slot>>>,
    failing: Arc<Mutex<bool>>,
    questions: Arc<AtomicU64>,
}

#[derive(Debug)]
struct Slot {
    parcel: Parcel,
    /// Nobody else gets it before.
    leased: Option<SystemTime>,
    claims: u32,
    settled: u32,
}

#[derive(Debug, thiserror::Error)]
#[error("the tray is failing")]
struct Failing;

impl Tray {
    /// Puts a parcel there that is due at once.
    ///
    /// # Panics
    ///
    /// When another thread panicked in the fake.
    pub fn put(&self, id: &str, destination: &str, subject: Subject, written: SystemTime) {
        let parcel = Parcel {
            id: id.to_owned(),
            destination: destination.to_owned(),
            subject,
            state: State::Waiting,
            attempts: 0,
            written,
            due: written,
            trouble: None,
        };
        self.slots.lock().unwrap().push(Slot {
            parcel,
            leased: None,
            claims: 0,
            settled: 0,
        });
    }

    /// Makes every question fail until told otherwise.
    ///
    /// # Panics
    ///
    /// When another thread panicked in the fake.
    pub fn fail(&self, failing: bool) {
        *self.failing.lock().unwrap() = failing;
    }

    /// What is in it, whatever its state.
    ///
    /// # Panics
    ///
    /// When another thread panicked in the fake.
    pub fn all(&self) -> Vec<Parcel> {
        let slots = self.slots.lock().unwrap();
        slots.iter().map(|slot| slot.parcel.clone()).collect()
    }

    /// How often it was asked for something.
    pub fn questions(&self) -> u64 {
        self.questions.load(Ordering::Relaxed)
    }

    fn look(&self) -> Result<(), ArchiveError> {
        self.questions.fetch_add(1, Ordering::Relaxed);
        match *self.failing.lock().unwrap() {
            true => Err(ArchiveError::Unavailable(Failing.into())),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl Outbox for Tray {
    async fn claim(&self, claim: &Claim) -> Result<Vec<Parcel>, ArchiveError> {
        self.look()?;
        assert!(claim.limit > 0, "nothing is claimed");
        let mut slots = self.slots.lock().unwrap();
        let mut ready: Vec<_> = slots
            .iter_mut()
            .filter(|slot| {
                slot.parcel.destination == claim.destination
                    && slot.parcel.state == State::Waiting
                    && slot.parcel.due <= claim.now
                    && slot.leased.is_none_or(|leased| leased <= claim.now)
            })
            .collect();
        ready.sort_by_key(|slot| slot.parcel.due);
        ready.truncate(claim.limit);
        ready.sort_by_key(|slot| slot.parcel.written);
        let ready = ready.into_iter();
        let claimed = ready.map(|slot| {
            slot.leased = Some(claim.now + claim.lease);
            slot.claims += 1;
            slot.parcel.clone()
        });
        Ok(claimed.collect())
    }

    async fn settle(&self, parcel: &Parcel, outcome: &Outcome) -> Result<(), ArchiveError> {
        self.look()?;
        let mut slots = self.slots.lock().unwrap();
        let named = |slot: &Slot| {
            (&slot.parcel.id, &slot.parcel.destination) == (&parcel.id, &parcel.destination)
        };
        let Some(index) = slots.iter().position(named) else {
            // Whoever claimed it after the lease was quicker, or it was forgotten.
            return Ok(());
        };
        let mut slot = slots.remove(index);
        slot.settled += 1;
        if slot.settled > slot.claims {
            panic!("{} is settled more often than it was claimed", parcel.id);
        }
        slot.leased = None;
        slot.parcel.attempts += 1;
        match outcome {
            Outcome::Delivered => return Ok(()),
            Outcome::Later { due, trouble } => {
                slot.parcel.due = *due;
                slot.parcel.trouble = Some(trouble.clone());
            }
            Outcome::Dead { trouble } => {
                slot.parcel.state = State::Dead;
                slot.parcel.trouble = Some(trouble.clone());
            }
        }
        slots.insert(index, slot);
        Ok(())
    }

    async fn parcels(
        &self,
        state: Option<State>,
        limit: usize,
    ) -> Result<Vec<Parcel>, ArchiveError> {
        self.look()?;
        let wanted = |parcel: &Parcel| state.is_none_or(|state| state == parcel.state);
        let mut parcels = self.all();
        parcels.retain(wanted);
        parcels.sort_by_key(|parcel| parcel.written);
        parcels.truncate(limit);
        Ok(parcels)
    }

    async fn retry(&self, id: Option<&str>) -> Result<u64, ArchiveError> {
        self.look()?;
        let mut retried = 0;
        for slot in self.slots.lock().unwrap().iter_mut() {
            let parcel = &mut slot.parcel;
            if parcel.state == State::Dead && id.is_none_or(|id| id == parcel.id) {
                parcel.state = State::Waiting;
                parcel.attempts = 0;
                parcel.due = parcel.written;
                retried += 1;
            }
        }
        Ok(retried)
    }

    async fn waiting(&self) -> Result<Vec<(String, u64)>, ArchiveError> {
        self.look()?;
        let mut waiting = BTreeMap::new();
        for parcel in self.all() {
            if parcel.state == State::Waiting {
                *waiting.entry(parcel.destination).or_insert(0) += 1;
            }
        }
        Ok(waiting.into_iter().collect())
    }

    async fn give_up(&self, destination: &str, trouble: &str) -> Result<u64, ArchiveError> {
        self.look()?;
        let mut given_up = 0;
        for slot in self.slots.lock().unwrap().iter_mut() {
            let parcel = &mut slot.parcel;
            if parcel.state == State::Waiting && parcel.destination == destination {
                parcel.state = State::Dead;
                parcel.trouble = Some(trouble.to_owned());
                given_up += 1;
            }
        }
        Ok(given_up)
    }

    async fn discard(&self, destination: &str) -> Result<u64, ArchiveError> {
        self.look()?;
        let mut slots = self.slots.lock().unwrap();
        let before = slots.len();
        slots.retain(|slot| {
            slot.parcel.state == State::Waiting || slot.parcel.destination != destination
        });
        Ok((before - slots.len()) as u64)
    }
}
