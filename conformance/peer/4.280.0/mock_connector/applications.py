"""Applications: the one of each group, and who has access to it."""

from connector_sdk_types.generated import (
    AccountStatus,
    Application,
    ApplicationAccount,
    ApplicationEntitlementAssociation,
    ApplicationEntitlementData,
    ApplicationResourceData,
    ApplicationStatus,
    AssignmentMode,
    GetApplicationAccountRequest,
    GetApplicationAccountResponse,
    GetApplicationRequest,
    GetApplicationResponse,
    ListApplicationsAccountsRequest,
    ListApplicationsAccountsResponse,
    ListApplicationsEntitlementAssociationsRequest,
    ListApplicationsEntitlementAssociationsResponse,
    ListApplicationsEntitlementsRequest,
    ListApplicationsEntitlementsResponse,
    ListApplicationsRequest,
    ListApplicationsResourcesRequest,
    ListApplicationsResourcesResponse,
    ListApplicationsResponse,
    SignOnMode,
    StandardCapabilityName,
)
from mock_tenant import ENTITLEMENT_TYPE, RESOURCE_TYPE, groups
from mock_tenant.groups import GROUPS, App, Group
from mock_tenant.users import User

from mock_connector.entitlements import page_of_grants, page_of_roles, raw_grants, raw_roles
from mock_connector.errors import no_such
from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.upstream import call, raw

APPS = "/apps"
APP = "/apps/{id}"
USERS = "/apps/users"
USER = "/apps/{id}/users/{id}"


@integration.register_capability(StandardCapabilityName.LIST_APPLICATIONS)
async def list_applications(args: ListApplicationsRequest) -> ListApplicationsResponse:
    await call(args, "GET", APPS)
    window = Window.of(args, APPS, len(GROUPS))
    apps = [group.app for group in window.slice(GROUPS)]
    return ListApplicationsResponse(
        response=[found(app) for app in apps],
        raw_data=raw(args, {"apps": [app.raw() for app in apps]}),
        page=window.next(),
    )


@integration.register_capability(StandardCapabilityName.GET_APPLICATION)
async def get_application(args: GetApplicationRequest) -> GetApplicationResponse:
    await call(args, "GET", APP)
    app = group_of(args.request.application_instance_id).app
    return GetApplicationResponse(response=found(app), raw_data=raw(args, app.raw()))


def found(app: App) -> Application:
    return Application(
        id=app.id,
        name=app.name,
        display_name=app.label,
        status=ApplicationStatus.ACTIVE,
        sign_on_mode=SignOnMode(app.sign_on),
        sso_login_url=f"https://{app.id}/login",
        assignment_modes=[AssignmentMode.ACCOUNT, AssignmentMode.ENTITLEMENT],
    )


def group_of(application_instance_id: str) -> Group:
    group = groups.group_of_app(application_instance_id)
    if group is None:
        raise no_such("application", "application_instance_id")
    return group


def access(app: App, user: User) -> ApplicationAccount:
    return ApplicationAccount(
        account_id=user.id, application_instance_id=app.id, status=AccountStatus.ACTIVE
    )


@integration.register_capability(StandardCapabilityName.LIST_APPLICATIONS_ACCOUNTS)
async def list_applications_accounts(
    args: ListApplicationsAccountsRequest,
) -> ListApplicationsAccountsResponse:
    accounts = (await call(args, "GET", USERS)).app_accounts()
    window = Window.of(args, USERS, len(accounts))
    accounts = window.slice(accounts)
    return ListApplicationsAccountsResponse(
        response=[access(app, user) for app, user in accounts],
        raw_data=raw(
            args, {"users": [{"app": app.id, "user": user.raw()} for app, user in accounts]}
        ),
        page=window.next(),
    )


@integration.register_capability(StandardCapabilityName.GET_APPLICATION_ACCOUNT)
async def get_application_account(
    args: GetApplicationAccountRequest,
) -> GetApplicationAccountResponse:
    tenant = await call(args, "GET", USER)
    group = group_of(args.request.application_instance_id)
    user = tenant.user(args.request.account_id)
    if user is None or not user.is_member(group):
        raise no_such("account in this application", "account_id")
    return GetApplicationAccountResponse(
        response=access(group.app, user),
        raw_data=raw(args, {"app": group.app.id, "user": user.raw()}),
    )


@integration.register_capability(StandardCapabilityName.LIST_APPLICATIONS_RESOURCES)
async def list_applications_resources(
    args: ListApplicationsResourcesRequest,
) -> ListApplicationsResourcesResponse:
    await call(args, "GET", "/apps/groups")
    window = Window.of(args, "/apps/groups", len(GROUPS))
    groups = window.slice(GROUPS)
    return ListApplicationsResourcesResponse(
        response=[
            ApplicationResourceData(
                application_instance_id=group.app.id,
                integration_specific_id=group.id,
                label=group.label,
                resource_type=RESOURCE_TYPE,
            )
            for group in groups
        ],
        raw_data=raw(args, {"groups": [group.raw() for group in groups]}),
        page=window.next(),
    )


@integration.register_capability(StandardCapabilityName.LIST_APPLICATIONS_ENTITLEMENTS)
async def list_applications_entitlements(
    args: ListApplicationsEntitlementsRequest,
) -> ListApplicationsEntitlementsResponse:
    roles, window = await page_of_roles(args, "/apps/roles")
    return ListApplicationsEntitlementsResponse(
        response=[
            ApplicationEntitlementData(
                application_instance_id=group.app.id,
                entitlement_type=ENTITLEMENT_TYPE,
                integration_specific_id=role.id,
                integration_specific_resource_id=group.id,
                is_assignable=True,
                label=role.label,
            )
            for group, role in roles
        ],
        raw_data=raw_roles(args, roles),
        page=window.next(),
    )


@integration.register_capability(StandardCapabilityName.LIST_APPLICATIONS_ENTITLEMENT_ASSOCIATIONS)
async def list_applications_entitlement_associations(
    args: ListApplicationsEntitlementAssociationsRequest,
) -> ListApplicationsEntitlementAssociationsResponse:
    grants, window = await page_of_grants(args, "/apps/grants")
    return ListApplicationsEntitlementAssociationsResponse(
        response=[
            ApplicationEntitlementAssociation(
                application_instance_id=grant.group.app.id,
                account_id=grant.user.id,
                integration_specific_entitlement_id=grant.entitlement.id,
                integration_specific_resource_id=grant.group.id,
            )
            for grant in grants
        ],
        raw_data=raw_grants(args, grants),
        page=window.next(),
    )
