//! Lists which accounts have which entitlements.

use std::collections::HashMap;

use connector::capability::{FindEntitlementAssociationsRequest, FindEntitlementAssociationsResponse};
use connector::model::{ExtraData, FoundAccountData, FoundEntitlementAssociation};
use connector::serde_json::{Value, json};
use connector::{Response, Result};
use serde::Serialize;

use super::accounts;
use crate::Request;
use crate::day::Day;
use crate::machine::{Account, Association, Detail};
use crate::pagination::Page;
use crate::partial::with_gaps;
use crate::reading::Reading;
use crate::sudoers::Via;

const ENDPOINT: &str = "associations";

pub(crate) fn find_entitlement_associations(
    request: Request<FindEntitlementAssociationsRequest>,
) -> Result<Response<FindEntitlementAssociationsResponse>> {
    #[derive(Serialize)]
    struct Raw<'a> {
        associations: Vec<Line<'a>>,
    }

    let machine = request.settings.machine(request.cancellation())?;
    let mut reading = machine.associations();
    let accounts = machine.accounts(Day::today());
    reading.note(accounts.gaps);
    let Reading { items, gaps } = reading;
    let by_name: HashMap<&str, &Account> =
        accounts.items.iter().map(|account| (account.user.name.as_str(), account)).collect();
    let page = Page::of(&request, ENDPOINT, items, id)?;
    let found = |association: &Association| {
        let account = holder(by_name.get(association.account.as_str()).copied(), association);
        let entitlement = association.detail.entitlement().id();
        FoundEntitlementAssociation::new(entitlement, account, &*association.resource)
    };
    let associations: Vec<_> = page.items.iter().map(found).collect();
    let raw = Raw { associations: page.items.iter().map(Line::of).collect() };
    let response = Response::new(FindEntitlementAssociationsResponse::new(associations))
        .raw_data_if(request.include_raw_data, raw)
        .next_page(page.next);
    Ok(with_gaps(response, &gaps))
}

/// What identifies an association: a group can be named `host` too.
fn id(association: &Association) -> [&str; 4] {
    let entitlement = association.detail.entitlement();
    [entitlement.resource_type().id(), &association.resource, entitlement.id(), &association.account]
}

/// The account as `list-accounts` returns it, with the details of the association in `extra_data`.
fn holder(account: Option<&Account>, association: &Association) -> FoundAccountData {
    let mut holder = match account {
        Some(account) => accounts::found(account),
        // Deleted while the files were being read.
        None => FoundAccountData {
            username: Some(association.account.clone()),
            ..FoundAccountData::new(&association.account)
        },
    };
    if let Some((key, value)) = detail_of(&association.detail) {
        holder.extra_data.get_or_insert_with(ExtraData::new).insert(key.to_owned(), value);
    }
    holder
}

fn detail_of(detail: &Detail) -> Option<(&'static str, Value)> {
    match detail {
        Detail::Member { primary } => Some(("primary", (*primary).into())),
        Detail::Administrator => None,
        Detail::Sudo { via } => Some(("via", via.iter().map(rule).collect())),
    }
}

fn rule(via: &Via) -> Value {
    json!({ "who": via.who.to_string(), "place": via.place, "full": via.full })
}

/// An association as it is in the files.
#[derive(Serialize)]
struct Line<'a> {
    account: &'a str,
    entitlement: &'static str,
    resource: &'a str,
}

impl<'a> Line<'a> {
    fn of(association: &'a Association) -> Self {
        let entitlement = association.detail.entitlement().id();
        Self { account: &association.account, entitlement, resource: &association.resource }
    }
}
