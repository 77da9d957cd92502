//! Credentials that are declared by ID, so that a connector can take several.

use std::any::TypeId;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;

use super::sealed;
use crate::model::CredentialKind;
use crate::read::{Place, Problem, one_of, part};

/// The credentials of a connector that takes several, each with an ID.
///
/// Derive it for a struct with a field for each credential. Handlers get the struct in
/// [`request.auth`](field@crate::Request::auth).
///
/// ```
/// use connector::model::{BasicCredentials, CredentialKind, OAuthCredentials, TokenCredentials};
/// use connector::{Credentials, Integration, Secret, Wire};
/// use schemars::JsonSchema;
/// use serde::Deserialize;
///
/// #[derive(Credentials)]
/// #[credentials(allowed("api"), allowed("api", "audit"))]
/// struct Auth {
///     /// Calls the API.
///     #[credential(name = "API token")]
///     api: TokenCredentials,
///     /// Reads the audit log.
///     #[credential(id = "audit")]
///     audit_log: Option<OAuthCredentials>,
/// }
///
/// let integration = Integration::builder("acme").wire(Wire::OpenApi).auth::<Auth>().build();
/// # drop(integration);
/// ```
///
/// | attribute of a field | meaning | default |
/// |---|---|---|
/// | `id = "…"` | the ID in requests | the name of the field |
/// | `name = "…"` | the name that people see | the kind |
/// | `kind = "…"` | the kind of a type of your own, which derives `Deserialize` and `JsonSchema` | from the type |
///
/// A field's doc comment is its description. An `Option` is optional. `#[credentials(allowed("a", "b"))]` on the struct
/// lists IDs that may be used together. If there is none, a request carries all required credentials and any of the
/// optional ones, at least one.
///
/// # What it generates
///
/// The implementation could also be written by hand. [`build`](crate::IntegrationBuilder::build) reports mistakes in
/// the declarations.
///
/// ```
/// # use connector::model::{OAuthCredentials, TokenCredentials};
/// use connector::{Credentials, DeclaredCredential, FoundCredentials, InvalidCredentials};
///
/// # struct Auth { api: TokenCredentials, audit_log: Option<OAuthCredentials> }
/// impl Credentials for Auth {
///     const DECLARED: &'static [DeclaredCredential] = &[
///         DeclaredCredential::new::<TokenCredentials>("api").named("API token").described("Calls the API."),
///         DeclaredCredential::new::<OAuthCredentials>("audit").described("Reads the audit log.").optional(),
///     ];
///     const ALLOWED: &'static [&'static [&'static str]] = &[&["api"], &["api", "audit"]];
///
///     fn read(found: &FoundCredentials<'_>) -> Result<Self, InvalidCredentials> {
///         Ok(Self { api: found.required(0)?, audit_log: found.optional(1)? })
///     }
/// }
/// # connector::Integration::builder("a").wire(connector::Wire::OpenApi).auth::<Auth>().build();
/// ```
pub trait Credentials: Sized + Send + Sync + 'static {
    /// The credentials, in the order in which people see them.
    const DECLARED: &'static [DeclaredCredential];
    /// Which IDs may be used together. Empty if any may.
    const ALLOWED: &'static [&'static [&'static str]] = &[];

    /// Reads the credentials of a request. They are found by their index in [`DECLARED`](Self::DECLARED).
    ///
    /// # Errors
    /// If one of them is invalid.
    fn read(found: &FoundCredentials<'_>) -> Result<Self, InvalidCredentials>;
}

/// A type in [`model`](crate::model) for one kind of credentials.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a kind of credentials",
    note = "use `BasicCredentials`, `TokenCredentials` or another `…Credentials` of `connector::model`, or an `Option` of one",
    note = "for a type of your own, name the kind that it replaces: `#[credential(kind = \"basic\")]`"
)]
pub trait CredentialType: sealed::IsKind + DeserializeOwned + JsonSchema + 'static {
    /// The kind.
    const KIND: CredentialKind;
}

