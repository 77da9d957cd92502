//! [`Field`]: what a form needs to know about a field, beyond its type.

use schemars::Schema;
use schemars::transform::Transform;
use serde_json::{Value, json};

use super::semantic::Semantic;

/// The keyword for how a form shows a field: as a `SECRET`, as `MULTI_LINES`, or not at all (`HIDDEN`).
pub(crate) const FIELD_TYPE: &str = "field_type";

/// The other keywords that this SDK writes, which only the openapi format has.
pub(crate) const MARKS: [&str; 14] = [
    "x-discriminator",
    "x-entitlement-type",
    "x-enum_mapping_options",
    "x-field_group",
    "x-field_type",
    "x-hidden",
    "x-keygen-type",
    "x-multiline",
    "x-primary",
    "x-resource-type",
    "x-secret",
    "x-semantic",
    "x-unique",
    "x-unique-hash",
];

/// Marks a field of settings, of custom arguments or of a capability's payload.
///
/// The marks tell a user interface, such as that of the platform or the `/docs` page, how to show the field. They don't
/// change how it is deserialized. Use it in the attribute that schemars has for changes to a field's schema:
///
/// ```
/// use connector::Secret;
/// use connector::schema::{Field, Semantic};
/// use schemars::JsonSchema;
/// use serde::Deserialize;
///
/// #[derive(Deserialize, JsonSchema)]
/// struct Settings {
///     /// The tenant's host.
///     #[schemars(title = "Host", transform = Field::new().group("Connection").semantic(Semantic::TenantId))]
///     host: String,
///     /// The certificate of the tenant's own authority, in PEM.
///     #[schemars(transform = Field::new().group("Connection").multiline())]
///     certificate: Option<String>,
///     /// For the audit log. It is secret because of its type, not because of a mark.
///     audit_key: Option<Secret>,
/// }
///
/// let schema = schemars::schema_for!(Settings);
/// let host = &schema.as_value()["properties"]["host"];
/// assert_eq!(host["x-field_group"], "Connection");
/// assert_eq!(host["x-semantic"], "tenant-id");
/// ```
///
/// | method | openapi | classic |
/// |---|---|---|
/// | [`group`](Self::group) | `x-field_group` | |
/// | [`multiline`](Self::multiline) | `x-field_type`: `MULTI_LINES`, `x-multiline` | `field_type`: `MULTI_LINES` |
/// | [`hidden`](Self::hidden) | `x-field_type`: `HIDDEN`, `x-hidden` | `field_type`: `HIDDEN` |
/// | [`primary`](Self::primary) | `x-primary` | |
/// | [`semantic`](Self::semantic) | `x-semantic` | |
/// | [`shown_if`](Self::shown_if), [`shown_if_any`](Self::shown_if_any) | `x-discriminator` | |
/// | [`enum_mapping`](Self::enum_mapping) | `x-enum_mapping_options`, `x-semantic`, `x-hidden` | |
/// | [`unique`](Self::unique) | `x-unique` | |
///
/// A [`Secret`](crate::Secret) needs no mark. There is none for other types, because the SDK could not protect their
/// values.
#[derive(Clone, Debug, Default)]
#[must_use = "use it as `#[schemars(transform = Field::new()…)]`"]
pub struct Field {
    marks: Vec<(&'static str, Value)>,
    /// The value of [`FIELD_TYPE`], unless the field's type has one.
    field_type: Option<&'static str>,
}

impl Field {
    /// Creates a field without marks.
    pub const fn new() -> Self {
        Self { marks: Vec::new(), field_type: None }
    }

    /// Shows the field under a heading, with the other fields of the same group.
    pub fn group(self, heading: &str) -> Self {
        self.mark("x-field_group", heading)
    }

    /// Shows a text field with several lines.
    pub fn multiline(self) -> Self {
        Self { field_type: self.field_type.or(Some("MULTI_LINES")), ..self }.mark("x-multiline", true)
    }

    /// Hides the field. The platform fills it in; give it a default if it doesn't.
    pub fn hidden(self) -> Self {
        Self { field_type: Some("HIDDEN"), ..self }.mark("x-hidden", true)
    }

    /// Sets whether the field is a primary value, such as an email address or a user's ID. On by default.
    pub fn primary(self, is_primary: bool) -> Self {
        if is_primary { self } else { self.mark("x-primary", false) }
    }

