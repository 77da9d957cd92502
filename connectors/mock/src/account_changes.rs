//! Updates accounts, and lists those that have changed.

use connector::capability::{
    ListUpdatedAccountsRequest, ListUpdatedAccountsResponse, UpdateAccountRequest, UpdateAccountResponse,
    WithArgs,
};
use connector::model::{FoundAccountData, Timestamp};
use connector::{ConnectorError, Response, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::{USER, account, already_exists};
use crate::error::{bad_request, no_such};
use crate::pagination::Window;
use crate::tenant::{self, Tenant, User};
use crate::{Request, attributes, upstream};

/// The fields of an account to change. A field that is omitted or `null` stays as it is.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct AccountChanges {
    /// Email address.
    email: Option<String>,
    /// The name that the user signs in with.
    username: Option<String>,
    /// First name.
    given_name: Option<String>,
    /// Last name.
    family_name: Option<String>,
}

impl AccountChanges {
    /// Checks that there is a change, and that it leaves no field empty and no two accounts with the same name.
    fn check(&self, tenant: Tenant, user: User) -> Result<(), ConnectorError> {
        let fields = [
            ("email", &self.email),
            ("username", &self.username),
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
        ];
        let mut changes =
            fields.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?))).peekable();
        if changes.peek().is_none() {
            return Err(bad_request(
                "expected an email, a username, a given_name or a family_name to change",
            ));
        }
        if let Some((name, _)) = changes.find(|(_, value)| value.trim().is_empty()) {
            return Err(bad_request(format!("{name}: must not be blank")));
        }
        let is_taken = |by: Option<User>| by.is_some_and(|other| other != user);
        if is_taken(self.email.as_ref().and_then(|email| tenant.user_at(email))) {
            return Err(already_exists("email"));
        }
        if is_taken(self.username.as_ref().and_then(|username| tenant.user_named(username))) {
            return Err(already_exists("username"));
        }
        Ok(())
    }

    /// Whether the user already has all of these values.
    fn are_made(&self, user: User) -> bool {
        let now = FoundAccountData::from(user);
        let is_same = |new: &Option<String>, now: &Option<String>| new.is_none() || new == now;
        is_same(&self.email, &now.email)
            && is_same(&self.username, &now.username)
            && is_same(&self.given_name, &now.given_name)
            && is_same(&self.family_name, &now.family_name)
    }
}

pub(crate) async fn update_account(
    request: Request<WithArgs<UpdateAccountRequest, AccountChanges>>,
) -> Result<Response<UpdateAccountResponse>> {
    #[derive(Serialize)]
    struct Raw {
        id: u64,
        changed: AccountChanges,
    }

    let tenant = upstream::call(&request, "PATCH", USER).await?;
    let WithArgs { standard, args } = request.request;
    let user = tenant.user(&standard.id).ok_or_else(|| no_such("account", "id"))?;
    args.check(tenant, user)?;
    Ok(Response::new(UpdateAccountResponse::new(user.id()))
        .unchanged_if(args.are_made(user))
        .raw_data_if(request.include_raw_data, Raw { id: user.index(), changed: args }))
}

/// A page of the accounts that have changed, sorted by the day of their last change.
///
/// Only the last page has a cursor, so a caller that stops early doesn't miss a change.
pub(crate) async fn list_updated_accounts(
    request: Request<ListUpdatedAccountsRequest>,
) -> Result<Response<ListUpdatedAccountsResponse>> {
    #[derive(Serialize)]
    struct Raw {
        users: Vec<User>,
    }

    let tenant = upstream::call(&request, "GET", "/users/changed").await?;
    let ListUpdatedAccountsRequest { since, cursor, custom_attributes } = &request.request;
    let since = match cursor {
        Some(cursor) => Some(parse_cursor(cursor)?),
        None => *since,
    };
    let first = since.map_or(0, |since| tenant.first_from(since));
    let endpoint = format!("/users/changed/{first}");
    let window = Window::new(&request, endpoint, tenant.accounts() - first)?;
    let positions = window.items();
    let users: Vec<User> = tenant.users(first + positions.start..first + positions.end).collect();
    let requested = attributes::by_name(custom_attributes.as_deref().unwrap_or_default());
    let accounts: Vec<_> = users.iter().map(|user| account(*user, &requested)).collect();
    let next = window.next();
    let cursor = if next.is_none() { Some(tenant::end()?.to_string()) } else { None };
    let response = ListUpdatedAccountsResponse { cursor, ..ListUpdatedAccountsResponse::new(accounts) };
    Ok(Response::new(response).raw_data_if(request.include_raw_data, Raw { users }).next_page(next))
}

/// A cursor is the time up to which changes have been listed.
fn parse_cursor(cursor: &str) -> Result<Timestamp, ConnectorError> {
    cursor.parse().map_err(|_| bad_request("cursor: expected the cursor of an earlier response"))
}
