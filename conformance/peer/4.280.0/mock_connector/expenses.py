"""Lists what the tenant's users spend: everybody buys a license once a year."""

from connector_sdk_types.generated import (
    Amount,
    Expense,
    ExpenseApprovalStatus,
    ExpensePaymentStatus,
    ExpenseType,
    ListExpensesRequest,
    ListExpensesResponse,
    NormalizedExpenseApprovalStatus,
    NormalizedExpensePaymentStatus,
    SpendUser,
    StandardCapabilityName,
    TimeRange,
    Vendor,
)
from mock_tenant import DOMAIN, year
from mock_tenant.tenant import Tenant
from mock_tenant.users import User

from mock_connector.dates import instant
from mock_connector.found import account
from mock_connector.integration import integration
from mock_connector.pagination import Window
from mock_connector.upstream import call, raw

LICENSES = {"full": ("Full license", "240.00"), "basic": ("Basic license", "60.00")}


@integration.register_capability(StandardCapabilityName.LIST_EXPENSES)
async def list_expenses(args: ListExpensesRequest) -> ListExpensesResponse:
    tenant = await call(args, "GET", "/payments")
    dates = args.request.filters.transaction_date or TimeRange()
    start, end = 0, tenant.accounts
    if dates.start_date is not None:
        from_ = instant(dates.start_date, "filters.transaction_date.start_date")
        start = tenant.first_on(year.first_day_from(from_))
    if dates.end_date is not None:
        until = instant(dates.end_date, "filters.transaction_date.end_date")
        end = max(start, tenant.first_on(year.first_day_after(until)))
    window = Window.of(args, f"/payments/{start}-{end}", end - start)
    users = [User(start + at) for at in window.items()]
    payments = [
        {"user": user.raw(), "license": user.license(), "date": date_of(tenant, user)}
        for user in users
    ]
    return ListExpensesResponse(
        response=[expense(user, date_of(tenant, user)) for user in users],
        raw_data=raw(args, {"payments": payments}),
        page=window.next(),
    )


def date_of(tenant: Tenant, user: User) -> str:
    return tenant.day_of(user).date().isoformat()


def expense(user: User, date: str) -> Expense:
    """Every second user pays with a company card. Every fourth waits for approval."""
    is_paid = user.index % 4 != 0
    label, price = LICENSES[user.license()]
    amount = Amount(amount=price, currency="USD")
    found = account(user)
    return Expense(
        id=f"expense-{user.id}",
        transaction_date=date,
        payment_date=date if is_paid else None,
        total_amount=amount,
        paid_amount=amount if is_paid else None,
        seller=Vendor(id=DOMAIN, name="Mock"),
        description=label,
        submitter=SpendUser(
            id=user.id,
            email=found.email,
            given_name=found.given_name,
            family_name=found.family_name,
        ),
        type=ExpenseType.CARD_TRANSACTION if user.index % 2 else ExpenseType.REIMBURSEMENT,
        approval_status=ExpenseApprovalStatus(
            normalized_value=(
                NormalizedExpenseApprovalStatus.APPROVED
                if is_paid
                else NormalizedExpenseApprovalStatus.PENDING
            )
        ),
        payment_status=ExpensePaymentStatus(
            normalized_value=(
                NormalizedExpensePaymentStatus.PAID
                if is_paid
                else NormalizedExpensePaymentStatus.UNPAID
            )
        ),
    )
