//! Accounts that have changed: whether they are as all accounts are listed.

use std::collections::HashMap;

use serde_json::Value;

use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::listing::Listing;
use crate::testing::contract::session::{Checked, Session, not_run};
use crate::testing::diff::differences;

const UPDATED: &str = "list_updated_accounts";
const ACCOUNTS: &str = "list-accounts";

/// The maximum number of accounts that are reported for the same mistake.
const REPORTED: usize = 5;

fn id(account: &Value) -> &str {
    account["integration_specific_id"].as_str().unwrap_or_default()
}

pub(super) fn are_listed(session: &Session<'_>) -> Checked {
    session.require(UPDATED)?;
    session.require(ACCOUNTS)?;
    session.require_credentials()?;
    let accounts = session.items(&Listing::of(ACCOUNTS))?;
    let mut wrong = Grouped::default();
    // Without a time and a cursor, all accounts count as changed.
    let updated = match session.walk(&Listing::of(UPDATED))? {
        Ok(pages) => pages.items,
        Err(why) => {
            wrong.add(UPDATED, why);
            return wrong.end();
        }
    };
    if updated.is_empty() {
        return not_run(format!("{UPDATED} lists no account"));
    }
    let listed: HashMap<&str, &Value> = accounts.iter().map(|account| (id(account), account)).collect();
    let (mut unlisted, mut different) = (0, 0);
    for account in &updated {
        match listed.get(id(account)) {
            // Its end is also a change.
            None if matches!(account["user_status"].as_str(), Some("DELETED" | "DEPROVISIONED")) => {}
            None => {
                unlisted += 1;
                if unlisted <= REPORTED {
                    wrong.add(UPDATED, format!("the account {:?} is not listed by {ACCOUNTS}", id(account)));
                }
            }
            Some(listed) => {
                let found = differences("", listed, account);
                different += usize::from(!found.is_empty());
                if different <= REPORTED {
                    found.iter().for_each(|difference| {
                        let what =
                            format!("the account {:?} differs from its listing: {difference}", id(account));
                        wrong.add(UPDATED, what);
                    });
                }
            }
        }
    }
    wrong.end()
}
