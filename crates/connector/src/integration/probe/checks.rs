//! The SDK's own checks, which call the connector's other capabilities.

use super::caller::{Caller, Trouble};
use super::finding::Finding;
use crate::capability::{
    Capability as _, FindEntitlementAssociations, FindEntitlementAssociationsRequest,
    GetAccountEntitlementAssociations, GetAccountEntitlementAssociationsRequest, ListAccounts,
    ListAccountsRequest, ListCustomAttributesSchema, ListCustomAttributesSchemaRequest, ListEntitlements,
    ListEntitlementsRequest, ProbeCoverageStatus, ProbeCustomAttributeResult, ProbeEntitlementTypeResult,
    ProbeSample, ProbeSampleAccount, ProbeSampleAssociation, ProbeSampleCustomAttribute,
    ProbeSampleEntitlement,
};
use crate::error::ReportedError;
use crate::model::{
    CustomAttributeCustomizedType, CustomAttributeSchema, FoundAccountData, FoundEntitlementAssociation,
    FoundEntitlementData,
};

const LIST_ACCOUNTS: &str = ListAccounts::NAME;
const LIST_ENTITLEMENTS: &str = ListEntitlements::NAME;
const LIST_ATTRIBUTES: &str = ListCustomAttributesSchema::NAME;
const FIND_ASSOCIATIONS: &str = FindEntitlementAssociations::NAME;
const ASSOCIATIONS_OF_ACCOUNT: &str = GetAccountEntitlementAssociations::NAME;

/// The number of accounts whose associations are read. Someone is waiting for the result.
const ACCOUNTS_WITH_ASSOCIATIONS: usize = 3;
/// The number of pages after which a listing counts as empty. A connector that filters may return empty ones.
const EMPTY_PAGES: usize = 5;
/// The number of pages of custom attributes that are read.
const ATTRIBUTE_PAGES: usize = 5;

