//! What a server answers, by status.

use serde_json::{Map, Value, json};

use super::Served;
use super::components::Components;
use crate::error::{EncounteredErrorResponse, ErrorCode, ErrorResponse};
use crate::integration::Integration;

/// An answer that is the same everywhere.
struct Fixed {
    name: &'static str,
    status: &'static str,
    when: &'static str,
    /// An example: code and message.
    said: (ErrorCode, &'static str),
}

const fn fixed(
    name: &'static str,
    status: &'static str,
    when: &'static str,
    said: (ErrorCode, &'static str),
) -> Fixed {
    Fixed { name, status, when, said }
}

/// What becomes of a body before it is a request.
const BODY: [Fixed; 6] = [
    fixed(
        "Broken",
        "400",
        "The body is no JSON, or it is cut off.",
        (ErrorCode::BadRequest, "broken JSON at line 1 column 1: EOF while parsing an object"),
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
        "The body does not say that it is JSON.",
        (ErrorCode::BadRequest, "the body must be JSON: set the header `Content-Type: application/json`"),
    ),
    fixed(
        "Refused",
        "422",
        "The body is JSON, but no valid request.",
        (ErrorCode::BadRequest, "request: missing"),
    ),
    fixed(
        "Busy",
        "503",
        "There are too many calls at once.",
        (ErrorCode::ApiError, "too many calls at once; try again later"),
    ),
];

const TIMED_OUT: Fixed = fixed(
    "TimedOut",
    "504",
    "The connector or its upstream did not answer in time. Whether it has done its work is not known.",
    (ErrorCode::InternalError, "the connector did not answer within 300s"),
);

const UNAUTHORIZED: Fixed = fixed(
    "NoToken",
    "401",
    "The request does not carry the server's token.",
    (ErrorCode::Unauthorized, "this server asks for a bearer token"),
);

/// What an error of the connector is by its class, if it is not 200.
const CLASSES: [Fixed; 9] = [
    fixed(
        "BadRequest",
        "400",
        "The body is no JSON, or the connector found a fault in the request.",
        (ErrorCode::BadRequest, "account: an account needs an email or a username"),
    ),
    fixed(
        "Unauthorized",
        "401",
        "The upstream does not accept the credentials, or the request does not carry the server's token.",
        (ErrorCode::Unauthorized, "the upstream does not accept the credentials"),
    ),
    fixed(
        "Forbidden",
        "403",
        "The credentials are accepted, but may not do this.",
        (ErrorCode::PermissionDenied, "the credentials may not do this"),
    ),
    fixed(
        "NotFound",
        "404",
        "What the request names does not exist.",
        (ErrorCode::NotFound, "account_id: there is no such account"),
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
        (ErrorCode::InternalError, "the connector failed; its log says more"),
    ),
    fixed(
        "NotImplemented",
        "501",
        "The connector or its upstream cannot do this.",
        (ErrorCode::UnsupportedOperation, "the upstream cannot do this"),
    ),
    fixed(
        "UpstreamFailed",
        "502",
        "The upstream answered with an error.",
        (ErrorCode::ApiError, "the upstream answered with an error"),
    ),
];

/// The answers that are described once.
pub(super) struct Shared {
    failure: Value,
    served: Served,
    definitions: Map<String, Value>,
}

impl Shared {
    pub(super) fn new(integration: &Integration, served: &Served, components: &mut Components) -> Self {
        let failure = integration.wire().failure_schema(&mut components.generator);
        let failure = components.add("Failure", failure);
        let mut all: Vec<&Fixed> = BODY.iter().chain([&TIMED_OUT]).collect();
        if served.asks_for_token {
            all.push(&UNAUTHORIZED);
        }
        if served.status_from_error {
            all.extend(&CLASSES);
        }
        let definitions = all.into_iter().map(|fixed| {
            let content = json!({ "schema": failure, "example": example(integration, fixed) });
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

    /// The answers to refer to.
    pub(super) const fn definitions(&self) -> &Map<String, Value> {
        &self.definitions
    }

    /// The answers of a capability.
    pub(super) fn of_capability(&self, answer: Value, paginated: bool) -> Value {
        let (described, schema) = if self.served.status_from_error {
            ("The call succeeded.", answer)
        } else {
            (
                "The call succeeded, or the connector answered with an error: then `error` says which.",
                json!({ "anyOf": [answer, self.failure] }),
            )
        };
        let mut success =
            json!({ "description": described, "content": { "application/json": { "schema": schema } } });
        if paginated {
            let described =
                "There if the listing lacks something: what is missing must not be taken for gone.";
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

    /// The answers of a path that takes a body or none, besides `success`.
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

    /// Says that an operation needs the token, if the server asks for one.
    pub(super) fn secure(&self, operation: &mut Value) {
        if self.served.asks_for_token {
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
        if self.served.asks_for_token {
            responses.insert(UNAUTHORIZED.status.to_owned(), refer(&UNAUTHORIZED));
        }
    }

    fn wrong_method(&self, allowed: &str) -> Value {
        json!({
            "description": "The path does not take this method.",
            "headers": { "Allow": header("The methods that it takes.", true, &json!({ "type": "string", "const": allowed })) },
            "content": { "application/json": { "schema": self.failure } },
        })
    }
}

/// What an answer may have beside its body.
fn headers(fixed: &Fixed, served: &Served) -> Map<String, Value> {
    let mut headers = Map::new();
    if fixed.status == "401" && served.asks_for_token {
        let described = "How to ask (RFC 6750): with a bearer token.";
        let required = fixed.name == UNAUTHORIZED.name;
        let described = header(described, required, &json!({ "type": "string" }));
        headers.insert("WWW-Authenticate".to_owned(), described);
    }
    let is_of_connector = CLASSES.iter().any(|class| class.name == fixed.name);
    if is_of_connector || fixed.status == "503" {
        let described = match is_of_connector {
            true => "How many seconds to wait, if the error says so.",
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

/// The answer as the wire format writes it.
fn example(integration: &Integration, fixed: &Fixed) -> Value {
    let (code, message) = fixed.said;
    let error = EncounteredErrorResponse {
        message: message.to_owned(),
        error_code: code.as_str().to_owned(),
        ..EncounteredErrorResponse::default()
    };
    let response = ErrorResponse { error, ..ErrorResponse::default() };
    let bytes = integration.wire().error(integration.app_id(), &response).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}
