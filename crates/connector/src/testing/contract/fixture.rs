//! [`Fixture`]: what the checks know about a connector and its tenant.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::super::cases::package_dir;
use super::super::diff::kind;

/// What the checks know about a connector and its tenant: credentials, settings, IDs, and whether they may write.
///
/// Every key is optional. A check that lacks something is not run.
///
/// | key | value |
/// |---|---|
/// | `auth` | the `auth` of every request, with good credentials |
/// | `bad_auth` | the same with credentials that the upstream rejects |
/// | `credentials` | instead of `auth`, the `credentials` of every request, for a connector that declares them by ID |
/// | `bad_credentials` | the same with credentials that the upstream rejects |
/// | `settings` | the `settings` of every request |
/// | `resource_types` | the types of resources to list |
/// | `account_id` | an account to suspend and activate |
/// | `assignment` | an entitlement that the account does not hold, to assign and remove: `account_id`, `resource_id`, `resource_type`, `entitlement_id`, `entitlement_type` |
/// | `create` | the payload of a creation; `{{unique}}` in a string becomes a different name each time |
/// | `requests` | payloads of custom read-only capabilities, by name |
/// | `page_sizes` | the page sizes to compare; defaults to `[2, 5]` |
/// | `most_resources` | the number of resources to list entitlements for; defaults to 100 |
/// | `allow_writes` | whether the checks may change anything; defaults to `false` |
///
/// ```
/// use connector::testing::contract::Fixture;
/// use serde_json::json;
///
/// let error = Fixture::try_from(json!({ "assignment": { "account_id": 7 } })).unwrap_err();
/// assert_eq!(error.to_string(), "assignment.account_id: expected a string, found a number");
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Fixture {
    pub(super) auth: Option<Value>,
    pub(super) bad_auth: Option<Value>,
    pub(super) credentials: Option<Value>,
    pub(super) bad_credentials: Option<Value>,
    pub(super) settings: Option<Value>,
    pub(super) resource_types: Vec<String>,
    pub(super) account_id: Option<String>,
    pub(super) assignment: Option<Assignment>,
    pub(super) create: Option<Value>,
    pub(super) requests: BTreeMap<String, Value>,
    pub(super) page_sizes: Vec<usize>,
    pub(super) most_resources: usize,
    pub(super) allow_writes: bool,
}

/// An account and an entitlement that it doesn't hold.
#[derive(Clone)]
pub(super) struct Assignment {
    pub(super) account_id: String,
    pub(super) resource_id: String,
    pub(super) resource_type: String,
    pub(super) entitlement_id: String,
    pub(super) entitlement_type: String,
}

/// It contains credentials.
impl fmt::Debug for Fixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fixture").field("allow_writes", &self.allow_writes).finish_non_exhaustive()
    }
}

/// What is wrong with a fixture, and where: `assignment.account_id is required`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FixtureError(String);

/// A fixture: JSON, or the path of a JSON file relative to the package's folder.
pub trait IntoFixture {
    /// Reads the fixture.
    ///
    /// # Errors
    /// If it is invalid or can't be read.
    fn into_fixture(self) -> Result<Fixture, FixtureError>;
}

impl IntoFixture for Fixture {
    fn into_fixture(self) -> Result<Fixture, FixtureError> {
        Ok(self)
    }
}

impl IntoFixture for Value {
    fn into_fixture(self) -> Result<Fixture, FixtureError> {
        self.try_into()
    }
}

impl IntoFixture for &str {
    fn into_fixture(self) -> Result<Fixture, FixtureError> {
        let path = package_dir().join(Path::new(self));
        let invalid = |why: String| FixtureError(format!("{}: {why}", path.display()));
        let text = std::fs::read_to_string(&path).map_err(|error| invalid(error.to_string()))?;
        Fixture::parse(&text).map_err(|error| invalid(error.0))
    }
}

impl Fixture {
    /// Parses a fixture.
    ///
    /// # Errors
    /// If it is not JSON or not a valid fixture.
    pub fn parse(text: &str) -> Result<Self, FixtureError> {
        // The message has the line number and no value.
        let value: Value = serde_json::from_str(text).map_err(|error| FixtureError(error.to_string()))?;
        value.try_into()
    }

