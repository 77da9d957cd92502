//! `wtmp.db`, wtmpdb(8): a row for every login and boot, with times in microseconds.

use rusqlite::Row;

use super::database::{self, Table};
use super::{Logins, WTMPDB};
use crate::reading::Gap;
use crate::root::Root;

/// The newest rows come first, in case there are too many.
const TABLE: Table = Table {
    path: WTMPDB,
    name: "wtmp",
    sql: "SELECT rowid, Type, User, Login FROM wtmp ORDER BY rowid DESC",
};

/// `USER_PROCESS`, the type of a login's row. Other rows are for boots and changes of the run level.
const LOGIN: i64 = 3;

const MICROSECONDS_A_SECOND: i64 = 1_000_000;

/// The last login by user name, of the users in `logins`.
pub(super) fn read<'u>(root: &Root, logins: &Logins<'u>) -> (Logins<'u>, Vec<Gap>) {
    database::read(root, &TABLE, || logins.clone(), add)
}

fn add(logins: &mut Logins<'_>, row: &Row<'_>) {
    if row.get(1) != Ok(LOGIN) {
        return;
    }
    let name = row.get_ref(2).ok().and_then(|name| name.as_str().ok());
    let at = row.get(3).map(|at: i64| at / MICROSECONDS_A_SECOND).ok();
    logins.add(database::number(row), name, at);
}
