//! Reads the limits in the Kubernetes manifest.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// The server's options and the container's limits, from the Deployment.
pub(crate) struct Manifest {
    /// The options of `serve`.
    pub(crate) args: Vec<String>,
    /// The environment variables with a literal value. The token is not one of them.
    pub(crate) env: Vec<(String, String)>,
    /// The container's memory limit in bytes.
    pub(crate) memory: u64,
    /// The container's CPU limit.
    pub(crate) cpus: usize,
    /// Timeout of the probe of `/livez`.
    pub(crate) liveness: Duration,
    /// Timeout of the probe of `/readyz`.
    pub(crate) readiness: Duration,
    /// How long the server may take to exit after SIGTERM before it is killed.
    pub(crate) end: Duration,
}

impl Manifest {
    /// Reads a Deployment.
    ///
    /// # Errors
    /// If a required value is missing, or isn't written as in this project's manifest.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    fn parse(text: &str) -> Result<Self> {
        let value =
            |path: &[&str]| value(text, path).with_context(|| format!("{} is missing", path.join(".")));
        let number = |path: &[&str]| -> Result<u64> {
            value(path)?.parse().with_context(|| format!("{} must be a whole number", path.join(".")))
        };
        let seconds = |path: &[&str]| Ok::<_, anyhow::Error>(Duration::from_secs(number(path)?));
        let args = value(&["containers", "args"])?;
        let memory = value(&["resources", "limits", "memory"])?;
        Ok(Self {
            args: serde_json::from_str(args).context("args must be a list in one line, as in JSON")?,
            env: variables(text),
            memory: bytes(memory).with_context(|| format!("the memory limit {memory:?} must be in Mi"))?,
            cpus: usize::try_from(number(&["resources", "limits", "cpu"])?)?,
            liveness: seconds(&["livenessProbe", "timeoutSeconds"])?,
            readiness: seconds(&["readinessProbe", "timeoutSeconds"])?,
            end: seconds(&["terminationGracePeriodSeconds"])?
                .saturating_sub(seconds(&["preStop", "sleep", "seconds"])?),
        })
    }

    /// The numeric value of an option of `serve`.
    ///
    /// # Errors
    /// If the manifest doesn't set the option.
    pub(crate) fn option(&self, name: &str) -> Result<usize> {
        let mut args = self.args.iter().skip_while(|arg| *arg != name);
        let value = args.nth(1).with_context(|| format!("args has no {name}"))?;
        value.parse().with_context(|| format!("{name} must be a number"))
    }
}

/// The value at a path of keys, each of which is nested below the previous one.
fn value<'a>(text: &'a str, path: &[&str]) -> Option<&'a str> {
    let mut lines = text.lines();
    let (mut found, mut outer) = ("", None);
    for key in path {
        loop {
            let line = lines.next()?;
            let content = line.trim_start_matches([' ', '-']);
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let indentation = line.len() - content.len();
            if outer.is_some_and(|outer| indentation <= outer) {
                return None;
            }
            if let Some(value) = content.strip_prefix(key).and_then(|rest| rest.strip_prefix(':')) {
                (found, outer) = (value.trim().trim_matches('"'), Some(indentation));
                break;
            }
        }
    }
    Some(found)
}

/// Each `- name:` that is followed by a `value:`.
fn variables(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(str::trim);
    let pairs = lines.clone().zip(lines.skip(1)).filter_map(|(name, value)| {
        let (name, value) = (name.strip_prefix("- name: ")?, value.strip_prefix("value: ")?);
        Some((name.to_owned(), value.trim_matches('"').to_owned()))
    });
    pairs.collect()
}

fn bytes(quantity: &str) -> Option<u64> {
    quantity.strip_suffix("Mi")?.parse::<u64>().ok()?.checked_mul(1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
spec:
  containers:
    - name: a
      # args: none
      args: [\"--grace\", \"25s\"]
      env:
        - name: TOKEN
          valueFrom: x
        - name: LEVEL
          value: \"2\"
      livenessProbe:
        periodSeconds: 10
      readinessProbe:
        timeoutSeconds: 3
";

    #[test]
    fn values_are_only_found_below_their_keys() {
        assert_eq!(value(TEXT, &["containers", "args"]), Some("[\"--grace\", \"25s\"]"));
        assert_eq!(value(TEXT, &["readinessProbe", "timeoutSeconds"]), Some("3"));
        assert_eq!(value(TEXT, &["livenessProbe", "timeoutSeconds"]), None);
    }

    #[test]
    fn variables_without_a_value_are_omitted() {
        assert_eq!(variables(TEXT), [("LEVEL".to_owned(), "2".to_owned())]);
    }

    #[test]
    fn manifest_of_this_project_can_be_parsed() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/kubernetes/deployment.yaml");
        let manifest = Manifest::read(&path).unwrap();
        let limit = manifest.option("--memory-limit").unwrap();
        assert!(manifest.memory > limit as u64, "{} must leave room for more than bodies", manifest.memory);
    }
}
