//! `lastlog2.db`, lastlog2(8): a row for each user who ever logged in.

use rusqlite::Row;

use super::database::{self, Table};
use super::{LASTLOG2, Logins};
use crate::reading::Gap;
use crate::root::Root;

const TABLE: Table =
    Table { path: LASTLOG2, name: "Lastlog2", sql: "SELECT rowid, Name, Time FROM Lastlog2" };

/// The last login by user name, of the users in `logins`.
pub(super) fn read<'u>(root: &Root, logins: &Logins<'u>) -> (Logins<'u>, Vec<Gap>) {
    database::read(root, &TABLE, || logins.clone(), add)
}

fn add(logins: &mut Logins<'_>, row: &Row<'_>) {
    let at = row.get(2);
    // Imported from a `lastlog` without a login.
    if at == Ok(0) {
        return;
    }
    let name = row.get_ref(1).ok().and_then(|name| name.as_str().ok());
    logins.add(database::number(row), name, at.ok());
}
