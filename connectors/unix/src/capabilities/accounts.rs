//! Lists, creates, suspends and deletes accounts.

use connector::capability::{
    ActivateAccountRequest, ActivateAccountResponse, CreateAccountRequest, CreateAccountResponse,
    DeactivateAccountRequest, DeactivateAccountResponse, DeleteAccountRequest, DeleteAccountResponse,
    ListAccountsRequest, ListAccountsResponse,
};
use connector::model::{AccountStatus, AccountType, CreateAccount, ExtraData, FoundAccountData};
use connector::{ConnectorError, ErrorCode, Response, Result};
use serde::Serialize;

use super::{Changed, entitlements};
use crate::day::Day;
use crate::error::bad_request;
use crate::machine::{Account, Status};
use crate::pagination::Page;
use crate::partial::with_gaps;
use crate::reading::Reading;
use crate::write::{self, Change, NewAccount};
use crate::{Request, WritableRoots};

const PASSWD: &str = "passwd";

pub(crate) fn list_accounts(request: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
    #[derive(Serialize)]
    struct Raw<'a> {
        passwd: Vec<Line<'a>>,
    }

    let Reading { items, gaps } = request.settings.machine(request.cancellation())?.accounts(Day::today());
    let page = Page::of(&request, PASSWD, items, |account| [&account.user.name])?;
    let accounts: Vec<_> = page.items.iter().map(found).collect();
    let raw = Raw { passwd: page.items.iter().map(Line::of).collect() };
    let response = Response::new(ListAccountsResponse::new(accounts))
        .raw_data_if(request.include_raw_data, raw)
        .next_page(page.next);
    Ok(with_gaps(response, &gaps))
}

/// A line of `passwd`, without the password.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    uid: u32,
    gid: u32,
    gecos: &'a str,
    home: &'a str,
    shell: &'a str,
}

impl<'a> Line<'a> {
    fn of(account: &'a Account) -> Self {
        let user = &account.user;
        let (name, gecos, home, shell) = (&user.name, &user.gecos, &user.home, &user.shell);
        Self { name, uid: user.uid, gid: user.gid, gecos, home, shell }
    }
}

/// An account as it is listed.
pub(super) fn found(account: &Account) -> FoundAccountData {
    let user = &account.user;
    let owned = |text: &str| Some(text.to_owned());
    FoundAccountData {
        username: Some(user.name.clone()),
        given_name: user.given_name().and_then(owned),
        family_name: user.family_name().and_then(owned),
        user_status: account.status.map(|status| match status {
            Status::Active => AccountStatus::Active,
            Status::Suspended => AccountStatus::Suspended,
        }),
        extra_data: Some(ExtraData::from_iter(
            [
                ("uid", user.uid.into()),
                ("gid", user.gid.into()),
                ("home", user.home.as_str().into()),
                ("shell", user.shell.as_str().into()),
                ("locked", account.locked.into()),
                ("expired", account.expired.into()),
                ("inactive", account.inactive.into()),
                ("system", account.system.into()),
            ]
            .map(|(key, value)| (key.to_owned(), value)),
        )),
        account_type: Some(if account.system { AccountType::Service } else { AccountType::User }),
        ..FoundAccountData::new(&user.name)
    }
}

pub(crate) fn create_account(
    roots: WritableRoots,
) -> impl Fn(Request<CreateAccountRequest>) -> Result<Response<CreateAccountResponse>> {
    move |request| {
        let CreateAccountRequest { account, entitlements } = &request.request;
        let Some(username) = account.username.as_deref().filter(|name| !name.is_empty()) else {
            return Err(bad_request("username is required"))?;
        };
        let mut new = NewAccount::new(username);
        new.full_name = full_name(account)?;
        let status = initial_status(account.user_status.as_deref())?;
        new.suspended = status == AccountStatus::Suspended;
        for (at, entitlement) in entitlements.iter().enumerate() {
            new.entitlements.push(entitlements::initial(entitlement, at)?);
        }
        request.settings.writer(&roots, request.cancellation())?.create(&new, Day::today())?;
        Ok(CreateAccountResponse { id: Some(new.name), ..CreateAccountResponse::new(status, true) }.into())
    }
}

/// The person's full name. Each part is checked on its own, so that an error names the field.
fn full_name(account: &CreateAccount) -> Result<Option<String>, ConnectorError> {
    let mut names = Vec::new();
    for (field, name) in [("given_name", &account.given_name), ("family_name", &account.family_name)] {
        let name = name.as_deref().unwrap_or_default().trim();
        write::check_name_part(name).map_err(|reason| bad_request(format!("{field}: {reason}")))?;
        if !name.is_empty() {
            names.push(name);
        }
    }
    Ok((!names.is_empty()).then(|| names.join(" ")))
}

fn initial_status(name: Option<&str>) -> Result<AccountStatus, ConnectorError> {
    match name.unwrap_or("ACTIVE") {
        name if name.eq_ignore_ascii_case("ACTIVE") => Ok(AccountStatus::Active),
        name if name.eq_ignore_ascii_case("SUSPENDED") => Ok(AccountStatus::Suspended),
        _ => Err(ConnectorError::new("user_status must be ACTIVE or SUSPENDED", ErrorCode::InvalidValue)),
    }
}

pub(crate) fn activate_account(
    roots: WritableRoots,
) -> impl Fn(Request<ActivateAccountRequest>) -> Result<Response<ActivateAccountResponse>> {
    move |request| {
        let change = request
            .settings
            .writer(&roots, request.cancellation())?
            .activate(&request.request.account_id, Day::today())?;
        Ok(Response::new(ActivateAccountResponse::new(AccountStatus::Active, true))
            .unchanged_if(change == Change::Unchanged)
            .raw_data_if(request.include_raw_data, Changed::from(change)))
    }
}

pub(crate) fn deactivate_account(
    roots: WritableRoots,
) -> impl Fn(Request<DeactivateAccountRequest>) -> Result<Response<DeactivateAccountResponse>> {
    move |request| {
        let change = request
            .settings
            .writer(&roots, request.cancellation())?
            .deactivate(&request.request.account_id, Day::today())?;
        Ok(Response::new(DeactivateAccountResponse::new(AccountStatus::Suspended, true))
            .unchanged_if(change == Change::Unchanged)
            .raw_data_if(request.include_raw_data, Changed::from(change)))
    }
}

pub(crate) fn delete_account(
    roots: WritableRoots,
) -> impl Fn(Request<DeleteAccountRequest>) -> Result<Response<DeleteAccountResponse>> {
    move |request| {
        request.settings.writer(&roots, request.cancellation())?.delete(&request.request.account_id)?;
        Ok(DeleteAccountResponse::new(AccountStatus::Deleted, true).into())
    }
}
