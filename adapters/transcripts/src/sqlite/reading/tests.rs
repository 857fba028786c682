use std::time::SystemTime;

use voicera::ports::archive::Cursor;

use super::*;
use crate::sqlite::schema;

#[test]
fn a_list_is_read_in_the_order_of_an_index() {
    let all = Wanted::latest(10);
    let cursor = Cursor {
        started: SystemTime::UNIX_EPOCH,
        call: CallId::new("CA-1"),
    };
    let caller = Wanted {
        caller: Some("+1".to_owned()),
        ..all.clone()
    };
    let unanalysed = Wanted {
        state: State::Unanalysed,
        ..all.clone()
    };
    let next = |wanted: &Wanted| Wanted {
        after: Some(cursor.clone()),
        ..wanted.clone()
    };
    for (wanted, index) in [
        (next(&all), "calls_by_start"),
        (all, "calls_by_start"),
        (next(&caller), "calls_by_caller"),
        (caller, "calls_by_caller"),
        (next(&unanalysed), "calls_to_look_at"),
        (unanalysed, "calls_to_look_at"),
    ] {
        let plan = plan(&wanted);
        assert!(plan.contains(index), "{wanted:?}: {plan}");
        assert!(!plan.contains("TEMP"), "{wanted:?}: {plan}");
    }
}

/// How SQLite answers.
fn plan(wanted: &Wanted) -> String {
    let mut store = Connection::open_in_memory().unwrap();
    schema::bring_up_to_date(&mut store).unwrap();
    let conditions = Conditions::of(wanted);
    let sql = format!("EXPLAIN QUERY PLAN {}", conditions.list());
    let mut statement = store.prepare(&sql).unwrap();
    let values = conditions.values.into_iter().chain([Value::from(1)]);
    let steps = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3));
    steps.unwrap().map(Result::unwrap).collect()
}
