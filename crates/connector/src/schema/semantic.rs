//! [`Semantic`]: what the value of a field means.

/// What the value of a field means to the platform. Set it with [`Field::semantic`](super::Field::semantic).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Semantic {
    /// The ID of the account that the request is about.
    AccountId,
    /// The ID of another account, which the user selects.
    AuxiliaryAccountId,
    /// The ID of a non-human account that the connector lists.
    NonHumanAccountId,
    /// The ID of a credential that the connector lists.
    CredentialId,
    /// The ID of an application that the connector lists.
    ApplicationId,
    /// The ID of an instance of an application that the connector lists.
    ApplicationInstanceId,
    /// The external ID with which a role of Amazon Web Services is assumed.
    AwsExternalId,
    /// The Amazon Resource Name of a role of Amazon Web Services.
    AwsRoleArn,
    /// The ID of an entitlement that the connector lists.
    EntitlementId,
    /// The type of an entitlement that the connector lists.
    EntitlementType,
    /// The ID of a resource that the connector lists.
    ResourceId,
    /// The type of a resource that the connector lists.
    ResourceType,
    /// The password of an account.
    Password,
    /// A key pair with which the connector signs in.
    KeyPair,
    /// The custom attributes of an account.
    CustomAttributes,
    /// The ID of the client with which a service account signs in.
    ServiceAccountClientId,
    /// A setting from which the connector derives the tenant's unique ID. It can't be changed after the tenant is
    /// connected.
    TenantId,
}

impl Semantic {
    /// The name in schemas.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountId => "account-id",
            Self::AuxiliaryAccountId => "auxiliary-account-id",
            Self::NonHumanAccountId => "non-human-account-id",
            Self::CredentialId => "credential-id",
            Self::ApplicationId => "application-id",
            Self::ApplicationInstanceId => "application-instance-id",
            Self::AwsExternalId => "aws-external-id",
            Self::AwsRoleArn => "aws-role-arn",
            Self::EntitlementId => "entitlement-id",
            Self::EntitlementType => "entitlement-type",
            Self::ResourceId => "resource-id",
            Self::ResourceType => "resource-type",
            Self::Password => "password",
            Self::KeyPair => "key-pair",
            Self::CustomAttributes => "custom-attributes",
            Self::ServiceAccountClientId => "service-account-client-id",
            Self::TenantId => "tenant-id",
        }
    }
}
