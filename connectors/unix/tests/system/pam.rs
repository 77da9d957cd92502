//! Compares the status of accounts with PAM's account stage, on the running machine.

use std::process::Command;

use serde_json::{Value, json};

use crate::live_account::LiveAccount;

impl LiveAccount {
    /// Whether PAM lets the account log in.
    fn pam(&self) -> &'static str {
        let output = Command::new("pamtester").args(["login", self.name, "acct_mgmt"]).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stderr);
        match (output.status.success(), printed) {
            (true, _) => "in",
            (false, printed) if printed.contains("new one required") => "new password",
            (false, printed) if printed.contains("account has expired") => "out",
            (false, printed) => panic!("{printed}"),
        }
    }

    fn status(&self) -> Value {
        let accounts = call("list-accounts", json!({}))["accounts"].clone();
        let found = accounts.as_array().unwrap().iter().find(|account| account["username"] == self.name);
        found.unwrap()["user_status"].clone()
    }

    fn change(&self, capability: &str) {
        call(capability, json!({ "account_id": self.name }));
    }
}

fn call(capability: &str, request: Value) -> Value {
    let envelope = json!({ "request": request, "page": { "size": 10_000 } });
    let response =
        unix_connector::integration().dispatch_blocking(capability, envelope.to_string().as_bytes());
    let response: Value = serde_json::from_slice(&response).unwrap();
    assert_eq!(response["error"], Value::Null, "{capability}");
    response["response"].clone()
}

#[test]
#[ignore = "needs root, the shadow tools and PAM: cargo xtask test --system"]
fn accounts_that_pam_rejects_are_suspended() {
    let account = LiveAccount::new("uc-pam-aged", "$6$x$y");
    for (age, pam, status) in [
        (["-d", "2020-01-01", "-M", "99999", "-I", "10", "-E", "-1"], "in", "ACTIVE"),
        (["-d", "2020-01-01", "-M", "30", "-I", "10", "-E", "-1"], "out", "SUSPENDED"),
        (["-d", "2020-01-01", "-M", "30", "-I", "0", "-E", "-1"], "out", "SUSPENDED"),
        (["-d", "2020-01-01", "-M", "30", "-I", "-1", "-E", "-1"], "new password", "ACTIVE"),
        (["-d", "0", "-M", "30", "-I", "10", "-E", "-1"], "new password", "ACTIVE"),
        (["-d", "2020-01-01", "-M", "-1", "-I", "10", "-E", "-1"], "in", "ACTIVE"),
        (["-d", "0", "-M", "30", "-I", "10", "-E", "1"], "out", "SUSPENDED"),
    ] {
        account.age(&age);
        assert_eq!((account.pam(), account.status()), (pam, json!(status)), "{age:?}");
    }
}

#[test]
#[ignore = "needs root, the shadow tools and PAM: cargo xtask test --system"]
fn pam_accepts_activated_accounts() {
    for (name, password, pam) in [("uc-pam-hash", "$6$x$y", "new password"), ("uc-pam-key", "*", "in")] {
        let account = LiveAccount::new(name, password);
        account.age(&["-d", "2020-01-01", "-M", "30", "-I", "10"]);
        account.change("deactivate_account");
        assert_eq!((account.pam(), account.status()), ("out", json!("SUSPENDED")), "{name}");
        account.change("activate_account");
        assert_eq!((account.pam(), account.status()), (pam, json!("ACTIVE")), "{name}");
        account.change("deactivate_account");
        assert_eq!(account.pam(), "out", "{name}");
    }
}
