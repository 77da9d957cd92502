//! Lists, creates, activates, deactivates and deletes accounts.

use connector::capability::{
    ActivateAccountRequest, ActivateAccountResponse, CreateAccountRequest, CreateAccountResponse,
    DeactivateAccountRequest, DeactivateAccountResponse, DeleteAccountRequest, DeleteAccountResponse,
    GetAccountRequest, GetAccountResponse, ListAccountsRequest, ListAccountsResponse,
};
use connector::model::{AccountStatus, FoundAccountData};
use connector::{ConnectorError, Response, Result};
use serde::Serialize;

use crate::error::{MockError, bad_request, no_such};
use crate::pagination::Window;
use crate::tenant::{Attribute, Tenant, User};
use crate::{Request, attributes, entitlements, upstream};

const USERS: &str = "/users";
pub(crate) const USER: &str = "/users/{id}";

pub(crate) async fn list_accounts(
    request: Request<ListAccountsRequest>,
) -> Result<Response<ListAccountsResponse>> {
    #[derive(Serialize)]
    struct Raw {
        users: Vec<User>,
    }

    let tenant = upstream::call(&request, "GET", USERS).await?;
    let window = Window::new(&request, USERS, tenant.accounts())?;
    let users: Vec<User> = tenant.users(window.items()).collect();
    let requested = attributes::by_name(request.request.custom_attributes.as_deref().unwrap_or_default());
    let accounts: Vec<_> = users.iter().map(|user| account(*user, &requested)).collect();
    Ok(Response::new(ListAccountsResponse::new(accounts))
        .raw_data_if(request.include_raw_data, Raw { users })
        .next_page(window.next()))
}

pub(crate) async fn get_account(request: Request<GetAccountRequest>) -> Result<Response<GetAccountResponse>> {
    let tenant = upstream::call(&request, "GET", USER).await?;
    let user = find_user(tenant, &request.request.account_id)?;
    let requested = attributes::by_name(request.request.custom_attributes.as_deref().unwrap_or_default());
    Ok(Response::new(GetAccountResponse::new(account(user, &requested)))
        .raw_data_if(request.include_raw_data, user))
}

pub(crate) fn account(user: User, requested: &[Attribute]) -> FoundAccountData {
    FoundAccountData { custom_attributes: user.attributes(requested), ..user.into() }
}

/// The user that the `account_id` of a request refers to.
pub(crate) fn find_user(tenant: Tenant, account_id: &str) -> Result<User, ConnectorError> {
    tenant.user(account_id).ok_or_else(|| no_such("account", "account_id"))
}

pub(crate) async fn create_account(
    request: Request<CreateAccountRequest>,
) -> Result<Response<CreateAccountResponse>> {
    #[derive(Serialize)]
    struct Raw {
        id: u64,
    }

    let tenant = upstream::call(&request, "POST", USERS).await?;
    let CreateAccountRequest { account, entitlements } = &request.request;
    let non_blank = |field: &Option<String>| field.clone().filter(|text| !text.trim().is_empty());
    let (email, username) = (non_blank(&account.email), non_blank(&account.username));
    if email.is_none() && username.is_none() {
        return Err(bad_request("an account needs an email or a username"))?;
    }
    if email.is_some_and(|email| tenant.user_at(&email).is_some()) {
        return Err(already_exists("email"))?;
    }
    if username.is_some_and(|username| tenant.user_named(&username).is_some()) {
        return Err(already_exists("username"))?;
    }
    let status = initial_status(account.user_status.as_deref())?;
    for (at, entitlement) in entitlements.iter().enumerate() {
        entitlements::check_initial(entitlement, at)?;
    }
    let user = tenant.next_user();
    let response = CreateAccountResponse { id: Some(user.id()), ..CreateAccountResponse::new(status, true) };
    Ok(Response::new(response).raw_data_if(request.include_raw_data, Raw { id: user.index() }))
}

/// Another account already has the requested value of `field`.
pub(crate) fn already_exists(field: &str) -> ConnectorError {
    ConnectorError::new(format!("{field}: this account already exists"), MockError::AlreadyExists)
}

/// The states that an account can be created in, by the upstream's names.
fn initial_status(name: Option<&str>) -> Result<AccountStatus, ConnectorError> {
    let states = [
        ("ACTIVE", AccountStatus::Active),
        ("PENDING", AccountStatus::Pending),
        ("SUSPENDED", AccountStatus::Suspended),
    ];
    let name = name.unwrap_or("ACTIVE");
    states
        .into_iter()
        .find_map(|(known, status)| known.eq_ignore_ascii_case(name).then_some(status))
        .ok_or_else(|| bad_request("user_status: expected ACTIVE, PENDING or SUSPENDED"))
}

pub(crate) async fn activate_account(
    request: Request<ActivateAccountRequest>,
) -> Result<Response<ActivateAccountResponse>> {
    let tenant = upstream::call(&request, "PATCH", USER).await?;
    let raw = ChangedUser::new(tenant, &request.request.account_id, "ACTIVE")?;
    // Every account is active.
    Ok(Response::new(ActivateAccountResponse::new(AccountStatus::Active, true))
        .unchanged_if(true)
        .raw_data_if(request.include_raw_data, raw))
}

pub(crate) async fn deactivate_account(
    request: Request<DeactivateAccountRequest>,
) -> Result<Response<DeactivateAccountResponse>> {
    let tenant = upstream::call(&request, "PATCH", USER).await?;
    let raw = ChangedUser::new(tenant, &request.request.account_id, "SUSPENDED")?;
    Ok(Response::new(DeactivateAccountResponse::new(AccountStatus::Suspended, true))
        .raw_data_if(request.include_raw_data, raw))
}

pub(crate) async fn delete_account(
    request: Request<DeleteAccountRequest>,
) -> Result<Response<DeleteAccountResponse>> {
    let tenant = upstream::call(&request, "DELETE", USER).await?;
    let raw = ChangedUser::new(tenant, &request.request.account_id, "DELETED")?;
    Ok(Response::new(DeleteAccountResponse::new(AccountStatus::Deleted, true))
        .raw_data_if(request.include_raw_data, raw))
}

/// What the upstream returns for a user whose state has changed.
#[derive(Serialize)]
struct ChangedUser {
    id: u64,
    state: &'static str,
}

impl ChangedUser {
    fn new(tenant: Tenant, account_id: &str, state: &'static str) -> Result<Self, ConnectorError> {
        let user = find_user(tenant, account_id)?;
        Ok(Self { id: user.index(), state })
    }
}
