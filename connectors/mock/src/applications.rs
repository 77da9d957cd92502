//! Applications: the one of each group, and who has access to it.

use connector::capability::{
    GetApplicationAccountRequest, GetApplicationAccountResponse, GetApplicationRequest,
    GetApplicationResponse, ListApplicationsAccountsRequest, ListApplicationsAccountsResponse,
    ListApplicationsEntitlementAssociationsRequest, ListApplicationsEntitlementAssociationsResponse,
    ListApplicationsEntitlementsRequest, ListApplicationsEntitlementsResponse, ListApplicationsRequest,
    ListApplicationsResourcesRequest, ListApplicationsResourcesResponse, ListApplicationsResponse,
};
use connector::model::{
    AccountStatus, Application, ApplicationAccount, ApplicationEntitlementData, ApplicationResourceData,
    ApplicationStatus, AssignmentMode,
};
use connector::{ConnectorError, Response, Result};
use serde::Serialize;

use crate::entitlements::{RawGrants, RawRoles, page_of_grants, page_of_roles};
use crate::error::no_such;
use crate::pagination::Window;
use crate::tenant::{App, ENTITLEMENT_TYPE, GROUPS, Group, RESOURCE_TYPE, User};
use crate::{Request, upstream};

const APPS: &str = "/apps";
const APP: &str = "/apps/{id}";
const USERS: &str = "/apps/users";
pub(crate) const USER: &str = "/apps/{id}/users/{id}";
const GROUPS_OF_APPS: &str = "/apps/groups";
const ROLES: &str = "/apps/roles";
const GRANTS: &str = "/apps/grants";

pub(crate) async fn list_applications(
    request: Request<ListApplicationsRequest>,
) -> Result<Response<ListApplicationsResponse>> {
    #[derive(Serialize)]
    struct Raw {
        apps: Vec<&'static App>,
    }

    upstream::call(&request, "GET", APPS).await?;
    let window = Window::new(&request, APPS, GROUPS.len() as u64)?;
    let apps: Vec<&App> = window.slice(GROUPS).iter().map(|group| &group.app).collect();
    let applications: Vec<_> = apps.iter().map(|app| found(app)).collect();
    Ok(Response::new(ListApplicationsResponse::new(applications))
        .raw_data_if(request.include_raw_data, Raw { apps })
        .next_page(window.next()))
}

pub(crate) async fn get_application(
    request: Request<GetApplicationRequest>,
) -> Result<Response<GetApplicationResponse>> {
    upstream::call(&request, "GET", APP).await?;
    let app = &group_of(&request.request.application_instance_id)?.app;
    Ok(Response::new(GetApplicationResponse::new(found(app))).raw_data_if(request.include_raw_data, app))
}

fn found(app: &App) -> Application {
    Application {
        display_name: Some(app.label.to_owned()),
        sso_login_url: Some(["https://", app.id, "/login"].concat()),
        ..Application::new(
            app.id,
            app.name,
            ApplicationStatus::Active,
            app.sign_on,
            [AssignmentMode::Account, AssignmentMode::Entitlement],
        )
    }
}

/// The group of the application of this ID.
pub(crate) fn group_of(application_instance_id: &str) -> Result<&'static Group, ConnectorError> {
    Group::of_app(application_instance_id).ok_or_else(|| no_such("application", "application_instance_id"))
}

/// A user's access to an application, as the upstream would send it.
#[derive(Serialize)]
struct Access {
    app: &'static str,
    user: User,
}

impl From<&Access> for ApplicationAccount {
    fn from(access: &Access) -> Self {
        Self::new(access.user.id(), access.app, AccountStatus::Active)
    }
}

pub(crate) async fn list_applications_accounts(
    request: Request<ListApplicationsAccountsRequest>,
) -> Result<Response<ListApplicationsAccountsResponse>> {
    #[derive(Serialize)]
    struct Raw {
        users: Vec<Access>,
    }

    let tenant = upstream::call(&request, "GET", USERS).await?;
    let window = Window::new(&request, USERS, tenant.app_accounts())?;
    let users: Vec<_> =
        tenant.app_accounts_at(window.items()).map(|(app, user)| Access { app: app.id, user }).collect();
    let accounts: Vec<_> = users.iter().map(Into::into).collect();
    Ok(Response::new(ListApplicationsAccountsResponse::new(accounts))
        .raw_data_if(request.include_raw_data, Raw { users })
        .next_page(window.next()))
}

pub(crate) async fn get_application_account(
    request: Request<GetApplicationAccountRequest>,
) -> Result<Response<GetApplicationAccountResponse>> {
    let tenant = upstream::call(&request, "GET", USER).await?;
    let GetApplicationAccountRequest { application_instance_id, account_id } = &request.request;
    let group = group_of(application_instance_id)?;
    let user = tenant
        .user(account_id)
        .filter(|user| group.has_member(*user))
        .ok_or_else(|| no_such("account in this application", "account_id"))?;
    let access = Access { app: group.app.id, user };
    Ok(Response::new(GetApplicationAccountResponse::new(&access))
        .raw_data_if(request.include_raw_data, access))
}

pub(crate) async fn list_applications_resources(
    request: Request<ListApplicationsResourcesRequest>,
) -> Result<Response<ListApplicationsResourcesResponse>> {
    #[derive(Serialize)]
    struct Raw<'a> {
        groups: &'a [Group],
    }

    upstream::call(&request, "GET", GROUPS_OF_APPS).await?;
    let window = Window::new(&request, GROUPS_OF_APPS, GROUPS.len() as u64)?;
    let groups = window.slice(GROUPS);
    let resources: Vec<_> = groups
        .iter()
        .map(|group| ApplicationResourceData::new(group.app.id, group.id, group.label, RESOURCE_TYPE))
        .collect();
    Ok(Response::new(ListApplicationsResourcesResponse::new(resources))
        .raw_data_if(request.include_raw_data, Raw { groups })
        .next_page(window.next()))
}

pub(crate) async fn list_applications_entitlements(
    request: Request<ListApplicationsEntitlementsRequest>,
) -> Result<Response<ListApplicationsEntitlementsResponse>> {
    let (roles, window) = page_of_roles(&request, ROLES).await?;
    let entitlements: Vec<_> = roles
        .iter()
        .map(|(group, role)| ApplicationEntitlementData {
            is_assignable: Some(true),
            ..ApplicationEntitlementData::new(group.app.id, role.id, group.id, ENTITLEMENT_TYPE, role.label)
        })
        .collect();
    Ok(Response::new(ListApplicationsEntitlementsResponse::new(entitlements))
        .raw_data_if(request.include_raw_data, RawRoles::new(&roles))
        .next_page(window.next()))
}

pub(crate) async fn list_applications_entitlement_associations(
    request: Request<ListApplicationsEntitlementAssociationsRequest>,
) -> Result<Response<ListApplicationsEntitlementAssociationsResponse>> {
    let (grants, window) = page_of_grants(&request, GRANTS).await?;
    let associations: Vec<_> = grants.iter().map(|grant| (*grant).into()).collect();
    Ok(Response::new(ListApplicationsEntitlementAssociationsResponse::new(associations))
        .raw_data_if(request.include_raw_data, RawGrants { grants })
        .next_page(window.next()))
}
