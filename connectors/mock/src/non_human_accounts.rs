//! Lists the accounts of programs, and when they were last active.

use connector::capability::{
    GetNonHumanAccountLastActivityRequest, GetNonHumanAccountLastActivityResponse,
    ListNonHumanAccountsRequest, ListNonHumanAccountsResponse,
};
use connector::model::{AccountStatus, LastActivityType, NonHumanAccount, NonHumanAccountLastActivity};
use connector::{Response, Result};
use serde::Serialize;

use crate::pagination::Window;
use crate::tenant::Bot;
use crate::{Request, upstream};

const PROGRAMS: &str = "/programs";
const ACTIVITY: &str = "/programs/activity";

#[derive(Serialize)]
struct Raw<'a> {
    programs: &'a [Bot],
}

/// A page of the programs' accounts. The tenant has no custom attributes for them.
pub(crate) async fn list_non_human_accounts(
    request: Request<ListNonHumanAccountsRequest>,
) -> Result<Response<ListNonHumanAccountsResponse>> {
    upstream::call(&request, "GET", PROGRAMS).await?;
    let bots: Vec<Bot> = Bot::all().collect();
    let window = Window::new(&request, PROGRAMS, bots.len() as u64)?;
    let programs = window.slice(&bots);
    let accounts = programs.iter().map(|bot| account(*bot)).collect::<Result<Vec<_>>>()?;
    Ok(Response::new(ListNonHumanAccountsResponse::new(accounts))
        .raw_data_if(request.include_raw_data, Raw { programs })
        .next_page(window.next()))
}

fn account(bot: Bot) -> Result<NonHumanAccount> {
    let app = &bot.group.app;
    Ok(NonHumanAccount {
        created_at: Some(bot.created()?.into()),
        last_activity: bot.last_active()?.map(Into::into),
        ..NonHumanAccount::new(
            bot.resource_id(),
            bot.id(),
            ["Sync of ", app.label].concat(),
            app.label,
            app.id,
            "sync_program",
            AccountStatus::Active,
        )
    })
}

/// A page of the last activities. A program that was never active is omitted.
pub(crate) async fn get_non_human_account_last_activity(
    request: Request<GetNonHumanAccountLastActivityRequest>,
) -> Result<Response<GetNonHumanAccountLastActivityResponse>> {
    upstream::call(&request, "GET", ACTIVITY).await?;
    let bots: Vec<Bot> = Bot::all().filter(|bot| bot.is_used()).collect();
    let window = Window::new(&request, ACTIVITY, bots.len() as u64)?;
    let programs = window.slice(&bots);
    let mut activities = Vec::new();
    for bot in programs {
        let at = bot.last_active()?;
        activities.extend(
            at.map(|at| NonHumanAccountLastActivity::new(bot.id(), LastActivityType::LastActivity, at)),
        );
    }
    Ok(Response::new(GetNonHumanAccountLastActivityResponse::new(activities))
        .raw_data_if(request.include_raw_data, Raw { programs })
        .next_page(window.next()))
}
