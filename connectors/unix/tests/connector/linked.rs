//! A connector is linked with the capabilities that it registers, and with no others.

#[test]
fn unregistered_capabilities_are_not_linked() {
    let executable = std::fs::read(env!("CARGO_BIN_EXE_unix-connector")).unwrap();
    // Names of fields, which stand in the code that reads and writes them.
    let holds = |field: &str| executable.windows(field.len()).any(|bytes| bytes == field.as_bytes());
    assert!(holds("entitlement_integration_specific_id"), "assign_entitlement is registered");
    assert!(!holds("code_verifier"), "handle_authorization_callback is not");
}
