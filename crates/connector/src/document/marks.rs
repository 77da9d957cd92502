//! Marks that the Lumos Connector API has on standard payloads. They say what a field refers to.

use serde_json::Value;

use crate::model::CredentialKind;
use crate::wire::Wire;

/// What the values of fields refer to: `x-semantic`, and the fields, as `Type.field`.
const SEMANTIC: [(&str, &str); 10] = [
    (
        "account-id",
        "ActivateAccountRequest.account_id ActivityRecordActor.account_id ActivityRecordTarget.account_id \
         ApplicationAccount.account_id ApplicationEntitlementAssociation.account_id \
         AssignApplicationRequest.account_id \
         AssignApplicationEntitlementRequest.account_integration_specific_id \
         AssignEntitlementRequest.account_integration_specific_id CreateAccountResponse.id \
         Credential.grants_access_to_account_id DeactivateAccountRequest.account_id \
         DeleteAccountRequest.account_id DowngradeLicenseRequest.account_id \
         FoundAccountData.integration_specific_id FoundEntitlementAssociation.account_id \
         GetAccountRequest.account_id GetAccountEntitlementAssociationsRequest.account_id \
         GetApplicationAccountRequest.account_id ProbeSampleAccount.integration_specific_id \
         ProbeSampleAssociation.account_id ReleaseResourcesRequest.account_id \
         TransferDataRequest.source_account_id UnassignApplicationRequest.account_id \
         UnassignApplicationEntitlementRequest.account_integration_specific_id \
         UnassignEntitlementRequest.account_integration_specific_id UpdateAccountRequest.id UpdateAccountResponse.id",
    ),
    (
        "application-instance-id",
        "Application.id ApplicationAccount.application_instance_id \
         ApplicationActivityRecord.application_instance_id \
         ApplicationEntitlementAssociation.application_instance_id \
         ApplicationEntitlementData.application_instance_id ApplicationResourceData.application_instance_id \
         AssignApplicationRequest.application_instance_id \
         AssignApplicationEntitlementRequest.application_instance_id \
         GetApplicationRequest.application_instance_id GetApplicationAccountRequest.application_instance_id \
         UnassignApplicationRequest.application_instance_id \
         UnassignApplicationEntitlementRequest.application_instance_id",
    ),
    ("auxiliary-account-id", "TransferDataRequest.target_account_id"),
    (
        "credential-id",
        "AccessGraphResource.linked_credential_ids Credential.external_id CredentialLastActivity.credential_id",
    ),
    (
        "entitlement-id",
        "AccessGraphEntitlement.id AccessGraphEntitlementAssignment.entitlement_id \
         AccessGraphEntitlementIdentifier.entitlement_id AccessGraphEntitlementRule.entitlement_id \
         AccessGraphImpliedAccessRule.from_entitlement_id AccessGraphImpliedAccessRule.to_entitlement_id \
         ActivityRecordEntitlement.id",
    ),
    (
        "entitlement-type",
        "AccessGraphEntitlement.entitlement_type AccessGraphEntitlementRule.entitlement_type \
         AccessGraphImpliedAccessRule.from_entitlement_type AccessGraphImpliedAccessRule.to_entitlement_type",
    ),
    ("key-pair", "AuthCredential.key_pair"),
    (
        "non-human-account-id",
        "Credential.grants_access_to_non_human_account_id NonHumanAccount.id \
         NonHumanAccountLastActivity.non_human_account_id",
    ),
    (
        "resource-id",
        "AccessGraphEntitlement.resource_id AccessGraphEntitlementAssignment.entitlement_resource_id \
         AccessGraphEntitlementAssignment.resource_id AccessGraphEntitlementIdentifier.resource_id \
         AccessGraphEntitlementRule.resource_type AccessGraphResource.id \
         AccessGraphResourceRelationship.from_id AccessGraphResourceRelationship.to_ids \
         ActivityRecordEntitlement.resource_id Credential.resource_id FoundAccountData.resource_id \
         NonHumanAccount.resource_id",
    ),
    (
        "resource-type",
        "AccessGraphImpliedAccessRule.from_resource_type AccessGraphImpliedAccessRule.to_resource_type \
         AccessGraphResource.resource_type",
    ),
];

/// Types whose `entitlement_type` is one that the connector declares.
const ENTITLEMENT_TYPE: &str = "ApplicationEntitlementData AssignApplicationEntitlementRequest AssignEntitlementRequest \
    CreateAccountEntitlement FoundEntitlementData UnassignApplicationEntitlementRequest UnassignEntitlementRequest";

