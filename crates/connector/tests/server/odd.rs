//! An integration with unusual types.

use std::collections::BTreeMap;

use connector::capability::{
    CustomCapability, Effect, ListAccounts, ListAccountsRequest, ListAccountsResponse, WithArgs,
};
use connector::model::{AnyCredentials, Timestamp};
use connector::schemars::{self, JsonSchema};
use connector::{Integration, Response, Result, Secret};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read and described")]
struct Settings {
    /// Which office.
    office: Office,
    retries: u8,
    #[serde(default = "five")]
    limit: u64,
    key: Option<Secret>,
}

const fn five() -> u64 {
    5
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(dead_code, reason = "only read and described")]
enum Office {
    Main,
    Branch { city: String, since: Timestamp },
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only read and described")]
struct Domain {
    /// The domain to look in.
    domain: String,
    depth: Option<u32>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Rotate<Badge>")]
#[expect(dead_code, reason = "only read and described")]
struct RotateBadgeRequest {
    account_id: String,
    pin: Secret,
    colour: Colour,
    size: Size,
    #[schemars(example = "2030-01-01")]
    until: String,
    #[schemars(length(min = 12))]
    label: String,
    #[schemars(range(min = 3, max = 7))]
    copies: i32,
    pair: (bool, f64),
    doors: Vec<Door>,
    notes: BTreeMap<String, String>,
    anything: serde_json::Value,
    #[serde(flatten)]
    place: Place,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only read and described")]
struct Place {
    floor: i8,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
enum Colour {
    /// Like the sky.
    Blue,
    Red,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only read and described")]
enum Size {
    Custom { width: u16 },
    Small,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only read and described")]
struct Door {
    /// The doors behind this one.
    next: Vec<Self>,
}

#[derive(Serialize, JsonSchema)]
struct Failure {
    badge: u64,
}

struct RotateBadge;

impl CustomCapability for RotateBadge {
    type Request = RotateBadgeRequest;
    /// Has the name of one of the document's own schemas.
    type Response = Failure;
    const NAME: &'static str = "rotate_badge";
    const EFFECT: Effect = Effect::UnsafeWrite;
    const SUMMARY: &'static str = "Issues a new badge to an account";
}

type Request<P> = connector::Request<P, Settings, AnyCredentials>;

pub(crate) fn integration() -> Integration {
    async fn list(
        _: Request<WithArgs<ListAccountsRequest, Domain>>,
    ) -> Result<Response<ListAccountsResponse>> {
        Ok(ListAccountsResponse::default().into())
    }
    async fn rotate(_: Request<RotateBadgeRequest>) -> Result<Response<Failure>> {
        Ok(Failure { badge: 7 }.into())
    }
    Integration::builder("odd_app")
        .auth::<AnyCredentials>()
        .settings::<Settings>()
        .register(ListAccounts, list)
        .register_custom(RotateBadge, rotate)
        .build()
}