/// One of several [`Credentials`].
#[derive(Clone, Copy)]
pub struct DeclaredCredential {
    pub(crate) id: &'static str,
    pub(crate) name: Option<&'static str>,
    pub(crate) description: &'static str,
    pub(crate) kind: CredentialKind,
    pub(crate) is_optional: bool,
    /// Whether the type is the author's, and not that of the kind.
    pub(crate) is_custom: bool,
    pub(crate) schema: fn(&mut SchemaGenerator) -> Schema,
    /// Reads the credential without keeping it.
    pub(crate) check: fn(Place, &str) -> Result<(), Problem>,
    type_id: fn() -> TypeId,
    type_name: fn() -> &'static str,
}

impl DeclaredCredential {
    /// Declares a required credential of the kind of `T`.
    #[must_use]
    pub const fn new<T: CredentialType>(id: &'static str) -> Self {
        Self { is_custom: false, ..Self::of_kind::<T>(id, T::KIND) }
    }

    /// Declares a required credential of a type of your own, which has other fields than its kind.
    #[must_use]
    pub const fn of_kind<T: DeserializeOwned + JsonSchema + 'static>(
        id: &'static str,
        kind: CredentialKind,
    ) -> Self {
        Self {
            id,
            name: None,
            description: "",
            kind,
            is_optional: false,
            is_custom: true,
            schema: |generator| T::json_schema(generator),
            check: |place, text| part::<T>(place, text).map(drop),
            type_id: TypeId::of::<T>,
            type_name: std::any::type_name::<T>,
        }
    }

    /// Sets the name that people see.
    #[must_use]
    pub const fn named(self, name: &'static str) -> Self {
        Self { name: Some(name), ..self }
    }

    /// Sets the description: what the credential is for and where to get it. It may contain Markdown.
    #[must_use]
    pub const fn described(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    /// Makes the credential optional.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { is_optional: true, ..self }
    }

    /// The ID in requests.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> CredentialKind {
        self.kind
    }

    /// Why the credential isn't a `T`.
    pub(crate) fn mismatch<T: 'static>(&self) -> Option<String> {
        let is_same = (self.type_id)() == TypeId::of::<T>();
        let (declared, taken) = ((self.type_name)(), std::any::type_name::<T>());
        (!is_same).then(|| format!("it is declared as `{declared}`, not as `{taken}`"))
    }
}

impl std::fmt::Debug for DeclaredCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeclaredCredential")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The credentials of a request, by their index in [`Credentials::DECLARED`].
pub struct FoundCredentials<'a> {
    found: Vec<Option<(Place, &'a str)>>,
}

impl<'a> FoundCredentials<'a> {
    pub(crate) const fn new(found: Vec<Option<(Place, &'a str)>>) -> Self {
        Self { found }
    }

    /// Reads a credential that every request carries.
    ///
    /// # Errors
    /// If it is missing or invalid.
    pub fn required<T: DeserializeOwned>(&self, index: usize) -> Result<T, InvalidCredentials> {
        self.optional(index)?.ok_or_else(|| InvalidCredentials(Problem::required("credentials")))
    }

    /// Reads an optional credential.
    ///
    /// # Errors
    /// If it is invalid.
    pub fn optional<T: DeserializeOwned>(&self, index: usize) -> Result<Option<T>, InvalidCredentials> {
        let found = self.found.get(index).copied().flatten();
        found.map(|(place, text)| part(place, text)).transpose().map_err(InvalidCredentials)
    }
}

impl std::fmt::Debug for FoundCredentials<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FoundCredentials(***)")
    }
}

/// Why and where the credentials of a request are invalid. It doesn't quote them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct InvalidCredentials(pub(crate) Problem);

/// All credentials that an integration declares by ID.
#[derive(Clone, Copy, Debug)]
pub struct ById {
    pub(crate) declared: &'static [DeclaredCredential],
    pub(crate) allowed: &'static [&'static [&'static str]],
}

impl ById {
    pub(super) const fn of<C: Credentials>() -> Self {
        Self { declared: C::DECLARED, allowed: C::ALLOWED }
    }

    pub(crate) fn find(self, id: &str) -> Option<(usize, &'static DeclaredCredential)> {
        self.declared.iter().enumerate().find(|(_, declared)| declared.id == id)
    }

