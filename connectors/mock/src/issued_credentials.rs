//! Lists the credentials that the upstream has issued, and when they were last used.

use connector::capability::{
    GetCredentialLastActivityRequest, GetCredentialLastActivityResponse, ListCredentialsRequest,
    ListCredentialsResponse,
};
use connector::model::{
    Credential, CredentialLastActivity, CredentialStatus, CredentialType, LastActivityType,
};
use connector::{Response, Result};
use serde::Serialize;

use crate::pagination::Window;
use crate::tenant::{Key, Keys};
use crate::{Request, upstream};

const KEYS: &str = "/keys";
const ACTIVITY: &str = "/keys/activity";

#[derive(Serialize)]
struct Raw {
    keys: Vec<Key>,
}

/// A page of the credentials. The tenant has no custom attributes for them.
pub(crate) async fn list_credentials(
    request: Request<ListCredentialsRequest>,
) -> Result<Response<ListCredentialsResponse>> {
    let listing = Keys::all(upstream::call(&request, "GET", KEYS).await?);
    let window = Window::new(&request, KEYS, listing.count())?;
    let keys: Vec<Key> = listing.at(window.items()).collect();
    let credentials = keys.iter().map(|key| credential(*key)).collect::<Result<Vec<_>>>()?;
    Ok(Response::new(ListCredentialsResponse::new(credentials))
        .raw_data_if(request.include_raw_data, Raw { keys })
        .next_page(window.next()))
}

fn credential(key: Key) -> Result<Credential> {
    let id = key.id();
    let (kind, label) = match key {
        Key::Program(bot) => (CredentialType::Certificate, ["Certificate of ", &bot.id()].concat()),
        Key::User(user) => (CredentialType::ApiKey, ["API key of user", &user.id()].concat()),
    };
    let mut credential = Credential::new(["credential:", &id].concat(), id, label, kind);
    match key {
        Key::Program(bot) => credential.grants_access_to_non_human_account_id = Some(bot.id()),
        Key::User(user) => credential.grants_access_to_account_id = Some(user.id()),
    }
    let last_used = key.last_used()?;
    credential.status = Some(match last_used {
        Some(_) => CredentialStatus::Active,
        None => CredentialStatus::Inactive,
    });
    credential.created_at = Some(key.created()?.into());
    credential.last_used_at = last_used.map(Into::into);
    credential.expires_at = key.expires()?.map(Into::into);
    Ok(credential)
}

/// A page of the last activities. A credential that was never used is omitted.
pub(crate) async fn get_credential_last_activity(
    request: Request<GetCredentialLastActivityRequest>,
) -> Result<Response<GetCredentialLastActivityResponse>> {
    let listing = Keys::used(upstream::call(&request, "GET", ACTIVITY).await?);
    let window = Window::new(&request, ACTIVITY, listing.count())?;
    let keys: Vec<Key> = listing.at(window.items()).collect();
    let mut activities = Vec::new();
    for key in &keys {
        let event = match key {
            Key::Program(_) => LastActivityType::LastActivity,
            Key::User(_) => LastActivityType::LastLogin,
        };
        let at = key.last_used()?;
        activities.extend(at.map(|at| CredentialLastActivity::new(key.id(), event, at)));
    }
    Ok(Response::new(GetCredentialLastActivityResponse::new(activities))
        .raw_data_if(request.include_raw_data, Raw { keys })
        .next_page(window.next()))
}
