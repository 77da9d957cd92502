//! A machine below a temporary directory, requests about it, and what is read of the answers.

use std::fs;

use connector::Integration;
use serde_json::{Value, json};

use crate::image::{Image, lastlog, wtmp};

pub(crate) const PASSWD: &str = "\
root:x:0:0:root:/root:/bin/bash
alice:x:1000:1000:Alice van der Berg,Room 7:/home/alice:/bin/bash
bob:x:1001:100::/home/bob:/bin/sh
carol:x:1002:100:Carol:/home/carol:
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
";

const SHADOW: &str = "\
root:*:19000:0:99999:7:::
alice:$6$salt$hash:19000:0:99999:7:::
bob:!$6$salt$hash:19000:0:99999:7:::
carol:!:19000:0:99999:7::1:
nobody:*:19000:0:99999:7:::
";

const GROUP: &str = "\
root:x:0:
sudo:x:27:alice
users:x:100:carol
alice:x:1000:
dev:x:2000:bob,alice
nogroup:x:65534:
";

const GSHADOW: &str = "\
root:*::
sudo:*::alice
users:*::carol
alice:!::
dev:!:alice:bob,alice
nogroup:*::
";

impl Image {
    /// A machine without anything odd.
    pub(crate) fn new() -> Self {
        let image = Self::of(&[
            ("etc/passwd", PASSWD),
            ("etc/shadow", SHADOW),
            ("etc/group", GROUP),
            ("etc/gshadow", GSHADOW),
            ("etc/sudoers", "root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n"),
            ("etc/sudoers.d/bob", "bob ALL = /bin/ls\n"),
            ("etc/hostname", "web1\n"),
        ]);
        image.set_bytes("var/log/wtmp", &[wtmp("alice", 700), wtmp("bob", 800)].concat());
        image.set_bytes("var/log/lastlog", &[vec![0; 292 * 1001], lastlog(900)].concat());
        image
    }

    /// Makes a file unreadable for everybody, `root` included.
    pub(crate) fn make_unreadable(&self, path: &str) {
        self.remove(path);
        fs::create_dir(self.path(path)).unwrap();
    }

    /// Puts a file's lines into another order or leaves some out.
    pub(crate) fn rewrite(&self, path: &str, change: impl FnOnce(&mut Vec<&str>)) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        let mut lines = text.lines().collect();
        change(&mut lines);
        self.set(path, &lines.iter().map(|line| format!("{line}\n")).collect::<String>());
    }

    /// An envelope with `more` in it; its settings win over the image's own.
    pub(crate) fn envelope(&self, request: Value, more: Value) -> Value {
        let mut settings = json!({ "root": self.path("") });
        let mut envelope = json!({ "request": request });
        for (key, value) in more.as_object().unwrap() {
            match value.as_object() {
                Some(own) if key == "settings" => settings.as_object_mut().unwrap().extend(own.clone()),
                _ => envelope[key] = value.clone(),
            }
        }
        envelope["settings"] = settings;
        envelope
    }

    /// Answers a call in the classic format.
    pub(crate) fn ask(&self, capability: &str, request: Value, more: Value) -> Value {
        dispatch(&unix_connector::integration(), capability, &self.envelope(request, more))
    }

    /// The payload of a call that succeeds and lacks nothing.
    pub(crate) fn answer(&self, capability: &str, request: Value, more: Value) -> Value {
        let answer = self.ask(capability, request, more);
        assert_eq!(answer["error"], Value::Null, "{capability}");
        assert_eq!(answer.get("partial"), None, "{capability}");
        answer["response"].clone()
    }

    /// The code of a call that fails, without prefix, and its message.
    pub(crate) fn error(&self, capability: &str, request: Value, more: Value) -> (String, String) {
        let answer = self.ask(capability, request, more);
        assert_eq!(answer["response"], Value::Null, "{capability}: {answer}");
        let text = |key: &str| answer["error"][key].as_str().unwrap().to_owned();
        (text("error_code").strip_prefix("unix.").unwrap().to_owned(), text("message"))
    }

    /// All items of a listing in pages of `size`; `between` is called before each further page.
    pub(crate) fn pages(&self, capability: &str, size: usize, mut between: impl FnMut(usize)) -> Vec<Value> {
        let (_, key) = LISTINGS.into_iter().find(|(name, _)| *name == capability).unwrap();
        let request =
            if capability == "list-resources" { json!({ "resource_type": "group" }) } else { json!({}) };
        let (mut items, mut token) = (Vec::new(), Value::Null);
        for number in 1.. {
            let page = json!({ "page": { "size": size, "token": token } });
            let answer = self.ask(capability, request.clone(), page);
            assert_eq!(answer["error"], Value::Null, "{capability}");
            let page = answer["response"][key].as_array().unwrap();
            assert!(page.len() <= size, "{capability}");
            items.extend_from_slice(page);
            token = answer["page"]["token"].clone();
            if token.is_null() {
                break;
            }
            assert_eq!(page.len(), size, "{capability}");
            between(number);
        }
        items
    }
}

/// The listings that have pages, and the key of their items.
pub(crate) const LISTINGS: [(&str, &str); 3] = [
    ("list-accounts", "accounts"),
    ("list-resources", "resources"),
    ("find-entitlement-associations", "associations"),
];

/// Answers a whole envelope.
pub(crate) fn dispatch(integration: &Integration, capability: &str, envelope: &Value) -> Value {
    let answer = integration.dispatch_blocking(capability, envelope.to_string().as_bytes());
    serde_json::from_slice(&answer).unwrap()
}

/// The ids of accounts or resources.
pub(crate) fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["integration_specific_id"].as_str().unwrap()).collect()
}

/// An association as `account entitlement resource`.
pub(crate) fn line(association: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    [
        text(&association["account"]["integration_specific_id"]),
        text(&association["integration_specific_entitlement_id"]),
        text(&association["integration_specific_resource_id"]),
    ]
    .join(" ")
}

/// A valid payload for every capability.
pub(crate) fn requests() -> Vec<(&'static str, Value)> {
    let assignment = |entitlement: &str| {
        json!({
            "account_integration_specific_id": "carol",
            "resource_integration_specific_id": "dev",
            "resource_type": "group",
            "entitlement_integration_specific_id": entitlement,
            "entitlement_type": entitlement,
        })
    };
    vec![
        ("list-accounts", json!({})),
        ("list-resources", json!({ "resource_type": "group" })),
        ("list-entitlements", json!({ "resource_type": "group", "resource_integration_specific_id": "dev" })),
        ("find-entitlement-associations", json!({})),
        ("get-last-activity", json!({ "account_ids": ["alice"] })),
        ("validate-credentials", json!({})),
        ("create_account", json!({ "account": { "username": "dora" }, "entitlements": [] })),
        ("activate_account", json!({ "account_id": "bob" })),
        ("deactivate_account", json!({ "account_id": "alice" })),
        ("assign-entitlement", assignment("administrator")),
        ("unassign-entitlement", assignment("administrator")),
        ("delete_account", json!({ "account_id": "carol" })),
    ]
}
