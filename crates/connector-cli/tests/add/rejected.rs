//! Capabilities that cannot be added.

use crate::support::{CLASS_STYLE, NEW, add, connector_with, files};

#[test]
fn capabilities_of_another_format_are_rejected() {
    for files in [NEW, &[("src/lib.rs", CLASS_STYLE)]] {
        let folder = connector_with(files);
        let before = self::files(&folder);
        let (status, _, errors) = add(&folder, "get_account");
        assert_eq!(status, Some(1), "{errors}");
        for part in [
            "get_account exists only in the openapi wire format, but this connector uses classic",
            "no call `.wire(Wire::OpenApi)`. To switch, add that call and `use connector::Wire;`.",
            "run `connector add get_account` again\n",
        ] {
            assert!(errors.contains(part), "{errors}");
        }
        assert!(!errors.contains("by hand"), "{errors}");
        assert_eq!(self::files(&folder), before);
    }
}

#[test]
fn registered_and_unknown_capabilities_change_nothing() {
    let folder = connector_with(NEW);
    let before = files(&folder);
    let (status, _, errors) = add(&folder, "list-accounts");
    assert_eq!(status, Some(1));
    assert!(
        errors.contains("list_accounts is already registered") && errors.contains("integration.rs:14"),
        "{errors}"
    );
    let (status, _, errors) = add(&folder, "fly");
    assert_eq!(status, Some(2));
    assert!(errors.contains("unknown capability \"fly\", expected one of activate_account"), "{errors}");
    assert_eq!(files(&folder), before);
}

#[test]
fn built_in_capabilities_are_registered_already() {
    let text = "use connector::{Integration, Probe, Wire};\npub fn integration() -> Integration {\n    \
                Integration::builder(\"a\").wire(Wire::OpenApi).probe(Probe::new()).build()\n}\n";
    let folder = connector_with(&[("src/lib.rs", text)]);
    let before = files(&folder);
    let (status, _, errors) = add(&folder, "probe_integration");
    assert_eq!(status, Some(1));
    assert!(errors.contains("probe_integration is already registered"), "{errors}");
    assert_eq!(files(&folder), before);
}

#[test]
fn manual_steps_are_printed_if_there_is_no_place() {
    let none = [("src/lib.rs", "")];
    let two = "use connector::Integration;\npub fn a() -> Integration { Integration::builder(\"a\").build() }\n\
               pub fn b() -> Integration { Integration::builder(\"b\").build() }\n";
    let both = format!("{CLASS_STYLE}fn other() -> Integration {{ Integration::builder(\"b\").build() }}\n");
    let unasked_block = CLASS_STYLE.replace("integration()", "integration(_: u8)");
    let unasked = "fn main() { connector::Integration::builder(\"a\").build(); }";
    for (files, about) in [
        (&none[..], "found neither `Integration::builder(…)` with `.build()` nor an `impl` block"),
        (&[("src/lib.rs", two)], "the connector has several integrations"),
        (&[("src/lib.rs", &both)], "acme/src/lib.rs:16\n"),
        (&[("src/main.rs", unasked)], "a test cannot call the integration"),
        (&[("src/lib.rs", &unasked_block)], "a test cannot call the integration"),
        (
            &[NEW[0], NEW[1], NEW[2], NEW[3], ("src/write/create_account.rs", "")],
            "create_account.rs already exists",
        ),
    ] {
        let folder = connector_with(files);
        let before = self::files(&folder);
        let (status, _, errors) = add(&folder, "create_account");
        assert_eq!(status, Some(1), "{errors}");
        assert!(
            errors.contains(about) && errors.contains("To add it by hand, write the handler"),
            "{errors}"
        );
        assert_eq!(self::files(&folder), before);
    }
}
