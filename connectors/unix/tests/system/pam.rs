//! Whether PAM's account stage lets an account in, on the running machine, and what the connector says of it.

use std::process::Command;

use serde_json::{Value, json};

use crate::live_account::LiveAccount;

impl LiveAccount {
    /// What PAM answers when it is asked whether the account may log in.
    fn pam(&self) -> &'static str {
        let output = Command::new("pamtester").args(["login", self.name, "acct_mgmt"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        match (output.status.success(), said) {
            (true, _) => "in",
            (false, said) if said.contains("new one required") => "new password",
            (false, said) if said.contains("account has expired") => "out",
            (false, said) => panic!("{said}"),
        }
    }

    fn status(&self) -> Value {
        let accounts = ask("list-accounts", json!({}))["accounts"].clone();
        let found = accounts.as_array().unwrap().iter().find(|account| account["username"] == self.name);
        found.unwrap()["user_status"].clone()
    }

    fn change(&self, capability: &str) {
        ask(capability, json!({ "account_id": self.name }));
    }
}

fn ask(capability: &str, request: Value) -> Value {
    let envelope = json!({ "request": request, "page": { "size": 10_000 } });
    let answer = unix_connector::integration().dispatch_blocking(capability, envelope.to_string().as_bytes());
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(answer["error"], Value::Null, "{capability}");
    answer["response"].clone()
}

#[test]
#[ignore = "needs root, the shadow tools and PAM: cargo xtask test --system"]
fn whom_pam_keeps_out_is_suspended() {
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
fn whom_the_connector_activates_pam_lets_in() {
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
