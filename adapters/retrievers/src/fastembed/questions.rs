//! The vectors of questions: those that are remembered, and those that are being made.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, WeakShared};
use lru::LruCache;

use crate::embedding::EmbedError;

/// A turn asks for its question alone and in its conversation, both at once, and two callers may
/// ask alike: a question that is asked while its vector is being made waits for that one.
pub(super) struct Questions(Mutex<Known>);

struct Known {
    remembered: Option<LruCache<String, Arc<[f32]>>>,
    asked: HashMap<String, WeakShared<Asked>>,
}

type Asked = BoxFuture<'static, Result<Arc<[f32]>, Unanswered>>;

/// Why a vector was not made, as often as somebody has to be told.
#[derive(Clone, Debug)]
pub(super) enum Unanswered {
    Busy,
    Failed(Arc<dyn Error + Send + Sync>),
}

impl From<Unanswered> for EmbedError {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::Busy => Self::Busy,
            Unanswered::Failed(cause) => Self::Failed(Box::new(cause)),
        }
    }
}

impl Questions {
    /// Remembers the vectors of so many questions.
    pub(super) fn new(remember: usize) -> Self {
        Self(Mutex::new(Known {
            remembered: NonZeroUsize::new(remember).map(LruCache::new),
            asked: HashMap::new(),
        }))
    }

    /// The vector of a text; where it is neither known nor being made, `make` makes it. The work
    /// is dropped once all who wait for it have dropped their future.
    pub(super) async fn vector<F>(
        &self,
        text: &str,
        make: impl FnOnce() -> F,
    ) -> Result<Arc<[f32]>, Unanswered>
    where
        F: Future<Output = Result<Arc<[f32]>, Unanswered>> + Send + 'static,
    {
        let asked = {
            let mut known = self.lock();
            let remembered = known.remembered.as_mut();
            if let Some(vector) = remembered.and_then(|vectors| vectors.get(text)) {
                return Ok(Arc::clone(vector));
            }
            match known.asked.get(text).and_then(WeakShared::upgrade) {
                Some(asked) => asked,
                None => {
                    known.asked.retain(|_, asked| asked.upgrade().is_some());
                    let asked = make().boxed().shared();
                    let weak = asked.downgrade();
                    known.asked.extend(weak.map(|weak| (text.to_owned(), weak)));
                    asked
                }
            }
        };
        let vector = asked.await?;
        if let Some(remembered) = &mut self.lock().remembered {
            remembered.put(text.to_owned(), Arc::clone(&vector));
        }
        Ok(vector)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What callers ask is theirs.
impl fmt::Debug for Questions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Questions").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