    /// Sets what the value means.
    pub fn semantic(self, semantic: Semantic) -> Self {
        self.mark("x-semantic", semantic.as_str())
    }

    /// Shows the field only if another field of the same object has a value.
    ///
    /// In settings, `build` checks that the other field exists.
    pub fn shown_if(self, field: &str, value: impl Into<Value>) -> Self {
        let (value, several) = (value.into(), Value::Null);
        self.discriminator(field, &value, &several)
    }

    /// Shows the field only if another field of the same object has one of several values.
    ///
    /// In settings, `build` checks that the other field exists.
    pub fn shown_if_any<V: Into<Value>>(self, field: &str, values: impl IntoIterator<Item = V>) -> Self {
        let several = values.into_iter().map(Into::into).collect();
        self.discriminator(field, &Value::Null, &several)
    }

    /// Lets the customer map each of the connector's values, such as account types, to a value of the customer's own.
    /// The platform hides the field, and fills it in.
    pub fn enum_mapping<V: Into<Value>>(self, values: impl IntoIterator<Item = V>) -> Self {
        let values: Value = values.into_iter().map(Into::into).collect();
        self.mark("x-enum_mapping_options", values).mark("x-semantic", "enum-mapping").mark("x-hidden", true)
    }

    /// Makes the field part of the request's fingerprint. If no argument is unique, all of them are part of it.
    pub fn unique(self) -> Self {
        self.mark("x-unique", true)
    }

    fn discriminator(self, field: &str, value: &Value, several: &Value) -> Self {
        let condition = json!({ "field": field, "expected_value": value, "one_of_expected_values": several });
        self.mark("x-discriminator", condition)
    }

    fn mark(mut self, keyword: &'static str, value: impl Into<Value>) -> Self {
        self.marks.push((keyword, value.into()));
        self
    }
}

impl Transform for Field {
    fn transform(&mut self, schema: &mut Schema) {
        for (keyword, value) in &self.marks {
            schema.insert((*keyword).to_owned(), value.clone());
        }
        let Some(field_type) = self.field_type else { return };
        let is_secret = schema.get(FIELD_TYPE).is_some_and(|known| known == "SECRET");
        match field_type {
            "HIDDEN" if is_secret => drop(schema.insert("x-secret".to_owned(), true.into())),
            _ if is_secret => return,
            _ => {}
        }
        schema.insert(FIELD_TYPE.to_owned(), field_type.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(mut field: Field, type_schema: Value) -> Value {
        let mut schema = Schema::try_from(type_schema).unwrap();
        field.transform(&mut schema);
        schema.to_value()
    }

    #[test]
    fn marks_are_written_as_keywords() {
        let all = Field::new()
            .group("Connection")
            .primary(false)
            .semantic(Semantic::AwsRoleArn)
            .shown_if("mode", "role")
            .unique();
        let expected = json!({
            "type": "string",
            "x-field_group": "Connection",
            "x-primary": false,
            "x-semantic": "aws-role-arn",
            "x-discriminator": { "field": "mode", "expected_value": "role", "one_of_expected_values": null },
            "x-unique": true,
        });
        assert_eq!(marked(all, json!({ "type": "string" })), expected);
        assert_eq!(marked(Field::new().primary(true), json!({})), json!({}));
        let any = marked(Field::new().shown_if_any("level", [1, 2]), json!({}));
        let condition = json!({ "field": "level", "expected_value": null, "one_of_expected_values": [1, 2] });
        assert_eq!(any, json!({ "x-discriminator": condition }));
        let mapping = marked(Field::new().enum_mapping(["Person", "Program"]), json!({}));
        let options = json!(["Person", "Program"]);
        assert_eq!(
            mapping,
            json!({ "x-enum_mapping_options": options, "x-semantic": "enum-mapping", "x-hidden": true })
        );
    }

    #[test]
    fn hidden_and_multiline_set_the_field_type() {
        let of = |field| marked(field, json!({}));
        assert_eq!(of(Field::new().multiline()), json!({ "x-multiline": true, "field_type": "MULTI_LINES" }));
        assert_eq!(of(Field::new().hidden()), json!({ "x-hidden": true, "field_type": "HIDDEN" }));
        for both in [Field::new().multiline().hidden(), Field::new().hidden().multiline()] {
            let expected = json!({ "x-hidden": true, "x-multiline": true, "field_type": "HIDDEN" });
            assert_eq!(of(both), expected);
        }
    }
}
