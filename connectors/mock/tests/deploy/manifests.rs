//! Checks that the Kubernetes manifests agree with the program, the image and each other.

use std::process::Command;
use std::time::Duration;

use test_support::Serving;

use crate::dockerfile::last_stage;
use crate::{read, root};

const FOLDER: &str = "deploy/kubernetes";

fn manifest(name: &str) -> String {
    read(&format!("{FOLDER}/{name}"))
}

/// The single value of `key` in a manifest.
fn value<'a>(text: &'a str, key: &str) -> &'a str {
    let lines = text.lines().map(|line| line.trim_start().trim_start_matches("- "));
    let values: Vec<&str> = lines.filter_map(|line| line.strip_prefix(key)?.strip_prefix(": ")).collect();
    let [value] = values[..] else { panic!("{key}: {values:?}") };
    value.trim_matches('"')
}

#[test]
fn autoscaler_metric_is_a_gauge_of_the_server() {
    let autoscaler = manifest("autoscaler.yaml");
    let (_, metric) = autoscaler.split_once("metric:\n").expect("a metric");
    let name =
        metric.trim_start().lines().next().and_then(|line| line.strip_prefix("name: ")).expect("a name");
    let mut program = Command::new(env!("CARGO_BIN_EXE_mock-connector"));
    program.args(["serve", "-p", "0"]).env_remove("CONNECTOR_WIRE").env_remove("CONNECTOR_LOG");
    let serving = Serving::start(program);
    let metrics = serving.get("/metrics");
    serving.stop("-TERM");
    assert!(
        metrics.contains(&format!("# TYPE {name} gauge\n")) && metrics.contains(&format!("\n{name}{{")),
        "{metrics}"
    );
}

#[test]
fn user_and_port_match_the_image() {
    let (deployment, image) = (manifest("deployment.yaml"), last_stage(&read("deploy/Dockerfile")));
    let user = format!("{}:{}", value(&deployment, "runAsUser"), value(&deployment, "runAsGroup"));
    assert_eq!(user, image.user);
    assert_eq!(value(&deployment, "containerPort"), image.port);
    let port = "[default: 8000]";
    let help = Command::new(env!("CARGO_BIN_EXE_mock-connector")).args(["serve", "--help"]).output();
    let help = String::from_utf8(help.expect("it runs").stdout).expect("UTF-8");
    assert!(help.contains(port) && image.port == "8000", "{help}");
}

#[test]
fn kubernetes_grace_period_is_longer_than_the_servers() {
    let deployment = manifest("deployment.yaml");
    let seconds = |text: &str| Duration::from_secs(text.trim_end_matches('s').parse().expect("seconds"));
    let arguments = value(&deployment, "args");
    let grace =
        arguments.split('"').nth(3).filter(|_| arguments.starts_with(r#"["--grace", "#)).expect("--grace");
    let pause = value(&deployment, "seconds");
    let kubernetes_grace = seconds(value(&deployment, "terminationGracePeriodSeconds"));
    assert!(kubernetes_grace > seconds(grace) + seconds(pause), "{kubernetes_grace:?}");
}

#[test]
fn kustomization_lists_every_manifest() {
    let kustomization = manifest("kustomization.yaml");
    for entry in root().join(FOLDER).read_dir().expect("the folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        let is_named = kustomization.contains(&format!("  - {name}\n"));
        assert!(is_named || name == "kustomization.yaml", "{name} is not named");
    }
}
