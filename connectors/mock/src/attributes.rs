//! Lists the tenant's custom attributes.

use connector::capability::{ListCustomAttributesSchemaRequest, ListCustomAttributesSchemaResponse};
use connector::model::{CustomAttributeCustomizedType, CustomAttributeSchema};
use connector::{Response, Result};
use serde::Serialize;

use crate::tenant::Attribute;
use crate::{Request, upstream};

pub(crate) async fn list_custom_attributes_schema(
    request: Request<ListCustomAttributesSchemaRequest>,
) -> Result<Response<ListCustomAttributesSchemaResponse>> {
    #[derive(Serialize)]
    struct Raw {
        attributes: [Attribute; 2],
    }

    upstream::call(&request, "GET", "/attributes").await?;
    let schemas: Vec<_> = Attribute::ALL
        .into_iter()
        .map(|attribute| CustomAttributeSchema {
            description: Some(attribute.description().to_owned()),
            ..CustomAttributeSchema::new(
                CustomAttributeCustomizedType::Account,
                attribute.name(),
                attribute.kind(),
            )
        })
        .collect();
    Ok(Response::new(ListCustomAttributesSchemaResponse::new(schemas))
        .raw_data_if(request.include_raw_data, Raw { attributes: Attribute::ALL }))
}

/// The attributes with these names. Unknown names are ignored, like an attribute without a value.
pub(crate) fn by_name(names: &[String]) -> Vec<Attribute> {
    Attribute::ALL.into_iter().filter(|attribute| names.iter().any(|name| name == attribute.name())).collect()
}
