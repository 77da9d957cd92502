//! Capabilities that return one thing: whether it is as the listing has it.

use serde_json::{Map, Value};

use crate::testing::contract::grouped::Grouped;
use crate::testing::contract::listing::Listing;
use crate::testing::contract::session::{Checked, Session, not_run};
use crate::testing::diff::differences;

/// The number of items of each listing that are compared.
const SAMPLES: usize = 5;

/// A capability that returns an item of a listing.
struct Pair {
    get: &'static str,
    list: &'static str,
    /// What it returns, for reports.
    item: &'static str,
    /// The fields of the request, and the fields of a listed item with their values.
    ids: &'static [(&'static str, &'static str)],
}

const PAIRS: [Pair; 3] = [
    Pair {
        get: "get_account",
        list: "list-accounts",
        item: "account",
        ids: &[("account_id", "integration_specific_id")],
    },
    Pair {
        get: "get_application",
        list: "list_applications",
        item: "application",
        ids: &[("application_instance_id", "id")],
    },
    Pair {
        get: "get_application_account",
        list: "list_applications_accounts",
        item: "account of an application",
        ids: &[("application_instance_id", "application_instance_id"), ("account_id", "account_id")],
    },
];

const ACCOUNTS: &str = "list-accounts";
const ASSOCIATIONS: &str = "find-entitlement-associations";
const OF_ACCOUNT: &str = "get_account_entitlement_associations";

pub(super) fn get_equals_list(session: &Session<'_>) -> Checked {
    let pairs = PAIRS.map(|pair| (pair.get, pair.list)).into_iter().chain([(OF_ACCOUNT, ASSOCIATIONS)]);
    if !pairs.into_iter().any(|(get, list)| session.has(get) && session.has(list)) {
        return not_run("the connector has no capability that returns an item of a listing");
    }
    session.require_credentials()?;
    let mut wrong = Grouped::default();
    let mut compared = 0;
    for pair in PAIRS.iter().filter(|pair| session.has(pair.get) && session.has(pair.list)) {
        compared += compare(session, pair, &mut wrong)?;
    }
    if session.has(OF_ACCOUNT) && session.has(ASSOCIATIONS) && session.has(ACCOUNTS) {
        compared += associations(session, &mut wrong)?;
    }
    wrong.end()?;
    if compared == 0 { not_run("nothing is listed") } else { Ok(()) }
}

/// Compares some listed items with what `get` returns. Returns their number.
fn compare(session: &Session<'_>, pair: &Pair, wrong: &mut Grouped) -> Checked<usize> {
    let listed = match session.walk(&Listing::of(pair.list))? {
        Ok(pages) => samples(pages.items),
        Err(why) => {
            wrong.add(pair.get, format!("can't be compared: {why}"));
            return Ok(0);
        }
    };
    for item in &listed {
        let request: Map<String, Value> =
            pair.ids.iter().map(|(field, id)| ((*field).to_owned(), item[*id].clone())).collect();
        let ids: Vec<&str> = pair.ids.iter().map(|(_, id)| item[*id].as_str().unwrap_or_default()).collect();
        let (name, ids) = (pair.item, ids.join(" "));
        match session.ask(pair.get, request.into())?.payload() {
            Ok(found) => differences("", item, found).iter().for_each(|difference| {
                wrong.add(pair.get, format!("the {name} {ids:?} differs from its listing: {difference}"));
            }),
            Err(why) => wrong.add(pair.get, format!("given the listed {name} {ids:?}, it {why}")),
        }
    }
    Ok(listed.len())
}

/// Every nth item: the first ones are often the tenant's administrators, so this is more varied.
fn samples(items: Vec<Value>) -> Vec<Value> {
    let step = items.len().div_ceil(SAMPLES).max(1);
    items.into_iter().step_by(step).collect()
}

/// Compares the associations of some accounts with those among the associations of all. Returns the number of accounts.
fn associations(session: &Session<'_>, wrong: &mut Grouped) -> Checked<usize> {
    let (accounts, all) =
        match (session.walk(&Listing::of(ACCOUNTS))?, session.walk(&Listing::of(ASSOCIATIONS))?) {
            (Ok(accounts), Ok(all)) => (samples(accounts.items), all.items),
            (Err(why), _) | (_, Err(why)) => {
                wrong.add(OF_ACCOUNT, format!("can't be compared: {why}"));
                return Ok(0);
            }
        };
    for account in &accounts {
        let id = &account["integration_specific_id"];
        let request = Map::from_iter([("account_id".to_owned(), id.clone())]);
        let listing = Listing { request: request.into(), ..Listing::of(OF_ACCOUNT) };
        let found = match session.walk(&listing)? {
            Ok(pages) => pages.items,
            Err(why) => {
                wrong.add(OF_ACCOUNT, format!("given the listed account {id}, {why}"));
                continue;
            }
        };
        let expected: Vec<&Value> = all.iter().filter(|one| one["account_id"] == *id).collect();
        let missing = expected.iter().copied().find(|one| !found.contains(one));
        let unknown = found.iter().find(|one| !expected.contains(one));
        for (one, what) in [(missing, "lacks"), (unknown, "also has")] {
            if let Some(one) = one {
                let [entitlement, resource] =
                    ["integration_specific_entitlement_id", "integration_specific_resource_id"]
                        .map(|field| one[field].as_str().unwrap_or_default());
                wrong.add(OF_ACCOUNT, format!("the account {id} {what} {entitlement:?} on {resource:?}"));
            }
        }
    }
    Ok(accounts.len())
}
