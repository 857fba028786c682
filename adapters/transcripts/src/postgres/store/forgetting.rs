//! Removes calls.

use std::time::{Duration, SystemTime};

use sqlx::{PgConnection, QueryBuilder};
use voicera::ports::archive::Which;

use super::fault::Fault;
use super::keeping::{OPEN, plain};
use super::reading::milliseconds;

/// How many calls are removed in one step, so that nobody waits long for their rows.
const SOME: i64 = 100;

/// No call lasts longer than a day, so that one without an ending does not go on by then.
const LONGEST_CALL: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes a few calls, with all that is known of them; answers how many.
pub(super) async fn some(store: &mut PgConnection, which: &Which) -> Result<u64, Fault> {
    let mut sql = QueryBuilder::new("WITH few AS (SELECT number FROM calls WHERE ");
    match which {
        Which::Before(time) => sql.push("started < ").push_bind(milliseconds(*time)),
        Which::Caller(caller) => sql.push("caller = ").push_bind(plain(caller)),
        Which::Call(id) => sql.push("id = ").push_bind(plain(id.as_str())),
    };
    let now = SystemTime::now();
    let over = milliseconds(now.checked_sub(LONGEST_CALL).unwrap_or(now));
    sql.push(" AND (state <> ").push_bind(OPEN);
    sql.push(" OR started < ").push_bind(over);
    sql.push(") ORDER BY started, id LIMIT ").push_bind(SOME);
    sql.push(" FOR UPDATE) DELETE FROM calls USING few WHERE calls.number = few.number");
    Ok(sql.build().execute(store).await?.rows_affected())
}