/// Types whose `resource_type` is one that the connector declares.
const RESOURCE_TYPE: &str = "ApplicationResourceData AssignApplicationEntitlementRequest AssignEntitlementRequest FoundResourceData \
    UnassignApplicationEntitlementRequest UnassignEntitlementRequest";

/// The fields whose values identify an item: `x-unique-hash`.
const IDENTITY: &str = "AccessGraphEntitlement id resource_id
    AccessGraphEntitlementAssignment resource_id entitlement_id entitlement_resource_id
    AccessGraphResource id resource_type
    ActivityRecord id
    Application id
    ApplicationAccount account_id application_instance_id
    ApplicationActivityRecord id
    ApplicationEntitlementAssociation account_id integration_specific_entitlement_id integration_specific_resource_id application_instance_id
    ApplicationEntitlementData integration_specific_id integration_specific_resource_id application_instance_id
    ApplicationResourceData integration_specific_id application_instance_id
    Credential resource_id
    FoundAccountData integration_specific_id
    FoundEntitlementAssociation account_id integration_specific_entitlement_id integration_specific_resource_id
    FoundEntitlementData integration_specific_id integration_specific_resource_id
    FoundResourceData integration_specific_id
    NonHumanAccount resource_id";

/// Fields of credentials that a user doesn't enter: the connector obtains them.
const HIDDEN: &str = "KeyPairCredentials.key_identifier KeyPairCredentials.private_key \
    OAuthClientCredentials.access_token OAuthCredentials.access_token ServiceAccountCredentials.key \
    ServiceAccountCredentials.scopes ServiceAccountCredentials.service_type";

/// Marks the schemas of standard types, by name.
pub(super) fn mark_all(schemas: &mut Value) {
    for (name, schema) in schemas.as_object_mut().into_iter().flatten() {
        mark(name, schema);
        for &kind in CredentialKind::ALL {
            if name == type_name(kind) {
                mark_credentials(kind, schema);
            }
        }
    }
}

/// Marks the schema of a kind of credentials.
pub(super) fn mark_credentials(kind: CredentialKind, schema: &mut Value) {
    for field in fields_of(type_name(kind), HIDDEN) {
        mark_field(schema, field, "x-field_type", "HIDDEN".into());
    }
    schema["x-credential-type"] = Wire::OpenApi.auth_key(kind).into();
    if kind == CredentialKind::KeyPair {
        schema["x-semantic"] = "key-pair".into();
        schema["x-keygen-type"] = "SSH".into();
    }
}

fn mark(name: &str, schema: &mut Value) {
    for (value, fields) in SEMANTIC {
        for field in fields_of(name, fields) {
            mark_field(schema, field, "x-semantic", value.into());
        }
    }
    for (types, field, mark) in [
        (ENTITLEMENT_TYPE, "entitlement_type", "x-entitlement-type"),
        (RESOURCE_TYPE, "resource_type", "x-resource-type"),
    ] {
        if types.split_whitespace().any(|known| known == name) {
            mark_field(schema, field, mark, true.into());
        }
    }
    let mut identities = IDENTITY.lines().map(str::split_whitespace);
    if let Some(fields) =
        identities.find_map(|mut words| words.next().filter(|known| *known == name).map(|_| words))
    {
        schema["x-unique-hash"] = fields.collect();
    }
}

/// The fields of `name` in a list of `Type.field`.
fn fields_of<'a>(name: &str, fields: &'a str) -> impl Iterator<Item = &'a str> {
    let fields = fields.split_whitespace().filter_map(|place| place.split_once('.'));
    fields.filter(move |(known, _)| *known == name).map(|(_, field)| field)
}

fn mark_field(schema: &mut Value, field: &str, mark: &str, value: Value) {
    if let Some(Value::Object(field)) = schema.get_mut("properties").and_then(|fields| fields.get_mut(field))
    {
        field.insert(mark.to_owned(), value);
    }
}

/// The name of the type for a kind of credentials.
const fn type_name(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Basic => "BasicCredentials",
        CredentialKind::OAuth => "OAuthCredentials",
        CredentialKind::Token => "TokenCredentials",
        CredentialKind::OAuthClient => "OAuthClientCredentials",
        CredentialKind::OAuth1 => "OAuth1Credentials",
        CredentialKind::Jwt => "JwtCredentials",
        CredentialKind::ServiceAccount => "ServiceAccountCredentials",
        CredentialKind::KeyPair => "KeyPairCredentials",
    }
}