/// Checks whether accounts can be listed, with their custom attributes.
pub(super) async fn accounts(caller: Caller<'_>, requested: Option<&[String]>) -> Finding {
    if !caller.has(LIST_ACCOUNTS) {
        return Finding::unsupported(LIST_ACCOUNTS);
    }
    let (mut attributes, unread) = match account_attributes(caller).await {
        Ok(attributes) => (attributes, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    if let Some(requested) = requested.filter(|requested| !requested.is_empty()) {
        attributes.retain(|attribute| requested.contains(&attribute.name));
    }
    let names: Vec<String> = attributes.iter().map(|attribute| attribute.name.clone()).collect();
    let request = ListAccountsRequest { custom_attributes: (!names.is_empty()).then_some(names) };
    let (accounts, trouble) = match first_page::<FoundAccountData>(caller, LIST_ACCOUNTS, &request).await {
        Ok(page) => page,
        Err(error) => return Finding::failed(LIST_ACCOUNTS, error),
    };
    let Some(first) = accounts.first() else {
        let message = "The credentials are accepted, but no accounts are visible with them. Check their \
                       permissions and scopes.";
        return Finding::empty(LIST_ACCOUNTS, message).unless(trouble);
    };

    let label = first.email.as_ref().or(first.username.as_ref()).unwrap_or(&first.integration_specific_id);
    let mut message = format!("Fetched {} account(s), including {label}.", accounts.len());
    let has_value = |attribute: &&CustomAttributeSchema| {
        accounts.iter().any(|account| value(account, attribute).is_some())
    };
    let found = attributes.iter().filter(has_value).count();
    if found < attributes.len() {
        let missing: Vec<&str> = attributes
            .iter()
            .filter(|attribute| !has_value(attribute))
            .map(|attribute| attribute.name.as_str())
            .collect();
        message.push_str(&format!(" None of them has a value for: {}.", missing.join(", ")));
    }
    let coverage = |attribute: &CustomAttributeSchema| {
        ProbeCustomAttributeResult::new(&*attribute.name, status(has_value(&attribute)))
    };
    let coverage = attributes.iter().map(coverage).collect();
    let limit = usize::try_from(caller.options.page_size).unwrap_or(usize::MAX);
    let samples = accounts.iter().take(limit).map(|account| account_sample(account, &attributes)).collect();
    let finding = Finding {
        custom_attributes: Some(coverage),
        ..Finding::passed(LIST_ACCOUNTS, accounts.len(), samples, message)
    };
    let mut finding = finding.unless(trouble);
    if let Some(error) = unread {
        let usable = finding.is_usable || finding.error.is_none();
        let message = format!("The custom attributes can't be read: {}", error.message);
        finding = finding.unless(Some(Trouble::Error(ReportedError { message, ..error })));
        // Accounts can still be synced, but not with all they have.
        finding.is_usable = usable;
    }
    finding
}

/// Returns the custom attributes that accounts can have.
async fn account_attributes(caller: Caller<'_>) -> Result<Vec<CustomAttributeSchema>, ReportedError> {
    if !caller.has(LIST_ATTRIBUTES) {
        return Ok(Vec::new());
    }
    let mut listing = caller.listing(LIST_ATTRIBUTES, &ListCustomAttributesSchemaRequest {});
    let mut attributes: Vec<CustomAttributeSchema> = Vec::new();
    for _ in 0..ATTRIBUTE_PAGES {
        if listing.ended {
            break;
        }
        attributes.extend(listing.next().await?);
    }
    attributes.retain(|attribute| attribute.customized_type == CustomAttributeCustomizedType::Account);
    Ok(attributes)
}

/// Checks whether entitlements can be listed, and whether there are some of every declared type.
pub(super) async fn entitlements(caller: Caller<'_>) -> Finding {
    if !caller.has(LIST_ENTITLEMENTS) {
        return Finding::unsupported(LIST_ENTITLEMENTS);
    }
    let declared = &caller.options.entitlement_types;
    let request = ListEntitlementsRequest::default();
    let mut listing = caller.listing::<FoundEntitlementData>(LIST_ENTITLEMENTS, &request);
    let limit = usize::try_from(caller.options.page_size).unwrap_or(usize::MAX);
    let (mut observed, mut samples) = (0, Vec::new());
    let mut found = vec![false; declared.len()];
    let mut trouble = None;
    for _ in 0..caller.options.entitlement_pages {
        let entitlements = match listing.next().await {
            Ok(entitlements) => entitlements,
            Err(error) if observed == 0 => return Finding::failed(LIST_ENTITLEMENTS, error),
            Err(error) => {
                trouble = Some(listing.further(error));
                break;
            }
        };
        observed += entitlements.len();
        samples.extend(entitlements.iter().take(limit).map(entitlement_sample));
        for (declared, found) in declared.iter().zip(&mut found) {
            *found |= entitlements.iter().any(|entitlement| entitlement.entitlement_type == *declared);
        }
        if listing.ended || observed > 0 && found.iter().all(|found| *found) {
            break;
        }
    }
    let ended = listing.ended;
    if trouble.is_none() {
        trouble = listing.trouble().await;
    }
    if observed == 0 {
        let message = "No entitlements were returned. Accounts would be synced without any access.";
        return Finding::empty(LIST_ENTITLEMENTS, message).unless(trouble);
    }

    // A type that is not on the pages that were read may still exist.
    let missing_status = if ended { ProbeCoverageStatus::NotFound } else { ProbeCoverageStatus::NotChecked };
    let result = |(declared, found): (&String, &bool)| {
        let status = if *found { ProbeCoverageStatus::Found } else { missing_status };
        ProbeEntitlementTypeResult::new(declared, status)
    };
    let results: Vec<_> = declared.iter().zip(&found).map(result).collect();
    let mut message = format!("Fetched {observed} entitlement(s).");
    let missing = || results.iter().filter(|result| result.status != ProbeCoverageStatus::Found);
    if missing().next().is_some() {
        let missing: Vec<&str> = missing().map(|result| result.entitlement_type.as_str()).collect();
        message.push_str(&format!(" None of them is of type: {}.", missing.join(", ")));
    }
    let passed = Finding::passed(LIST_ENTITLEMENTS, observed, samples, message);
    Finding { entitlement_types: Some(results), ..passed }.unless(trouble)
}

/// Checks whether accounts are associated with entitlements.
///
/// If possible, it reads the associations of some accounts. Otherwise, it reads a page of all associations, which may be
/// those of other accounts.
pub(super) async fn associations(caller: Caller<'_>) -> Finding {
    let has_both = caller.has(LIST_ACCOUNTS) && caller.has(ASSOCIATIONS_OF_ACCOUNT);
    if !has_both && !caller.has(FIND_ASSOCIATIONS) {
        return Finding::unsupported(FIND_ASSOCIATIONS);
    }
    let accounts = if caller.has(LIST_ACCOUNTS) { some_accounts(caller).await } else { Ok(Vec::new()) };
    match accounts {
        Ok(accounts) if has_both && !accounts.is_empty() => associations_of(caller, &accounts).await,
        accounts if caller.has(FIND_ASSOCIATIONS) && !(accounts.is_err() && caller.is_over()) => {
            all_associations(caller, &accounts.unwrap_or_default()).await
        }
        Ok(_) => {
            let message = "There is no account whose associations could be read.";
            Finding::empty(ASSOCIATIONS_OF_ACCOUNT, message)
        }
        Err(error) => Finding::failed(LIST_ACCOUNTS, error),
    }
}

async fn some_accounts(caller: Caller<'_>) -> Result<Vec<String>, ReportedError> {
    let mut listing = caller.listing::<FoundAccountData>(LIST_ACCOUNTS, &ListAccountsRequest::default());
    Ok(listing.next().await?.into_iter().map(|account| account.integration_specific_id).collect())
}

async fn associations_of(caller: Caller<'_>, accounts: &[String]) -> Finding {
    let mut associations = Vec::new();
    let mut trouble = None;
    for account in accounts.iter().take(ACCOUNTS_WITH_ASSOCIATIONS) {
        match associations_of_one(caller, account).await {
            Ok((found, partial)) => {
                associations.extend(found);
                trouble = trouble.or(partial);
            }
            Err(error) if associations.is_empty() => return Finding::failed(ASSOCIATIONS_OF_ACCOUNT, error),
            Err(error) => {
                trouble = Some(Trouble::Error(error));
                break;
            }
        }
    }
    association_finding(caller, ASSOCIATIONS_OF_ACCOUNT, &associations, accounts).unless(trouble)
}

async fn associations_of_one(
    caller: Caller<'_>,
    account: &str,
) -> Result<(Vec<FoundEntitlementAssociation>, Option<Trouble>), ReportedError> {
    let request = GetAccountEntitlementAssociationsRequest::new(account);
    let mut listing = caller.listing::<FoundEntitlementAssociation>(ASSOCIATIONS_OF_ACCOUNT, &request);
    let found = listing.next().await?;
    if found.iter().any(|association| association.account.integration_specific_id != account) {
        let message = format!("{ASSOCIATIONS_OF_ACCOUNT} returned an association of another account");
        return Err(caller.invalid(message));
    }
    Ok((found, listing.trouble().await))
}

async fn all_associations(caller: Caller<'_>, accounts: &[String]) -> Finding {
    let request = FindEntitlementAssociationsRequest {};
    match first_page(caller, FIND_ASSOCIATIONS, &request).await {
        Ok((found, trouble)) => {
            association_finding(caller, FIND_ASSOCIATIONS, &found, accounts).unless(trouble)
        }
        Err(error) => Finding::failed(FIND_ASSOCIATIONS, error),
    }
}

fn association_finding(
    caller: Caller<'_>,
    capability: &'static str,
    associations: &[FoundEntitlementAssociation],
    accounts: &[String],
) -> Finding {
    if associations.is_empty() {
        let message =
            "No entitlement associations were returned. A sync would not show who has access to what.";
        return Finding::empty(capability, message);
    }
    let is_known = |id: &String| accounts.contains(id);
    let linked: std::collections::BTreeSet<&String> = associations
        .iter()
        .map(|association| &association.account.integration_specific_id)
        .filter(|id| is_known(id))
        .collect();
    let count = associations.len();
    let message = if linked.is_empty() {
        format!("Fetched {count} association(s). None of them belongs to an account that the probe has seen.")
    } else {
        format!("Fetched {count} association(s) of {} account(s).", linked.len())
    };
    let sample = |association: &FoundEntitlementAssociation| {
        let account = &association.account.integration_specific_id;
        ProbeSample::Association(ProbeSampleAssociation::new(
            account,
            &*association.integration_specific_entitlement_id,
            &*association.integration_specific_resource_id,
            is_known(account),
        ))
    };
    let limit = usize::try_from(caller.options.page_size).unwrap_or(usize::MAX);
    let limit = limit.saturating_mul(ACCOUNTS_WITH_ASSOCIATIONS);
    Finding::passed(capability, count, associations.iter().take(limit).map(sample).collect(), message)
}

/// Returns the first page of a listing that isn't empty, and why the listing can't be relied on, if it can't.
async fn first_page<T: super::caller::Record>(
    caller: Caller<'_>,
    capability: &'static str,
    request: &(impl serde::Serialize + Sync),
) -> Result<(Vec<T>, Option<Trouble>), ReportedError> {
    let mut listing = caller.listing::<T>(capability, request);
    let mut records = listing.next().await?;
    for _ in 1..EMPTY_PAGES {
        if listing.ended || !records.is_empty() {
            break;
        }
        records = listing.next().await?;
    }
    Ok((records, listing.trouble().await))
}

/// The account's value of a custom attribute. An empty value is none.
fn value<'v>(account: &'v FoundAccountData, attribute: &CustomAttributeSchema) -> Option<&'v String> {
    account.custom_attributes.as_ref()?.get(&attribute.name).filter(|value| !value.is_empty())
}

