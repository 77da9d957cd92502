//! Lists what the tenant's users spend: everybody buys a license once a year.

use connector::capability::{ListExpensesRequest, ListExpensesResponse, TimeRange};
use connector::model::{
    Amount, Expense, ExpenseApprovalStatus, ExpensePaymentStatus, ExpenseType, FoundAccountData,
    NormalizedExpenseApprovalStatus, NormalizedExpensePaymentStatus, SpendUser, Vendor,
};
use connector::{Response, Result};
use serde::Serialize;

use crate::pagination::Window;
use crate::tenant::{DOMAIN, License, Tenant, User};
use crate::{Request, date, upstream};

/// What a user paid for a license, as the upstream would send it.
#[derive(Serialize)]
struct Payment {
    user: User,
    license: License,
    date: String,
}

impl Payment {
    fn of(tenant: Tenant, user: User) -> Result<Self> {
        let midnight = tenant.day_of(user)?.to_string();
        let date = midnight.split('T').next().unwrap_or_default().to_owned();
        Ok(Self { user, license: License::of(user), date })
    }
}

impl From<&Payment> for Expense {
    /// Every second user pays with a company card. Every fourth waits for approval.
    fn from(Payment { user, license, date }: &Payment) -> Self {
        let (kind, approval) = match user.index() % 4 {
            0 => (ExpenseType::Reimbursement, NormalizedExpenseApprovalStatus::Pending),
            2 => (ExpenseType::Reimbursement, NormalizedExpenseApprovalStatus::Approved),
            _ => (ExpenseType::CardTransaction, NormalizedExpenseApprovalStatus::Approved),
        };
        let is_paid = approval == NormalizedExpenseApprovalStatus::Approved;
        let payment = if is_paid {
            NormalizedExpensePaymentStatus::Paid
        } else {
            NormalizedExpensePaymentStatus::Unpaid
        };
        let amount = Amount::new(license.price(), "USD");
        let account = FoundAccountData::from(*user);
        let seller = Vendor { id: Some(DOMAIN.to_owned()), name: Some("Mock".to_owned()), ..Vendor::new() };
        let submitter = SpendUser {
            id: Some(account.integration_specific_id),
            email: account.email,
            given_name: account.given_name,
            family_name: account.family_name,
            ..SpendUser::new()
        };
        Self {
            payment_date: is_paid.then(|| date.clone()),
            paid_amount: is_paid.then(|| amount.clone()),
            ..Self::new(
                ["expense-", &user.id()].concat(),
                date.as_str(),
                amount,
                seller,
                license.label(),
                submitter,
                kind,
                ExpenseApprovalStatus::new(approval),
                ExpensePaymentStatus::new(payment),
            )
        }
    }
}

/// A page of the expenses, sorted by date. Both ends of the requested range are inclusive.
pub(crate) async fn list_expenses(
    request: Request<ListExpensesRequest>,
) -> Result<Response<ListExpensesResponse>> {
    #[derive(Serialize)]
    struct Raw {
        payments: Vec<Payment>,
    }

    let tenant = upstream::call(&request, "GET", "/payments").await?;
    let TimeRange { start_date, end_date } =
        request.request.filters.transaction_date.clone().unwrap_or_default();
    let parse = |date: Option<String>, field: &str| {
        date.map(|date| date::instant(&date, &format!("filters.transaction_date.{field}"))).transpose()
    };
    let start = parse(start_date, "start_date")?.map_or(0, |start| tenant.first_from(start));
    let end =
        parse(end_date, "end_date")?.map_or(tenant.accounts(), |end| tenant.first_after(end)).max(start);
    let window = Window::new(&request, format!("/payments/{start}-{end}"), end - start)?;
    let positions = window.items();
    let users = tenant.users(start + positions.start..start + positions.end);
    let payments = users.map(|user| Payment::of(tenant, user)).collect::<Result<Vec<_>>>()?;
    let expenses: Vec<_> = payments.iter().map(Into::into).collect();
    Ok(Response::new(ListExpensesResponse::new(expenses))
        .raw_data_if(request.include_raw_data, Raw { payments })
        .next_page(window.next()))
}
