//! The server's responses, by status.

use serde_json::{Map, Value, json};

use super::Served;
use super::components::Components;
use crate::error::{EncounteredErrorResponse, ErrorCode, ErrorResponse};
use crate::wire::Wire;

/// A response that is the same for all paths.
struct Fixed {
    name: &'static str,
    status: &'static str,
    when: &'static str,
    /// An example: code and message.
    example: (ErrorCode, &'static str),
}

const fn fixed(
    name: &'static str,
    status: &'static str,
    when: &'static str,
    example: (ErrorCode, &'static str),
) -> Fixed {
    Fixed { name, status, when, example }
}

/// Responses to a body that isn't a valid request.
const BODY: [Fixed; 6] = [
    fixed(
        "Malformed",
        "400",
        "The body isn't valid JSON, or it is truncated.",
        (ErrorCode::BadRequest, "malformed JSON at line 1 column 1: EOF while parsing an object"),
    ),
    fixed(
        "TooSlow",
        "408",
        "The body did not arrive in time.",
        (ErrorCode::BadRequest, "the body did not arrive in time"),
    ),
    fixed(
        "TooLarge",
        "413",
        "The body is too large.",
        (ErrorCode::BadRequest, "the body is larger than 33554432 bytes"),
    ),
    fixed(
        "NotJson",
        "415",
        "The body isn't declared as JSON.",
        (ErrorCode::BadRequest, "the body must be JSON: set the header `Content-Type: application/json`"),
    ),
    fixed(
        "Rejected",
        "422",
        "The body is JSON, but not a valid request.",
        (ErrorCode::BadRequest, "request is required"),
    ),
    fixed(
        "Busy",
        "503",
        "There are too many concurrent calls.",
        (ErrorCode::ServiceError, "too many calls at once; try again later"),
    ),
];

const TIMED_OUT: Fixed = fixed(
    "TimedOut",
    "504",
    "The connector or its upstream did not respond in time. It may still have completed the call.",
    (ErrorCode::InternalError, "the connector did not respond within 300s"),
);

const UNAUTHORIZED: Fixed = fixed(
    "NoToken",
    "401",
    "The bearer token is missing or wrong.",
    (ErrorCode::Unauthorized, "this server requires a bearer token"),
);

/// The connector's errors by class, if they set the HTTP status.
const CLASSES: [Fixed; 9] = [
    fixed(
        "BadRequest",
        "400",
        "The body isn't valid JSON, or the connector rejected the request.",
        (ErrorCode::BadRequest, "account: email or username is required"),
    ),
    fixed(
        "Unauthorized",
        "401",
        "The upstream rejected the credentials, or the bearer token is missing or wrong.",
        (ErrorCode::Unauthorized, "the upstream rejected the credentials"),
    ),
    fixed(
        "Forbidden",
        "403",
        "The credentials are valid but lack the permission.",
        (ErrorCode::PermissionDenied, "the credentials lack the permission"),
    ),
    fixed(
        "NotFound",
        "404",
        "Something that the request refers to does not exist.",
        (ErrorCode::NotFound, "account_id: no such account"),
    ),
    fixed(
        "Conflict",
        "409",
        "The request conflicts with the upstream's current state.",
        (ErrorCode::Conflict, "an account with this email exists"),
    ),
    fixed(
        "RateLimited",
        "429",
        "The upstream's rate limit has been reached.",
        (ErrorCode::RateLimit, "no calls left in this minute"),
    ),
    fixed(
        "ConnectorFailed",
        "500",
        "The connector failed.",
        (ErrorCode::InternalError, "the connector failed; see its log for details"),
    ),
    fixed(
        "NotImplemented",
        "501",
        "The connector or the upstream does not support this operation.",
        (ErrorCode::UnsupportedOperation, "the upstream does not support this operation"),
    ),
    fixed(
        "UpstreamFailed",
        "502",
        "The upstream returned an error.",
        (ErrorCode::ApiError, "the upstream returned an error"),
    ),
];

/// Responses that are defined once and referenced.
pub(super) struct Shared {
    failure: Value,
    served: Served,
    definitions: Map<String, Value>,
}

impl Shared {
    pub(super) fn new(app_id: &str, wire: Wire, served: &Served, components: &mut Components) -> Self {
        let failure = wire.failure_schema(&mut components.generator);
        let failure = components.add("Failure", failure);
        let mut all: Vec<&Fixed> = BODY.iter().chain([&TIMED_OUT]).collect();
        if served.requires_token {
            all.push(&UNAUTHORIZED);
        }
        if served.status_from_error {
            all.extend(&CLASSES);
        }
        let definitions = all.into_iter().map(|fixed| {
            let content = json!({ "schema": failure, "example": example(app_id, wire, fixed) });
            let mut response =
                json!({ "description": fixed.when, "content": { "application/json": content } });
            let headers = headers(fixed, served);
            if !headers.is_empty() {
                response["headers"] = Value::Object(headers);
            }
            (fixed.name.to_owned(), response)
        });
        let definitions = definitions.collect();
        Self { failure, served: served.clone(), definitions }
    }

    /// The definitions that operations refer to.
    pub(super) const fn definitions(&self) -> &Map<String, Value> {
        &self.definitions
    }

    /// Returns the responses of a capability.
    pub(super) fn of_capability(&self, answer: Value, paginated: bool) -> Value {
        let (described, schema) = if self.served.status_from_error {
            ("The call succeeded.", answer)
        } else {
            (
                "The call succeeded, or the connector returned an error, which is in `error`.",
                json!({ "anyOf": [answer, self.failure] }),
            )
        };
        let mut success =
            json!({ "description": described, "content": { "application/json": { "schema": schema } } });
        if paginated {
            let described = "Present if the listing is incomplete. Don't treat missing items as deleted.";
            let schema = json!({ "type": "string", "const": "true" });
            success["headers"] = json!({ "X-Partial": header(described, false, &schema) });
        }
        let mut responses = Map::from_iter([("200".to_owned(), success)]);
        self.add_body(&mut responses);
        responses.insert(TIMED_OUT.status.to_owned(), refer(&TIMED_OUT));
        if self.served.status_from_error {
            for class in &CLASSES {
                responses.insert(class.status.to_owned(), refer(class));
            }
        }
        responses.insert("405".to_owned(), self.wrong_method("POST"));
        responses.sort_keys();
        Value::Object(responses)
    }

    /// Returns the responses of a service path, with or without a request body.
    pub(super) fn of_service(&self, success: Value, body: bool, allowed: &str) -> Value {
        let mut responses = Map::from_iter([("200".to_owned(), success)]);
        if body {
            self.add_body(&mut responses);
        }
        responses.insert("405".to_owned(), self.wrong_method(allowed));
        self.add_unauthorized(&mut responses);
        responses.sort_keys();
        Value::Object(responses)
    }

    /// Marks an operation as requiring the token, if the server does.
    pub(super) fn secure(&self, operation: &mut Value) {
        if self.served.requires_token {
            operation["security"] = json!([{ "bearer": [] }]);
        }
    }

    fn add_body(&self, responses: &mut Map<String, Value>) {
        for fixed in &BODY {
            responses.insert(fixed.status.to_owned(), refer(fixed));
        }
        self.add_unauthorized(responses);
    }

    fn add_unauthorized(&self, responses: &mut Map<String, Value>) {
        if self.served.requires_token {
            responses.insert(UNAUTHORIZED.status.to_owned(), refer(&UNAUTHORIZED));
        }
    }

    fn wrong_method(&self, allowed: &str) -> Value {
        json!({
            "description": "The path does not accept this method.",
            "headers": { "Allow": header("The accepted methods.", true, &json!({ "type": "string", "const": allowed })) },
            "content": { "application/json": { "schema": self.failure } },
        })
    }
}

/// Returns the additional headers of a response.
fn headers(fixed: &Fixed, served: &Served) -> Map<String, Value> {
    let mut headers = Map::new();
    if fixed.status == "401" && served.requires_token {
        let described = "How to authenticate: with a bearer token (RFC 6750).";
        let required = fixed.name == UNAUTHORIZED.name;
        let described = header(described, required, &json!({ "type": "string" }));
        headers.insert("WWW-Authenticate".to_owned(), described);
    }
    let is_of_connector = CLASSES.iter().any(|class| class.name == fixed.name);
    if is_of_connector || fixed.status == "503" {
        let described = match is_of_connector {
            true => "How many seconds to wait, if the error specifies it.",
            false => "How many seconds to wait.",
        };
        let schema = json!({ "type": "integer", "minimum": 0 });
        headers.insert("Retry-After".to_owned(), header(described, !is_of_connector, &schema));
    }
    headers
}

pub(super) fn header(description: &str, required: bool, schema: &Value) -> Value {
    json!({ "description": description, "required": required, "schema": schema })
}

fn refer(fixed: &Fixed) -> Value {
    json!({ "$ref": format!("#/components/responses/{}", fixed.name) })
}

/// The example in the wire format.
fn example(app_id: &str, wire: Wire, fixed: &Fixed) -> Value {
    let (code, message) = fixed.example;
    let error = EncounteredErrorResponse {
        message: message.to_owned(),
        error_code: code.as_str().to_owned(),
        ..EncounteredErrorResponse::default()
    };
    let response = ErrorResponse { error, ..ErrorResponse::default() };
    let bytes = wire.error(app_id, &response).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}