const fn status(is_found: bool) -> ProbeCoverageStatus {
    if is_found { ProbeCoverageStatus::Found } else { ProbeCoverageStatus::NotFound }
}

fn account_sample(account: &FoundAccountData, attributes: &[CustomAttributeSchema]) -> ProbeSample {
    let sample = |attribute: &CustomAttributeSchema| ProbeSampleCustomAttribute {
        value: value(account, attribute).cloned(),
        customized_type: Some(attribute.customized_type),
        attribute_type: Some(attribute.attribute_type),
        ..ProbeSampleCustomAttribute::new(&*attribute.name)
    };
    ProbeSample::Account(ProbeSampleAccount {
        email: account.email.clone(),
        username: account.username.clone(),
        user_status: account.user_status,
        custom_attributes: (!attributes.is_empty()).then(|| attributes.iter().map(sample).collect()),
        ..ProbeSampleAccount::new(&*account.integration_specific_id)
    })
}

fn entitlement_sample(entitlement: &FoundEntitlementData) -> ProbeSample {
    ProbeSample::Entitlement(ProbeSampleEntitlement::new(
        &*entitlement.integration_specific_id,
        &*entitlement.integration_specific_resource_id,
        &*entitlement.entitlement_type,
        entitlement.label.as_deref().unwrap_or_default(),
    ))
}