    /// The sections of a request with credentials that the upstream rejects.
    pub(super) fn bad_sections(&self) -> Vec<(&'static str, &Value)> {
        let sections = [("auth", &self.bad_auth), ("credentials", &self.bad_credentials)];
        sections.into_iter().filter_map(|(name, section)| Some((name, section.as_ref()?))).collect()
    }

    pub(super) const fn has_credentials(&self) -> bool {
        self.auth.is_some() || self.credentials.is_some()
    }

    /// `create` with a name in place of `{{unique}}`.
    pub(super) fn creation(&self, unique: &str) -> Option<Value> {
        let mut create = self.create.clone()?;
        super::super::fill::fill(&mut create, &|text| text.replace("{{unique}}", unique));
        Some(create)
    }
}

impl TryFrom<Value> for Fixture {
    type Error = FixtureError;

    fn try_from(value: Value) -> Result<Self, FixtureError> {
        let mut keys = Keys::of("", value)?;
        let mut fixture = Self {
            auth: keys.object("auth")?,
            bad_auth: keys.object("bad_auth")?,
            credentials: keys.objects("credentials")?,
            bad_credentials: keys.objects("bad_credentials")?,
            settings: keys.object("settings")?,
            resource_types: keys.strings("resource_types")?,
            account_id: keys.optional_string("account_id")?,
            assignment: None,
            create: keys.object("create")?,
            requests: BTreeMap::new(),
            page_sizes: keys.sizes("page_sizes")?,
            most_resources: keys.size("most_resources")?.unwrap_or(100),
            allow_writes: keys.flag("allow_writes")?,
        };
        if let Some(assignment) = keys.object("assignment")? {
            let mut keys = Keys::of("assignment.", assignment)?;
            fixture.assignment = Some(Assignment {
                account_id: keys.string("account_id")?,
                resource_id: keys.string("resource_id")?,
                resource_type: keys.string("resource_type")?,
                entitlement_id: keys.string("entitlement_id")?,
                entitlement_type: keys.string("entitlement_type")?,
            });
            keys.end()?;
        }
        if let Some(Value::Object(requests)) = keys.object("requests")? {
            for (name, request) in requests {
                expect("requests.", &name, &request, Value::is_object, "an object")?;
                fixture.requests.insert(name.replace('-', "_"), request);
            }
        }
        if fixture.page_sizes.is_empty() {
            fixture.page_sizes = vec![2, 5];
        }
        keys.end()?;
        Ok(fixture)
    }
}

/// An object that is read key by key.
struct Keys {
    path: &'static str,
    rest: Map<String, Value>,
    known: Vec<&'static str>,
}

impl Keys {
    fn of(path: &'static str, value: Value) -> Result<Self, FixtureError> {
        match value {
            Value::Object(rest) => Ok(Self { path, rest, known: Vec::new() }),
            other => Err(FixtureError(format!("expected an object, found {}", kind(&other)))),
        }
    }