    /// The IDs, for messages.
    pub(crate) fn ids(self) -> String {
        one_of(&self.declared.iter().map(|declared| declared.id).collect::<Vec<_>>())
    }

    /// Checks that a request's credentials may be used together. `section` is where they are.
    pub(crate) fn check(
        self,
        section: &'static str,
        is_found: impl Fn(usize) -> bool,
    ) -> Result<(), Problem> {
        for (index, declared) in self.declared.iter().enumerate() {
            if !declared.is_optional && !is_found(index) {
                return Err(Problem::at(section, format!("the credential {:?} is required", declared.id)));
            }
        }
        let found: Vec<&str> = (0..self.declared.len())
            .filter(|index| is_found(*index))
            .map(|index| self.declared[index].id)
            .collect();
        let is_allowed = |combination: &&&[&str]| {
            combination.len() == found.len() && combination.iter().all(|id| found.contains(id))
        };
        match self.allowed {
            [] if found.is_empty() => Err(Problem::at(section, format!("expected {}", self.ids()))),
            [] => Ok(()),
            allowed if allowed.iter().any(|combination| is_allowed(&combination)) => Ok(()),
            allowed => {
                let allowed: Vec<String> = allowed.iter().map(|combination| and(combination)).collect();
                let what = if found.len() > 1 { "this combination is not allowed, " } else { "" };
                Err(Problem::at(section, format!("{what}expected {}", allowed.join(", or "))))
            }
        }
    }

    /// Which IDs may be used together. If the author doesn't restrict it, these are the required ones, alone and with
    /// each optional one, and all together.
    pub(crate) fn combinations(self) -> Vec<Vec<String>> {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        if !self.allowed.is_empty() {
            return self.allowed.iter().map(|ids| owned(ids)).collect();
        }
        let all: Vec<&str> = self.declared.iter().map(|declared| declared.id).collect();
        let required = self.declared.iter().filter(|declared| !declared.is_optional);
        let required: Vec<&str> = required.map(|declared| declared.id).collect();
        let optional = self.declared.iter().filter(|declared| declared.is_optional);
        let mut combinations = Vec::new();
        if !required.is_empty() {
            combinations.push(owned(&required));
        }
        combinations.extend(optional.map(|one| owned(&[&required[..], &[one.id]].concat())));
        let all = owned(&all);
        if !combinations.contains(&all) {
            combinations.push(all);
        }
        combinations
    }

    /// The author's first mistake.
    pub(crate) fn mistake(self) -> Option<String> {
        let is_repeated =
            |index: usize, id: &str| self.declared[..index].iter().any(|earlier| earlier.id == id);
        for (index, declared) in self.declared.iter().enumerate() {
            if declared.id.trim() != declared.id || declared.id.is_empty() {
                return Some("the ID of a credential is empty or has white space around it".to_owned());
            }
            if is_repeated(index, declared.id) {
                return Some(format!("two credentials have the ID {:?}", declared.id));
            }
        }
        if self.declared.is_empty() {
            return Some("no credential is declared; omit `.auth`".to_owned());
        }
        self.allowed.iter().find_map(|combination| self.mistake_in(combination))
    }

    fn mistake_in(self, combination: &[&str]) -> Option<String> {
        if let Some(unknown) = combination.iter().find(|id| self.find(id).is_none()) {
            return Some(format!("`allowed` names {unknown:?}, which is not the ID of a credential"));
        }
        let repeated = combination.iter().enumerate().find(|(index, id)| combination[..*index].contains(id));
        if let Some((_, id)) = repeated {
            return Some(format!("`allowed` names {id:?} twice"));
        }
        if combination.is_empty() {
            return Some("`allowed` names no credential".to_owned());
        }
        let missing = self
            .declared
            .iter()
            .find(|declared| !declared.is_optional && !combination.contains(&declared.id));
        missing.map(|declared| {
            format!("`allowed` omits {:?}, which is required: make it an `Option`", declared.id)
        })
    }
}

/// Formats IDs like `"a", "b" and "c"`.
fn and(ids: &[&str]) -> String {
    let quoted: Vec<String> = ids.iter().map(|id| format!("{id:?}")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
