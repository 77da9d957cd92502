//! A machine in a temporary directory, requests about it, and helpers for responses.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use connector::Integration;
use connector::testing::TestClient;
use serde_json::{Value, json};
use unix_connector::WritableRoots;

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
    /// A machine without anything unusual.
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
        for shell in ["bin/bash", "bin/sh"] {
            image.set(shell, "");
            fs::set_permissions(image.path(shell), fs::Permissions::from_mode(0o755)).unwrap();
        }
        image.set_bytes("var/log/wtmp", &[wtmp("alice", 700), wtmp("bob", 800)].concat());
        image.set_bytes("var/log/lastlog", &[vec![0; 292 * 1001], lastlog(900)].concat());
        image
    }

    /// Makes a file unreadable for everybody, `root` included.
    pub(crate) fn make_unreadable(&self, path: &str) {
        self.remove(path);
        fs::create_dir(self.path(path)).unwrap();
    }

    /// Reorders, adds or removes lines of a file.
    pub(crate) fn rewrite(&self, path: &str, change: impl FnOnce(&mut Vec<&str>)) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        let mut lines = text.lines().collect();
        change(&mut lines);
        self.set(path, &lines.iter().map(|line| format!("{line}\n")).collect::<String>());
    }

    /// A caller of `integration`, for this machine.
    pub(crate) fn caller_of(&self, integration: impl Into<Arc<Integration>>) -> TestClient {
        TestClient::new(integration).with(json!({ "settings": { "root": self.path("") } }))
    }

    /// The connector of an operator who allows it to change this machine.
    pub(crate) fn integration(&self) -> Integration {
        unix_connector::integration_with(&WritableRoots::new([self.path("")]))
    }

    /// A caller in the classic format.
    pub(crate) fn caller(&self) -> TestClient {
        self.caller_of(self.integration())
    }

    /// The whole response to a call. `more` is added to the envelope; its settings override the image's own.
    pub(crate) fn call(&self, capability: &str, request: Value, more: Value) -> Value {
        self.caller().with(more).ask(capability, request)
    }

    /// The payload of a call that succeeds without gaps.
    pub(crate) fn response(&self, capability: &str, request: Value, more: Value) -> Value {
        self.caller().with(more).answer(capability, request)
    }

    /// The code, without prefix, and the message of a call that fails.
    pub(crate) fn error(&self, capability: &str, request: Value, more: Value) -> (String, String) {
        let error = self.caller().with(more).error(capability, request);
        (error.code, error.message)
    }

    /// All items of a listing, partial or not, in pages of `size`. All pages but the last are full. `between` is called
    /// before each further page.
    pub(crate) fn pages(&self, capability: &str, size: usize, between: impl FnMut(usize)) -> Vec<Value> {
        let request =
            if capability == "list-resources" { json!({ "resource_type": "group" }) } else { json!({}) };
        let pages = self.caller().allow_partial().pages_with(capability, request, size, between);
        let full = pages.sizes.split_last().map_or(&[][..], |(_, full)| full);
        assert!(full.iter().all(|found| *found == size), "{capability}: {:?}", pages.sizes);
        pages.items
    }
}

/// The listings that have pages.
pub(crate) const LISTINGS: [&str; 3] = ["list-accounts", "list-resources", "find-entitlement-associations"];

/// The IDs of accounts or resources.
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