    /// The value of a key, unless it is null.
    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.rest.remove(key).filter(|value| !value.is_null())
    }

    fn checked(
        &mut self,
        key: &'static str,
        is_right: fn(&Value) -> bool,
        expected: &str,
    ) -> Result<Option<Value>, FixtureError> {
        let Some(value) = self.take(key) else { return Ok(None) };
        expect(self.path, key, &value, is_right, expected)?;
        Ok(Some(value))
    }

    fn object(&mut self, key: &'static str) -> Result<Option<Value>, FixtureError> {
        self.checked(key, Value::is_object, "an object")
    }

    fn flag(&mut self, key: &'static str) -> Result<bool, FixtureError> {
        Ok(self.checked(key, Value::is_boolean, "true or false")? == Some(Value::Bool(true)))
    }

    fn optional_string(&mut self, key: &'static str) -> Result<Option<String>, FixtureError> {
        let value = self.checked(key, Value::is_string, "a string")?;
        Ok(value.as_ref().and_then(Value::as_str).map(ToOwned::to_owned))
    }

    fn string(&mut self, key: &'static str) -> Result<String, FixtureError> {
        let path = self.path;
        self.optional_string(key)?.ok_or_else(|| FixtureError(format!("{path}{key} is required")))
    }

    fn size(&mut self, key: &'static str) -> Result<Option<usize>, FixtureError> {
        let value = self.checked(key, is_size, "an integer of at least 1")?;
        Ok(value.as_ref().map(size))
    }

    fn list(
        &mut self,
        key: &'static str,
        is_right: fn(&Value) -> bool,
        expected: &str,
    ) -> Result<Vec<Value>, FixtureError> {
        let Some(Value::Array(items)) = self.checked(key, Value::is_array, "a list")? else {
            return Ok(Vec::new());
        };
        for (at, item) in items.iter().enumerate() {
            expect(self.path, &format!("{key}[{at}]"), item, is_right, expected)?;
        }
        Ok(items)
    }

    /// A list of objects.
    fn objects(&mut self, key: &'static str) -> Result<Option<Value>, FixtureError> {
        let is_given = self.rest.get(key).is_some_and(|value| !value.is_null());
        let items = self.list(key, Value::is_object, "an object")?;
        Ok(is_given.then(|| items.into()))
    }

    fn strings(&mut self, key: &'static str) -> Result<Vec<String>, FixtureError> {
        let items = self.list(key, Value::is_string, "a string")?;
        Ok(items.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect())
    }

    fn sizes(&mut self, key: &'static str) -> Result<Vec<usize>, FixtureError> {
        Ok(self.list(key, is_size, "an integer of at least 1")?.iter().map(size).collect())
    }

    /// Rejects keys that are left.
    fn end(self) -> Result<(), FixtureError> {
        let Some(key) = self.rest.keys().next() else { return Ok(()) };
        let known = self.known.join(", ");
        Err(FixtureError(format!("{}{key}: unknown key, expected one of {known}", self.path)))
    }
}

fn is_size(value: &Value) -> bool {
    value.as_u64().is_some_and(|size| size > 0 && usize::try_from(size).is_ok())
}

fn size(value: &Value) -> usize {
    value.as_u64().and_then(|size| usize::try_from(size).ok()).unwrap_or(1)
}

fn expect(
    path: &str,
    key: &str,
    value: &Value,
    is_right: fn(&Value) -> bool,
    expected: &str,
) -> Result<(), FixtureError> {
    if is_right(value) {
        return Ok(());
    }
    // Only the type: a misplaced value may be a secret.
    Err(FixtureError(format!("{path}{key}: expected {expected}, found {}", kind(value))))
}

impl Assignment {
    /// The payload that assigns the entitlement to this account.
    pub(super) fn payload(&self, account: &str) -> Value {
        json!({
            "account_integration_specific_id": account,
            "resource_integration_specific_id": self.resource_id,
            "resource_type": self.resource_type,
            "entitlement_integration_specific_id": self.entitlement_id,
            "entitlement_type": self.entitlement_type,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_reported_by_path_without_the_value() {
        for (fixture, message) in [
            (json!([]), "expected an object, found a list"),
            (json!({ "auth": "s3cret" }), "auth: expected an object, found a string"),
            (json!({ "credentials": {} }), "credentials: expected a list, found an object"),
            (
                json!({ "bad_credentials": ["s3cret"] }),
                "bad_credentials[0]: expected an object, found a string",
            ),
            (
                json!({ "page_sizes": [2, 0] }),
                "page_sizes[1]: expected an integer of at least 1, found a number",
            ),
            (json!({ "assignment": { "account_id": "a" } }), "assignment.resource_id is required"),
            (json!({ "requests": { "spin": 1 } }), "requests.spin: expected an object, found a number"),
        ] {
            assert_eq!(Fixture::try_from(fixture).unwrap_err().to_string(), message);
        }
        let unknown = Fixture::try_from(json!({ "alow_writes": true })).unwrap_err().to_string();
        assert!(unknown.starts_with("alow_writes: unknown key, expected one of auth, "), "{unknown}");
        assert!(Fixture::parse("{\n  oops").unwrap_err().to_string().contains("line 2"));
    }
}
