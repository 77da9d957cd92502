use connector::model::TokenCredentials;
use connector::schemars::{self, JsonSchema};
use connector::serde::{self, Deserialize};
use connector::{Credentials, Integration};

#[derive(Deserialize, JsonSchema)]
#[serde(crate = "serde")]
struct Login {}

#[derive(Credentials)]
struct NoKind {
    api: TokenCredentials,
    login: Option<Login>,
}

#[derive(Credentials)]
#[credentials(allowed("api", "login"), allowed("apis"))]
struct Mistakes {
    api: TokenCredentials,
    #[credential(id = "api", kind = "password")]
    other: Option<Login>,
}

#[derive(Credentials)]
#[credentials(allowed("api"), allowed("apis"))]
struct WrongIds {
    api: TokenCredentials,
    #[credential(id = "api")]
    other: Option<TokenCredentials>,
}

struct NotDerived {
    api: TokenCredentials,
}

fn main() {
    let _ = Integration::builder("not_derived").auth::<NotDerived>().build();
}
