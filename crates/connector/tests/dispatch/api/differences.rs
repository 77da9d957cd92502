//! The intended differences between the API and the documents.

const BITS: &str = "numbers have 64 bits, because releases accept larger ones than the API declares";
const SECRET: &str = "the API doesn't mark secrets in payloads";
const CLASSIC: &str = "a field of the classic format; releases ignore it in openapi";
const ENTERED: &str = "releases accept any fields here; these are those that accounts usually have";
const WRITTEN: &str = "always written";
const OBJECTS: &str = "releases accept only objects here";
const READ: &str = "always written, but optional for a reader";

/// Differences in schemas, and their reasons. `*` is any place, and `…` any end.
pub(super) const SCHEMAS: &[(&str, &str)] = &[
    ("*: format \"int32\", here \"int64\"", BITS),
    ("*: format \"int32\", here \"uint64\"", BITS),
    ("*: format null, here \"int64\"", BITS),
    ("*: x-field_type null, here \"SECRET\"", SECRET),
    ("*: x-secret null, here true", SECRET),
    ("ApplicationEntitlementData.extra_data{}: no additionalProperties, here some", OBJECTS),
    ("ApplicationEntitlementData.extra_data{}: type null, here \"object\"", OBJECTS),
    (
        "ArbitraryResponse.retry_after_seconds: format \"double\", here null",
        "it is a number, with or without format",
    ),
    ("ConnectorErrorCodeUnion: enum …", "only the codes that are not deprecated are written"),
    ("CreatableAccount.email: additional", ENTERED),
    ("CreatableAccount.extra_data: additional", ENTERED),
    ("CreatableAccount.family_name: additional", ENTERED),
    ("CreatableAccount.given_name: additional", ENTERED),
    ("CreatableAccount.user_status: additional", ENTERED),
    ("CreatableAccount.username: additional", ENTERED),
    ("CreatableAccount.entitlements: default [], here null", "optional, which says the same"),
    ("CreatableAccount.entitlements: required, here optional", "releases accept a request without it"),
    ("CreatedAccount.created: enum [true], here null", "deprecated, and `false` in a classic response"),
    ("EntitlementGraph.access_graph_entitlement_rules: required, here optional", READ),
    ("EntitlementGraph.access_graph_implied_access_rules: required, here optional", READ),
    ("ErrorResponse.is_error: default true, here null", "always written"),
    ("ErrorResponse.is_error: enum null, here [true]", "no error has another value"),
    ("ErrorResponse.page: optional, here required", WRITTEN),
    ("ErrorResponse.raw_data: optional, here required", WRITTEN),
    ("OAuthCredential.refresh_token: additional", CLASSIC),
    ("OAuthCredential.scope: additional", CLASSIC),
    (
        "Page.size: format \"int32\", here null",
        "any size is accepted, and reduced to the connector's maximum",
    ),
    ("ServiceAccountType: default \"google_cloud\", here null", "its absence means the same"),
    (
        "UpdateableAccount: x-capability-level \"write\", here null",
        "only requests have a level, but it is also a response",
    ),
    ("response.raw_data: no additionalProperties, here some", "raw data has a value for each call"),
    ("response.raw_data: type null, here \"object\"", "raw data has a value for each call"),
];

/// Differences in envelopes, and their reasons.
pub(super) const ENVELOPES: &[(&str, &str)] = &[
    ("app_info request.auth: missing", "the document depends on no credentials; they are ignored"),
    ("app_info request.credentials: missing", "the document depends on no credentials; they are ignored"),
    ("request.request_id: additional", "used if it is a text, and otherwise ignored"),
    ("response.execution_summary: optional, here required", WRITTEN),
    ("response.page: optional, here required", WRITTEN),
    ("response.partial: additional", "reports a listing that is incomplete"),
    ("response.rate_limit: optional, here required", WRITTEN),
    ("response.raw_data: optional, here required", WRITTEN),
];

/// Schemas of the API that no request or response contains, and what they are for.
pub(super) const UNUSED: &[(&str, &str)] = &[
    ("BasicAuthentication", "the fields of `BasicCredential`"),
    ("CreateAccount", "`CreatableAccount` with the usual fields"),
    ("Delta", "not used by the API"),
    ("ExecutionEffect", "deprecated"),
    ("InfoResponse", "its payload is compared as that of `connected_info`"),
    ("KeyGenType", "the values of `x-keygen-type`"),
    ("OAuthAuthorization", "what an administrator enters for OAuth"),
    ("OAuthClientCredentialAuthentication", "the fields of `OAuthClientCredential`"),
    ("OAuthClientCredentialAuthorization", "what an administrator enters for OAuth"),
    ("OAuthScopes", "scopes by capability"),
    ("OpenAPISpecification", "compared with the whole document"),
    ("OpenAPISpecificationInfo", "compared with the document's `info`"),
    ("StandardCapabilityName", "compared with the paths"),
    ("TokenAuthentication", "the fields of `TokenCredential`"),
];
